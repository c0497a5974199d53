import { describe, expect, it } from 'vitest';
import { createStreamWatch } from '../../../../src-main/inference/remote/stream-watch.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const deadlines = { connectMs: 5, firstTokenMs: 1_000, idleMs: 200 };

function setUp(signal?: AbortSignal) {
  const clock = createVirtualClock();
  return { clock, watch: createStreamWatch(clock, deadlines, signal) };
}

describe('createStreamWatch', () => {
  it('ends a request whose answer does not begin in time', async () => {
    const { clock, watch } = setUp();
    await clock.advance(999);
    expect([watch.signal.aborted, watch.expired()]).toEqual([false, undefined]);
    await clock.advance(1);
    expect([watch.signal.aborted, watch.expired()]).toEqual([true, { stage: 'first-token', afterMs: 1_000 }]);
  });

  it('ends a request whose answer falls silent', async () => {
    const { clock, watch } = setUp();
    watch.alive();
    await clock.advance(200);
    expect(watch.expired()).toEqual({ stage: 'idle', afterMs: 200 });
  });

  it('lets an answer go on for hours as long as something comes', async () => {
    const { clock, watch } = setUp();
    for (let index = 0; index < 100_000; index += 1) {
      watch.alive();
      if (index % 1_000 === 0) await clock.advance(199);
    }
    expect(watch.signal.aborted).toBe(false);
    expect(clock.pendingTimers()).toBe(1);
  });

  it('ends with its caller, at once, and then no deadline has passed', async () => {
    const caller = new AbortController();
    const { watch } = setUp(caller.signal);
    caller.abort();
    expect([watch.signal.aborted, watch.expired()]).toEqual([true, undefined]);
    expect(setUp(AbortSignal.abort()).watch.signal.aborted).toBe(true);
  });

  it('leaves neither a timer nor a tie to its caller behind', async () => {
    const caller = new AbortController();
    const { clock, watch } = setUp(caller.signal);
    watch.alive();
    watch.end();
    expect(clock.pendingTimers()).toBe(0);
    caller.abort();
    expect(watch.signal.aborted).toBe(false);
  });
});
