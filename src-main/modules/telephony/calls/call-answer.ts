import type { CallSpeaker } from '../../../../src-preload/contract/index.ts';
import { isAbort, toErrorData } from '../../../base/errors.ts';
import { phoneError } from '../telephony-errors.ts';
import { endOfCause } from './call-causes.ts';
import { checkGoingOn, putBack, speakerChannel, type CallContext } from './call-context.ts';
import { bringOwner, closeAssistant, dropOwner, openAssistant, pickUp, ringPhone } from './call-legs.ts';
import { startRecording } from './call-recording.ts';
import { isAssistant } from './call-states.ts';

/*
 * From ringing to talking, both ways.
 */

const OUT_RING_SECONDS = 60;

/** Takes a call that rings. When that comes to nothing it rings on. */
export async function answerCall(context: CallContext, by: 'owner' | 'assistant' | 'message'): Promise<void> {
  const { deps, channels } = context;
  if (by === 'owner') {
    await take(context, by, async () => {
      // The owner's own leg first: a caller must not be picked up into silence.
      const owner = await bringOwner(context);
      deps.voice.pause(context.view().id, true);
      await Promise.all([pickUp(context), channels.join(owner)]);
    });
  } else {
    await take(context, by, async () => {
      deps.gate.pass('answer');
      await openAssistant(context);
      await pickUp(context);
    });
    await letAssistantSpeak(context, by).catch(async (error: unknown) => {
      // Picked up, and nobody there to speak.
      await context.end('failed');
      throw error;
    });
  }
  void startRecording(context, { isAutomatic: true });
}

/** Whoever shall speak comes in; then, and not before, the others go. */
async function take(context: CallContext, by: CallSpeaker, bringIn: () => Promise<unknown>): Promise<void> {
  requireRinging(context);
  const before = { ...context.parts };
  try {
    await bringIn();
    await stopTone(context);
    requireRinging(context);
    // Their phone may have hung up again meanwhile.
    if (!isAssistant(by) && speakerChannel(context, by) === undefined) throw phoneError('phone.no-sound-here');
    context.stopRinging();
    context.step({ type: 'answered', by });
  } catch (error) {
    await ringOn(context, before);
    throw error;
  }
  if (!isAssistant(by)) await closeAssistant(context);
}

async function ringOn(context: CallContext, before: CallContext['parts']): Promise<void> {
  const { deps, parts } = context;
  const { id, state } = context.view();
  if (state.state !== 'ringing') return;
  if (before.owner === undefined) await dropOwner(context);
  if (before.assistant === undefined) await closeAssistant(context);
  if (state.screening) deps.voice.pause(id, false);
  else if (parts.farIsUp) await putBack(context, () => deps.ari().ring(parts.far, true));
}

/** One of the owner's own that is called. */
export interface RingingPhone {
  extension: string;
  channelId: string;
}

/** Mobile phones ring together with the window; the first to answer has it. */
export function ringMobiles(
  context: CallContext,
  extensions: readonly string[],
  patienceMs: number,
  claim: <Value>(work: () => Promise<Value>) => Promise<Value>,
): RingingPhone[] {
  return extensions.map((extension) => {
    const channelId = context.channels.newId(`mobile-${extension}`);
    ringPhone(context, channelId, `PJSIP/${extension}`, { patienceMs, isAsked: false })
      .then(async (fate) => {
        if (fate.fate === 'up') await claim(() => answerByMobile(context, channelId));
      })
      .catch(async (error: unknown) => {
        await context.channels.hangUp(channelId);
        if (!isAbort(error)) context.deps.log.debug('call.mobile-not-in', { extension, ...toErrorData(error) });
      });
    return { extension, channelId };
  });
}

async function answerByMobile(context: CallContext, channelId: string): Promise<void> {
  const { channels, deps, parts } = context;
  await take(context, 'mobile', async () => {
    parts.mobile = channelId;
    deps.voice.pause(context.view().id, true);
    await Promise.all([pickUp(context), channels.join(channelId)]);
  }).catch((error: unknown) => {
    if (parts.mobile === channelId) parts.mobile = undefined;
    throw error;
  });
  void startRecording(context, { isAutomatic: true });
}

/** The assistant picks up and asks who it is; it rings when that is known. */
export async function screenCall(context: CallContext): Promise<void> {
  requireRinging(context);
  context.deps.gate.pass('answer');
  const legId = await openAssistant(context);
  await pickUp(context);
  context.step({ type: 'screening' });
  try {
    await context.deps.voice.begin({ call: context.view(), legId, role: { by: 'screening', purpose: '' } });
  } catch (error) {
    context.step({ type: 'screened' });
    await closeAssistant(context);
    throw error;
  }
}

export interface DialOrder {
  by: CallSpeaker;
  endpoint: string;
  callerId: string | undefined;
}

/** Places the call and stays until it is answered or has come to nothing. Never rejects. */
export async function placeCall(context: CallContext, { by, endpoint, callerId }: DialOrder): Promise<void> {
  const { channels, deps, parts } = context;
  try {
    checkGoingOn(context);
    // Both at once: the owner hears the ringing tone while it rings there.
    const owner = by === 'owner' ? bringOwner(context) : undefined;
    owner?.catch((error: unknown) => {
      context.patch({ trouble: toErrorData(error) });
      void context.end('failed');
    });
    const fate = await channels.bringUp(
      parts.far,
      (ari) =>
        ari.originate({
          channelId: parts.far,
          endpoint,
          args: ['leg'],
          ...(callerId === undefined || callerId === '' ? {} : { callerId }),
          timeoutSeconds: OUT_RING_SECONDS,
        }),
      (OUT_RING_SECONDS + 5) * 1000,
    );
    if (fate.fate !== 'up') {
      // The phone here hears why: busy is busy there as well.
      await (fate.fate === 'gone'
        ? context.end(endOfCause(fate.cause), { cause: fate.cause })
        : context.end('not-answered', { cause: 19 }));
      return;
    }
    parts.farIsUp = true;
    context.patch({ answeredAtMs: deps.clock.wallMs() });
    await meetFar(context, by, owner);
  } catch (error) {
    if (context.isOver()) return;
    const { code } = toErrorData(error);
    deps.log.warn('call.not-placed', { callId: context.view().id, ...toErrorData(error) });
    context.patch({ trouble: toErrorData(error) });
    await context.end(code === 'phone.refused' ? 'unreachable' : code === 'phone.control-lost' ? 'engine-lost' : 'failed');
  }
}

async function meetFar(context: CallContext, by: CallSpeaker, owner: Promise<string> | undefined): Promise<void> {
  const { channels, deps, parts } = context;
  if (by === 'assistant' || by === 'message') {
    deps.gate.pass('answer');
    await openAssistant(context);
    await channels.join(parts.far);
    context.step({ type: 'answered', by });
    await letAssistantSpeak(context, by);
  } else {
    const here = owner === undefined ? parts.mobile : await owner;
    if (here === undefined) throw phoneError('phone.no-sound-here');
    await deps
      .ari()
      .ring(here, false)
      .catch(() => undefined);
    if (parts.hereWaits) await deps.ari().answer(here);
    parts.hereWaits = false;
    await Promise.all([channels.join(parts.far), channels.join(here)]);
    context.step({ type: 'answered', by });
  }
  void startRecording(context, { isAutomatic: true });
}

/** Greets and listens. Rejects when the conversation cannot begin; the call is for its caller to end then. */
export async function letAssistantSpeak(context: CallContext, by: 'assistant' | 'message'): Promise<void> {
  const { deps, parts } = context;
  const call = context.view();
  if (parts.assistant === undefined) throw phoneError('phone.no-assistant');
  const { legId } = parts.assistant;
  await deps.media.listen(legId, true);
  deps.voice.pause(call.id, false);
  const { conversationId, characterId } = await deps.voice.begin({ call, legId, role: { by, purpose: call.purpose } });
  if (!context.isOver()) context.patch({ conversationId, characterId });
}

async function stopTone({ deps, parts }: CallContext): Promise<void> {
  // Only one that was asked who they are hears a tone that we make; Asterisk ends the others by itself.
  await deps
    .ari()
    .ring(parts.far, false)
    .catch(() => undefined);
}

function requireRinging(context: CallContext): void {
  checkGoingOn(context);
  const { state } = context.view();
  if (state.state !== 'ringing') throw phoneError('phone.not-now', { state: state.state });
}
