import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * Counters and timings of this process, twice: for Prometheus, as families that add up over restarts and machines, and for the app's own check-up, as
 * quantiles over the recent past. Names are those of docs/house.md (e2e_latency, llm_ttft …).
 */
export interface Metrics {
  /** Counts things that happened: `worker_exits`. Names are lower_snake_case. */
  count(name: string, by?: number): void;
  /** One measured duration in milliseconds: `e2e_latency`. */
  observeMs(name: string, durationMs: number): void;
  /** A value that is read when somebody asks for it: `kill_level`. */
  gauge(name: string, help: string, read: () => number): void;
  snapshot(): { counters: Record<string, number>; timings: Record<string, TimingSummary> };
  /** Prometheus' text format, for `GET /metrics`: `openclaw_worker_exits_total`, `openclaw_e2e_latency_seconds` as a histogram. */
  render(): Promise<string>;
}

/** Of what `render` gives. */
export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

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
/** Seconds: from a gate that shuts within milliseconds to a tool that runs for minutes. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 300];

interface Timing {
  count: number;
  sum: number;
  min: number;
  max: number;
  recent: Float64Array;
  histogram: Histogram;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const counters = new Map<string, { value: number; counter: Counter }>();
  const timings = new Map<string, Timing>();
  addProcessGauges(registry);

  const counterOf = (name: string): { value: number; counter: Counter } => {
    const known = counters.get(name);
    if (known) return known;
    const counter = new Counter({ name: `openclaw_${checkedName(name)}_total`, help: helpOf(name, 'times'), registers: [registry] });
    const made = { value: 0, counter };
    counters.set(name, made);
    return made;
  };
  const timingOf = (name: string): Timing => {
    const known = timings.get(name);
    if (known) return known;
    const histogram = new Histogram({
      name: `openclaw_${checkedName(name)}_seconds`,
      help: helpOf(name, 'seconds'),
      buckets: BUCKETS,
      registers: [registry],
    });
    const made = { count: 0, sum: 0, min: Infinity, max: 0, recent: new Float64Array(WINDOW), histogram };
    timings.set(name, made);
    return made;
  };

  return {
    snapshot: () => ({
      counters: Object.fromEntries([...counters].toSorted(byName).map(([name, { value }]) => [name, value])),
      timings: Object.fromEntries([...timings].toSorted(byName).map(([name, timing]) => [name, summarize(timing)])),
    }),
    count(name, by = 1) {
      const entry = counterOf(name);
      entry.value += by;
      entry.counter.inc(by);
    },
    observeMs(name, durationMs) {
      // A clock set back in the middle of a measurement must not spoil the sums.
      if (!Number.isFinite(durationMs) || durationMs < 0) return;
      const timing = timingOf(name);
      timing.recent[timing.count % WINDOW] = durationMs;
      timing.count += 1;
      timing.sum += durationMs;
      timing.min = Math.min(timing.min, durationMs);
      timing.max = Math.max(timing.max, durationMs);
      timing.histogram.observe(durationMs / 1000);
    },
    gauge: (name, help, read) => addGauge(registry, `openclaw_${checkedName(name)}`, help, read),
    render: () => registry.metrics(),
  };
}

/** Under the names that Prometheus' own libraries use. (collectDefaultMetrics would leave observers and timers behind that nobody can end.) */
function addProcessGauges(registry: Registry): void {
  const startedAtSeconds = Math.round(Date.now() / 1000 - process.uptime());
  addGauge(registry, 'process_resident_memory_bytes', 'Memory of the main process', () => process.memoryUsage.rss());
  addGauge(registry, 'process_cpu_seconds', 'Processor time of the main process', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  addGauge(registry, 'process_start_time_seconds', 'When the process was started, seconds since 1970', () => startedAtSeconds);
}

function addGauge(registry: Registry, name: string, help: string, read: () => number): void {
  registry.removeSingleMetric(name);
  const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: () => gauge.set(read()) });
}

function helpOf(name: string, unit: string): string {
  return `${name.replaceAll('_', ' ')}, ${unit} since the start`;
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
