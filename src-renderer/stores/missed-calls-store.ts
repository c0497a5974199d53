import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, CallLogEntry } from '../../src-preload/contract/index.ts';

/** Calls that came and got nobody since the owner looked last. */
export interface MissedCallsState {
  /** More than 99 are 99. */
  count: number;
  load(): Promise<void>;
  /** The owner sees the log. */
  seen(): void;
}

/** More than that is "many". */
const MAX_MISSED = 99;

/** When the log was looked at last; outlives the page. */
export interface SeenMemory {
  /** Undefined = never, or not known any more. */
  read(): number | undefined;
  keep(atMs: number): void;
}

export function createMissedCallsStore(
  bridge: Pick<Bridge, 'call' | 'on'>,
  memory: SeenMemory,
  nowMs = Date.now,
): StoreApi<MissedCallsState> {
  // Whoever is here for the first time has missed nothing yet.
  let seenMs = memory.read() ?? nowMs();
  memory.keep(seenMs);
  const store = createStore<MissedCallsState>()((set) => ({
    count: 0,
    async load() {
      const unanswered = await bridge.call('phone.log', { limit: MAX_MISSED, direction: 'in', answeredBy: 'nobody' });
      set({ count: unanswered.filter((entry) => (entry.call.endedAtMs ?? entry.call.startedAtMs) > seenMs && isMissed(entry)).length });
    },
    seen() {
      seenMs = nowMs();
      memory.keep(seenMs);
      set({ count: 0 });
    },
  }));
  // The number stays as it was; the next change asks again.
  bridge.on(
    'phone.logChanged',
    () =>
      void store
        .getState()
        .load()
        .catch(() => undefined),
  );
  return store;
}

/** It is over, and whoever called got nobody: not even the assistant. Whom the owner has turned away or blocked, nobody has missed. */
export function isMissed({ call, answeredBy }: Pick<CallLogEntry, 'call' | 'answeredBy'>): boolean {
  const { direction, state } = call;
  return direction === 'in' && answeredBy === null && state.state === 'ended' && state.reason !== 'blocked' && state.reason !== 'rejected';
}

const KEPT_SEEN = 'openclaw.callsSeen';

export const seenInBrowser: SeenMemory = {
  read() {
    try {
      const kept = Number(localStorage.getItem(KEPT_SEEN) ?? Number.NaN);
      return Number.isFinite(kept) ? kept : undefined;
    } catch {
      return undefined;
    }
  },
  keep(atMs) {
    try {
      localStorage.setItem(KEPT_SEEN, String(atMs));
    } catch {
      // Without storage each page begins anew; nothing else depends on it.
    }
  },
};
