import type { KillLevel } from '../../../src-preload/contract/index.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';
import type { LatchEvent, LatchRecords, LatchRow } from '../../platform/store/index.ts';
import { diskState, isMarked, readLatch, readStopFile, removeStopFile, writeLatch, type WriteStep } from './latch-file.ts';
import { higher, NO_LATCH, parseLatch, unreadableLatch, type Latch } from './latch.ts';

/** Keeps the latch in its two places: the file, which needs nothing but a disk, and the database, which knows when the file has gone. */
export interface LatchKeeper extends Disposable {
  /** What holds at the start. Anything that cannot be trusted is everything off. */
  first(): Latch;
  /** What lies on the disk and stops more than `level`: somebody else's stop, or a latch that cannot be trusted. undefined = nothing. */
  above(level: KillLevel): Latch | undefined;
  /** Differs once anybody has written a latch or a STOP file. */
  diskState(): string;
  /**
   * Writes a stop, file first, before it returns; a file that stops more by now is left as it is. Never throws: what fails is logged, told and tried again
   * until it is written.
   */
  stop(latch: Latch, event?: LatchEvent): void;
  /** Writes what stops less than before, database first. Throws when either fails; whatever is half-written then reads as engaged. */
  release(latch: Latch, event?: LatchEvent): void;
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

  const above: LatchKeeper['above'] = (level) => {
    const found = onDisk(dataDirectory, clock.wallMs());
    return found.level > level ? found : undefined;
  };
  const toFile = (latch: Latch): boolean =>
    attempt('file', () => {
      if (above(latch.level) === undefined) writeLatch(dataDirectory, latch, { mayOverwrite: true, step: (name) => step(`file-${name}`) });
    });
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
      return withStopFile(dataDirectory, join(readLatch(dataDirectory), row, isMarked(dataDirectory), clock.wallMs()), clock.wallMs());
    },
    above,
    diskState: () => diskState(dataDirectory),
    stop(latch, event) {
      step('stop-begin');
      const file = !toFile(latch);
      step('stop-between');
      const database = !toDatabase(latch, event);
      step('stop-end');
      tryAgain(latch, event, { file, database });
    },
    release(latch, event) {
      retry?.cancel();
      if (latch.level === 0) removeStopFile(dataDirectory);
      step('release-begin');
      records.write(rowOf(latch), event);
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
  const known = row === 'strange' ? undefined : row;
  const wrong = (reason: string, { seq = 0, languageCutOff }: Partial<Latch> = {}): Latch =>
    unreadableLatch({ reason, seq: seq + 1, atMs: nowMs, languageCutOff });
  if (reading.state === 'unreadable') return wrong(reading.why, known);
  if (reading.state === 'missing') return row === undefined && !marked ? NO_LATCH : wrong('missing', known);
  if (row === 'strange') return wrong('database', reading.latch);
  return row === undefined ? reading.latch : higher(reading.latch, row);
}

/** The file alone, with the STOP file beside it. */
function onDisk(dataDirectory: string, nowMs: number): Latch {
  return withStopFile(dataDirectory, join(readLatch(dataDirectory), undefined, isMarked(dataDirectory), nowMs), nowMs);
}

function withStopFile(dataDirectory: string, latch: Latch, nowMs: number): Latch {
  const level = readStopFile(dataDirectory);
  if (level === undefined) return latch;
  return higher(latch, { level, trigger: 'file', reason: '', seq: latch.seq + 1, atMs: nowMs, languageCutOff: false });
}

function rowOf(latch: Latch): LatchRow {
  return { ...latch, trigger: latch.trigger };
}
