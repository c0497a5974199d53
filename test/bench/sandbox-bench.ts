import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noDocker, openSandboxRig, type SandboxRig } from '../doubles/sandbox-rig.ts';
import { distribution, single, type BenchResult } from './statistics.ts';

/** The pool fills again meanwhile, as it would between two questions. */
const REST_MS = 1_200;
const KILLED = 10;

/** Runs out of the warm pool and without it, the end of ten at once, and the seventeen attacks of the integration tests. */
export async function runSandboxBench(rounds: number): Promise<BenchResult> {
  if (noDocker !== undefined) throw new Error(`The sandbox needs Docker: ${noDocker}. npm run doctor says how to get it.`);
  const warm = await measure(true, rounds);
  const cold = await measure(false, rounds);
  const kills: number[] = [];
  for (let round = 0; round < 5; round += 1) kills.push(await killTen());
  const attacks = await attacksContained();
  return {
    bench: 'sandbox',
    metrics: {
      warm_run: distribution('ms', warm),
      cold_run: distribution('ms', cold),
      kill_ten: distribution('ms', kills),
      attacks_contained: single('count', attacks.contained, attacks.tried),
    },
    targets: { warm_run: 'p95 ≤ 400', cold_run: 'p95 ≤ 1500', kill_ten: 'p95 ≤ 200', attacks_contained: '17 of 17' },
    notes: [`${attacks.contained} of ${attacks.tried} attacks contained.`],
  };
}

async function measure(isWarm: boolean, rounds: number): Promise<number[]> {
  const rig = await openSandboxRig({ isWarm });
  try {
    await ready(rig);
    const samples: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await pause(REST_MS);
      const fromMs = performance.now();
      await rig.run(['echo', 'hello']);
      samples.push(performance.now() - fromMs);
    }
    return samples;
  } finally {
    await rig.close();
  }
}

/** From the kill until nothing runs. */
async function killTen(): Promise<number> {
  const rig = await openSandboxRig();
  try {
    await ready(rig);
    const runs: Promise<unknown>[] = [];
    const underWay = Array.from(
      { length: KILLED },
      () =>
        new Promise<void>((resolve) => {
          runs.push(rig.run(['sh', '-c', 'while true; do echo x; sleep 0.05; done'], { onOutput: () => resolve() }));
        }),
    );
    await Promise.all(underWay);
    const fromMs = performance.now();
    await rig.sandbox.killAll();
    const tookMs = performance.now() - fromMs;
    await Promise.all(runs);
    return tookMs;
  } finally {
    await rig.close();
  }
}

/** The tests are the judge: each of the numbered ones is an attack, with the host compared before and after. */
async function attacksContained(): Promise<{ contained: number; tried: number }> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'openclaw-attacks-'));
  const report = join(folder, 'report.json');
  const args = ['run', '--project', 'integration', 'test/integration/sandbox-attacks.test.ts', '--reporter=json', `--outputFile=${report}`];
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], { cwd: root, stdio: 'ignore' });
  await new Promise((resolve) => child.once('close', resolve));
  const { testResults } = JSON.parse(await readFile(report, 'utf8')) as {
    testResults: { assertionResults: { title: string; status: string }[] }[];
  };
  await rm(folder, { recursive: true, force: true });
  const byNumber = new Map<string, boolean>();
  for (const { title, status } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    const number = /^\d+/.exec(title)?.[0];
    if (number !== undefined) byNumber.set(number, status === 'passed' && byNumber.get(number) !== false);
  }
  return { contained: [...byNumber.values()].filter(Boolean).length, tried: byNumber.size };
}

async function ready(rig: SandboxRig): Promise<void> {
  const { state, problem } = await rig.sandbox.prepare();
  if (state !== 'ready') throw new Error(problem?.message ?? `The sandbox is ${state}.`);
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
