import { describe, expect, it } from 'vitest';
import { durationOf, isRunning, workingCall } from '../../../../src-renderer/features/tools/call-facts.ts';
import { fakeCall } from '../../../doubles/fake-core-hands-data.ts';

describe('durationOf', () => {
  it('is the time from start to end, or until now while it runs', () => {
    expect(durationOf({ startedAtMs: 100, endedAtMs: 450 }, 9000)).toBe(350);
    expect(durationOf({ startedAtMs: 100, endedAtMs: null }, 2100)).toBe(2000);
  });

  it('is none for what never ran, and never less than nothing when the clock was set back', () => {
    expect(durationOf({ startedAtMs: null, endedAtMs: null }, 500)).toBeUndefined();
    expect(durationOf({ startedAtMs: 900, endedAtMs: null }, 500)).toBe(0);
  });
});

describe('workingCall', () => {
  it('is the newest that runs; what goes on in the background is not waited for', () => {
    const calls = [
      fakeCall({ id: 'a', state: 'running' }),
      fakeCall({ id: 'b', state: 'running' }),
      fakeCall({ id: 'c', state: 'background' }),
      fakeCall({ id: 'd', state: 'waiting' }),
    ];
    expect(workingCall(calls)?.id).toBe('b');
    expect(workingCall([])).toBeUndefined();
  });
});

describe('isRunning', () => {
  it('holds for what can be cut off', () => {
    expect((['planned', 'waiting', 'running', 'background', 'done', 'stopped'] as const).filter(isRunning)).toEqual([
      'running',
      'background',
    ]);
  });
});
