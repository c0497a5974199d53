import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppSnapshot, Bridge, Connection, Notice } from '../../src-preload/contract/index.ts';

/** What the core says about itself. */
export interface CoreState {
  /** Undefined until the core has answered for the first time. */
  snapshot: AppSnapshot | undefined;
  connection: Connection;
  load(): Promise<void>;
  dismissNotice(noticeId: string): Promise<void>;
}

export function createCoreStore(bridge: Bridge): StoreApi<CoreState> {
  const store = createStore<CoreState>()((set, get) => ({
    snapshot: undefined,
    connection: bridge.connection(),
    async load() {
      set({ snapshot: await bridge.call('app.snapshot', {}) });
    },
    async dismissNotice(noticeId) {
      const { snapshot } = get();
      if (snapshot) set({ snapshot: { ...snapshot, notices: snapshot.notices.filter((notice) => notice.id !== noticeId) } });
      await bridge.call('app.dismissNotice', { noticeId });
    },
  }));
  const change = (patch: (snapshot: AppSnapshot) => Partial<AppSnapshot>): void =>
    store.setState(({ snapshot }) => (snapshot ? { snapshot: { ...snapshot, ...patch(snapshot) } } : {}));
  bridge.on('app.changed', (snapshot) => store.setState({ snapshot }));
  bridge.on('app.parts', (parts) => change(() => ({ parts })));
  bridge.on('app.notice', (notice) => change(({ notices }) => ({ notices: withNotice(notices, notice) })));
  bridge.onConnection((connection) => {
    store.setState({ connection });
    // Events are not replayed; what was missed is asked for.
    if (connection === 'open') void store.getState().load();
  });
  return store;
}

/** A notice that is told again takes the place of its older self. */
function withNotice(notices: readonly Notice[], notice: Notice): Notice[] {
  return [...notices.filter((other) => other.id !== notice.id), notice];
}
