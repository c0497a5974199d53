import type { Clock, Timer } from '../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import type { SupervisedWorker } from './workers.ts';

/** Ends a worker that nobody uses, so that its memory (also that of a GPU) is given back. The next call starts it again. */
export interface IdleStop extends Disposable {
  /** Keeps the worker alive until the returned function is called. */
  hold(): Unsubscribe;
}

/** `idleMs` after the last user has let go, the worker is stopped. A worker that nobody ever held is left alone. */
export function createIdleStop(deps: { worker: Pick<SupervisedWorker<object, unknown>, 'stop'>; clock: Clock; idleMs: number }): IdleStop {
  let users = 0;
  let timer: Timer | undefined;
  return {
    hold() {
      users += 1;
      timer?.cancel();
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        users -= 1;
        if (users === 0) timer = deps.clock.after(deps.idleMs, () => void deps.worker.stop());
      };
    },
    dispose: () => timer?.cancel(),
  };
}
