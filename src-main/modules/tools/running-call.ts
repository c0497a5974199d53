import type { ToolCall } from '../../../src-preload/contract/index.ts';
import type { Timer } from '../../base/clock.ts';
import { createDeferred } from '../../base/deferred.ts';
import { AppError, isAbort, toErrorData, type ErrorData } from '../../base/errors.ts';
import type { CallLog } from './call-log.ts';
import type { CallSetting, ExecutorDependencies } from './executor.ts';
import { boundText, oneLine } from './tool-text.ts';
import { toolError, toolReason } from './tools-errors.ts';
import type { Tool, ToolContext, ToolOutcome, ToolResult } from './tools.ts';
import type { UndoShelf } from './undo-shelf.ts';

/** One call from its record to its end. `planned → (waiting →) running (→ background) → done | failed | cancelled | stopped`, or `refused`. */
export interface RunningCall {
  call(): ToolCall;
  change(patch: Partial<ToolCall>): void;
  refused(reason: ErrorData): ToolResult;
  /** Passes the gate and runs the tool in the same tick. Resolves with its end, or when it has gone into the background. Never rejects. */
  act(input: unknown, context: Omit<ToolContext, 'signal' | 'onProgress'>, setting: CallSetting): Promise<ToolResult>;
  /** Ends it now, whatever the tool does; what it answers later is dropped. */
  end(error: AppError): void;
  /** Aborted by {@link end}. */
  readonly signal: AbortSignal;
  readonly ended: Promise<void>;
}

type Dependencies = Pick<ExecutorDependencies, 'gate' | 'clock' | 'log' | 'redact' | 'clean' | 'countCall' | 'onBackgroundDone'> & {
  call: ToolCall;
  tool: Tool;
  calls: CallLog;
  undo: UndoShelf;
};

/** A tool in the background may take so many times its limit in all. */
const BACKGROUND_FACTOR = 20;
const PROGRESS_EVERY_MS = 250;
const PROGRESS_CHARS = 2_000;
const STOPPED = new Set(['killswitch.engaged', 'tools.app-ended']);
/** What is looked at of a result, so that a secret at the edge of what stays is still whole. */
const NEAR_CHARS = 100_000;
const CANCELLED = new Set(['tools.cancelled', 'tools.interrupted']);

export function createRunningCall(deps: Dependencies): RunningCall {
  const { tool, calls, clock, redact } = deps;
  const controller = new AbortController();
  const { promise: ended, resolve: markEnded } = createDeferred<void>();
  let call = deps.call;
  const change = (patch: Partial<ToolCall>): void => {
    call = { ...call, ...patch };
    calls.change(call);
  };
  const finish = (state: ToolCall['state'], patch: Partial<ToolCall>): void => {
    change({ ...patch, state, endedAtMs: clock.wallMs() });
    markEnded();
  };
  const failed = (error: unknown): ToolResult => {
    const data = failureOf(error, deps);
    const state = STOPPED.has(data.code) ? 'stopped' : CANCELLED.has(data.code) ? 'cancelled' : 'failed';
    finish(state, { error: data });
    calls.auditEnd(call);
    // The words of a failure may be those of somebody else's program.
    return {
      state,
      text: `${state === 'failed' ? 'Failed' : 'Ended'}: ${data.message}`,
      reason: data,
      tainted: tool.source.kind === 'mcp',
    };
  };
  const succeeded = (outcome: ToolOutcome): ToolResult => {
    // Bounded before it is cleaned as well: nobody waits for eight megabytes of which eight thousand characters stay.
    const text = boundText(redact(deps.clean(boundText(outcome.text, NEAR_CHARS))));
    if (outcome.undo) deps.undo.put(call.id, outcome.undo);
    finish('done', { result: text, undo: outcome.undo ? 'possible' : 'none' });
    calls.auditEnd(call);
    return { state: 'done', text, tainted: outcome.outside };
  };

  return {
    call: () => call,
    change,
    signal: controller.signal,
    ended,
    end: (error) => controller.abort(error),
    refused(reason) {
      const state = STOPPED.has(reason.code) ? 'stopped' : CANCELLED.has(reason.code) ? 'cancelled' : 'refused';
      finish(state, { error: reason });
      return { state, text: `${state === 'refused' ? 'Refused' : 'Ended'}: ${reason.message}`, reason, tainted: false };
    },
    act(input, context, setting) {
      const { promise, resolve } = createDeferred<ToolResult>();
      const limits = watchLimits({ tool, clock, controller, gate: deps.gate, setting, onBackground });
      const aborted = new Promise<never>((_resolve, reject) => {
        const fail = (): void => reject(controller.signal.reason);
        controller.signal.addEventListener('abort', fail, { once: true });
        if (controller.signal.aborted) fail();
      });
      let inBackground = false;
      function onBackground(): void {
        inBackground = true;
        change({ state: 'background' });
        resolve({
          state: 'background',
          text: 'It takes longer and goes on in the background; the result is told when it is there.',
          tainted: false,
        });
      }
      const end = (result: ToolResult): void => {
        limits.dispose();
        resolve(result);
        if (inBackground && call.state !== 'stopped' && call.state !== 'cancelled') deps.onBackgroundDone(call, result.text);
      };
      const onProgress = progressTeller(deps, (text) => {
        if (call.state !== 'running' && call.state !== 'background') return;
        call = { ...call, result: text };
        calls.show(call);
      });
      change({ state: 'running', startedAtMs: clock.wallMs() });
      Promise.race([
        begin(deps, controller.signal, () => tool.run(input, { ...context, signal: controller.signal, onProgress })),
        aborted,
      ]).then(
        (outcome) => end(succeeded(outcome)),
        (error: unknown) => end(failed(error)),
      );
      return promise;
    },
  };
}

/** The gate and the act in one tick: nothing can shut it in between. */
async function begin(deps: Dependencies, signal: AbortSignal, act: () => Promise<ToolOutcome>): Promise<ToolOutcome> {
  signal.throwIfAborted();
  deps.gate.pass('tool');
  deps.countCall();
  return act();
}

/** Everything that ends a call from outside: turn, barge-in, off-switch, time. */
function watchLimits(options: {
  tool: Tool;
  clock: Dependencies['clock'];
  controller: AbortController;
  gate: Dependencies['gate'];
  setting: CallSetting;
  onBackground: () => void;
}): { dispose(): void } {
  const { tool, clock, controller, setting } = options;
  const timers: Timer[] = [];
  const endings: (() => void)[] = [];
  const onAbort = (signal: AbortSignal, act: () => void): (() => void) => {
    signal.addEventListener('abort', act, { once: true });
    if (signal.aborted) act();
    const stop = (): void => signal.removeEventListener('abort', act);
    endings.push(stop);
    return stop;
  };
  const end = (error: AppError): void => controller.abort(error);
  const gateSignal = options.gate.signal('tool');
  onAbort(gateSignal, () => end(gateSignal.reason instanceof AppError ? gateSignal.reason : toolError('tools.cancelled')));
  const leaveTurn = onAbort(setting.turnSignal, () => end(toolError('tools.cancelled')));
  const leaveTalk = tool.stopsOnBargeIn ? onAbort(setting.interruption(), () => end(toolError('tools.interrupted'))) : undefined;
  const { timeoutMs, backgroundAfterMs } = tool;
  const totalMs = backgroundAfterMs === undefined ? timeoutMs : timeoutMs * BACKGROUND_FACTOR;
  timers.push(clock.after(totalMs, () => end(toolError('tools.timeout', { seconds: Math.round(totalMs / 1000) }))));
  if (backgroundAfterMs !== undefined) {
    timers.push(
      clock.after(backgroundAfterMs, () => {
        if (controller.signal.aborted) return;
        leaveTurn();
        leaveTalk?.();
        options.onBackground();
      }),
    );
  }
  return {
    dispose() {
      for (const timer of timers) timer.cancel();
      for (const stop of endings) stop();
    },
  };
}

/** At most a few times a second, the latest words. */
function progressTeller({ clock, clean, redact }: Dependencies, show: (text: string) => void): (text: string) => void {
  let lastMs = -Infinity;
  return (text) => {
    if (clock.nowMs() - lastMs < PROGRESS_EVERY_MS) return;
    lastMs = clock.nowMs();
    show(redact(clean(boundText(text, PROGRESS_CHARS))));
  };
}

function failureOf(error: unknown, { redact, log, tool }: Dependencies): ErrorData {
  if (error instanceof AppError) {
    const data = toErrorData(error);
    const details = Object.fromEntries(
      Object.entries(data.details).map(([name, value]) => [name, typeof value === 'string' ? redact(oneLine(value, 300)) : value]),
    );
    return { code: data.code, message: redact(oneLine(data.message, 600)), details };
  }
  if (isAbort(error)) return toolReason('tools.cancelled');
  log.error('A tool failed unexpectedly', { tool: tool.name, error });
  return toolReason('tools.failed', { problem: redact(oneLine(error instanceof Error ? error.message : String(error))) });
}
