import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, SessionSnapshot } from '../../src-preload/contract/index.ts';

export interface SessionState {
  session: SessionSnapshot;
  /** The user's words while they are spoken; '' when nothing is in progress. */
  partial: string;
  load(): Promise<void>;
}

const NO_SESSION: SessionSnapshot = {
  sessionId: null,
  characterId: 'default',
  conversationId: null,
  talk: { state: 'off', reason: 'not-started' },
  mode: 'hands-free',
  muted: false,
  pressed: false,
};

export function createSessionStore(bridge: Bridge): StoreApi<SessionState> {
  const store = createStore<SessionState>()((set) => ({
    session: NO_SESSION,
    partial: '',
    async load() {
      set({ session: await bridge.call('session.snapshot', {}), partial: '' });
    },
  }));
  bridge.on('session.changed', (session) => store.setState({ session }));
  bridge.on('transcript.partial', ({ text }) => store.setState({ partial: text }));
  return store;
}
