import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, CallInput, CallResult } from '../../src-preload/contract/index.ts';
import type { CallLogEntry, PhoneStatistics } from '../../src-preload/contract/index.ts';

export interface CallLogFilter {
  query: string;
  direction: CallInput<'phone.log'>['direction'];
  answeredBy: CallInput<'phone.log'>['answeredBy'];
}

export type ExportFormat = CallInput<'phone.record.export'>['format'];

/** Calls that are over, newest first. */
export interface CallLogState {
  filter: CallLogFilter;
  /** Undefined until the first answer. */
  entries: readonly CallLogEntry[] | undefined;
  hasMore: boolean;
  /** Taken out of the list; some of them can still be kept. */
  removedIds: ReadonlySet<string>;
  statistics: PhoneStatistics | undefined;
  setFilter(patch: Partial<CallLogFilter>): Promise<void>;
  load(): Promise<void>;
  /** Asks anew for as many as there are: nothing moves under whoever reads far down. */
  reload(): Promise<void>;
  loadMore(): Promise<void>;
  loadStatistics(days: number): Promise<void>;
  /** Takes a record out of the list; the core deletes it some seconds later, unless `keep` comes before. */
  remove(callId: string): void;
  keep(callId: string): void;
  /** As a file: these calls, or all that the filter lets through, also what has not been scrolled to. */
  exported(format: ExportFormat, callIds?: string[]): Promise<CallResult<'phone.record.export'>>;
}

const PAGE_ENTRIES = 60;
/** The contract's own limit. */
const MAX_ENTRIES_AT_ONCE = 200;
const NO_FILTER: CallLogFilter = { query: '', direction: undefined, answeredBy: undefined };

/** `fail` hears of what the core refuses. */
export function createCallLogStore(bridge: Bridge, fail: (error: unknown) => void): StoreApi<CallLogState> {
  let days: number | undefined;
  const ask = (filter: CallLogFilter, beforeMs?: number, limit = PAGE_ENTRIES): Promise<CallLogEntry[]> =>
    bridge.call('phone.log', {
      limit,
      ...wished(filter),
      ...(beforeMs === undefined ? {} : { beforeMs }),
    });
  const reload = async (): Promise<void> => {
    const { filter, entries = [] } = store.getState();
    let fresh: CallLogEntry[] = [];
    let isLast = false;
    while (!isLast && (fresh.length === 0 || fresh.length < entries.length)) {
      const limit = Math.min(MAX_ENTRIES_AT_ONCE, Math.max(PAGE_ENTRIES, entries.length - fresh.length));
      const page = await ask(filter, fresh.at(-1)?.call.startedAtMs, limit);
      fresh = joined(fresh, page);
      isLast = page.length < limit;
    }
    if (store.getState().filter === filter) store.setState({ entries: fresh, hasMore: !isLast });
  };
  const shown = (callId: string): void =>
    store.setState(({ removedIds }) => ({ removedIds: new Set([...removedIds].filter((id) => id !== callId)) }));
  const store = createStore<CallLogState>()((set, get) => ({
    filter: NO_FILTER,
    entries: undefined,
    hasMore: false,
    removedIds: new Set<string>(),
    statistics: undefined,
    async setFilter(patch) {
      set((state) => ({ filter: { ...state.filter, ...patch } }));
      await get().load();
    },
    async load() {
      const { filter } = get();
      const entries = await ask(filter);
      // An answer to an older question is dropped.
      if (get().filter === filter) set({ entries, hasMore: entries.length === PAGE_ENTRIES });
    },
    reload,
    async loadMore() {
      const { filter, entries = [], hasMore } = get();
      const last = entries.at(-1);
      if (!hasMore || !last) return;
      set({ hasMore: false });
      try {
        const page = await ask(filter, last.call.startedAtMs);
        if (get().filter === filter) set({ entries: joined(get().entries ?? [], page), hasMore: page.length === PAGE_ENTRIES });
      } catch (error) {
        // They are still there: the next way down asks again.
        if (get().filter === filter) set({ hasMore: true });
        throw error;
      }
    },
    async loadStatistics(wanted) {
      days = wanted;
      const statistics = await bridge.call('phone.statistics', { days: wanted });
      if (days === wanted) set({ statistics });
    },
    remove(callId) {
      set(({ removedIds }) => ({ removedIds: new Set([...removedIds, callId]) }));
      bridge.call('phone.record.remove', { callId }).catch((error: unknown) => {
        shown(callId);
        fail(error);
      });
    },
    keep(callId) {
      shown(callId);
      bridge.call('phone.record.keep', { callId }).catch(fail);
    },
    exported: (format, callIds) =>
      bridge.call('phone.record.export', { format, ...(callIds ? { callIds } : { filter: wished(get().filter) }) }),
  }));
  bridge.on('phone.logChanged', () => {
    const { entries, statistics, loadStatistics } = store.getState();
    if (entries) reload().catch(ignore);
    if (statistics && days !== undefined) loadStatistics(days).catch(ignore);
  });
  return store;
}

export function isFiltered({ query, direction, answeredBy }: CallLogFilter): boolean {
  return query.trim() !== '' || direction !== undefined || answeredBy !== undefined;
}

/** A filter as the core takes it. */
function wished({ query, direction, answeredBy }: CallLogFilter): NonNullable<CallInput<'phone.record.export'>['filter']> {
  return {
    ...(query.trim() === '' ? {} : { query: query.trim() }),
    ...(direction === undefined ? {} : { direction }),
    ...(answeredBy === undefined ? {} : { answeredBy }),
  };
}

/** The list stays as it was; the next change or visit asks again. */
const ignore = (): void => undefined;

function joined(known: readonly CallLogEntry[], page: readonly CallLogEntry[]): CallLogEntry[] {
  const ids = new Set(known.map((entry) => entry.call.id));
  return [...known, ...page.filter((entry) => !ids.has(entry.call.id))];
}
