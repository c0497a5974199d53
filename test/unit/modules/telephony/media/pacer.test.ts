import { describe, expect, it } from 'vitest';
import { createPacer } from '../../../../../src-main/modules/telephony/media/pacer.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

describe('createPacer', () => {
  it('counts every place from the first, so that nothing adds up', async () => {
    const clock = createVirtualClock(1_000);
    const pacer = createPacer({ clock, onError: () => undefined });
    const places: number[] = [];
    pacer.add({ send: (dueMs) => void places.push(dueMs), after: () => undefined }, () => undefined);
    await clock.advance(20_000);
    expect(places).toEqual(Array.from({ length: 1_000 }, (_, index) => 1_020 + index * 20));
    await pacer.dispose();
    expect(clock.pendingTimers()).toBe(0);
  });

  it('catches up a few places after a standstill, and leaves out the rest', async () => {
    const clock = createVirtualClock(0);
    let offsetMs = 0;
    const slow = { ...clock, nowMs: () => clock.nowMs() + offsetMs };
    const pacer = createPacer({ clock: slow, onError: () => undefined });
    const places: number[] = [];
    let skipped = 0;
    pacer.add({ send: (dueMs) => void places.push(dueMs), after: () => undefined }, (frames) => (skipped += frames));
    await clock.advance(40);
    offsetMs = 70;
    await clock.advance(20);
    expect(places).toEqual([20, 40, 60, 80, 100, 120]);
    offsetMs += 1_000;
    await clock.advance(20);
    expect(skipped).toBeGreaterThan(40);
    expect(places.at(-1)).toBeGreaterThan(1_100);
  });

  it('serves the others when one fails, and stops its clock when nobody is left', async () => {
    const clock = createVirtualClock();
    const errors: unknown[] = [];
    const pacer = createPacer({ clock, onError: (error) => errors.push(error) });
    let served = 0;
    const leave = [
      pacer.add(
        {
          send() {
            throw new Error('broken leg');
          },
          after: () => undefined,
        },
        () => undefined,
      ),
      pacer.add({ send: () => void (served += 1), after: () => undefined }, () => undefined),
    ];
    await clock.advance(100);
    expect([errors.length, served]).toEqual([5, 5]);
    for (const go of leave) go();
    expect(clock.pendingTimers()).toBe(0);
  });
});
