import type { Tool as ServerTool } from '@modelcontextprotocol/client';
import { createId } from '../../base/ids.ts';
import type { Unsubscribe } from '../../base/dispose.ts';
import type { CallInput, McpServerDraft, McpServerView, McpTool, McpTransport } from '../../../src-preload/contract/index.ts';
import type { Connection } from './connection.ts';
import type { McpDeps } from './mcp.ts';
import { changedMeanwhile, nameTaken, noServer, noTool, notConnected, tooMany } from './mcp-errors.ts';
import type { McpFile, SavedServer } from './mcp-file.ts';
import { serverEnvironment } from './server-environment.ts';
import { modelNames, serverSlug } from './tool-names.ts';

const MAX_SERVERS = 32;

/** What speaks to servers; loaded when there is one, for the SDK takes a quarter of a second. */
type Machinery = typeof import('./connection.ts') & typeof import('./server-tool.ts');

interface Entry {
  saved: SavedServer;
  connection: Connection;
  registered: Unsubscribe[];
}

/** The owner's servers: saved, connected, and their tools in the registry. */
export interface McpServers {
  list(): McpServerView[];
  save(draft: McpServerDraft): Promise<McpServerView>;
  remove(id: string): Promise<void>;
  setEnabled(id: string, enabled: boolean): Promise<McpServerView>;
  signIn(id: string): Promise<void>;
  decide(input: CallInput<'mcp.decide'>): Promise<McpServerView>;
  begin(): void;
  /** Everything at once, for the off-switch. Returns the names of the servers that were cut off. */
  cutAll(): string[];
  dispose(): Promise<void>;
}

export function createMcpServers(deps: McpDeps, file: McpFile): McpServers {
  const entries = new Map<string, Entry>();
  let machinery: Machinery | undefined;
  let isDisposed = false;
  /** One change after the other: what is saved and what is connected stay the same. */
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const run = queue.then(work);
    queue = run.catch(() => undefined);
    return run;
  };

  const load = async (): Promise<Machinery> => {
    machinery ??= { ...(await import('./connection.ts')), ...(await import('./server-tool.ts')) };
    return machinery;
  };
  const find = (id: string): SavedServer => {
    const saved = file.content().servers.find((server) => server.id === id);
    if (saved === undefined) throw noServer();
    return saved;
  };
  const view = (saved: SavedServer): McpServerView => viewServer(saved, entries.get(saved.id), machinery);
  const tell = (saved: SavedServer): void => {
    if (!isDisposed) deps.tell('mcp.changed', { server: view(saved) });
  };
  const tellList = (): void => deps.tell('mcp.changed', { server: null });

  const unregister = (entry: Entry): void => {
    for (const leave of entry.registered.splice(0)) leave();
  };
  const refresh = (entry: Entry): void => {
    unregister(entry);
    if (isDisposed || machinery === undefined || entries.get(entry.saved.id) !== entry) return;
    const { saved, connection } = entry;
    const tools = connection.tools();
    const names = namesOf(saved, tools);
    for (const tool of tools) {
      const decision = ownValue(saved.decisions, tool.name);
      const modelName = names.get(tool.name) ?? '';
      entry.registered.push(deps.registerTool(machinery.createServerTool({ modelName, tool, decision, server: saved, connection })));
    }
    tell(saved);
  };

  const start = async (saved: SavedServer): Promise<void> => {
    const { createConnection } = await load();
    if (isDisposed) return;
    let known: readonly ServerTool[] | undefined;
    const entry: Entry = {
      saved,
      registered: [],
      connection: createConnection({
        name: saved.name,
        transport: saved.transport,
        version: deps.version,
        resolveSecret: deps.resolveSecret,
        secret: secretOf(deps, saved.id),
        environment: serverEnvironment(deps.environment),
        gate: deps.killSwitch.gate,
        watchProcess: (pid) => deps.killSwitch.watch({ kind: 'process', pid, group: true }),
        openLink: deps.openLink,
        redact: deps.redact,
        clock: deps.clock,
        log: deps.log,
        onChange() {
          const tools = entry.connection.tools();
          if (tools === known) tell(entry.saved);
          else refresh(entry);
          known = tools;
        },
      }),
    };
    entries.set(saved.id, entry);
    void entry.connection.open();
  };
  const stop = async (id: string): Promise<void> => {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entries.delete(id);
    unregister(entry);
    await entry.connection.close();
  };
  const replace = (saved: SavedServer): Promise<void> =>
    file.change((content) => {
      const isKnown = content.servers.some(({ id }) => id === saved.id);
      const servers = isKnown ? content.servers.map((server) => (server.id === saved.id ? saved : server)) : [...content.servers, saved];
      return { ...content, servers };
    });
  /** Fresh, as the owner's own act: also after the off-switch. */
  const restart = async (saved: SavedServer): Promise<void> => {
    await stop(saved.id);
    if (saved.enabled) await start(saved);
  };

  return {
    list: () => file.content().servers.map(view),
    save: (draft) =>
      inTurn(async () => {
        const { servers } = file.content();
        const former = draft.id === undefined ? undefined : find(draft.id);
        if (former === undefined && servers.length >= MAX_SERVERS) throw tooMany(MAX_SERVERS);
        const isTaken = servers.some(({ id, name }) => id !== former?.id && serverSlug(name) === serverSlug(draft.name));
        if (isTaken) throw nameTaken(draft.name);
        // Another program or address is another party, whatever its name: nothing was agreed with it yet.
        const isSameParty = former !== undefined && partyOf(former.transport) === partyOf(draft.transport);
        const saved: SavedServer = {
          id: former?.id ?? createId('mcp'),
          name: draft.name,
          transport: draft.transport,
          enabled: draft.enabled,
          decisions: isSameParty ? former.decisions : {},
        };
        if (former !== undefined && !isSameParty) await secretOf(deps, former.id).write('');
        await replace(saved);
        await restart(saved);
        await deps.audit.record({ action: 'mcp.save', subject: saved.id, details: { name: saved.name, kind: saved.transport.kind } });
        tellList();
        return view(saved);
      }),
    remove: (id) =>
      inTurn(async () => {
        find(id);
        await file.change((content) => ({ ...content, servers: content.servers.filter((server) => server.id !== id) }));
        await stop(id);
        await secretOf(deps, id).write('');
        await deps.audit.record({ action: 'mcp.remove', subject: id });
        tellList();
      }),
    setEnabled: (id, enabled) =>
      inTurn(async () => {
        const saved = { ...find(id), enabled };
        await replace(saved);
        await restart(saved);
        await deps.audit.record({ action: 'mcp.enable', subject: id, details: { enabled } });
        tell(saved);
        return view(saved);
      }),
    async signIn(id) {
      const saved = find(id);
      const entry = entries.get(id);
      if (entry === undefined) throw notConnected(saved.name);
      await entry.connection.signIn();
      await deps.audit.record({ action: 'mcp.sign-in', subject: id });
    },
    decide: ({ id, tool: name, rights, policy, pin }) =>
      inTurn(async () => {
        const saved = find(id);
        const entry = entries.get(id);
        const tools = entry?.connection.tools() ?? [];
        const names = namesOf(saved, tools);
        const tool = tools.find((one) => one.name === name) ?? tools.find((one) => names.get(one.name) === name);
        if (tool === undefined || entry === undefined) throw noTool(name);
        const decision = (await load()).decide(tool, rights, policy);
        if (pin !== undefined && pin !== decision.pin) throw changedMeanwhile();
        const next = { ...saved, decisions: { ...saved.decisions, [tool.name]: decision } };
        await replace(next);
        entry.saved = next;
        await deps.audit.record({
          action: 'mcp.decide',
          subject: id,
          details: { tool: tool.name.slice(0, 120), policy, rights: decision.rights.join(' '), pin: decision.pin.slice(0, 16) },
        });
        refresh(entry);
        return view(next);
      }),
    begin() {
      for (const saved of file.content().servers) {
        if (saved.enabled) void inTurn(() => start(saved)).catch((error: unknown) => deps.log.error('mcp.not-begun', { error }));
      }
    },
    cutAll: () => [...entries.values()].filter(({ connection }) => connection.cut()).map(({ saved }) => saved.name),
    async dispose() {
      isDisposed = true;
      await queue;
      await Promise.all([...entries.keys()].map(stop));
    },
  };
}

function secretOf({ secrets }: McpDeps, id: string): { read(): string | undefined; write(value: string): Promise<void> } {
  const name = `mcp.${id}`;
  return { read: () => secrets.get(name), write: (value) => secrets.set(name, value) };
}

/** Who is at the other end. Environment, headers and folder may change without it becoming somebody else. */
function partyOf(transport: McpTransport): string {
  return transport.kind === 'http' ? transport.url : JSON.stringify([transport.command, transport.args]);
}

function namesOf(saved: SavedServer, tools: readonly ServerTool[]): Map<string, string> {
  return modelNames(saved.name, [...new Set([...tools.map(({ name }) => name), ...Object.keys(saved.decisions)])]);
}

function viewServer(saved: SavedServer, entry: Entry | undefined, machinery: Machinery | undefined): McpServerView {
  const { id, name, transport, enabled } = saved;
  const state = entry?.connection.state() ?? { kind: 'off' as const };
  return {
    id,
    name,
    transport,
    enabled,
    state: state.kind === 'stopped' ? 'failed' : state.kind,
    problem: 'problem' in state ? state.problem : null,
    version: state.kind === 'ready' ? state.version : null,
    tools: viewTools(saved, entry?.connection, machinery),
  };
}

function viewTools(saved: SavedServer, connection: Connection | undefined, machinery: Machinery | undefined): McpTool[] {
  const tools = connection?.tools() ?? [];
  const names = namesOf(saved, tools);
  const isListed = connection?.state().kind === 'ready' || tools.length > 0;
  const present = tools.flatMap((tool) =>
    machinery === undefined ? [] : [machinery.viewTool(names.get(tool.name) ?? '', tool, ownValue(saved.decisions, tool.name))],
  );
  const missing = Object.entries(saved.decisions)
    .filter(([tool]) => !tools.some(({ name }) => name === tool))
    .map(([tool, { title, description, rights, policy }]): McpTool => ({
      name: names.get(tool) ?? '',
      serverName: tool,
      title,
      description,
      rights,
      policy,
      state: isListed ? 'gone' : 'agreed',
      formerDescription: null,
      schema: null,
      formerSchema: null,
      problem: null,
    }));
  return [...present, ...missing];
}

/** A tool may be called `constructor`. */
function ownValue<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
