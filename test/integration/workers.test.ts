import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { readChildEnvironment } from '../../src-main/platform/config/environment.ts';
import { createNodeLauncher } from '../../src-main/platform/workers/launcher-node.ts';
import { createSupervisedWorker } from '../../src-main/platform/workers/supervisor.ts';
import type { SupervisedWorker, WorkerState } from '../../src-main/platform/workers/workers.ts';
import type { ProbeEvent, ProbeMethods } from '../fixtures/workers/probe-methods.ts';

const MEBIBYTE = 1024 * 1024;
const entry = new URL('../fixtures/workers/probe.worker.ts', import.meta.url);
const open: SupervisedWorker<ProbeMethods, ProbeEvent>[] = [];

function startProbe(
  options: { memoryLimitBytes?: number; environment?: Record<string, string> } = {},
): SupervisedWorker<ProbeMethods, ProbeEvent> {
  const launch = createNodeLauncher({ environment: options.environment ?? readChildEnvironment(), log: silentLog });
  const spec = { name: 'recognition', entry, memoryLimitBytes: options.memoryLimitBytes ?? 1024 * MEBIBYTE } as const;
  const worker = createSupervisedWorker<ProbeMethods, ProbeEvent>(spec, { launch, clock: systemClock, log: silentLog });
  open.push(worker);
  return worker;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((worker) => worker.dispose()));
});

function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function runningPid(worker: SupervisedWorker<ProbeMethods, ProbeEvent>): Promise<number> {
  await worker.start();
  const state = worker.state();
  if (state.state !== 'running') throw new Error(`The worker is ${state.state}`);
  return state.pid;
}

describe('a supervised Node child', () => {
  it('answers calls with typed arrays, errors as data, and chunks in order', async () => {
    const worker = startProbe();
    expect(await worker.call('echo', { samples: Float32Array.of(0.5, -0.5) })).toEqual({ samples: Float32Array.of(0.5, -0.5) });
    await expect(worker.call('refuse', {})).rejects.toMatchObject({ code: 'probe.refused', details: { reason: 'asked to' } });
    const counted: number[] = [];
    await worker.call('count', { upTo: 3, everyMs: 1 }, { onChunk: (value) => counted.push(value) });
    expect(counted).toEqual([1, 2, 3]);
  });

  it('stops a call that is cancelled while it runs', async () => {
    const worker = startProbe();
    const controller = new AbortController();
    const call = worker.call('count', { upTo: 100_000, everyMs: 1 }, { signal: controller.signal, onChunk: () => controller.abort() });
    await expect(call).rejects.toMatchObject({ code: 'request.aborted' });
  });

  it('is started again after a crash, and the call that was under way is not', async () => {
    const worker = startProbe();
    const first = await runningPid(worker);
    const long = worker.call('count', { upTo: 100_000, everyMs: 1 });
    const crash = worker.call('exit', { code: 3 });
    await expect(long).rejects.toMatchObject({ code: 'worker.crashed' });
    await expect(crash).rejects.toMatchObject({ code: 'worker.crashed', details: { exitCode: 3 } });
    expect(await worker.call('echo', 'back')).toBe('back');
    expect(await runningPid(worker)).not.toBe(first);
  });

  it('opens the breaker when the process keeps dying', async () => {
    const worker = startProbe();
    const states: WorkerState['state'][] = [];
    worker.onState((state) => states.push(state.state));
    for (let life = 0; life < 3; life += 1)
      await expect(worker.call('exit', { code: 1 })).rejects.toMatchObject({ code: 'worker.crashed' });
    await expect(worker.call('echo', 1)).rejects.toMatchObject({ code: 'worker.broken' });
    expect(states).toEqual(['starting', 'running', 'waiting', 'starting', 'running', 'waiting', 'starting', 'running', 'broken']);
  });

  it('is killed when it grows above its limit', async () => {
    const worker = startProbe({ memoryLimitBytes: 300 * MEBIBYTE });
    const first = await runningPid(worker);
    await worker.call('hoard', { bytes: 400 * MEBIBYTE });
    await expect.poll(() => processIsAlive(first), { timeout: 15_000 }).toBe(false);
    expect(await worker.call('echo', 'small again')).toBe('small again');
  });

  it('is killed when it hangs without a call that may take that long', async () => {
    const worker = startProbe();
    const first = await runningPid(worker);
    await expect(worker.call('block', { forMs: 120_000 }, { timeoutMs: 500 })).rejects.toMatchObject({ code: 'worker.timeout' });
    await expect.poll(() => processIsAlive(first), { timeout: 25_000 }).toBe(false);
    expect(await worker.call('echo', 'alive')).toBe('alive');
  });

  it('survives a native-like block that its call allows', async () => {
    const worker = startProbe();
    const first = await runningPid(worker);
    await worker.call('block', { forMs: 4000 });
    expect(await runningPid(worker)).toBe(first);
  });

  it('sees nothing of our environment but the short list and what its spec adds', async () => {
    const environment = readChildEnvironment({
      PATH: '/bin',
      ANTHROPIC_API_KEY: 'secret',
      NODE_OPTIONS: '--inspect',
      LC_ALL: 'C',
      AWS_SECRET: 'x',
    });
    const worker = startProbe({ environment });
    expect(await worker.call('environment', {})).toEqual({ PATH: '/bin', LC_ALL: 'C', ORT_DISABLE_TELEMETRY: '1' });
  });

  it('ends when stopped, and starts again at the next call', async () => {
    const worker = startProbe();
    const first = await runningPid(worker);
    await worker.stop();
    expect(processIsAlive(first)).toBe(false);
    expect(await worker.call('echo', 'again')).toBe('again');
  });

  it('is broken, not hanging, when its entry does not exist', async () => {
    const launch = createNodeLauncher({ environment: readChildEnvironment(), log: silentLog });
    const spec = { name: 'language', entry: new URL('./missing.worker.ts', import.meta.url), memoryLimitBytes: MEBIBYTE } as const;
    const worker = createSupervisedWorker<ProbeMethods, ProbeEvent>(spec, { launch, clock: systemClock, log: silentLog });
    open.push(worker);
    await expect(worker.start()).rejects.toMatchObject({ code: 'worker.broken' });
  });

  it('does not outlive its parent, even one that was killed', async () => {
    const parent = spawn(process.execPath, [fileURLToPath(new URL('../fixtures/workers/parent.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(String((await parent.stdout.take(1).toArray())[0]));
    expect(processIsAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => processIsAlive(pid), { timeout: 10_000 }).toBe(false);
  });
});
