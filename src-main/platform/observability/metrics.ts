/**
 * Counters and timings of this process, small on purpose: prom-client brings a registry per process, default metrics and histograms with fixed
 * buckets, whereas what this app shows (the doctor) is quantiles of a few dozen names (docs/house.md: e2e_latency, llm_ttft …) over the recent past.
 */
export interface Metrics {
  /** Counts things that happened: `worker_exits`. Names are lower_snake_case. */
  count(name: string, by?: number): void;
  /** One measured duration in milliseconds: `e2e_latency`. */
  observeMs(name: string, durationMs: number): void;
  snapshot(): { counters: Record<string, number>; timings: Record<string, TimingSummary> };
}

/** Milliseconds. Quantiles are over the latest 1024 observations, `count` and `sum` over all. */
export interface TimingSummary {
  count: number;
  sum: number;
  min: number;
  max: number;
  p50: number;
  p95: number;
  p99: number;
}

const WINDOW = 1024;

interface Timing {
  count: number;
  sum: number;
  min: number;
  max: number;
  recent: Float64Array;
}

export function createMetrics(): Metrics {
  const counters = new Map<string, number>();
  const timings = new Map<string, Timing>();

  return {
    snapshot: () => ({
      counters: Object.fromEntries([...counters].toSorted(byName)),
      timings: Object.fromEntries([...timings].toSorted(byName).map(([name, timing]) => [name, summarize(timing)])),
    }),
    count(name, by = 1) {
      counters.set(checkedName(name), (counters.get(name) ?? 0) + by);
    },
    observeMs(name, durationMs) {
      // A clock set back in the middle of a measurement must not spoil the sums.
      if (!Number.isFinite(durationMs) || durationMs < 0) return;
      const timing = timings.get(checkedName(name)) ?? { count: 0, sum: 0, min: Infinity, max: 0, recent: new Float64Array(WINDOW) };
      timings.set(name, timing);
      timing.recent[timing.count % WINDOW] = durationMs;
      timing.count += 1;
      timing.sum += durationMs;
      timing.min = Math.min(timing.min, durationMs);
      timing.max = Math.max(timing.max, durationMs);
    },
  };
}

/** The value below which the share `quantile` (0..1) of the sorted values lies (nearest rank); 0 for none. */
export function quantileOf(sorted: ArrayLike<number>, quantile: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] ?? 0;
}

function summarize(timing: Timing): TimingSummary {
  const recent = timing.recent.slice(0, Math.min(timing.count, WINDOW)).sort();
  const { count, sum, min, max } = timing;
  return { count, sum, min, max, p50: quantileOf(recent, 0.5), p95: quantileOf(recent, 0.95), p99: quantileOf(recent, 0.99) };
}

function byName(left: [string, unknown], right: [string, unknown]): number {
  return left[0] < right[0] ? -1 : 1;
}

function checkedName(name: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`Metric name "${name}" must be lower_snake_case`);
  return name;
}
