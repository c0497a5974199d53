import {
  Client,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type CallToolResult,
  type Tool as ServerTool,
  type Transport,
} from '@modelcontextprotocol/client';
import { assertNever } from '../../base/assert-never.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import { AppError, toErrorData, type ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { McpTransport } from '../../../src-preload/contract/index.ts';
import { cleanText } from './clean-text.ts';
import { createGuardedFetch, LOOPBACK } from './guarded-fetch.ts';
import type { McpGate } from './mcp.ts';
import {
  badAnswer,
  connectTimeout,
  needsSignIn,
  noBrowser,
  notConnected,
  secretNeedsTls,
  serverEnded,
  signInFailed,
  stoppedBySwitch,
  unreachable,
} from './mcp-errors.ts';
import { createOAuth, type OAuth } from './oauth.ts';
import { createStdioTransport, type ProcessTransport } from './stdio-transport.ts';
import { resultValidator } from './tool-schema.ts';

/**
 *   off ⇄ connecting → ready
 *           ↑  ↓  ↘     ↓ the server ends
 *           ↑  ↓   failed ──(after a while)──→ connecting
 *           needs-sign-in       stopped ──(a call, or the owner)──→ connecting
 */
export type ConnectionState =
  | { kind: 'off' }
  | { kind: 'connecting' }
  | { kind: 'needs-sign-in'; problem: ErrorData }
  | { kind: 'ready'; version: string }
  | { kind: 'failed'; problem: ErrorData }
  /** By the off-switch: nothing starts again by itself. */
  | { kind: 'stopped'; problem: ErrorData };

export interface ConnectionDeps {
  name: string;
  transport: McpTransport;
  version: string;
  /** Fills `{{secret:NAME}}` in. */
  resolveSecret: (template: string, target: { host?: string }) => string | Promise<string>;
  secret: { read(): string | undefined; write(value: string): Promise<void> };
  /** What every server's process gets: where programs, the home and the languages are. */
  environment: Readonly<Record<string, string>>;
  gate: McpGate;
  /** Tells the watchdog about a process; returns what takes it off its list. */
  watchProcess: (pid: number) => () => void;
  /** undefined where there is no desktop. */
  openLink: ((url: string) => Promise<void>) | undefined;
  redact: (text: string) => string;
  clock: Clock;
  log: Log;
  /** State or tools are others now. */
  onChange: () => void;
}

/** The line to one server. It is made in the background and made again when it breaks. */
export interface Connection {
  state(): ConnectionState;
  /** As last listed; they stay known while the line is down. */
  tools(): readonly ServerTool[];
  /** Connects now, whatever was before. Never rejects: the state tells. */
  open(): Promise<void>;
  /** Ends it politely. */
  close(): Promise<void>;
  /** Ends it this instant; true when there was something to end. */
  cut(): boolean;
  /** Rejects with `mcp.not-connected`, `mcp.ended`, `mcp.unreachable`, `mcp.bad-answer`, or the reason of the signal. A server's own refusal is a result. */
  call(tool: ServerTool, input: Record<string, unknown>, options: CallOptions): Promise<CallToolResult>;
  signIn(): Promise<void>;
  /** What is kept of a sign-in. */
  forget(): Promise<void>;
}

export interface CallOptions {
  signal: AbortSignal;
  /** Of the whole call; the signal usually comes first. */
  timeoutMs: number;
  onProgress: (text: string) => void;
}

/** A program may have to be fetched first (`npx`). */
const PROCESS_START_LIMIT_MS = 60_000;
const HTTP_START_LIMIT_MS = 20_000;
const LIST_LIMIT_MS = 30_000;
/** Servers of the former protocol need not answer what they do not know. */
const PROBE_LIMIT_MS = 5_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** A line that held as long as this is a good one: the next pause is short again. */
const STEADY_MS = 60_000;
const PROGRESS_EVERY_MS = 200;
const MAX_TOOLS = 200;

/** One try: what it opened, and how it is ended. */
interface Line {
  client: Client;
  abort: AbortController;
  process: ProcessTransport | undefined;
  unwatch: () => void;
  lastWords: string;
  readyAtMs: number;
}

export function createConnection(deps: ConnectionDeps): Connection {
  const { name, clock, log } = deps;
  let state: ConnectionState = { kind: 'off' };
  let tools: readonly ServerTool[] = [];
  let line: Line | undefined;
  let opening: Promise<void> | undefined;
  let retry: Timer | undefined;
  let failures = 0;
  /** Some servers end when they are asked in the new protocol first. */
  let speaksOldOnly = false;
  const oauth = createLazyOAuth(deps);

  const become = (next: ConnectionState): void => {
    state = next;
    deps.onChange();
  };
  const dropLine = (): Line | undefined => {
    const dropped = line;
    line = undefined;
    retry?.cancel();
    retry = undefined;
    dropped?.unwatch();
    return dropped;
  };
  const fail = (error: AppError): void => {
    if (error.code === 'mcp.needs-sign-in' || error.code === 'mcp.sign-in-failed') {
      become({ kind: 'needs-sign-in', problem: toErrorData(error) });
      return;
    }
    if (error.code === 'mcp.stopped') {
      become({ kind: 'stopped', problem: toErrorData(error) });
      return;
    }
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
    failures += 1;
    log.warn('mcp.failed', { server: name, code: error.code, pauseMs });
    retry = clock.after(pauseMs, () => void open());
    become({ kind: 'failed', problem: toErrorData(error) });
  };

  const lost = (broken: Line, why: AppError): void => {
    if (line !== broken) return;
    discard(dropLine(), why);
    if (clock.nowMs() - broken.readyAtMs >= STEADY_MS) failures = 0;
    fail(why);
  };

  const takeTools = (listed: readonly ServerTool[]): void => {
    const known = new Map<string, ServerTool>();
    // Of two with one name the first counts: a later one must not take its place.
    for (const tool of listed) if (!known.has(tool.name) && known.size < MAX_TOOLS) known.set(tool.name, tool);
    if (known.size < listed.length) log.warn('mcp.tools-dropped', { server: name, listed: listed.length, kept: known.size });
    tools = [...known.values()];
  };

  const connect = async (mine: Line, isOld: boolean): Promise<void> => {
    const transport = await openTransport(deps, mine, oauth);
    if (line !== mine) return;
    const isProcess = deps.transport.kind === 'stdio';
    const timeout = isProcess ? PROCESS_START_LIMIT_MS : HTTP_START_LIMIT_MS;
    mine.client.setVersionNegotiation({
      mode: isOld ? 'legacy' : 'auto',
      ...(isProcess && !isOld ? { probe: { timeoutMs: PROBE_LIMIT_MS } } : {}),
    });
    await mine.client.connect(transport, { timeout, signal: mine.abort.signal });
    const capable = mine.client.getServerCapabilities()?.tools !== undefined;
    const listed = capable ? await mine.client.listTools({}, { timeout: LIST_LIMIT_MS, signal: mine.abort.signal }) : { tools: [] };
    if (line !== mine) return;
    takeTools(listed.tools);
    mine.readyAtMs = clock.nowMs();
    Object.assign(mine.client, { onclose: () => lost(mine, serverEnded(name, mine.lastWords)) });
    become({ kind: 'ready', version: versionWords(mine.client.getServerVersion()) });
  };

  const run = async (isSecondTry: boolean): Promise<void> => {
    discard(dropLine());
    const client = createClient(deps.version, (error, changed) => {
      if (line !== mine) return;
      if (error) log.warn('mcp.list-failed', { server: name, error });
      if (!changed) return;
      takeTools(changed);
      deps.onChange();
    });
    const mine: Line = { client, abort: new AbortController(), process: undefined, unwatch: () => undefined, lastWords: '', readyAtMs: 0 };
    line = mine;
    if (state.kind !== 'connecting') become({ kind: 'connecting' });
    try {
      await connect(mine, speaksOldOnly);
    } catch (error) {
      if (line !== mine) return;
      discard(dropLine());
      const isProcess = deps.transport.kind === 'stdio';
      const problem = explain(error, deps, mine);
      if (isProcess && !isSecondTry && !speaksOldOnly && problem.code === 'mcp.ended') {
        speaksOldOnly = true;
        await run(true);
        return;
      }
      fail(problem);
    }
  };
  const open = (): Promise<void> => {
    opening ??= run(false).finally(() => (opening = undefined));
    return opening;
  };

  return {
    state: () => state,
    tools: () => tools,
    open,
    async close() {
      const closing = dropLine();
      oauth.current()?.dispose();
      become({ kind: 'off' });
      closing?.abort.abort(notConnected(name));
      await closing?.client.close().catch(() => undefined);
      closing?.process?.kill();
    },
    cut() {
      const hadLine = line !== undefined || retry !== undefined;
      const cutting = dropLine();
      cutting?.process?.kill();
      discard(cutting, stoppedBySwitch(name));
      if (state.kind !== 'off') become({ kind: 'stopped', problem: toErrorData(stoppedBySwitch(name)) });
      return hadLine;
    },
    async call(tool, input, options) {
      if (state.kind === 'failed' || state.kind === 'stopped' || state.kind === 'connecting') await aborted(open(), options.signal);
      const current = line;
      if (state.kind !== 'ready' || current === undefined) throw 'problem' in state ? asError(state.problem) : notConnected(name);
      try {
        return await callTool(current, tool, input, options, deps);
      } catch (error) {
        // A server over the network that went away, forgot our session or our sign-in, shows itself only here.
        if (error instanceof AppError && ['mcp.unreachable', 'mcp.needs-sign-in'].includes(error.code)) lost(current, error);
        throw error;
      }
    },
    async signIn() {
      if (deps.openLink === undefined) throw noBrowser();
      const flow = oauth.get();
      if (flow === undefined) throw notConnected(name);
      deps.gate.pass('tool');
      try {
        await flow.signIn((error) => {
          if (error === undefined) void open();
          else fail(signInFailed(name, error));
        });
      } catch (error) {
        throw signInFailed(name, error);
      }
    },
    async forget() {
      await deps.secret.write('');
    },
  };
}

/** We promise a server nothing that it could ask of us: no sampling, no elicitation, no roots. */
function createClient(version: string, onTools: (error: Error | null, tools: ServerTool[] | null) => void): Client {
  return new Client(
    { name: 'openclaw-desktop', title: 'OpenClaw Desktop', version },
    { capabilities: {}, jsonSchemaValidator: resultValidator, listChanged: { tools: { onChanged: onTools } } },
  );
}

/** `why` is what calls that are under way are told. */
function discard(line: Line | undefined, why?: AppError): void {
  if (line === undefined) return;
  line.abort.abort(why);
  line.process?.kill();
  void line.client.close().catch(() => undefined);
}

async function openTransport(deps: ConnectionDeps, line: Line, oauth: LazyOAuth): Promise<Transport> {
  const { transport, gate } = deps;
  switch (transport.kind) {
    case 'stdio': {
      const own = await resolveAll(transport.env, (value) => deps.resolveSecret(value, {}));
      gate.pass('tool');
      line.process = createStdioTransport({
        command: transport.command,
        args: transport.args,
        env: { ...deps.environment, ...own },
        cwd: transport.cwd,
        pass: () => gate.pass('tool'),
        onSpawned: (pid) => {
          line.unwatch();
          line.unwatch = deps.watchProcess(pid);
        },
        onWords(words) {
          line.lastWords = deps.redact(words);
          deps.log.debug('mcp.words', { server: deps.name, words: line.lastWords });
        },
      });
      return line.process;
    }
    case 'http': {
      const url = new URL(transport.url);
      const isSafe = url.protocol === 'https:' || LOOPBACK.has(url.hostname);
      if (!isSafe && Object.values(transport.headers).some((value) => /\{\{\s*secret:/.test(value))) throw secretNeedsTls(deps.name);
      const headers = await resolveAll(transport.headers, (value) => deps.resolveSecret(value, { host: url.hostname }));
      const fetch = createGuardedFetch({ server: url, headers, signal: line.abort.signal, pass: passOf(gate) });
      return new StreamableHTTPClientTransport(url, { fetch, authProvider: oauth.use(url).provider });
    }
    default:
      return assertNever(transport);
  }
}

function passOf(gate: McpGate): () => AbortSignal {
  return () => {
    gate.pass('tool');
    return gate.signal('tool');
  };
}

async function resolveAll(
  templates: Readonly<Record<string, string>>,
  resolve: (template: string) => string | Promise<string>,
): Promise<Record<string, string>> {
  const resolved: Record<string, string> = {};
  for (const [key, template] of Object.entries(templates)) resolved[key] = await resolve(template);
  return resolved;
}

interface LazyOAuth {
  use(url: URL): OAuth;
  /** undefined for a server that is a process. */
  get(): OAuth | undefined;
  current(): OAuth | undefined;
}

/** One for the life of the connection: it remembers what the server wanted. */
function createLazyOAuth(deps: ConnectionDeps): LazyOAuth {
  let oauth: OAuth | undefined;
  const use = (serverUrl: URL): OAuth => {
    oauth ??= createOAuth({
      serverUrl,
      secret: deps.secret,
      // Its own headers stay at home: this talks to the authorization server.
      fetch: createGuardedFetch({ server: serverUrl, headers: {}, signal: new AbortController().signal, pass: passOf(deps.gate) }),
      openLink: deps.openLink ?? (() => Promise.reject(noBrowser())),
      clock: deps.clock,
      log: deps.log,
    });
    return oauth;
  };
  return {
    use,
    get: () => (deps.transport.kind === 'http' ? use(new URL(deps.transport.url)) : undefined),
    current: () => oauth,
  };
}

async function callTool(
  line: Line,
  tool: ServerTool,
  input: Record<string, unknown>,
  { signal, timeoutMs, onProgress }: CallOptions,
  deps: ConnectionDeps,
): Promise<CallToolResult> {
  let toldAtMs = 0;
  try {
    return await line.client.callTool(
      { name: tool.name, arguments: input },
      {
        signal: AbortSignal.any([signal, line.abort.signal]),
        timeout: timeoutMs,
        toolDefinition: tool,
        onprogress: ({ progress, total, message }) => {
          // A server may report a thousand times a second.
          if (deps.clock.nowMs() - toldAtMs < PROGRESS_EVERY_MS) return;
          toldAtMs = deps.clock.nowMs();
          const share = total !== undefined && total > 0 ? `${Math.min(100, Math.round((progress / total) * 100))} %` : '';
          onProgress(cleanText([message ?? '', share].filter((part) => part !== '').join(' '), { maxLength: 200, oneLine: true }));
        },
      },
    );
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    // Said by the SDK, of a result that is not what the tool's own schema promised.
    if (error instanceof ProtocolError && /output schema/.test(error.message)) throw badAnswer(deps.name, 'not the form it promised');
    // Its words are text from outside, as a result would be.
    if (error instanceof ProtocolError) return { isError: true, content: [{ type: 'text', text: error.message }] };
    throw explain(error, deps, line);
  }
}

/** Why a line could not be made or a call not be answered, in our own words as far as possible. */
function explain(error: unknown, deps: ConnectionDeps, line: Line): AppError {
  const { name, gate } = deps;
  if (line.abort.signal.reason instanceof AppError) return line.abort.signal.reason;
  if (!gate.isOpen('tool')) return stoppedBySwitch(name);
  if (error instanceof AppError) return error;
  if (error instanceof UnauthorizedError || hasCode(error, 'CLIENT_HTTP_AUTHENTICATION')) return needsSignIn(name);
  if (error instanceof Error && error.name === 'InsufficientScopeError') return needsSignIn(name);
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) return connectTimeout(name);
  if (error instanceof SdkError && error.code === SdkErrorCode.InvalidResult) return badAnswer(name, 'not the form it promised');
  if (error instanceof Error && error.name === 'ZodError') return badAnswer(name, 'not the form of the protocol');
  if (deps.transport.kind === 'stdio') return serverEnded(name, line.lastWords);
  if (error instanceof ProtocolError) return badAnswer(name, `error ${error.code}`);
  return unreachable(name, error instanceof Error ? (error.cause ?? error) : error);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof SdkError && error.code === code;
}

function versionWords(server: { name: string; title?: string | undefined; version: string } | undefined): string {
  return cleanText(`${server?.title ?? server?.name ?? ''} ${server?.version ?? ''}`, { maxLength: 120, oneLine: true });
}

function asError({ code, message, details }: ErrorData): AppError {
  return new AppError(code, message, { details });
}

/** Waits no longer than the signal allows. */
function aborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void work.finally(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}
