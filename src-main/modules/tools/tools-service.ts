import type { Asker, RememberedApproval, ToolCall, ToolPolicy, ToolView, Approval } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Config } from '../../platform/config/index.ts';
import type { Tell } from '../../platform/contract-host/index.ts';
import type { AuditLog } from '../../platform/observability/index.ts';
import { endedWithTheApp, type CallFilter, type ToolRecords } from '../../platform/store/index.ts';
import type { Gate } from '../killswitch/index.ts';
import { createApprovals, type Answerer, type ApprovalAnswer } from './approvals.ts';
import { createCallLog } from './call-log.ts';
import { createExecutor } from './executor.ts';
import { matchIntent, type IntentWays } from './intents/index.ts';
import { standingOf } from './policy.ts';
import { createRegistry } from './registry.ts';
import { spokenQuestion } from './spoken-answer.ts';
import { createToolTurn } from './tool-turn.ts';
import { approvalSeconds } from './tools-config.ts';
import { toolError } from './tools-errors.ts';
import type { Tools } from './tools.ts';

/** The tools with what only their own handlers and compose need. */
export interface ToolsService extends Tools {
  list(): ToolView[];
  setPolicy(tool: string, policy: ToolPolicy): ToolView;
  calls(filter: CallFilter): ToolCall[];
  approvals(): Approval[];
  /** Throws `approval.gone`. */
  answer(approvalId: string, answer: Exclude<ApprovalAnswer, 'expired'>, by: Answerer): void;
  /** Throws `tools.no-call`. */
  cancel(callId: string): void;
  /** Throws `tools.no-undo`, `tools.undo-changed`. */
  undo(callId: string): Promise<ToolCall>;
  remembered(): RememberedApproval[];
  forget(id: string): void;
}

export interface ToolsDependencies {
  records: ToolRecords;
  config: Pick<Config, 'get'>;
  tell: Tell;
  audit: Pick<AuditLog, 'record'>;
  gate: Gate;
  clock: Clock;
  log: Log;
  /** Takes credentials out of plans, results and errors. */
  redact: (text: string) => string;
  /** Takes terminal escapes and control characters out of results. */
  clean: (text: string) => string;
  /** For the watchdog. */
  countCall?: () => void;
  /** What took longer is done; the text is for whoever asked. */
  onBackgroundDone: (call: ToolCall, text: string) => void;
  /** Puts a question to the owner aloud; for turns by voice. */
  speakQuestion?: (words: string, language: string) => void;
  /** How the ready answers reach disk and folders now. */
  intentWays: () => IntentWays;
  /** 0 ≤ value < 1, unpredictable. */
  random: () => number;
}

export function createTools(deps: ToolsDependencies): ToolsService {
  const { records, tell, clock, log } = deps;
  const calls = createCallLog({ records, tell, audit: deps.audit, clock, log });
  const registry = createRegistry({ records, onChange: () => tell('tools.changed', {}), log });
  const approvals = createApprovals({
    clock,
    records,
    patienceMs: () => deps.config.get(approvalSeconds) * 1_000,
    onClosed: (approvalId, answer) => tell('tools.approvalClosed', { approvalId, answer }),
    random: deps.random,
    log,
  });
  const { redact, clean, gate, onBackgroundDone, countCall = () => undefined } = deps;
  const executor = createExecutor({ registry, approvals, calls, gate, clock, log, redact, clean, countCall, onBackgroundDone });
  const languages = new Map<string, string>();
  approvals.onAsked((approval) => {
    tell('tools.approval', approval);
    if (approval.asker.channel !== 'voice') return;
    const language = languages.get(approval.conversationId ?? '') ?? 'en';
    deps.speakQuestion?.(spokenQuestion(approval.plan, approval.phrase, language), language);
  });
  endLeftovers(records, clock, log);
  /** What can be taken back is known only while the app runs. */
  const asShown = (call: ToolCall): ToolCall =>
    call.undo === 'possible' && !executor.undo.has(call.id) ? { ...call, undo: 'none' } : call;

  return {
    register: registry.add,
    beginTurn(request) {
      languages.set(request.conversationId ?? '', request.language);
      return createToolTurn({ registry, executor }, request);
    },
    intent: (question, language) => matchIntent(question, language, deps.intentWays()),
    hear: (words, asker, conversationId) => (mayAnswer(asker) && approvals.hear(words, conversationId) ? 'answered' : 'not-for-me'),
    onApproval: approvals.onAsked,
    onCall: calls.onCall,
    stopAll: async () => executor.endAll(toolError('tools.cancelled')),

    list: registry.views,
    setPolicy: registry.setPolicy,
    calls: (filter) => records.listCalls(filter).map(asShown),
    approvals: approvals.waiting,
    answer: approvals.answer,
    cancel(callId) {
      if (!executor.cancel(callId)) throw toolError('tools.no-call');
    },
    async undo(callId) {
      const call = records.getCall(callId);
      if (!call) throw toolError('tools.no-call');
      gate.pass('tool');
      await executor.undo.use(callId, gate.signal('tool'));
      const undone: ToolCall = { ...call, undo: 'done' };
      calls.change(undone);
      return undone;
    },
    remembered: approvals.remembered,
    forget: approvals.forget,
    dispose() {
      approvals.dispose();
      executor.endAll(toolError('tools.app-ended'));
    },
  };
}

/** Only the owner, who is at the machine: never somebody on the phone or another program. */
function mayAnswer(asker: Asker): boolean {
  return standingOf(asker) === 'owner';
}

function endLeftovers(records: ToolRecords, clock: Pick<Clock, 'wallMs'>, log: Log): void {
  try {
    const left = records.unendedCalls();
    for (const call of left) records.saveCall(endedWithTheApp(call, clock.wallMs()));
    if (left.length > 0) log.warn('Tool calls of an earlier life of the app had not ended', { count: left.length });
  } catch (error) {
    log.warn('Earlier tool calls could not be looked at', { error });
  }
}
