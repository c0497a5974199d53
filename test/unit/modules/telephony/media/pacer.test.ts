import { describe, expect, it } from 'vitest';
import { createPacer } from '../../../../../src-main/modules/telephony/media/pacer.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

describe('createPacer', () => {
  it('counts every place from the first, so that nothing adds up', async () => {
    const clock = createVirtualClock(1_000);
    const pacer = createPacer({ clock, onError: () => undefined });
    const places: number[] = [];
    pacer.add(
      (dueMs) => void places.push(dueMs),
      () => undefined,
    );
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
    pacer.add(
      (dueMs) => void places.push(dueMs),
      (frames) => (skipped += frames),
    );
    await clock.advance(40);
    offsetMs = 70;
    await clock.advance(20);
    expect(places).toEqual([20, 40, 60, 80, 100, 120]);
    offsetMs += 1_000;
    await clock.advance(20);
    expect(skipped).toBeGreaterThan(40);
    expect(places.at(-1)).toBeGreaterThan(1_100);
  });

  it('gives each leg places of its own, so that none waits for the work of the others', async () => {
    const clock = createVirtualClock(1_000);
    const pacer = createPacer({ clock, onError: () => undefined });
    const phases: number[] = [];
    for (let leg = 0; leg < 10; leg += 1)
      pacer.add(
        (dueMs) => void (phases[leg] = dueMs % 20),
        () => undefined,
      );
    await clock.advance(100);
    const sorted = phases.toSorted((left, right) => left - right);
    const gaps = sorted.map((phase, index) => (index === 0 ? phase + 20 - (sorted.at(-1) ?? 0) : phase - (sorted[index - 1] ?? 0)));
    expect(phases).toHaveLength(10);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1);
    await pacer.dispose();
    expect(clock.pendingTimers()).toBe(0);
  });

  it('serves the others when one fails, and stops its clock when nobody is left', async () => {
    const clock = createVirtualClock();
    const errors: unknown[] = [];
    const pacer = createPacer({ clock, onError: (error) => errors.push(error) });
    let served = 0;
    const leave = [
      pacer.add(
        () => {
          throw new Error('broken leg');
        },
        () => undefined,
      ),
      pacer.add(
        () => void (served += 1),
        () => undefined,
      ),
    ];
    await clock.advance(100);
    expect([errors.length, served]).toEqual([5, 5]);
    for (const go of leave) go();
    expect(clock.pendingTimers()).toBe(0);
  });
});
