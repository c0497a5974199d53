import { fileURLToPath } from 'node:url';
import { openDrillContainers, prepareDrillContainers } from './drill-containers.ts';
import {
  monthlyPlan,
  openDrillSession,
  report,
  runDrillCore,
  writeDrill,
  type DrillCoreOptions,
  type DrillMeasurement,
} from './modules/killswitch/drill/index.ts';
import { readEnvironment } from './platform/config/index.ts';

/** npm run drill: presses every stop there is on a core of its own, and measures until nothing acts any more. With `--core` it is that core. */
if (process.argv[2] === '--core') await runDrillCore(JSON.parse(process.argv[3] ?? '{}') as DrillCoreOptions, openDrillContainers);
else process.exitCode = await drill();

async function drill(): Promise<number> {
  console.log('The drill stops a core of its own in a temporary folder; the app that may be running is left alone.\n');
  const containers = await prepareDrillContainers();
  if (!containers.ready) console.log(`Without containers: ${containers.why}\n`);
  console.log(
    [
      'trigger'.padEnd(10),
      'level'.padStart(5),
      'core'.padEnd(7),
      'last effect after'.padStart(17),
      'late effects'.padStart(12),
      'stays',
    ].join('  '),
  );
  const session = await openDrillSession({
    entry: fileURLToPath(import.meta.url),
    cli: fileURLToPath(new URL('../build/openclaw.mjs', import.meta.url)),
    hasContainers: containers.ready,
  });
  const measured: DrillMeasurement[] = [];
  try {
    for (const options of monthlyPlan()) {
      const measurement = await session.drill(options);
      measured.push(measurement);
      console.log(line(measurement));
    }
  } finally {
    await session.end();
  }
  const result = report(measured, Date.now());
  const file = await writeDrill(readEnvironment().dataDirectory, result);
  console.log(`\n${result.passed ? 'Passed' : 'FAILED'}: 95 of 100 stops within ${result.p95Ms} ms. Kept in ${file}`);
  return result.passed ? 0 : 1;
}

function line({ trigger, level, core, latencyMs, effectsAfterStop, stays, died }: DrillMeasurement): string {
  return [
    trigger.padEnd(10),
    String(level).padStart(5),
    core.padEnd(7),
    `${latencyMs} ms`.padStart(17),
    String(effectsAfterStop).padStart(12),
    stays === false ? 'NO' : 'yes',
    ...(died === undefined ? [] : [`THE CORE HAS DIED (${died})`]),
  ].join('  ');
}
