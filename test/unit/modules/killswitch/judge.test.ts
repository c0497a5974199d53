import { describe, expect, it } from 'vitest';
import { createJudge, type Limits } from '../../../../src-main/modules/killswitch/watchdog/judge.ts';

const limits: Limits = {
  heartbeatMs: 5000,
  memoryShare: 0.9,
  cpuMs: 10_000,
  toolCallsPerMinute: 10,
  tokensPerMinute: 1000,
  errorsPerMinute: 5,
};
const none = { toolCalls: 0, tokens: 0, errors: 0 };
const busy = (atMs: number, pid: number, usedMs: number) => ({ atMs, memoryShare: 0.1, processorMs: new Map([[pid, usedMs]]) });

describe('createJudge', () => {
  it.each([
    [{ ...none, toolCalls: 11 }, 'tool-calls'],
    [{ ...none, tokens: 1001 }, 'tokens'],
    [{ ...none, errors: 6 }, 'errors'],
    [{ toolCalls: 10, tokens: 1000, errors: 5 }, undefined],
  ])('says of %j within a minute: %s', (facts, expected) => {
    const judge = createJudge(limits);
    expect(judge.judgeFacts(0, none)).toBeUndefined();
    expect(judge.judgeFacts(30_000, facts)).toBe(expected);
  });

  it('forgets what is older than a minute', () => {
    const judge = createJudge(limits);
    for (let minute = 0; minute < 10; minute += 1)
      expect(judge.judgeFacts(minute * 61_000, { ...none, errors: minute * 5 })).toBeUndefined();
  });

  it('counts nothing that is switched off, and nothing from before a pause', () => {
    const off = createJudge({ ...limits, errorsPerMinute: 0 });
    off.judgeFacts(0, none);
    expect(off.judgeFacts(1, { ...none, errors: 1e6 })).toBeUndefined();
    const judge = createJudge(limits);
    judge.judgeFacts(0, none);
    judge.reset();
    expect(judge.judgeFacts(1, { ...none, errors: 100 })).toBeUndefined();
  });

  it('says memory when the processes hold too much of it', () => {
    const judge = createJudge(limits);
    expect(judge.judgeUse({ atMs: 0, memoryShare: 0.91, processorMs: new Map() })).toBe('memory');
    expect(judge.judgeUse({ atMs: 1, memoryShare: undefined, processorMs: new Map() })).toBeUndefined();
  });

  it('says cpu when one process has kept a core busy without a pause', () => {
    const judge = createJudge(limits);
    for (let second = 0; second < 10; second += 1) expect(judge.judgeUse(busy(second * 1000, 7, second * 1000))).toBeUndefined();
    expect(judge.judgeUse(busy(10_000, 7, 10_000))).toBe('cpu');
  });

  it('begins anew after a pause, and for another process', () => {
    const judge = createJudge(limits);
    for (let second = 0; second < 9; second += 1) judge.judgeUse(busy(second * 1000, 7, second * 1000));
    expect(judge.judgeUse(busy(9_000, 7, 8_100))).toBeUndefined();
    expect(judge.judgeUse(busy(10_000, 7, 9_100))).toBeUndefined();
    expect(judge.judgeUse(busy(20_000, 8, 19_000))).toBeUndefined();
  });
});
