import { describe, expect, it, onTestFinished } from 'vitest';
import { createEventLoopMonitor } from '../../../../src-main/platform/observability/index.ts';

/** Holds up the event loop, as the thing that is to be noticed. */
function block(forMs: number): void {
  const untilMs = performance.now() + forMs;
  while (performance.now() < untilMs);
}

const nextTick = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 5));

describe('createEventLoopMonitor', () => {
  it('notices that the loop was held up, and forgets it when asked to', async () => {
    const monitor = createEventLoopMonitor();
    onTestFinished(() => monitor.dispose());
    await nextTick();
    block(120);
    await nextTick();
    const delay = monitor.read();
    expect(delay.max).toBeGreaterThan(100);
    expect(delay.p50).toBeLessThanOrEqual(delay.p99);
    expect(delay.count).toBeGreaterThan(0);
    monitor.reset();
    expect(monitor.read()).toEqual({ p50: 0, p95: 0, p99: 0, max: 0, count: 0 });
  });
});
