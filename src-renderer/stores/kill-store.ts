import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, CallInput, KillLevel, KillState } from '../../src-preload/contract/index.ts';

/** The off-switch as the core tells of it. Nothing here is believed before the core has said so. */
export interface KillStoreState {
  /** Undefined until the core has answered. */
  kill: KillState | undefined;
  load(): Promise<void>;
  engage(level: KillLevel): Promise<void>;
  /** Rejects when the phrase, the passphrase or the record is not as it must be; everything stays stopped then. */
  lift(input: CallInput<'killswitch.lift'>): Promise<void>;
  cutLanguage(cut: boolean): Promise<void>;
  setPassphrase(input: CallInput<'killswitch.setPassphrase'>): Promise<void>;
}

export function createKillStore(bridge: Bridge): StoreApi<KillStoreState> {
  const store = createStore<KillStoreState>()((set) => ({
    kill: undefined,
    async load() {
      set({ kill: await bridge.call('killswitch.snapshot', {}) });
    },
    async engage(level) {
      set({ kill: await bridge.call('killswitch.engage', { level }) });
    },
    async lift(input) {
      set({ kill: await bridge.call('killswitch.lift', input) });
    },
    async cutLanguage(cut) {
      set({ kill: await bridge.call('killswitch.cutLanguage', { cut }) });
    },
    async setPassphrase(input) {
      set({ kill: await bridge.call('killswitch.setPassphrase', input) });
    },
  }));
  bridge.on('killswitch.changed', (kill) => store.setState({ kill }));
  bridge.onConnection((connection) => {
    // A stop that came while nobody listened has to be seen as well.
    if (connection === 'open') store.getState().load().catch(ignore);
  });
  return store;
}

/** The lost connection is shown already, and the next one asks again. */
const ignore = (): void => undefined;

/** Anything but running: no answers are given. */
export function isStopped(kill: KillState | undefined): boolean {
  return kill !== undefined && kill.level > 0;
}

/** No answer can come: stopped, or the language model alone is cut off. */
export function isSilenced(kill: KillState | undefined): boolean {
  return kill !== undefined && (kill.level > 0 || kill.languageCutOff);
}
