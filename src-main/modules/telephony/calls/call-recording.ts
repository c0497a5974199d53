import { toErrorData } from '../../../base/errors.ts';
import { isGone } from '../ari/ari-requests.ts';
import { phoneError, phoneReason } from '../telephony-errors.ts';
import { checkGoingOn, talkingState, type CallContext, type CallParts, type CallRecording } from './call-context.ts';
import { closeNotice, sayNotice } from './call-legs.ts';

let count = 0;

/** The name says all that is needed to put the sound in its place, also for a later life of the app. */
function recordingName(callId: string, startMs: number): string {
  count += 1;
  return `oc-${callId}-${count}-${Math.round(startMs)}`;
}

/** Undefined = none of ours. */
export function readRecordingName(name: string): CallRecording | undefined {
  const [, callId, startMs] = /^oc-(.+)-\d+-(\d+)$/.exec(name) ?? [];
  return callId === undefined ? undefined : { callId, name, startMs: Number(startMs) };
}

/**
 * Records both ends. The other end is told first; who cannot be told is not recorded. An automatic one begins together with the notice, so that the
 * recording begins where the call does, and is not kept unless they have heard it. `isTold`: they have been told before, in this very call.
 * While a guest is called or there, nothing is recorded, for nobody tells them; an automatic one begins when the call has come back from the guest. Never rejects.
 */
export async function startRecording(
  context: CallContext,
  { isAutomatic, isTold = false }: { isAutomatic: boolean; isTold?: boolean },
): Promise<void> {
  const { channels, deps, parts } = context;
  if (parts.recording !== undefined || (isAutomatic && !deps.settings.records())) return;
  if (parts.guest !== undefined) {
    parts.guest.wasRecording ||= isAutomatic;
    return;
  }
  let own: CallParts['recording'];
  /** Whoever hands the call on meanwhile, or wants no recording, has stopped it. */
  const isStopped = (): boolean => parts.recording !== own;
  try {
    if (!isAutomatic && !isTold) await sayRecorded(context, () => false);
    checkGoingOn(context);
    const startMs = Math.max(0, deps.clock.wallMs() - (context.view().answeredAtMs ?? deps.clock.wallMs()));
    const { name } = (own = { name: recordingName(context.view().id, startMs), startMs, isTold: !isAutomatic });
    parts.recording = own;
    deps.untold.begun(name);
    if (isAutomatic) await deps.untold.add(name);
    if (isStopped()) {
      await deps.untold.remove(name);
      return;
    }
    await deps.ari().startRecording(channels.bridgeId, name);
    if (isStopped()) {
      await endRecording(context, name);
      return;
    }
    detectTalking(context);
    context.step({ type: 'recording', on: true });
    if (!isAutomatic) return;
    await sayRecorded(context, isStopped);
    if (isStopped()) return;
    own.isTold = true;
    await deps.untold.remove(name);
  } catch (error) {
    // Nothing was begun.
    if (own !== undefined && toErrorData(error).code === 'phone.refused') await deps.untold.remove(own.name);
    if (context.isOver() || (own !== undefined && isStopped())) return;
    deps.log.warn('call.not-recorded', { callId: context.view().id, ...toErrorData(error) });
    context.patch({ trouble: phoneReason('phone.recording-failed') });
    // Where that fails it is the worse trouble, and stands there as such.
    await stopRecording(context).catch(() => undefined);
  }
}

/** Once more where it was cut. Throws when they have not heard it then: who waits on hold, be it for a moment of it, hears music. */
async function sayRecorded(context: CallContext, isStopped: () => boolean): Promise<void> {
  const { parts } = context;
  const isHeld = (): boolean => parts.isHeldThere || talkingState(context).held;
  for (let tries = 0; tries < 2 && !context.isOver() && !isHeld(); tries += 1) {
    const { holds } = parts;
    const isSaid = await sayNotice(context, { kind: 'recording' }, isStopped);
    if (isStopped() || (isSaid && parts.holds === holds)) return;
  }
  throw new Error('the notice could not be said');
}

/** Asterisk calls it a pause after this. */
export const TALK_PAUSE_MS = 500;
/** Average amplitude of a voice, as Asterisk counts it. */
const TALK_THRESHOLD = 256;

/** So that a transcript of the recording knows which of the two speaks. Without it everything would be taken for the owner's. */
function detectTalking({ deps, parts, view }: CallContext): void {
  deps
    .ari()
    .setVariable(parts.far, 'TALK_DETECT(set)', `${TALK_PAUSE_MS},${TALK_THRESHOLD}`)
    .catch((error: unknown) => deps.log.debug('call.talking-not-told', { callId: view().id, ...toErrorData(error) }));
}

/**
 * The sound is told when Asterisk has finished writing it. Rejects with `phone.recording-runs-on` where one could not be stopped, also one from before: nobody
 * who does not know of it may come in then. The owner is told, and that one is not kept.
 */
export async function stopRecording(context: CallContext): Promise<void> {
  const { parts } = context;
  const { recording } = parts;
  parts.recording = undefined;
  if (recording !== undefined && !context.isOver()) context.step({ type: 'recording', on: false });
  const names = [...parts.runsOn, ...(recording === undefined ? [] : [recording.name])];
  await Promise.all([
    recording === undefined || recording.isTold ? undefined : closeNotice(context),
    ...names.map((name) => endRecording(context, name)),
  ]);
  if (parts.runsOn.size > 0) throw phoneError('phone.recording-runs-on');
}

/** Never rejects. */
async function endRecording(context: CallContext, name: string): Promise<void> {
  const { deps, parts } = context;
  try {
    await deps.ari().stopRecording(name);
    parts.runsOn.delete(name);
  } catch (error) {
    if (isGone(error)) {
      parts.runsOn.delete(name);
      return;
    }
    deps.log.warn('call.recording-not-stopped', { name, ...toErrorData(error) });
    parts.runsOn.add(name);
    context.patch({ trouble: phoneReason('phone.recording-runs-on') });
    await deps.untold.add(name).catch((failure: unknown) => deps.log.warn('call.recording-told', { name, ...toErrorData(failure) }));
  }
}
