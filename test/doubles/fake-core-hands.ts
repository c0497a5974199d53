import type {
  Approval,
  AuditVerdict,
  CallInput,
  CallName,
  CallResult,
  EventName,
  EventPayload,
  KillState,
  McpAccess,
  McpServerView,
  RememberedApproval,
  SandboxStatus,
  ToolCall,
  ToolView,
  VaultEntry,
} from '../../src-preload/contract/index.ts';
import type { handsCalls } from '../../src-preload/contract/hands-calls.ts';
import { fakeApproval, fakeCall, fakeTools, KILL_RUNNING, RECORDS, REMEMBERED, SANDBOX_READY } from './fake-core-hands-data.ts';

export interface FakeHandsOptions {
  calls?: readonly ToolCall[];
  kill?: KillState;
  sandbox?: SandboxStatus;
  servers?: readonly McpServerView[];
  vault?: readonly VaultEntry[];
  verdict?: AuditVerdict;
}

type HandsCall = keyof typeof handsCalls;
type HandsAnswers = { [Name in HandsCall & CallName]: (input: CallInput<Name>) => CallResult<Name> | Promise<CallResult<Name>> };

/** The assistant's hands and the off-switch as a page sees them. Tests drive them by `window.fakeCore.hands`. */
export interface FakeHands {
  readonly answers: HandsAnswers;
  /** Plans or changes a call and tells of it. */
  call(patch: Partial<ToolCall> & Pick<ToolCall, 'id'>): void;
  /** Asks the owner. */
  ask(patch?: Partial<Approval>): void;
  /** The question is answered elsewhere, or expires. */
  close(approvalId: string, answer: EventPayload<'tools.approvalClosed'>['answer']): void;
  setKill(patch: Partial<KillState>): void;
  setSandbox(patch: Partial<SandboxStatus>): void;
  setVerdict(verdict: AuditVerdict): void;
}

/** Words that the fake core wants before it starts again. */
const LIFT_PHRASE = { en: 'start again', de: 'wieder starten' };
const PASSPHRASE = 'correct horse';

type Tell = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void;

/** What the fake core refuses travels as the real one's errors do. */
function refuse(code: string, message: string): never {
  throw Object.assign(new Error(message), { code });
}

export function createFakeHands(options: FakeHandsOptions, tell: Tell): FakeHands {
  let calls: ToolCall[] = [...(options.calls ?? [])];
  let approvals: Approval[] = [];
  let remembered: RememberedApproval[] = [...REMEMBERED];
  let verdict: AuditVerdict = options.verdict ?? { state: 'intact', count: 1240, atLine: null };
  const stopSwitch = createFakeSwitch(options.kill ?? KILL_RUNNING, tell);
  const abilities = createFakeAbilities(options, tell);

  const put = (call: ToolCall): ToolCall => {
    calls = [...calls.filter((known) => known.id !== call.id), call];
    tell('tools.call', call);
    return call;
  };
  const find = (id: string): ToolCall => calls.find((call) => call.id === id) ?? fakeCall({ id });
  const close: FakeHands['close'] = (approvalId, answer) => {
    approvals = approvals.filter((approval) => approval.id !== approvalId);
    tell('tools.approvalClosed', { approvalId, answer });
  };

  return {
    close,
    setKill: stopSwitch.set,
    setSandbox: abilities.setSandbox,
    setVerdict: (next) => {
      verdict = next;
    },
    call: (patch) => void put({ ...find(patch.id), ...patch }),
    ask(patch) {
      const approval = fakeApproval(patch);
      approvals.push(approval);
      tell('tools.approval', approval);
    },
    answers: {
      ...stopSwitch.answers,
      ...abilities.answers,
      'tools.calls': ({ conversationId, beforeMs, limit, query, state, channel }) =>
        calls
          .filter(
            (call) =>
              (conversationId === undefined || call.conversationId === conversationId) &&
              (beforeMs === undefined || call.createdAtMs < beforeMs) &&
              (state === undefined || call.state === state) &&
              (channel === undefined || call.asker.channel === channel) &&
              (query === undefined || `${call.plan.summary} ${call.result ?? ''} ${call.tool}`.toLowerCase().includes(query.toLowerCase())),
          )
          .toSorted((a, b) => b.createdAtMs - a.createdAtMs)
          .slice(0, limit),
      'tools.approvals': () => approvals,
      'tools.answer': ({ approvalId, answer }) => {
        if (!approvals.some((approval) => approval.id === approvalId)) refuse('approval.gone', 'This question was answered already.');
        close(approvalId, answer);
      },
      'tools.cancel': ({ callId }) => void put({ ...find(callId), state: 'cancelled', endedAtMs: Date.now() }),
      'tools.undo': ({ callId }) => put({ ...find(callId), undo: 'done' }),
      'tools.remembered': () => remembered,
      'tools.forget': ({ id }) => {
        remembered = remembered.filter((approval) => approval.id !== id);
      },
      'audit.list': ({ beforeSeq, limit }) => RECORDS.filter((record) => beforeSeq === undefined || record.seq < beforeSeq).slice(0, limit),
      'audit.verify': () => verdict,
    },
  };
}

type SwitchAnswers = Pick<HandsAnswers, Extract<keyof HandsAnswers, `killswitch.${string}`>>;

function createFakeSwitch(first: KillState, tell: Tell): { answers: SwitchAnswers; set: FakeHands['setKill'] } {
  let kill = first;
  let tokens = 0;
  const set = (patch: Partial<KillState>): KillState => {
    kill = { ...kill, ...patch };
    tell('killswitch.changed', kill);
    return kill;
  };
  return {
    set: (patch) => void set(patch),
    answers: {
      'killswitch.snapshot': () => kill,
      'killswitch.engage': ({ level }) =>
        level <= kill.level
          ? kill
          : set({
              level,
              engagedAtMs: Date.now(),
              trigger: 'window',
              stopped: level === 1 ? [] : [{ what: 'tool', count: 1, names: ['run_command'] }],
              stopLatencyMs: 96,
            }),
      'killswitch.prepareLift': () => {
        tokens += 1;
        return { token: `token-${tokens}`, expiresAtMs: Date.now() + 60_000, phrase: LIFT_PHRASE };
      },
      'killswitch.lift': ({ token, phrase, passphrase }) => {
        if (token !== `token-${tokens}`) refuse('killswitch.stale-token', 'This question has expired.');
        if (![LIFT_PHRASE.en, LIFT_PHRASE.de].includes(phrase))
          refuse('killswitch.wrong-phrase', 'That is not the phrase. Everything stays stopped.');
        if (kill.passphraseSet && passphrase !== PASSPHRASE) refuse('killswitch.wrong-passphrase', 'That is not the passphrase.');
        return set({ level: 0, engagedAtMs: null, trigger: null, stopped: [], stopLatencyMs: null });
      },
      'killswitch.setPassphrase': ({ next }) => set({ passphraseSet: next !== '' }),
      'killswitch.cutLanguage': ({ cut }) => set({ languageCutOff: cut }),
    },
  };
}

type AbilityName = 'tools.list' | 'tools.setPolicy' | 'tools.sharePage' | 'tools.chooseWorkspace';
type AbilityAnswers = Pick<HandsAnswers, AbilityName | Extract<keyof HandsAnswers, `${'sandbox' | 'vault' | 'mcp'}.${string}`>>;

function createFakeAbilities(options: FakeHandsOptions, tell: Tell): { answers: AbilityAnswers; setSandbox: FakeHands['setSandbox'] } {
  let sandbox = options.sandbox ?? SANDBOX_READY;
  let tools: ToolView[] = fakeTools(sandbox.state === 'ready');
  let vault: VaultEntry[] = [...(options.vault ?? [])];
  let servers: McpServerView[] = [...(options.servers ?? [])];
  let access: McpAccess[] = [];
  const setSandbox = (patch: Partial<SandboxStatus>): SandboxStatus => {
    sandbox = { ...sandbox, ...patch };
    tell('sandbox.changed', sandbox);
    return sandbox;
  };
  const putServer = (server: McpServerView): McpServerView => {
    servers = servers.some(({ id }) => id === server.id)
      ? servers.map((known) => (known.id === server.id ? server : known))
      : [...servers, server];
    return server;
  };
  const server = (id: string): McpServerView =>
    servers.find((known) => known.id === id) ?? refuse('mcp.no-server', 'There is no such server.');
  return {
    setSandbox: (patch) => void setSandbox(patch),
    answers: {
      'tools.list': () => tools,
      'tools.setPolicy': ({ tool, policy }) => {
        tools = tools.map((known) => (known.name === tool ? { ...known, policy } : known));
        return tools.find((known) => known.name === tool) ?? refuse('tools.unknown', 'There is no such tool.');
      },
      'tools.sharePage': () => undefined,
      'tools.chooseWorkspace': () => ({ folder: '/home/ada/Documents/OpenClaw' }),
      'sandbox.status': () => sandbox,
      'sandbox.prepare': () => setSandbox({ state: 'building', progress: 0.4, problem: null }),
      'vault.list': () => vault,
      'vault.set': ({ name, hosts }) => {
        vault = [...vault.filter((entry) => entry.name !== name), { name, hosts, updatedAtMs: Date.now() }];
      },
      'vault.remove': ({ name }) => {
        vault = vault.filter((entry) => entry.name !== name);
      },
      'mcp.servers': () => servers,
      'mcp.save': (draft) =>
        putServer({ state: 'connecting', problem: null, version: null, tools: [], ...draft, id: draft.id ?? `s${servers.length + 1}` }),
      'mcp.remove': ({ id }) => {
        servers = servers.filter((known) => known.id !== id);
      },
      'mcp.setEnabled': ({ id, enabled }) => putServer({ ...server(id), enabled, state: enabled ? 'ready' : 'off' }),
      'mcp.signIn': () => undefined,
      'mcp.decide': ({ id, tool, rights, policy }) =>
        putServer({
          ...server(id),
          tools: server(id).tools.map((known) =>
            known.name === tool ? { ...known, rights, policy, state: 'agreed', formerDescription: null } : known,
          ),
        }),
      'mcp.access': () => access,
      'mcp.createAccess': ({ name }) => {
        const entry = { id: `a${access.length + 1}`, name, createdAtMs: Date.now(), lastUsedAtMs: null };
        access = [...access, entry];
        return { access: entry, token: 'ocd_4fK9vQ2mZ7tR1xW8bN3pL6sD', url: 'http://127.0.0.1:18789/mcp' };
      },
      'mcp.revokeAccess': ({ id }) => {
        access = access.filter((entry) => entry.id !== id);
      },
    },
  };
}
