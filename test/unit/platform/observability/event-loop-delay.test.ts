import { describe, expect, it, onTestFinished } from 'vitest';
import { createEventLoopMonitor } from '../../../../src-main/platform/observability/index.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

/** Holds up the event loop, as the thing that is to be noticed. */
function block(forMs: number): void {
  const untilMs = performance.now() + forMs;
  while (performance.now() < untilMs);
}

const wait = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 40));
const NOTHING = { p50: 0, p95: 0, p99: 0, max: 0, count: 0 };

function openMonitor() {
  const clock = createVirtualClock();
  const monitor = createEventLoopMonitor(clock);
  onTestFinished(() => monitor.dispose());
  return { clock, monitor };
}

describe('createEventLoopMonitor', () => {
  it('notices that the loop was held up since the last reading, and has forgotten it at the next', async () => {
    const { monitor } = openMonitor();
    expect(monitor.read()).toEqual(NOTHING);
    await wait();
    block(120);
    await wait();
    const delay = monitor.read();
    expect(delay.max).toBeGreaterThan(80);
    expect(delay.p50).toBeLessThanOrEqual(delay.p99);
    expect(delay.count).toBeGreaterThan(0);
    await wait();
    expect(monitor.read().max).toBeLessThan(80);
  });

  it('measures nothing until somebody asks, and no longer when nobody has asked for a minute', async () => {
    const { clock, monitor } = openMonitor();
    block(50);
    await wait();
    expect(monitor.read()).toEqual(NOTHING);
    await clock.advance(60_000);
    expect(clock.pendingTimers()).toBe(0);
    block(50);
    await wait();
    expect(monitor.read()).toEqual(NOTHING);
  });
});
