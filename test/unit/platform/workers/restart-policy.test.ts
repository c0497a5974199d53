import { describe, expect, it } from 'vitest';
import { createRestartPolicy } from '../../../../src-main/platform/workers/restart-policy.ts';

describe('createRestartPolicy', () => {
  it('doubles the delay from 0.25 s to 8 s while exits come slowly enough', () => {
    const policy = createRestartPolicy();
    const delays = Array.from({ length: 8 }, (_, index) => policy.exited(index * 31_000)).map((next) =>
      next.decision === 'restart' ? next.delayMs : 'gave up',
    );
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
  });

  it('gives up at the third exit within a minute', () => {
    const policy = createRestartPolicy();
    policy.exited(0);
    policy.exited(30_000);
    expect(policy.exited(59_999)).toEqual({ decision: 'give-up', exits: 3 });
  });

  it('forgets exits after a minute, and the grown delay after a minute of running', () => {
    const policy = createRestartPolicy();
    policy.exited(0);
    policy.exited(1000);
    policy.running(2000);
    expect(policy.exited(62_000)).toEqual({ decision: 'restart', delayMs: 250 });
  });

  it('forgets everything on reset', () => {
    const policy = createRestartPolicy();
    policy.exited(0);
    policy.exited(1);
    policy.reset();
    expect(policy.exited(2)).toEqual({ decision: 'restart', delayMs: 250 });
  });
});
