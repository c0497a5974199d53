import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';
import type { Backups } from './backups.ts';
import type { MessageStore } from './message-store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a deleted conversation can be restored. */
export const BIN_DAYS = 30;
const FIRST_RUN_MS = 60_000;
const INTERVAL_MS = 60 * 60 * 1000;
const MESSAGES_PER_STEP = 50;

/** What must be done once a day or so and hurries nobody: the backup, then the bin, then what the owner no longer wants to keep. */
export interface Upkeep extends Disposable {
  /** One round now; resolves when it is over. Failures are logged, each part is tried again with the next round. */
  run(): Promise<void>;
}

/** The first round comes a minute after the start, then one an hour. Disposing ends a running round after its current step. */
export function createUpkeep(deps: {
  messages: () => Pick<MessageStore, 'purgeSome' | 'binUntouched'>;
  backups: Pick<Backups, 'isDue' | 'make'>;
  /** 0 = conversations are kept for ever. */
  historyDays: () => number;
  clock: Clock;
  log: Log;
}): Upkeep {
  const { clock, log } = deps;
  let disposed = false;
  let running: Promise<void> | undefined;
  let timer: Timer | undefined;

  const attempt = async (part: string, work: () => Promise<void>): Promise<void> => {
    if (disposed) return;
    await work().catch((error: unknown) => log.error('Upkeep of the history failed', { part, error }));
  };
  const backUp = async (): Promise<void> => {
    if (deps.backups.isDue()) await deps.backups.make('daily');
  };
  const emptyBin = async (): Promise<void> => {
    const olderThanMs = clock.wallMs() - BIN_DAYS * DAY_MS;
    while (deps.messages().purgeSome(olderThanMs, MESSAGES_PER_STEP) > 0) {
      await nextTurn();
      if (disposed) return;
    }
  };
  // Into the bin, not away: a wrong date on the computer or a slip in the settings can be undone for another 30 days.
  const binOld = async (): Promise<void> => {
    const days = deps.historyDays();
    if (days > 0) deps.messages().binUntouched(clock.wallMs() - days * DAY_MS, clock.wallMs());
  };
  const run = (): Promise<void> => {
    running ??= attempt('backup', backUp)
      .then(() => attempt('bin', emptyBin))
      .then(() => attempt('retention', binOld))
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  const schedule = (delayMs: number): void => {
    timer = clock.after(delayMs, () => {
      schedule(INTERVAL_MS);
      void run();
    });
  };
  schedule(FIRST_RUN_MS);

  return {
    run,
    async dispose() {
      disposed = true;
      timer?.cancel();
      await running;
    },
  };
}
