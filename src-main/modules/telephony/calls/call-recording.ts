import { toErrorData } from '../../../base/errors.ts';
import { phoneReason } from '../telephony-errors.ts';
import { checkGoingOn, type CallContext } from './call-context.ts';
import { sayNotice } from './call-legs.ts';

let count = 0;

/**
 * Records both ends. The other end is told first; who cannot be told is not recorded. An automatic one begins together with the notice, so that the
 * recording begins where the call does. `isTold`: they have been told before, in this very call.
 */
export async function startRecording(
  context: CallContext,
  { isAutomatic, isTold = false }: { isAutomatic: boolean; isTold?: boolean },
): Promise<void> {
  const { channels, deps, parts } = context;
  if (parts.recording !== undefined || (isAutomatic && !deps.settings.records())) return;
  try {
    if (!isAutomatic && !isTold && !(await sayNotice(context, { kind: 'recording' }))) throw new Error('the notice could not be said');
    checkGoingOn(context);
    count += 1;
    const name = `oc-${context.view().id}-${count}`;
    const startMs = Math.max(0, deps.clock.wallMs() - (context.view().answeredAtMs ?? deps.clock.wallMs()));
    parts.recording = { name, startMs };
    await deps.ari().startRecording(channels.bridgeId, name);
    detectTalking(context);
    deps.recorded({ callId: context.view().id, name, startMs });
    context.step({ type: 'recording', on: true });
    if (isAutomatic && !(await sayNotice(context, { kind: 'recording' }))) {
      await stopRecording(context);
      throw new Error('the notice could not be said');
    }
  } catch (error) {
    if (context.isOver()) return;
    if (parts.recording !== undefined) parts.recording = undefined;
    deps.log.warn('call.not-recorded', { callId: context.view().id, ...toErrorData(error) });
    context.patch({ trouble: phoneReason('phone.recording-failed') });
  }
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

/** The sound is told when Asterisk has finished writing it. */
export async function stopRecording(context: CallContext): Promise<void> {
  const { deps, parts } = context;
  const { recording } = parts;
  parts.recording = undefined;
  if (recording === undefined) return;
  if (!context.isOver()) context.step({ type: 'recording', on: false });
  await deps
    .ari()
    .stopRecording(recording.name)
    .catch((error: unknown) => deps.log.warn('call.recording-not-stopped', { name: recording.name, ...toErrorData(error) }));
}
