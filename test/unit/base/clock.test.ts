import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src-main/base/clock.ts';
import { createDeferred } from '../../../src-main/base/deferred.ts';

describe('systemClock', () => {
  it('never runs backwards, and both its readings start near the calendar', () => {
    const readings = Array.from({ length: 1000 }, () => systemClock.nowMs());
    expect(readings).toEqual(readings.toSorted((left, right) => left - right));
    expect(Math.abs(systemClock.wallMs() - Date.now())).toBeLessThan(1000);
    // Comparable between processes: counted from the calendar's zero, not from the start of the process.
    expect(Math.abs(systemClock.nowMs() - Date.now())).toBeLessThan(60_000);
  });

  it('runs a timer after its time, unless it was cancelled', async () => {
    const done = createDeferred<number>();
    const fromMs = systemClock.nowMs();
    const ran: string[] = [];
    const cancelled = systemClock.after(1, () => ran.push('cancelled'));
    cancelled.cancel();
    cancelled.cancel();
    systemClock.after(15, () => done.resolve(systemClock.nowMs() - fromMs));
    expect(await done.promise).toBeGreaterThanOrEqual(13);
    expect(ran).toEqual([]);
  });
});

describe('createDeferred', () => {
  it('gives its promise the first value that it is resolved with', async () => {
    const deferred = createDeferred<string>();
    const seen: string[] = [];
    void deferred.promise.then((value) => seen.push(value));
    await Promise.resolve();
    expect(seen).toEqual([]);
    deferred.resolve('first');
    deferred.resolve('second');
    expect(await deferred.promise).toBe('first');
    expect(seen).toEqual(['first']);
  });
});
