import { join } from 'node:path';
import { fullPlan, LATENCY_LIMIT_MS, openDrillSession, type DrillMeasurement } from '../../src-main/modules/killswitch/drill/index.ts';
import { prepareDrillContainers } from '../../src-main/drill-containers.ts';
import { distribution, single, type BenchResult } from './statistics.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * `rounds` times every trigger at every level while ten tool runs, speech, a call, messages and two workers are under way, 20 with a frozen core, 20 with one
 * that dies between the steps of the stop. Whoever acts writes it down himself, outside of the core.
 */
export async function runKillBench(rounds: number): Promise<BenchResult> {
  const containers = await prepareDrillContainers();
  const session = await openDrillSession({
    entry: join(ROOT, 'src-main/drill.node.ts'),
    cli: join(ROOT, 'build/openclaw.mjs'),
    hasContainers: containers.ready,
  });
  const measured: DrillMeasurement[] = [];
  try {
    for (const options of fullPlan(rounds)) measured.push(await session.drill(options));
  } finally {
    await session.end();
  }
  const late = measured.reduce((sum, { effectsAfterStop }) => sum + effectsAfterStop, 0);
  const latencies = (which: (measurement: DrillMeasurement) => boolean) =>
    distribution(
      'ms',
      measured.filter(which).map(({ latencyMs }) => latencyMs),
    );
  const triggers = [...new Set(measured.map(({ trigger }) => trigger))];
  const byTrigger = triggers.map((trigger) => [
    `stop_latency_${trigger}`,
    latencies((each) => each.core === 'alive' && each.trigger === trigger),
  ]);
  const byLevel = [1, 2, 3, 4, 5].map((level) => [
    `stop_latency_level_${level}`,
    latencies((each) => each.core === 'alive' && each.level === level),
  ]);
  const notKept = measured.filter(({ stays }) => stays === false);
  return {
    bench: 'kill',
    metrics: {
      stop_latency: latencies(() => true),
      effects_after_stop: single('count', late, measured.length),
      stop_latency_frozen: latencies(({ core }) => core === 'frozen'),
      stop_latency_killed: latencies(({ core }) => core === 'killed'),
      core_deaths: single(
        'count',
        measured.filter(({ died }) => died !== undefined).length,
        measured.filter(({ core }) => core === 'alive').length,
      ),
      stops_not_kept: single('count', notKept.length, measured.length),
      ...Object.fromEntries([...byTrigger, ...byLevel]),
    },
    targets: { stop_latency: `p95 ≤ ${LATENCY_LIMIT_MS}`, effects_after_stop: '0', stops_not_kept: '0', core_deaths: '0' },
    notes: [
      containers.ready ? 'Two of the ten tool runs were containers at levels 2 and 5.' : `Without containers: ${containers.why}`,
      ...measured
        .filter(
          ({ latencyMs, effectsAfterStop, stays, died }) =>
            latencyMs > LATENCY_LIMIT_MS || effectsAfterStop > 0 || stays === false || died !== undefined,
        )
        .map((each) => `late: ${JSON.stringify(each)}`),
    ],
  };
}
