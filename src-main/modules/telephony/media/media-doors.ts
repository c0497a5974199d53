import { toErrorData, type ErrorData } from '../../../base/errors.ts';
import type { SupervisedWorker } from '../../../platform/workers/index.ts';
import type { MediaEvent, MediaMethods } from '../telephony.ts';

type Doors = { audioSocketPort: number; webSocketPort: number };

/** The media worker with the doors at which Asterisk finds it. */
export interface MediaWorker {
  readonly worker: SupervisedWorker<MediaMethods, MediaEvent>;
  /** Where it listens, started for it where it is not running. The ports stay the same when it is started again. Rejects with `phone.port-taken`. */
  doors(): Promise<Doors>;
  /** Opens or closes the door for dialplans of other people's as is wanted now. Never rejects. */
  followOpenPort(): Promise<void>;
}

interface OpenPort {
  /** Undefined = no such door is wanted. */
  port: () => number | undefined;
  /** It is wanted and cannot be opened: `phone.port-taken`. Calls that do not come by it go on. */
  onProblem: (problem: ErrorData) => void;
}

export function createMediaDoors(worker: SupervisedWorker<MediaMethods, MediaEvent>, open?: OpenPort): MediaWorker {
  let doors: Doors | undefined;
  const problem = (error: unknown): void => open?.onProblem(toErrorData(error));
  worker.onStart(async (call) => {
    doors = await call('listen', { audioSocketPort: doors?.audioSocketPort ?? 0, webSocketPort: doors?.webSocketPort ?? 0 });
    await call('listen.open', { port: open?.port() ?? null }).catch(problem);
  });
  return {
    worker,
    async doors() {
      await worker.start();
      return doors ?? { audioSocketPort: 0, webSocketPort: 0 };
    },
    async followOpenPort() {
      const port = open?.port() ?? null;
      if (port === null && worker.state().state !== 'running') return;
      await worker.call('listen.open', { port }).catch(problem);
    },
  };
}
