import { tmpdir } from 'node:os';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../src-main/base/clock.ts';
import type { SettingValue, ToolCall } from '../../src-preload/contract/index.ts';
import type { AuditEvent } from '../../src-main/platform/observability/index.ts';
import type { SettingDefinition } from '../../src-main/platform/config/index.ts';
import {
  createBuiltInTools,
  createTools,
  createWorkspace,
  type BuiltInTools,
  type Tool,
  type ToolDesktop,
  type ToolsService,
  type ToolTurn,
  type ToolTurnRequest,
  type Workspace,
} from '../../src-main/modules/tools/index.ts';
import type { CommandVerdict, JudgeCommand } from '../../src-main/modules/tools/command-filter/command-verdict.ts';
import type { Sandbox, SandboxRun } from '../../src-main/modules/tools/sandbox/sandbox.ts';
import { createMemoryToolRecords } from './memory-tool-records.ts';
import { createOpenGate, type OpenGate } from './open-gate.ts';
import { createRecordingLog, type RecordingLog } from './recording-log.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** Something that reached the world outside of the app's own records. */
export interface RecordedEffect {
  what: 'command' | 'open' | 'clipboard' | 'notify' | 'send' | 'call-out' | 'write-memory' | 'connector' | 'network';
  detail: string;
}

export interface ToolsRig {
  readonly tools: ToolsService;
  readonly builtIn: BuiltInTools;
  readonly records: ReturnType<typeof createMemoryToolRecords>;
  readonly gate: OpenGate;
  readonly clock: VirtualClock;
  readonly log: RecordingLog;
  readonly workspace: Workspace;
  readonly sandbox: Sandbox;
  /** Home folder of the make-believe owner. */
  readonly home: string;
  readonly effects: RecordedEffect[];
  readonly told: { name: string; payload: unknown }[];
  readonly audited: AuditEvent[];
  readonly announced: { text: string; language: string }[];
  readonly questions: string[];
  readonly finished: { call: ToolCall; text: string }[];
  readonly runs: SandboxRun[];
  readonly settings: Map<string, SettingValue>;
  sandboxState: 'ready' | 'missing';
  clipboard: string;
  /** What the next command prints, or does. */
  runCommand: (run: SandboxRun) => Promise<string> | string;
  turn(request?: Partial<ToolTurnRequest>): ToolTurn;
  call(name: string, input: unknown, turn?: ToolTurn): ReturnType<ToolTurn['call']>;
  dispose(): Promise<void>;
}

export interface ToolsRigOptions {
  judge?: JudgeCommand;
  /** A real one instead of the double. */
  sandbox?: (gate: OpenGate, home: string) => Sandbox;
  hasDesktop?: boolean;
  realClock?: Clock;
  redact?: (text: string) => string;
  random?: () => number;
}

/** The tools with real records, files and policy; sandbox, desktop and clock are doubles that write down what they were made to do. */
export function createToolsRig(options: ToolsRigOptions = {}): ToolsRig {
  const home = mkdtempSync(join(tmpdir(), 'openclaw-tools-'));
  const clock = createVirtualClock(Date.UTC(2026, 2, 1, 12));
  const log = createRecordingLog();
  const gate = createOpenGate();
  const records = createMemoryToolRecords();
  const settings = new Map<string, SettingValue>();
  const config = {
    get: <Value extends SettingValue>(definition: SettingDefinition<Value>): Value =>
      (settings.get(definition.key) ?? definition.defaultValue) as Value,
  };
  const workspace = createWorkspace({ config, homeDirectory: home, forbidden: [] });
  const state = {
    effects: [] as RecordedEffect[],
    told: [] as ToolsRig['told'],
    audited: [] as AuditEvent[],
    announced: [] as ToolsRig['announced'],
    questions: [] as string[],
    finished: [] as ToolsRig['finished'],
    runs: [] as SandboxRun[],
    sandboxState: 'ready' as ToolsRig['sandboxState'],
    clipboard: '',
    runCommand: (() => 'ok') as ToolsRig['runCommand'],
  };
  const effect = (what: RecordedEffect['what'], detail: string): void => void state.effects.push({ what, detail });
  const desktop: ToolDesktop = {
    readClipboard: () => state.clipboard,
    writeClipboard(text) {
      state.clipboard = text;
      effect('clipboard', text);
    },
    openExternal: async (url) => effect('open', url),
    notify: (title) => effect('notify', title),
  };
  const sandbox = options.sandbox?.(gate, home) ?? createSandboxDouble(state, effect);
  const builtIn = createBuiltInTools({
    config,
    clock: options.realClock ?? clock,
    log,
    records,
    workspace,
    judge: options.judge ?? judgeByFirstWord,
    sandbox,
    homeDirectory: home,
    desktop: options.hasDesktop === false ? undefined : desktop,
    announce: (text, language) => void state.announced.push({ text, language }),
    reach: {
      async lookup(host) {
        effect('network', host);
        throw new Error('There is no network in a test');
      },
    },
  });
  const tools = createTools({
    records,
    config,
    tell: (name, payload) => void state.told.push({ name, payload }),
    audit: { record: async (event) => void state.audited.push(event) },
    gate,
    clock: options.realClock ?? clock,
    log,
    redact: options.redact ?? ((text) => text.replaceAll(/sk-[a-z0-9]{8,}/g, '[secret:test]')),
    // oxlint-disable-next-line no-control-regex -- taking control characters out is the point.
    clean: (text) => text.replaceAll(/\u001b\[[0-9;]*m/g, ''),
    onBackgroundDone: (call, text) => void state.finished.push({ call, text }),
    speakQuestion: (words) => void state.questions.push(words),
    intentWays: () => ({ hasSandbox: state.sandboxState === 'ready', nowMs: (options.realClock ?? clock).wallMs() }),
    random: options.random ?? (() => 0.4),
  });
  for (const tool of builtIn.tools) tools.register(tool);
  const turn = (request: Partial<ToolTurnRequest> = {}): ToolTurn =>
    tools.beginTurn({
      asker: { channel: 'window' },
      conversationId: null,
      language: 'en',
      tainted: false,
      signal: new AbortController().signal,
      committed: Promise.resolve(),
      ...request,
    });
  let count = 0;
  return Object.assign(state, {
    tools,
    builtIn,
    records,
    gate,
    clock,
    log,
    workspace,
    sandbox,
    home,
    settings,
    turn,
    call(name: string, input: unknown, inTurn: ToolTurn = turn()) {
      count += 1;
      return inTurn.call({ id: `request-${count}`, name, input });
    },
    async dispose() {
      await tools.dispose();
      await builtIn.dispose();
      rmSync(home, { recursive: true, force: true });
    },
  });
}

function notImplemented(): never {
  throw new Error('createSandboxDouble: not implemented');
}

function createSandboxDouble(
  state: Pick<ToolsRig, 'runs' | 'sandboxState' | 'runCommand'>,
  effect: (what: 'command', detail: string) => void,
): Sandbox {
  return {
    status: () => ({
      state: state.sandboxState,
      engine: null,
      runc: null,
      gvisor: false,
      imageDigest: 'sha256:test',
      progress: null,
      problem: null,
    }),
    onStatus: () => () => undefined,
    dockerTarget: () => null,
    refresh: notImplemented,
    prepare: notImplemented,
    explain: notImplemented,
    async run(run) {
      state.runs.push(run);
      effect('command', run.plan.pipelines.flatMap(({ processes }) => processes.map(({ argv }) => argv.join(' '))).join(' ; '));
      const stdout = await state.runCommand(run);
      return { ended: 'exit', exitCode: 0, stdout, stderr: '', truncated: false, durationMs: 1, containerId: 'double' };
    },
    killAll: async () => [],
    sweep: async () => [],
    dispose: () => undefined,
  };
}

/** ls, df, cat … are allowed, rm / denied, python an interpreter, `$(` not understood, all else asked. */
const judgeByFirstWord: JudgeCommand = (text) => {
  const argv = text.split(' ');
  const [program = ''] = argv;
  const base: CommandVerdict = {
    verdict: 'ask',
    obfuscated: false,
    reason: `${program} is not known.`,
    code: 'command.unknown',
    plan: { pipelines: [{ runs: 'always', processes: [{ argv, env: {}, redirects: [] }] }] },
    hasInterpreter: program === 'python3',
    reads: [],
    writes: program === 'touch' ? argv.slice(1) : [],
    network: program === 'curl',
  };
  if (text.includes('$(')) return { ...base, plan: undefined, reason: 'It computes what it runs.', code: 'command.hidden' };
  if (/\.ssh|^rm -rf \//.test(text)) return { ...base, verdict: 'deny', reason: 'It destroys or spies.', code: 'command.destroys' };
  if (['ls', 'df', 'cat', 'date', 'echo', 'sleep'].includes(program))
    return { ...base, verdict: 'allow', reason: 'It only reads.', code: 'command.reads' };
  return base;
};

/** A tool that does one recorded thing, for rights that no built-in tool has. */
export function effectTool(
  name: string,
  right: Tool['rights'][number],
  onRun: (text: string) => void,
  overrides: Partial<Tool> = {},
): Tool {
  return {
    name,
    source: { kind: 'built-in' },
    title: name,
    description: `Does ${name}.`,
    keywords: [],
    isCommon: true,
    parameters: { type: 'object' },
    parse: (input) => ({ ok: true, input }),
    rights: [right],
    risk: 'low',
    cost: 1,
    timeoutMs: 5_000,
    backgroundAfterMs: undefined,
    stopsOnBargeIn: true,
    unavailable: () => undefined,
    plan: async (input) => ({
      summary: `${name} ${JSON.stringify(input)}`,
      details: [],
      sandboxed: false,
      verdict: 'allow',
      reasons: [],
      rights: [right],
      rememberKey: `${name} ${JSON.stringify(input)}`,
    }),
    async run(input) {
      onRun(JSON.stringify(input));
      return { text: `${name} done`, outside: false };
    },
    ...overrides,
  };
}
