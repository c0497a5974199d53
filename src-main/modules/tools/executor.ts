import type { ToolCall } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, toErrorData, type ErrorData } from '../../base/errors.ts';
import { hasHidden, showHidden } from '../../base/hidden-characters.ts';
import type { Log } from '../../base/log.ts';
import type { Gate } from '../killswitch/index.ts';
import type { Approvals } from './approvals.ts';
import type { CallLog } from './call-log.ts';
import { decide, type PolicyAnswer } from './policy.ts';
import type { Registry } from './registry.ts';
import { createRunningCall, type RunningCall } from './running-call.ts';
import { createUndoShelf, type UndoShelf } from './undo-shelf.ts';
import { boundText, oneLine } from './tool-text.ts';
import { toolError, toolReason } from './tools-errors.ts';
import type { Tool, ToolContext, ToolPlan, ToolResult } from './tools.ts';

/** The turn as a call sees it. */
export interface CallSetting {
  context: Omit<ToolContext, 'callId' | 'signal' | 'onProgress' | 'tainted'>;
  isTainted: () => boolean;
  /** Aborted when the turn is over for good; what is in the background by then goes on. */
  turnSignal: AbortSignal;
  /** Aborted by a barge-in. */
  interruption: () => AbortSignal;
  /** Lets calls with effects go one after the other. */
  inOrder: <Value>(work: () => Promise<Value>) => Promise<Value>;
}

export interface ExecutorDependencies {
  registry: Pick<Registry, 'policyOf' | 'unavailable'>;
  approvals: Approvals;
  calls: CallLog;
  gate: Gate;
  clock: Clock;
  log: Log;
  /** Takes credentials out. */
  redact: (text: string) => string;
  /** Takes terminal escapes and control characters out. */
  clean: (text: string) => string;
  /** For the watchdog: one call was made. */
  countCall: () => void;
  onBackgroundDone: (call: ToolCall, text: string) => void;
}

/** Plans, decides, asks and runs single calls. */
export interface Executor {
  run(tool: Tool, callId: string, input: unknown, setting: CallSetting): Promise<ToolResult>;
  /** Ends one call, waiting or running; false = it is not under way. */
  cancel(callId: string): boolean;
  /** Ends all and names their tools. */
  endAll(error: AppError): string[];
  readonly undo: UndoShelf;
}

/** Rights whose use changes something: such calls of one turn do not overlap. */
const CHANGING = new Set(['write-files', 'clipboard', 'open', 'send', 'call-out', 'write-memory', 'connector', 'schedule']);
/** Planning has no effects and should be quick; a plan that hangs must not hold the turn. */
const PLAN_LIMIT_MS = 5_000;
/** Of all details of a plan together: what a person can be expected to scroll through, and what is kept of each on record where nobody was asked. */
const SHOWN_CHARS = 32_000;
const RECORDED_CHARS = 4_000;
/** Rights by which what is hidden in a text would leave, or reach somebody else's program. */
const CARRYING = new Set(['network', 'open', 'send', 'call-out', 'connector']);

export function createExecutor(deps: ExecutorDependencies): Executor {
  const running = new Map<string, RunningCall>();
  const undo = createUndoShelf();

  const run: Executor['run'] = async (tool, callId, input, setting) => {
    const draft = draftOf(tool, callId, setting, deps);
    const unavailable = deps.registry.unavailable(tool);
    if (unavailable) return refuse(deps, draft, unavailable);
    if (!deps.gate.isOpen('tool')) return refuse(deps, draft, stoppedReason(deps.gate));
    const parsed = tool.parse(input);
    if (!parsed.ok) return refuse(deps, draft, toolReason('tools.bad-input', { problem: deps.redact(parsed.problem) }));
    const made = await plan(deps, tool, parsed.input, draft, setting);
    if ('message' in made) return refuse(deps, draft, made);
    const planned = waryOfHidden(made);

    const tainted = setting.isTainted();
    const ownerPolicy = deps.registry.policyOf(tool.name);
    const policy = decide({ asker: draft.asker, tainted, tool, plan: planned, ownerPolicy });
    const reasons = policy.reasons.map((reason) => redactReason(reason, deps.redact));
    const view = viewOf(planned, deps.redact);
    const isWhole = lengthOf(view) <= SHOWN_CHARS;
    const call: ToolCall = { ...draft, tainted, plan: isWhole ? view : bounded(view), verdict: policy.verdict, reasons };
    if (policy.verdict === 'deny') return refuse(deps, call, reasons[0] ?? toolReason('policy.tool-asks'));
    // A yes is for what was shown, so nothing is asked about that cannot be shown to its end.
    if (policy.verdict === 'ask' && !isWhole) return refuse(deps, call, toolReason('tools.too-long-to-show', { limit: SHOWN_CHARS }));
    try {
      deps.calls.begin(call);
    } catch (error) {
      deps.log.error('A tool call could not be put on record and was not made', { tool: tool.name, error });
      return { state: 'refused', text: `Refused: ${toolReason('tools.not-recorded').message}`, tainted: false };
    }
    const own = createRunningCall({ call, tool, calls: deps.calls, undo, ...pick(deps) });
    running.set(callId, own);
    try {
      const refusal = await approve(deps, own, planned, policy, setting);
      void deps.calls.auditDecision(own.call());
      if (refusal) return own.refused(refusal);
      const act = (): Promise<ToolResult> => own.act(parsed.input, { ...setting.context, callId, tainted }, setting);
      return await (planned.rights.some((right) => CHANGING.has(right)) ? setting.inOrder(act) : act());
    } finally {
      // One that goes on in the background stays on the list until its end.
      void own.ended.then(() => running.delete(callId));
    }
  };

  return {
    run,
    undo,
    cancel(callId) {
      const own = running.get(callId);
      own?.end(toolError('tools.cancelled'));
      return own !== undefined;
    },
    endAll(error) {
      const all = [...running.values()];
      for (const own of all) own.end(error);
      return all.map((own) => own.call().tool);
    },
  };
}

function pick({ gate, clock, log, redact, clean, countCall, onBackgroundDone }: ExecutorDependencies) {
  return { gate, clock, log, redact, clean, countCall, onBackgroundDone };
}

function draftOf(tool: Tool, callId: string, setting: CallSetting, { calls }: ExecutorDependencies): ToolCall {
  return {
    id: callId,
    conversationId: setting.context.conversationId,
    tool: tool.name,
    source: tool.source,
    asker: setting.context.asker,
    tainted: setting.isTainted(),
    plan: {
      summary: tool.title,
      ...(tool.source.kind === 'built-in' ? { code: 'tool', values: { tool: tool.name } } : {}),
      details: [],
      sandboxed: false,
    },
    verdict: 'deny',
    reasons: [],
    approval: null,
    state: 'planned',
    createdAtMs: calls.nextMs(),
    startedAtMs: null,
    endedAtMs: null,
    result: null,
    error: null,
    undo: 'none',
  };
}

/** On record as refused, with the reason; the model gets the sentence. */
function refuse(deps: ExecutorDependencies, draft: ToolCall, reason: ErrorData): ToolResult {
  const state = reason.code === 'killswitch.engaged' ? ('stopped' as const) : ('refused' as const);
  const reasons = draft.reasons.length > 0 ? draft.reasons : [reason];
  const call: ToolCall = { ...draft, state, reasons, error: reason, endedAtMs: deps.clock.wallMs() };
  try {
    deps.calls.begin(call);
  } catch (error) {
    deps.log.error('A refused tool call could not be put on record', { tool: call.tool, error });
  }
  void deps.calls.auditDecision(call);
  return { state, text: `Refused: ${reason.message}`, reason, tainted: false };
}

function stoppedReason(gate: Gate): ErrorData {
  try {
    gate.pass('tool');
    return toolReason('tools.cancelled');
  } catch (error) {
    return toErrorData(error);
  }
}

async function plan(
  deps: ExecutorDependencies,
  tool: Tool,
  input: unknown,
  draft: ToolCall,
  setting: CallSetting,
): Promise<ToolPlan | ErrorData> {
  let limit: { cancel(): void } | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    limit = deps.clock.after(PLAN_LIMIT_MS, () => reject(toolError('tools.timeout', { seconds: PLAN_LIMIT_MS / 1000 })));
  });
  try {
    return await Promise.race([tool.plan(input, { ...setting.context, callId: draft.id, tainted: draft.tainted }), tooLate]);
  } catch (error) {
    if (error instanceof AppError) return redactReason(toErrorData(error), deps.redact);
    deps.log.error('A tool could not plan', { tool: tool.name, error });
    return toolReason('tools.failed', { problem: deps.redact(oneLine(error instanceof Error ? error.message : String(error))) });
  } finally {
    limit?.cancel();
  }
}

/** Resolves with why not; undefined = go on. */
async function approve(
  deps: ExecutorDependencies,
  own: RunningCall,
  planned: ToolPlan,
  policy: PolicyAnswer,
  setting: CallSetting,
): Promise<ErrorData | undefined> {
  const { approvals, clock } = deps;
  if (policy.verdict === 'allow') return own.signal.aborted ? reasonOf(own.signal) : undefined;
  const { tool } = own.call();
  const key = policy.mayRemember ? planned.rememberKey : undefined;
  if (key !== undefined && approvals.isRemembered(tool, key)) {
    own.change({ approval: { answer: 'always', by: 'remembered', atMs: clock.wallMs() } });
    return undefined;
  }
  own.change({ state: 'waiting', approval: { answer: 'waiting', by: 'nobody', atMs: clock.wallMs() } });
  // Whoever speaks on instead of answering has left the question: a late yes must not run what nobody waits for.
  const signal = AbortSignal.any([own.signal, setting.turnSignal, setting.interruption(), deps.gate.signal('tool')]);
  const given = await approvals.ask(own.call(), { canRemember: key !== undefined, signal });
  own.change({ approval: { ...given, atMs: clock.wallMs() } });
  if (signal.aborted) return reasonOf(signal);
  if (given.answer === 'expired') return toolReason('approval.expired');
  if (given.answer === 'no') return toolReason('approval.refused');
  if (given.answer === 'always' && key !== undefined) {
    try {
      approvals.remember(own.call(), key);
    } catch (error) {
      deps.log.warn('A kept approval could not be saved; it counts once', { error });
    }
  }
  return undefined;
}

function reasonOf(signal: AbortSignal): ErrorData {
  return signal.reason instanceof AppError ? toErrorData(signal.reason) : toolReason('tools.cancelled');
}

/** Asked about, whatever else speaks for it: its owner, and nobody else, shall see what is in there. */
function waryOfHidden(made: ToolPlan): ToolPlan {
  const isCarried = made.rights.some((right) => CARRYING.has(right)) && made.details.some(({ text }) => hasHidden(text));
  if (made.verdict !== 'allow' || !isCarried) return made;
  return { ...made, verdict: 'ask', reasons: [toolReason('tools.hidden-characters')], rememberKey: undefined };
}

const lengthOf = ({ details }: ToolCall['plan']): number => details.reduce((sum, { text }) => sum + text.length, 0);

const bounded = (view: ToolCall['plan']): ToolCall['plan'] => ({
  ...view,
  details: view.details.map((detail) => ({ ...detail, text: boundText(detail.text, RECORDED_CHARS) })),
});

/** For people: to the end, without credentials, and with everything to be seen that is there. */
function viewOf({ summary, code, values, details, sandboxed }: ToolPlan, redact: (text: string) => string): ToolCall['plan'] {
  const shown = (text: string): string => showHidden(redact(text));
  const clean = (value: string | number): string | number => (typeof value === 'string' ? shown(oneLine(value, 300)) : value);
  return {
    summary: shown(oneLine(summary, 300)),
    ...(code === undefined ? {} : { code }),
    ...(values === undefined ? {} : { values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, clean(value)])) }),
    details: details.map((detail) => ({ ...detail, text: shown(detail.text) })),
    sandboxed,
  };
}

function redactReason(reason: ErrorData, redact: (text: string) => string): ErrorData {
  const details = Object.entries(reason.details).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]);
  return { code: reason.code, message: redact(reason.message), details: Object.fromEntries(details) as ErrorData['details'] };
}
