import { onTestFinished } from 'vitest';
import { systemClock, type Clock } from '../../src-main/base/clock.ts';
import { AppError } from '../../src-main/base/errors.ts';
import type { Effect, Stopper, WatchedThing } from '../../src-main/modules/killswitch/index.ts';
import { createMcp, type Abilities, type Mcp, type McpDeps } from '../../src-main/modules/mcp/index.ts';
import type { Tool, ToolContext } from '../../src-main/modules/tools/index.ts';
import { readChildEnvironment } from '../../src-main/platform/config/index.ts';
import type { McpServerDraft, McpServerView, McpTransport, ToolRight } from '../../src-preload/contract/index.ts';
import { createRecordingLog, type RecordingLog } from './recording-log.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A kill switch whose gate the test opens and shuts. */
export interface GateDouble {
  killSwitch: McpDeps['killSwitch'];
  shut(): Promise<readonly string[]>;
  open(): void;
  readonly watched: Set<WatchedThing>;
}

export function createGateDouble(): GateDouble {
  let aborter = new AbortController();
  const stoppers = new Set<Stopper>();
  const watched = new Set<WatchedThing>();
  const engaged = new AppError('killswitch.engaged', 'Everything is stopped.');
  const isOpen = (_effect: Effect): boolean => !aborter.signal.aborted;
  return {
    watched,
    killSwitch: {
      gate: {
        isOpen,
        pass(effect) {
          if (!isOpen(effect)) throw engaged;
        },
        signal: () => aborter.signal,
      },
      register(stopper) {
        stoppers.add(stopper);
        return () => void stoppers.delete(stopper);
      },
      watch(thing) {
        watched.add(thing);
        return () => void watched.delete(thing);
      },
    },
    async shut() {
      aborter.abort(engaged);
      return (await Promise.all([...stoppers].map((stopper) => stopper.stop()))).flat();
    },
    open() {
      aborter = new AbortController();
    },
  };
}

export interface McpRig extends GateDouble {
  mcp: Mcp;
  folder: string;
  log: RecordingLog;
  /** The registry, by the name that the model sees. */
  tools: Map<string, Tool>;
  secrets: Map<string, string>;
  audited: { action: string; subject: string; details?: Record<string, unknown> }[];
  told: (McpServerView | null)[];
  opened: string[];
  servers(): McpServerView[];
  add(name: string, transport: McpTransport): Promise<McpServerView>;
  save(draft: McpServerDraft): Promise<McpServerView>;
  /** Waits until the server's view is as wanted; fails with the last view after 20 s. */
  until(id: string, isWanted: (view: McpServerView) => boolean): Promise<McpServerView>;
  ready(id: string): Promise<McpServerView>;
  agree(id: string, tool: string, rights?: ToolRight[], policy?: 'default' | 'allow' | 'ask' | 'off'): Promise<McpServerView>;
  /** Calls a tool of the registry as the executor would. */
  call(name: string, input: unknown, options?: { signal?: AbortSignal; onProgress?: (text: string) => void }): Promise<string>;
}

const nobody = { door: 'window', clientId: 'test' } as const;

export interface McpRigOptions extends Partial<Pick<McpDeps, 'resolveSecret' | 'environment' | 'doorUrl'>> {
  openLink?: McpDeps['openLink'] | undefined;
  folder?: string;
  clock?: Clock;
  abilities?: Partial<Abilities>;
}

/** The real module with a real mcp.json, its neighbours doubled; closed when the test has finished. */
export async function createMcpRig({ abilities, ...options }: McpRigOptions = {}): Promise<McpRig> {
  const folder = options.folder ?? (await temporaryFolder());
  const log = createRecordingLog();
  const gate = createGateDouble();
  const tools = new Map<string, Tool>();
  const secrets = new Map<string, string>();
  const audited: McpRig['audited'] = [];
  const told: McpRig['told'] = [];
  const opened: string[] = [];
  const mcp = await createMcp({
    dataDirectory: folder,
    version: '0.0.1',
    resolveSecret: (template) => template,
    secrets: {
      get: (name) => secrets.get(name),
      set(name, value) {
        if (value === '') secrets.delete(name);
        else secrets.set(name, value);
        return Promise.resolve();
      },
    },
    environment: readChildEnvironment(),
    registerTool(tool) {
      if (tools.has(tool.name)) throw new Error(`${tool.name} is registered twice`);
      tools.set(tool.name, tool as Tool);
      return () => void tools.delete(tool.name);
    },
    killSwitch: gate.killSwitch,
    audit: { record: (event) => Promise.resolve(void audited.push(event)) },
    tell(name, payload) {
      if (name === 'mcp.changed') told.push((payload as { server: McpServerView | null }).server);
    },
    redact: (text) => text.replaceAll(/sk-[a-z0-9-]+/g, '[secret:test]'),
    openLink: (url) => Promise.resolve(void opened.push(url)),
    doorUrl: () => Promise.resolve(null),
    locale: () => 'en',
    clock: systemClock,
    log,
    ...options,
    abilities: {
      ask: () => Promise.reject(new Error('not implemented')),
      speak: () => Promise.reject(new Error('not implemented')),
      status: () => ({ state: 'ready', version: '0.0.1', killLevel: 0, isTalking: false }),
      stop: () => Promise.reject(new Error('not implemented')),
      messages: () => Promise.reject(new Error('not implemented')),
      calls: () => Promise.reject(new Error('not implemented')),
      ...abilities,
    },
  });
  onTestFinished(() => mcp.dispose());
  const { handlers } = mcp;
  const servers = (): McpServerView[] => handlers['mcp.servers']({}, nobody) as McpServerView[];
  const save = async (draft: McpServerDraft): Promise<McpServerView> => handlers['mcp.save'](draft, nobody);
  const until: McpRig['until'] = async (id, isWanted) => {
    for (let tries = 0; tries < 400; tries += 1) {
      const view = servers().find((server) => server.id === id);
      if (view !== undefined && isWanted(view)) return view;
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
    throw new Error(`It did not become as wanted: ${JSON.stringify(servers().find((server) => server.id === id))}`);
  };
  return {
    ...gate,
    mcp,
    folder,
    log,
    tools,
    secrets,
    audited,
    told,
    opened,
    servers,
    save,
    add: (name, transport) => save({ name, transport, enabled: true }),
    until,
    ready: (id) => until(id, ({ state }) => state === 'ready'),
    agree: async (id, tool, rights = ['connector', 'network'], policy = 'default') =>
      handlers['mcp.decide']({ id, tool, rights, policy }, nobody),
    async call(name, input, { signal = new AbortController().signal, onProgress = () => undefined } = {}) {
      const tool = tools.get(name);
      if (tool === undefined) throw new Error(`There is no tool ${name}; there are ${[...tools.keys()].join(', ')}`);
      const parsed = tool.parse(input);
      if (!parsed.ok) throw new Error(parsed.problem);
      return (await tool.run(parsed.input, toolContext(signal, onProgress))).text;
    },
  };
}

/** What the executor tells a tool. */
export function toolContext(
  signal: AbortSignal = new AbortController().signal,
  onProgress: (text: string) => void = () => undefined,
): ToolContext {
  return { callId: 'call_1', asker: { channel: 'window' }, conversationId: null, language: 'en', tainted: false, signal, onProgress };
}
