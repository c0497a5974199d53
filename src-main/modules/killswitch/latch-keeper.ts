import type { Clock, Timer } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';
import type { LatchEvent, LatchRecords, LatchRow } from '../../platform/store/index.ts';
import { isMarked, readLatch, readStopFile, removeStopFile, writeLatch, type WriteStep } from './latch-file.ts';
import { higher, NO_LATCH, parseLatch, unreadableLatch, type Latch } from './latch.ts';

/** Keeps the latch in its two places: the file, which needs nothing but a disk, and the database, which knows when the file has gone. */
export interface LatchKeeper extends Disposable {
  /** What holds at the start. Anything that cannot be trusted is everything off. */
  first(): Latch;
  /** Writes a stop, file first, before it returns. Never throws: what fails is logged, told and tried again until it is written. */
  stop(latch: Latch, event?: LatchEvent): void;
  /** Writes the end of a stop, database first. Throws when either fails; whatever is half-written then reads as engaged. */
  release(latch: Latch): void;
  /** Throws when it is not on disk. */
  record(event: LatchEvent): void;
}

const RETRY_MS = 1_000;

export function createLatchKeeper(deps: {
  dataDirectory: string;
  records: LatchRecords;
  clock: Clock;
  log: Log;
  /** For tests that end the process between two steps. */
  step?: WriteStep | undefined;
  onNotWritten?: ((error: unknown) => void) | undefined;
}): LatchKeeper {
  const { dataDirectory, records, clock, log } = deps;
  const step: WriteStep = deps.step ?? (() => undefined);
  let retry: Timer | undefined;

  const toFile = (latch: Latch): boolean =>
    attempt('file', () => writeLatch(dataDirectory, latch, { mayOverwrite: true, step: (name) => step(`file-${name}`) }));
  const toDatabase = (latch: Latch, event: LatchEvent | undefined): boolean =>
    attempt('database', () => records.write(rowOf(latch), event));
  const attempt = (place: string, write: () => void): boolean => {
    try {
      write();
      return true;
    } catch (error) {
      log.error('killswitch.latch-not-written', { place, error });
      deps.onNotWritten?.(error);
      return false;
    }
  };
  const tryAgain = (latch: Latch, event: LatchEvent | undefined, missing: { file: boolean; database: boolean }): void => {
    retry?.cancel();
    if (!missing.file && !missing.database) return;
    retry = clock.after(RETRY_MS, () => {
      const file = missing.file && !toFile(latch);
      const database = missing.database && !toDatabase(latch, event);
      tryAgain(latch, event, { file, database });
    });
  };

  return {
    first() {
      const row = readRow(records, log);
      const found = join(readLatch(dataDirectory), row, isMarked(dataDirectory), clock.wallMs());
      const stopLevel = readStopFile(dataDirectory);
      if (stopLevel === undefined) return found;
      return higher(found, {
        level: stopLevel,
        trigger: 'file',
        reason: '',
        seq: found.seq + 1,
        atMs: clock.wallMs(),
        languageCutOff: false,
      });
    },
    stop(latch, event) {
      step('stop-begin');
      const file = !toFile(latch);
      step('stop-between');
      const database = !toDatabase(latch, event);
      step('stop-end');
      tryAgain(latch, event, { file, database });
    },
    release(latch) {
      retry?.cancel();
      removeStopFile(dataDirectory);
      step('release-begin');
      records.write(rowOf(latch));
      step('release-between');
      writeLatch(dataDirectory, latch, { mayOverwrite: false, step: (name) => step(`release-file-${name}`) });
      step('release-end');
    },
    record(event) {
      step('record-begin');
      records.record(event);
      step('record-end');
    },
    dispose: () => retry?.cancel(),
  };
}

/** A row that this version does not understand is as bad as a file like that. `undefined` = there is none, or no database that works. */
function readRow(records: LatchRecords, log: Log): Latch | 'strange' | undefined {
  try {
    const row = records.read();
    if (row === undefined) return undefined;
    const parsed = parseLatch(JSON.stringify({ version: 1, ...row }));
    return 'problem' in parsed ? 'strange' : parsed;
  } catch (error) {
    log.error('killswitch.database-not-read', { error });
    return undefined;
  }
}

function join(reading: ReturnType<typeof readLatch>, row: Latch | 'strange' | undefined, marked: boolean, nowMs: number): Latch {
  const seq = (row === 'strange' ? 0 : (row?.seq ?? 0)) + 1;
  if (reading.state === 'unreadable') return unreadableLatch(reading.why, seq, nowMs);
  if (reading.state === 'missing') return row === undefined && !marked ? NO_LATCH : unreadableLatch('missing', seq, nowMs);
  if (row === 'strange') return unreadableLatch('database', reading.latch.seq + 1, nowMs);
  return row === undefined ? reading.latch : higher(reading.latch, row);
}

function rowOf(latch: Latch): LatchRow {
  return { ...latch, trigger: latch.trigger };
}
