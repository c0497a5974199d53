import type { SupervisedWorker } from '../../../platform/workers/index.ts';
import type { MediaEvent, MediaMethods } from '../telephony.ts';

type Doors = { audioSocketPort: number; webSocketPort: number; openPort: number | null };

/** The media worker with the doors at which Asterisk finds it. */
export interface MediaWorker {
  readonly worker: SupervisedWorker<MediaMethods, MediaEvent>;
  /** Where it listens, started for it where it is not running. The ports stay the same when it is started again. Rejects with `phone.port-taken`. */
  doors(): Promise<Doors>;
}

/** `openPort`: of the door for dialplans of other people's; undefined = there is none. Read at each start. */
export function createMediaDoors(worker: SupervisedWorker<MediaMethods, MediaEvent>, openPort: () => number | undefined): MediaWorker {
  let doors: Doors | undefined;
  worker.onStart(async (call) => {
    const wanted = openPort();
    doors = await call('listen', {
      audioSocketPort: doors?.audioSocketPort ?? 0,
      webSocketPort: doors?.webSocketPort ?? 0,
      ...(wanted === undefined ? {} : { openPort: wanted }),
    });
  });
  return {
    worker,
    async doors() {
      await worker.start();
      return doors ?? { audioSocketPort: 0, webSocketPort: 0, openPort: null };
    },
  };
}
