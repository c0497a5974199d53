import type { Clock } from '../base/clock.ts';
import type { EventLoopMonitor } from '../platform/observability/index.ts';
import type { SupervisedWorker } from '../platform/workers/index.ts';
import type { Vitals } from '../../src-preload/contract/index.ts';

/** Reads how the machinery is doing; the event loop's delays are those since the reading before. */
export function createVitals(deps: {
  clock: Clock;
  eventLoop: EventLoopMonitor;
  workers: () => readonly Pick<SupervisedWorker<object, unknown>, 'name' | 'state'>[];
}): () => Vitals {
  const startedAtMs = deps.clock.nowMs();
  return () => {
    const { p50, p95, p99, max } = deps.eventLoop.read();
    const workers = deps.workers().flatMap((worker) => {
      const state = worker.state();
      return state.state === 'running' ? [{ name: worker.name, pid: state.pid }] : [];
    });
    return {
      uptimeMs: deps.clock.nowMs() - startedAtMs,
      eventLoopDelayMs: { p50, p95, p99, max },
      processes: [{ name: 'main', pid: process.pid }, ...workers],
    };
  };
}
