import { randomUUID } from 'node:crypto';
import { isAbort, toErrorData } from '../../../base/errors.ts';
import { phoneError } from '../telephony-errors.ts';
import { checkGoingOn, type CallContext } from './call-context.ts';
import type { CallNotice } from './call-ports.ts';
import type { ChannelFate } from './channel-watch.ts';

/*
 * How the ends on this side come into a call and leave it.
 */

/** The window's telephone. */
export const SOFTPHONE = 'PJSIP/1000';
/** Tells the softphone which call it is. */
const CALL_HEADER = 'PJSIP_HEADER(add,X-OpenClaw-Call)';
/** `now`: it accepts at once, because the owner has asked for it already, in this window or elsewhere. */
const ANSWER_HEADER = 'PJSIP_HEADER(add,X-OpenClaw-Answer)';
/** A softphone that is asked for accepts within a second; a permission for the microphone may have to be given. */
const OWNER_PATIENCE_MS = 10_000;
const MEDIA_PATIENCE_MS = 3_000;

/** The owner's leg, up and not yet in the bridge. Rejects with `phone.no-softphone` or `phone.no-sound-here`. */
export async function bringOwner(context: CallContext): Promise<string> {
  const { channels, parts } = context;
  if (parts.owner !== undefined) return parts.owner;
  const channelId = channels.newId('owner');
  const fate = await ringPhone(context, channelId, SOFTPHONE, { patienceMs: OWNER_PATIENCE_MS, isAsked: true }).catch((error: unknown) => {
    if (context.isOver() || isAbort(error) || toErrorData(error).code !== 'phone.refused') throw error;
    throw phoneError('phone.no-softphone', {}, error);
  });
  if (fate.fate !== 'up') throw phoneError('phone.no-sound-here');
  parts.owner = channelId;
  return channelId;
}

/** Calls a phone of the owner's own. */
export function ringPhone(
  context: CallContext,
  channelId: string,
  endpoint: string,
  { patienceMs, isAsked }: { patienceMs: number; isAsked: boolean },
): Promise<ChannelFate> {
  checkGoingOn(context);
  const { id, party } = context.view();
  return context.channels.bringUp(
    channelId,
    (ari) =>
      ari.originate({
        channelId,
        endpoint,
        args: ['leg'],
        callerId: `"${party.name}" <${party.number === '' ? 'anonymous' : party.number}>`,
        timeoutSeconds: Math.ceil(patienceMs / 1000),
        variables: { [CALL_HEADER]: id, ...(isAsked ? { [ANSWER_HEADER]: 'now' } : {}) },
      }),
    patienceMs,
  );
}

export async function dropOwner({ channels, parts }: CallContext): Promise<void> {
  const { owner } = parts;
  parts.owner = undefined;
  if (owner !== undefined) await channels.hangUp(owner);
}

export async function dropMobile({ channels, parts }: CallContext): Promise<void> {
  const { mobile } = parts;
  parts.mobile = undefined;
  if (mobile !== undefined) await channels.hangUp(mobile);
}

type MediaLeg = NonNullable<CallContext['parts']['assistant']>;

/** The assistant's leg, in the bridge. Rejects with `phone.no-assistant`. */
export async function openAssistant(context: CallContext): Promise<string> {
  const { parts } = context;
  parts.assistant ??= await openLeg(context);
  return parts.assistant.legId;
}

async function openLeg(context: CallContext): Promise<MediaLeg> {
  const { channels, deps } = context;
  checkGoingOn(context);
  const legId = randomUUID();
  const channelId = channels.newId('media');
  try {
    const { transport, host, format } = await deps.media.open({ callId: context.view().id, legId });
    checkGoingOn(context);
    const fate = await channels.bringUp(
      channelId,
      (ari) => ari.externalMedia({ channelId, transport, host, legId, format }),
      MEDIA_PATIENCE_MS,
    );
    if (fate.fate !== 'up') throw phoneError('phone.no-assistant');
    await channels.join(channelId);
  } catch (error) {
    await Promise.all([channels.hangUp(channelId), deps.media.close(legId)]);
    if (context.isOver()) throw phoneError('phone.no-call');
    deps.gate.pass('call');
    throw toErrorData(error).code === 'phone.no-assistant' ? error : phoneError('phone.no-assistant', {}, error);
  }
  return { channelId, legId };
}

export async function closeAssistant(context: CallContext): Promise<void> {
  const { parts } = context;
  const { assistant } = parts;
  parts.assistant = undefined;
  if (assistant !== undefined) await closeLeg(context, assistant);
}

async function closeLeg({ channels, deps }: CallContext, { channelId, legId }: MediaLeg): Promise<void> {
  await Promise.all([channels.hangUp(channelId), deps.media.close(legId)]);
}

/** Picks up and puts the other end into the bridge. */
export async function pickUp(context: CallContext): Promise<void> {
  const { channels, deps, parts } = context;
  checkGoingOn(context);
  if (!parts.farIsUp) {
    await deps.ari().answer(parts.far);
    parts.farIsUp = true;
    context.patch({ answeredAtMs: deps.clock.wallMs() });
  }
  await channels.join(parts.far);
}

/**
 * Says something in the call's own voice; where the assistant is not in it, a leg comes in for that sentence alone: not the assistant's, who may be let in
 * meanwhile. False = it could not be said, or `isStopped` by the time somebody could say it.
 */
export async function sayNotice(context: CallContext, notice: CallNotice, isStopped: () => boolean = () => false): Promise<boolean> {
  const { deps, parts } = context;
  let own: MediaLeg | undefined;
  try {
    if (parts.assistant !== undefined) return await deps.media.say(parts.assistant.legId, notice);
    own = await openLeg(context);
    // Nobody could close it while it was opening.
    if (isStopped()) return false;
    parts.notice = own;
    await deps.media.listen(own.legId, false);
    tellNotice(context, true);
    return await deps.media.say(own.legId, notice);
  } catch (error) {
    deps.log.warn('call.notice-not-said', { kind: notice.kind, ...toErrorData(error) });
    return false;
  } finally {
    if (own !== undefined) {
      if (parts.notice === own) parts.notice = undefined;
      tellNotice(context, false);
      await closeLeg(context, own);
    }
  }
}

/** What is being said without the assistant is cut off: it is not for whoever comes in next. */
export async function closeNotice(context: CallContext): Promise<void> {
  if (context.parts.notice !== undefined) await closeLeg(context, context.parts.notice);
}

/** Nobody takes it for the words of a person. */
function tellNotice({ deps, view }: CallContext, on: boolean): void {
  const { id, answeredAtMs } = view();
  deps.ear?.talking(id, 'notice', on);
  if (answeredAtMs !== null) deps.talks?.(id, 'notice', on, deps.clock.wallMs() - answeredAtMs);
}
