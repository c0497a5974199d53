import { phoneError } from '../telephony-errors.ts';
import { letAssistantSpeak } from './call-answer.ts';
import { checkGoingOn, checkNoEmergency, ownTalk, putBack, speakerChannel, talkingState, type CallContext } from './call-context.ts';
import { bringOwner, closeAssistant, dropMobile, dropOwner, openAssistant } from './call-legs.ts';
import { startRecording, stopRecording } from './call-recording.ts';
import { isAssistant } from './call-states.ts';

/*
 * What can be done while somebody speaks. Each rejects with `phone.not-now` or `phone.no-call`; when it rejects, the call is as it was.
 */

/** The owner speaks from now on. The new voice is in before the old one goes: nothing is lost in between. */
export async function takeOver(context: CallContext): Promise<void> {
  const { by, held, listening } = ownTalk(context);
  if (by === 'owner') return;
  const { channels, deps, parts } = context;
  const owner = await bringOwner(context);
  try {
    checkGoingOn(context);
    await deps.ari().mute(owner, 'in', false);
    if (held) await deps.ari().hold(parts.far, false);
    if (!talkingState(context).listening) await channels.join(owner);
    if (parts.owner === undefined) throw phoneError('phone.no-sound-here');
    context.step({ type: 'speaker', by: 'owner' });
  } catch (error) {
    await putBack(
      context,
      () => (listening ? deps.ari().mute(owner, 'in', true) : dropOwner(context)),
      async () => held && deps.ari().hold(parts.far, true),
    );
    throw error;
  }
  if (isAssistant(by)) deps.voice.pause(context.view().id, true);
  await Promise.all([closeAssistant(context), dropMobile(context)]);
}

/** The assistant speaks on, or for the first time. */
export async function handOver(context: CallContext): Promise<void> {
  const { by, held } = ownTalk(context);
  if (isAssistant(by)) return;
  checkNoEmergency(context.view());
  const { deps, parts } = context;
  deps.gate.pass('answer');
  await openAssistant(context);
  try {
    if (held) await deps.ari().hold(parts.far, false);
    talkingState(context);
    await letAssistantSpeak(context, 'assistant');
    context.step({ type: 'speaker', by: 'assistant' });
  } catch (error) {
    deps.voice.pause(context.view().id, true);
    await putBack(
      context,
      () => closeAssistant(context),
      async () => held && deps.ari().hold(parts.far, true),
    );
    throw error;
  }
  await Promise.all([dropOwner(context), dropMobile(context)]);
}

/** The owner hears the assistant's call without being heard. */
export async function listenIn(context: CallContext, on: boolean): Promise<void> {
  const { by, listening } = talkingState(context);
  if (!isAssistant(by)) throw phoneError('phone.not-now', { state: by });
  if (listening === on) return;
  const { channels, deps } = context;
  if (on) {
    const owner = await bringOwner(context);
    try {
      // Deaf to the microphone before it is in the bridge, not a moment later.
      await deps.ari().mute(owner, 'in', true);
      await channels.join(owner);
      context.step({ type: 'listening', on });
    } catch (error) {
      await dropOwner(context);
      throw error;
    }
  } else {
    context.step({ type: 'listening', on });
    await dropOwner(context);
  }
}

/** The other end waits, with music, and is not heard. */
export async function holdCall(context: CallContext, on: boolean): Promise<void> {
  const { by, held } = ownTalk(context);
  if (held === on) return;
  const { channels, deps, parts } = context;
  const here = speakerChannel(context, by);
  const set = async (hold: boolean): Promise<void> => {
    if (hold && here !== undefined) await channels.leave(here);
    await deps.ari().hold(parts.far, hold);
    if (!hold && here !== undefined) await channels.join(here);
  };
  try {
    await set(on);
    context.step({ type: 'held', on });
  } catch (error) {
    await putBack(context, () => set(!on));
    throw error;
  }
  if (!isAssistant(by)) return;
  if (parts.assistant !== undefined) await deps.media.listen(parts.assistant.legId, !on);
  deps.voice.pause(context.view().id, on);
}

export async function muteOwner(context: CallContext, on: boolean): Promise<void> {
  const { by, muted } = talkingState(context);
  if (by !== 'owner' || context.parts.owner === undefined) throw phoneError('phone.not-now', { state: by });
  if (muted === on) return;
  await context.deps.ari().mute(context.parts.owner, 'in', on);
  context.step({ type: 'muted', on });
}

export async function recordCall(context: CallContext, on: boolean): Promise<void> {
  ownTalk(context);
  if (on) await startRecording(context, { isAutomatic: false });
  else await stopRecording(context);
  const { recording } = talkingState(context);
  if (recording !== on) throw phoneError('phone.recording-failed');
}

export async function sendDigits(context: CallContext, digits: string): Promise<void> {
  const { parts } = context;
  talkingState(context);
  checkGoingOn(context);
  // Whoever hears them is who the owner speaks with.
  await context.deps.ari().sendDigits(parts.guest?.channelId ?? parts.far, digits);
}
