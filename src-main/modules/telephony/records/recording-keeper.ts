import type { Disposable } from '../../../base/dispose.ts';
import { toErrorData } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import { isGone } from '../ari/ari-requests.ts';
import type { CallRecording } from '../calls/call-context.ts';
import type { AriClient } from '../telephony.ts';
import type { CallRecorder } from './call-recorder.ts';

/** Brings finished recordings from the exchange, where they lie in plain text, into the log of calls. One may be told more than once. */
export interface RecordingKeeper extends Disposable {
  take(recording: CallRecording): void;
}

export function createRecordingKeeper(deps: {
  control: () => Pick<AriClient, 'fetchRecording' | 'removeRecording'>;
  /** Resolves with whether it is kept. */
  keep: CallRecorder['onRecording'];
  /** The sound of a call that is not in the log is only removed. */
  isKnown: (callId: string) => boolean;
  log: Log;
}): RecordingKeeper {
  /** Kept here, and still there. */
  const kept = new Set<string>();
  let last: Promise<void> = Promise.resolve();
  /** It leaves the exchange only when it is kept here. */
  const bring = async ({ callId, name, startMs }: CallRecording): Promise<void> => {
    const control = deps.control();
    if (deps.isKnown(callId) && !kept.has(name)) {
      if (!(await deps.keep(callId, await control.fetchRecording(name), startMs))) return;
      kept.add(name);
    }
    await control.removeRecording(name);
    kept.delete(name);
  };
  return {
    take(recording) {
      last = last
        .then(() => bring(recording))
        .catch((error: unknown) => {
          if (isGone(error)) kept.delete(recording.name);
          else deps.log.warn('call.recording-not-kept', { callId: recording.callId, ...toErrorData(error) });
        });
    },
    dispose: () => last,
  };
}
