import type { Clock, Timer } from '../../base/clock.ts';
import type { Unsubscribe } from '../../base/dispose.ts';
import { toErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Exchange } from './telephony.ts';

/** When a computer starts, its Docker, or somebody's own Asterisk, may be there later than the app. */
const COMES_LATER: readonly string[] = ['phone.no-docker', 'phone.docker-silent', 'phone.existing-unreachable'];
const PAUSE_MS = 15_000;
/** Ten minutes; after that it is not there at all. */
const TRIES = 40;

/** Sets an exchange up, again and again while what it needs is not there yet. What else goes wrong is for its owner to see. Never rejects. */
export function startPatiently(parts: { exchange: Pick<Exchange, 'setUp' | 'state'>; clock: Clock; log: Log }): Unsubscribe {
  const { exchange, clock, log } = parts;
  let isStopped = false;
  let timer: Timer | undefined;
  const start = (triesLeft: number): void => {
    exchange.setUp().catch((error: unknown) => {
      const told = toErrorData(error);
      log.warn('phone.not-set-up', { ...told });
      if (isStopped || triesLeft === 0 || !COMES_LATER.includes(told.code)) return;
      timer = clock.after(PAUSE_MS, () => {
        // Else it was set up by hand meanwhile, or shut down.
        if (exchange.state().state === 'broken') start(triesLeft - 1);
      });
    });
  };
  start(TRIES);
  return () => {
    isStopped = true;
    timer?.cancel();
  };
}
