import { describe, expect, it } from 'vitest';
import { createQuietWork } from '../../../../../src-main/modules/telephony/records/quiet-work.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

function setUp() {
  const clock = createVirtualClock();
  const state = { isBusy: false };
  const stop = new AbortController();
  const begun: AbortSignal[] = [];
  /** Takes five seconds, and gives up when it is told to. */
  const work = (signal: AbortSignal): Promise<string> => {
    begun.push(signal);
    return new Promise((resolve, reject) => {
      const timer = clock.after(5_000, () => resolve('done'));
      signal.addEventListener('abort', () => {
        timer.cancel();
        reject(signal.reason as Error);
      });
    });
  };
  return { clock, state, stop, begun, work, quiet: createQuietWork({ clock, isBusy: () => state.isBusy }) };
}

describe('createQuietWork', () => {
  it('waits until nobody talks', async () => {
    const { clock, state, stop, begun, work, quiet } = setUp();
    state.isBusy = true;
    const result = quiet.run(work, stop.signal);
    await clock.advance(20_000);
    expect(begun).toHaveLength(0);
    state.isBusy = false;
    await clock.advance(7_000);
    expect(await result).toBe('done');
    expect(clock.pendingTimers()).toBe(0);
  });

  it('gives up when somebody begins to talk, and begins again behind that', async () => {
    const { clock, state, stop, begun, work, quiet } = setUp();
    const result = quiet.run(work, stop.signal);
    await clock.advance(1_000);
    state.isBusy = true;
    await clock.advance(150);
    expect(begun.map(({ aborted }) => aborted)).toEqual([true]);
    await clock.advance(30_000);
    expect(begun).toHaveLength(1);
    state.isBusy = false;
    await clock.advance(8_000);
    expect(await result).toBe('done');
    expect(begun).toHaveLength(2);
  });

  it('ends with its signal, at work and waiting', async () => {
    for (const isBusy of [true, false]) {
      const { clock, state, stop, work, quiet } = setUp();
      state.isBusy = isBusy;
      const result = quiet.run(work, stop.signal).catch((error: unknown) => error);
      await clock.advance(500);
      stop.abort(new Error('the app ends'));
      await clock.advance(0);
      expect(await result).toMatchObject({ message: 'the app ends' });
      expect(clock.pendingTimers()).toBe(0);
    }
  });

  it('passes on what the work itself fails with', async () => {
    const { stop, quiet } = setUp();
    await expect(quiet.run(() => Promise.reject(new Error('no model')), stop.signal)).rejects.toThrow('no model');
  });
});
