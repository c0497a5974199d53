import { describe, expect, it, onTestFinished } from 'vitest';
import { watchHealth } from '../../../../../src-main/modules/telephony/asterisk/exchange-watch.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

function openWatch() {
  const clock = createVirtualClock();
  let isWell = true;
  let silent = 0;
  const stop = watchHealth({
    clock,
    // As ARI does: an answer at once, or none within two seconds.
    answers: () => (isWell ? Promise.resolve(true) : new Promise((resolve) => void clock.after(2_000, () => resolve(isWell)))),
    onSilent: () => (silent += 1),
  });
  onTestFinished(stop);
  return { clock, stop, silent: () => silent, become: (well: boolean) => (isWell = well) };
}

describe('watchHealth', () => {
  it('tells within ten seconds, and once, that nothing answers any more', async () => {
    const { clock, become, silent } = openWatch();
    await clock.advance(60_000);
    expect(silent()).toBe(0);
    become(false);
    await clock.advance(10_000);
    expect(silent()).toBe(1);
    await clock.advance(60_000);
    expect(silent()).toBe(1);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('forgives what answers again: a machine that was asleep has missed one question', async () => {
    const { clock, become, silent } = openWatch();
    for (let times = 0; times < 5; times += 1) {
      become(false);
      await clock.advance(5_000);
      become(true);
      await clock.advance(6_000);
    }
    expect(silent()).toBe(0);
  });

  it('is over when it is stopped', async () => {
    const { clock, stop, become, silent } = openWatch();
    become(false);
    stop();
    await clock.advance(60_000);
    expect([silent(), clock.pendingTimers()]).toEqual([0, 0]);
  });
});
