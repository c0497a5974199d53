import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  Asker,
  AuditEntryView,
  AuditVerdict,
  Bridge,
  RememberedApproval,
  ToolCall,
  ToolCallState,
} from '../../src-preload/contract/index.ts';

/** What the owner looks for. Undefined = all. */
export interface ActivityFilter {
  query: string;
  state: ToolCallState | undefined;
  channel: Asker['channel'] | undefined;
}

/** Everything it did, whatever the conversation. */
export interface ActivityState {
  filter: ActivityFilter;
  /** Newest first, those of the filter; undefined until it was asked for. */
  calls: readonly ToolCall[] | undefined;
  hasMore: boolean;
  remembered: readonly RememberedApproval[] | undefined;
  /** Newest first. */
  records: readonly AuditEntryView[] | undefined;
  hasMoreRecords: boolean;
  /** Undefined until the chain was checked. */
  verdict: AuditVerdict | undefined;
  setFilter(patch: Partial<ActivityFilter>): Promise<void>;
  load(): Promise<void>;
  loadMore(): Promise<void>;
  loadRemembered(): Promise<void>;
  forget(id: string): Promise<void>;
  loadRecords(): Promise<void>;
  loadMoreRecords(): Promise<void>;
  verify(): Promise<void>;
  /** Every call of the filter, for a file. */
  all(): Promise<ToolCall[]>;
}

const PAGE_CALLS = 100;
const EXPORT_PAGE_CALLS = 200;
const PAGE_RECORDS = 200;
const NO_FILTER: ActivityFilter = { query: '', state: undefined, channel: undefined };

export function createActivityStore(bridge: Bridge): StoreApi<ActivityState> {
  const ask = (filter: ActivityFilter, limit: number, beforeMs?: number): Promise<ToolCall[]> =>
    bridge.call('tools.calls', {
      limit,
      ...(filter.query.trim() === '' ? {} : { query: filter.query.trim() }),
      ...(filter.state === undefined ? {} : { state: filter.state }),
      ...(filter.channel === undefined ? {} : { channel: filter.channel }),
      ...(beforeMs === undefined ? {} : { beforeMs }),
    });
  const records = (beforeSeq?: number): Promise<AuditEntryView[]> =>
    bridge.call('audit.list', { limit: PAGE_RECORDS, ...(beforeSeq === undefined ? {} : { beforeSeq }) });

  const store = createStore<ActivityState>()((set, get) => ({
    filter: NO_FILTER,
    calls: undefined,
    hasMore: false,
    remembered: undefined,
    records: undefined,
    hasMoreRecords: false,
    verdict: undefined,
    async setFilter(patch) {
      set((state) => ({ filter: { ...state.filter, ...patch } }));
      await get().load();
    },
    async load() {
      const { filter } = get();
      const calls = await ask(filter, PAGE_CALLS);
      // An answer to an older question is dropped.
      if (get().filter === filter) set({ calls, hasMore: calls.length === PAGE_CALLS });
    },
    async loadMore() {
      const { filter, calls = [], hasMore } = get();
      const last = calls.at(-1);
      if (!hasMore || !last) return;
      set({ hasMore: false });
      try {
        const page = await ask(filter, PAGE_CALLS, last.createdAtMs);
        if (get().filter === filter) set((state) => ({ calls: newestFirst(state.calls ?? [], page), hasMore: page.length === PAGE_CALLS }));
      } catch (error) {
        // They are still there: the next way down asks again.
        if (get().filter === filter) set({ hasMore: true });
        throw error;
      }
    },
    async loadRemembered() {
      set({ remembered: await bridge.call('tools.remembered', {}) });
    },
    async forget(id) {
      await bridge.call('tools.forget', { id });
      set(({ remembered }) => ({ remembered: remembered?.filter((approval) => approval.id !== id) }));
    },
    async loadRecords() {
      const page = await records();
      set({ records: page, hasMoreRecords: page.length === PAGE_RECORDS });
    },
    async loadMoreRecords() {
      const { records: known = [], hasMoreRecords } = get();
      const last = known.at(-1);
      if (!hasMoreRecords || !last) return;
      const page = await records(last.seq);
      set({ records: [...known, ...page], hasMoreRecords: page.length === PAGE_RECORDS });
    },
    async verify() {
      set({ verdict: await bridge.call('audit.verify', {}) });
    },
    async all() {
      const { filter } = get();
      const found: ToolCall[] = [];
      for (;;) {
        const page: ToolCall[] = await ask(filter, EXPORT_PAGE_CALLS, found.at(-1)?.createdAtMs);
        found.push(...page);
        if (page.length < EXPORT_PAGE_CALLS) return found;
      }
    },
  }));
  bridge.on('tools.call', (call) =>
    store.setState(({ calls, filter }) => (calls && isWanted(call, calls, filter) ? { calls: newestFirst(calls, [call]) } : {})),
  );
  return store;
}

/** Words are searched by the core; a new call is shown without a search, or when it is on screen already. */
function isWanted(call: ToolCall, calls: readonly ToolCall[], { query, state, channel }: ActivityFilter): boolean {
  if (calls.some((known) => known.id === call.id)) return true;
  return query.trim() === '' && (state === undefined || call.state === state) && (channel === undefined || call.asker.channel === channel);
}

function newestFirst(older: readonly ToolCall[], newer: readonly ToolCall[]): ToolCall[] {
  const byId = new Map(older.map((call) => [call.id, call]));
  for (const call of newer) byId.set(call.id, call);
  return [...byId.values()].toSorted((a, b) => b.createdAtMs - a.createdAtMs);
}
