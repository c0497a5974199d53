import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMetrics, quantileOf } from '../../../../src-main/platform/observability/index.ts';

describe('createMetrics', () => {
  it('counts and sums up', () => {
    const metrics = createMetrics();
    metrics.count('worker_exits');
    metrics.count('worker_exits', 2);
    metrics.count('answers');
    for (let ms = 100; ms >= 1; ms -= 1) metrics.observeMs('e2e_latency', ms);
    expect(metrics.snapshot()).toEqual({
      counters: { answers: 1, worker_exits: 3 },
      timings: { e2e_latency: { count: 100, sum: 5050, min: 1, max: 100, p50: 50, p95: 95, p99: 99 } },
    });
  });

  it('takes its quantiles from the latest 1024 observations, count and sum from all', () => {
    const metrics = createMetrics();
    for (let round = 0; round < 3000; round += 1) metrics.observeMs('llm_ttft', round < 1976 ? 1 : 9);
    expect(metrics.snapshot().timings['llm_ttft']).toEqual({ count: 3000, sum: 1976 + 9 * 1024, min: 1, max: 9, p50: 9, p95: 9, p99: 9 });
  });

  it('gives everything in the text format of Prometheus, durations in seconds', async () => {
    const metrics = createMetrics();
    metrics.count('worker_exits', 2);
    metrics.observeMs('e2e_latency', 420);
    metrics.gauge('kill_level', 'Level of the off-switch', () => 3);
    const text = await metrics.render();
    for (const line of [
      'openclaw_worker_exits_total 2',
      '# TYPE openclaw_e2e_latency_seconds histogram',
      'openclaw_e2e_latency_seconds_bucket{le="0.3"} 0',
      'openclaw_e2e_latency_seconds_bucket{le="0.5"} 1',
      'openclaw_e2e_latency_seconds_sum 0.42',
      'openclaw_kill_level 3',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(await createMetrics().render()).not.toContain('worker_exits');
  });

  it('ignores durations that cannot be, and refuses names that Prometheus would', () => {
    const metrics = createMetrics();
    for (const duration of [Number.NaN, -1, Infinity]) metrics.observeMs('tts_ttfb', duration);
    expect(metrics.snapshot()).toEqual({ counters: {}, timings: {} });
    for (const name of ['', 'Latency', 'a b', '1st', 'a{b="c"}']) expect(() => metrics.count(name)).toThrow('lower_snake_case');
  });
});

describe('quantileOf', () => {
  it('is a value that was observed, with at least that share of all at or below it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, quantile) => {
        const sorted = values.toSorted((left, right) => left - right);
        const found = quantileOf(sorted, quantile);
        expect(sorted).toContain(found);
        expect(sorted.filter((value) => value <= found).length).toBeGreaterThanOrEqual(Math.ceil(values.length * quantile));
      }),
    );
    expect(quantileOf([], 0.5)).toBe(0);
  });
});
