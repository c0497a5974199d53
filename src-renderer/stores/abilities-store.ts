import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  Bridge,
  CallInput,
  McpAccess,
  McpServerDraft,
  McpServerView,
  SandboxStatus,
  ToolPolicy,
  ToolView,
  VaultEntry,
} from '../../src-preload/contract/index.ts';

/** What the assistant is able to do, and behind which walls: the Hands screen. Each part is undefined until it was asked for. */
export interface AbilitiesState {
  tools: readonly ToolView[] | undefined;
  sandbox: SandboxStatus | undefined;
  vault: readonly VaultEntry[] | undefined;
  servers: readonly McpServerView[] | undefined;
  access: readonly McpAccess[] | undefined;
  /** Asks for all parts; a part that fails leaves the others standing, and its error is thrown. */
  load(): Promise<void>;
  setPolicy(tool: string, policy: ToolPolicy): Promise<void>;
  prepareSandbox(): Promise<void>;
  storeSecret(input: CallInput<'vault.set'>): Promise<void>;
  removeSecret(name: string): Promise<void>;
  saveServer(draft: McpServerDraft): Promise<McpServerView>;
  removeServer(id: string): Promise<void>;
  setServerEnabled(id: string, enabled: boolean): Promise<void>;
  decide(input: CallInput<'mcp.decide'>): Promise<void>;
  revokeAccess(id: string): Promise<void>;
  loadAccess(): Promise<void>;
}

export function createAbilitiesStore(bridge: Bridge): StoreApi<AbilitiesState> {
  const store = createStore<AbilitiesState>()((set) => {
    const loadTools = async (): Promise<void> => set({ tools: await bridge.call('tools.list', {}) });
    const loadSandbox = async (): Promise<void> => set({ sandbox: await bridge.call('sandbox.status', {}) });
    const loadVault = async (): Promise<void> => set({ vault: await bridge.call('vault.list', {}) });
    const loadServers = async (): Promise<void> => set({ servers: await bridge.call('mcp.servers', {}) });
    const loadAccess = async (): Promise<void> => set({ access: await bridge.call('mcp.access', {}) });
    const putServer = (server: McpServerView): void => set(({ servers }) => ({ servers: withItem(servers ?? [], server) }));
    return {
      tools: undefined,
      sandbox: undefined,
      vault: undefined,
      servers: undefined,
      access: undefined,
      loadAccess,
      async load() {
        const outcomes = await Promise.allSettled([loadTools(), loadSandbox(), loadVault(), loadServers(), loadAccess()]);
        const failed = outcomes.find((outcome) => outcome.status === 'rejected');
        if (failed) throw failed.reason;
      },
      async setPolicy(tool, policy) {
        const changed = await bridge.call('tools.setPolicy', { tool, policy });
        set(({ tools }) => ({ tools: tools?.map((known) => (known.name === changed.name ? changed : known)) }));
      },
      async prepareSandbox() {
        set({ sandbox: await bridge.call('sandbox.prepare', {}) });
      },
      async storeSecret(input) {
        await bridge.call('vault.set', input);
        await loadVault();
      },
      async removeSecret(name) {
        await bridge.call('vault.remove', { name });
        set(({ vault }) => ({ vault: vault?.filter((entry) => entry.name !== name) }));
      },
      async saveServer(draft) {
        const server = await bridge.call('mcp.save', draft);
        putServer(server);
        return server;
      },
      async removeServer(id) {
        await bridge.call('mcp.remove', { id });
        set(({ servers }) => ({ servers: servers?.filter((server) => server.id !== id) }));
      },
      async setServerEnabled(id, enabled) {
        putServer(await bridge.call('mcp.setEnabled', { id, enabled }));
      },
      async decide(input) {
        putServer(await bridge.call('mcp.decide', input));
      },
      async revokeAccess(id) {
        await bridge.call('mcp.revokeAccess', { id });
        set(({ access }) => ({ access: access?.filter((entry) => entry.id !== id) }));
      },
    };
  });
  listen(bridge, store);
  return store;
}

// Only what was asked for once is kept up to date; a failed question is asked again with the next visit.
const ignore = (): void => undefined;

function listen(bridge: Bridge, store: StoreApi<AbilitiesState>): void {
  bridge.on('tools.changed', () => {
    if (store.getState().tools) bridge.call('tools.list', {}).then((tools) => store.setState({ tools }), ignore);
  });
  bridge.on('sandbox.changed', (sandbox) => store.setState({ sandbox }));
  bridge.on('mcp.changed', ({ server }) => {
    const { servers } = store.getState();
    if (!servers) return;
    if (server) store.setState({ servers: withItem(servers, server) });
    else bridge.call('mcp.servers', {}).then((list) => store.setState({ servers: list }), ignore);
  });
}

/** In its old place, or at the end. */
function withItem(items: readonly McpServerView[], item: McpServerView): McpServerView[] {
  return items.some((known) => known.id === item.id) ? items.map((known) => (known.id === item.id ? item : known)) : [...items, item];
}
