import { describe, expect, it } from 'vitest';
import type { CallInput } from '../../../../src-preload/contract/index.ts';
import { createMissedCallsStore, isMissed } from '../../../../src-renderer/stores/missed-calls-store.ts';
import { callRecord, phoneCall } from '../../../doubles/phone-call.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

/** It rang for half a second. */
const missedAt = (startedAtMs: number, reason: 'hung-up-there' | 'blocked' | 'rejected' = 'hung-up-there') =>
  callRecord(`c${startedAtMs}`, { answeredBy: null }, { startedAtMs, endedAtMs: startedAtMs + 500, state: { state: 'ended', reason } });

function setUp(kept: number | undefined) {
  const asked: CallInput<'phone.log'>[] = [];
  let nowMs = 5_000;
  const keeps: number[] = [];
  const bridge = createScriptedBridge({
    'phone.log'(input) {
      asked.push(input);
      return [missedAt(4_000), missedAt(3_000, 'blocked'), missedAt(2_000)];
    },
  });
  const missed = createMissedCallsStore(bridge, { read: () => kept, keep: (atMs) => void keeps.push(atMs) }, () => nowMs);
  return { bridge, missed, asked, keeps, at: (ms: number) => void (nowMs = ms) };
}

describe('createMissedCallsStore', () => {
  it('counts what came in since the log was looked at last and got nobody', async () => {
    const { missed, asked } = setUp(1_000);
    await missed.getState().load();
    expect(missed.getState().count).toBe(2);
    expect(asked).toEqual([{ limit: 99, direction: 'in', answeredBy: 'nobody' }]);
  });

  it('has missed nothing yet for whoever is here for the first time', async () => {
    const { missed, keeps } = setUp(undefined);
    await missed.getState().load();
    expect([missed.getState().count, keeps]).toEqual([0, [5_000]]);
  });

  it('forgets when the log is seen, counts anew when records come, and keeps the moment', async () => {
    const { bridge, missed, keeps, at } = setUp(1_000);
    await missed.getState().load();
    // One that rang then and ended after it counts all the same.
    at(4_200);
    missed.getState().seen();
    expect([missed.getState().count, keeps.at(-1)]).toEqual([0, 4_200]);
    bridge.tell('phone.logChanged', {});
    await new Promise((done) => setTimeout(done));
    expect(missed.getState().count).toBe(1);
  });
});

describe('isMissed', () => {
  it('is a call that came in, that nobody took, and that the owner did not turn away', () => {
    const call = phoneCall('a', { state: { state: 'ended', reason: 'hung-up-there' } });
    expect(isMissed({ call, answeredBy: null })).toBe(true);
    expect(isMissed({ call: phoneCall('a'), answeredBy: null })).toBe(false);
    expect(isMissed({ call, answeredBy: 'message' })).toBe(false);
    expect(isMissed({ call: { ...call, direction: 'out' }, answeredBy: null })).toBe(false);
    for (const reason of ['blocked', 'rejected'] as const)
      expect(isMissed({ call: { ...call, state: { state: 'ended', reason } }, answeredBy: null })).toBe(false);
  });
});
