import type { ToolCall, ToolCallState } from '../../../src-preload/contract/index.ts';

/** From its start, or from being asked for, to its end or now; undefined = it never ran. */
export function durationOf(call: Pick<ToolCall, 'startedAtMs' | 'endedAtMs'>, nowMs: number): number | undefined {
  return call.startedAtMs === null ? undefined : Math.max(0, (call.endedAtMs ?? nowMs) - call.startedAtMs);
}

/** It has effects now, and can be cut off. */
export function isRunning(state: ToolCallState): boolean {
  return state === 'running' || state === 'background';
}

/** The tool that the owner waits for: the newest one that runs and has not gone on in the background. */
export function workingCall(calls: readonly ToolCall[]): ToolCall | undefined {
  return calls.findLast((call) => call.state === 'running');
}

export type Tone = 'quiet' | 'good' | 'needs-you' | 'bad';

/** State is a shape first (call-icon.tsx) and a colour second. */
export const TONES: Record<ToolCallState, Tone> = {
  planned: 'quiet',
  waiting: 'needs-you',
  running: 'good',
  background: 'good',
  done: 'good',
  failed: 'bad',
  refused: 'quiet',
  cancelled: 'quiet',
  stopped: 'bad',
};
