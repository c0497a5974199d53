import type { Clock, Timer } from '../../../base/clock.ts';
import type { Disposable } from '../../../base/dispose.ts';
import { toErrorData } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { PhoneRecords } from '../../../platform/store/index.ts';

type ReadRecords = Pick<PhoneRecords, 'list' | 'getCall' | 'entriesSince' | 'has'>;

/**
 * Calls that the owner has deleted and may still take back. They are out of every list at once and gone when their time is over, or when the app ends: a page
 * that is closed meanwhile changes nothing. After a crash they are there again.
 */
export interface Removals extends Disposable {
  remove(callId: string): void;
  keep(callId: string): void;
  /** The records without them. */
  readonly records: ReadRecords;
}

/** A little longer than the message with the way back stands. */
const UNDO_MS = 11_000;

export function createRemovals(deps: {
  records: ReadRecords;
  /** Deletes it for good. */
  carryOut: (callId: string) => Promise<void>;
  changed: () => void;
  clock: Clock;
  log: Log;
}): Removals {
  const { records, clock, log } = deps;
  const waiting = new Map<string, Timer>();
  const isThere = ({ call }: { call: { id: string } }): boolean => !waiting.has(call.id);
  const carryOut = async (callId: string): Promise<void> => {
    try {
      await deps.carryOut(callId);
    } catch (error) {
      log.error('phone.call-not-deleted', { callId, ...toErrorData(error) });
    }
    // What could not be deleted is shown again.
    waiting.delete(callId);
    deps.changed();
  };
  return {
    remove(callId) {
      if (waiting.has(callId)) return;
      waiting.set(
        callId,
        clock.after(UNDO_MS, () => void carryOut(callId)),
      );
      deps.changed();
    },
    keep(callId) {
      waiting.get(callId)?.cancel();
      if (waiting.delete(callId)) deps.changed();
    },
    records: {
      list: async (filter) =>
        (await records.list({ ...filter, limit: filter.limit + waiting.size })).filter(isThere).slice(0, filter.limit),
      getCall: (id) => (waiting.has(id) ? undefined : records.getCall(id)),
      entriesSince: async (fromMs) => (await records.entriesSince(fromMs)).filter(isThere),
      has: (id) => !waiting.has(id) && records.has(id),
    },
    async dispose() {
      for (const timer of waiting.values()) timer.cancel();
      await Promise.all([...waiting.keys()].map(carryOut));
    },
  };
}
