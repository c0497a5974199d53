import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { silentLog } from '../../../../src-main/base/log.ts';
import { createSupervisedWorker } from '../../../../src-main/platform/workers/supervisor.ts';
import type { SupervisedWorker, WorkerState } from '../../../../src-main/platform/workers/workers.ts';
import type { ScriptedLauncher, ScriptedWorkerOptions } from '../../../doubles/scripted-worker.ts';
import { createScriptedLauncher } from '../../../doubles/scripted-worker.ts';
import type { VirtualClock } from '../../../doubles/virtual-clock.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

interface TestMethods {
  load: { params: { model: string }; result: string };
  say: { params: { text: string }; chunk: string; result: string };
}

interface Bench {
  clock: VirtualClock;
  launcher: ScriptedLauncher;
  worker: SupervisedWorker<TestMethods, { fact: string }>;
  states: WorkerState['state'][];
}

const LIMIT_BYTES = 1_000_000;

function setUp(options: ScriptedWorkerOptions = {}, more: { mayLaunch?: () => void } = {}): Bench {
  const clock = createVirtualClock();
  const launcher = createScriptedLauncher(options);
  const spec = { name: 'recognition', entry: new URL('file:///recognition.worker.ts'), memoryLimitBytes: LIMIT_BYTES } as const;
  const worker = createSupervisedWorker<TestMethods, { fact: string }>(spec, { launch: launcher.launch, clock, log: silentLog, ...more });
  const states: WorkerState['state'][] = [];
  worker.onState((state) => states.push(state.state));
  return { clock, launcher, worker, states };
}

function failToLaunch(): never {
  throw new Error('no such file');
}

const answerAll = { answer: (method: string) => ({ value: `${method} done` }) };

/** The error code a promise rejects with; fails the test when it resolves. */
async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    (value) => expect.unreachable(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
}

describe('createSupervisedWorker: start and stop', () => {
  it('launches nothing before the first call, and one process for many calls', async () => {
    const { worker, launcher, states } = setUp(answerAll);
    expect(launcher.processes).toHaveLength(0);
    const answers = await Promise.all([
      worker.call('say', { text: 'a' }),
      worker.call('say', { text: 'b' }),
      worker.call('say', { text: 'c' }),
    ]);
    expect(answers).toEqual(['say done', 'say done', 'say done']);
    expect(launcher.processes).toHaveLength(1);
    expect(states).toEqual(['starting', 'running']);
    await worker.dispose();
  });

  it('sends calls that waited for the start in their order, before any call made by a state listener', async () => {
    const { worker, launcher } = setUp(answerAll);
    worker.onState((state) => state.state === 'running' && void worker.call('say', { text: 'late' }));
    await Promise.all(['1', '2', '3'].map((text) => worker.call('say', { text })));
    expect(
      launcher
        .latest()
        .requests()
        .map((request) => request.params),
    ).toEqual(['1', '2', '3', 'late'].map((text) => ({ text })));
    await worker.dispose();
  });

  it('prepares after each start, before any call goes through', async () => {
    const { worker, launcher, clock } = setUp(answerAll);
    worker.onStart(async (call) => void (await call('load', { model: 'm' })));
    await worker.call('say', { text: 'hello' });
    launcher.latest().exit(1);
    await clock.advance(250);
    await worker.call('say', { text: 'again' });
    expect(launcher.processes.map((process) => process.requests().map((request) => request.method))).toEqual([
      ['load', 'say'],
      ['load', 'say'],
    ]);
    await worker.dispose();
  });

  it('rejects the waiting calls with the error of a preparation, ends the process and tries again at the next call', async () => {
    const { worker, launcher, states } = setUp(answerAll);
    let missing = true;
    worker.onStart(async () => {
      if (missing) throw new AppError('models.missing', 'The model is missing.');
    });
    expect(await codeOf(worker.call('say', { text: 'x' }))).toBe('models.missing');
    await worker.stop();
    expect(states).toEqual(['starting', 'stopped']);
    missing = false;
    expect(await worker.call('say', { text: 'x' })).toBe('say done');
    expect(launcher.processes).toHaveLength(2);
    await worker.dispose();
  });

  it('kills a process that is not ready within ten seconds and starts another', async () => {
    const { worker, launcher, clock } = setUp({ becomesReady: false });
    const started = worker.start();
    await clock.advance(9999);
    expect(launcher.latest().killed).toBe(false);
    await clock.advance(1);
    expect(worker.state()).toEqual({ state: 'waiting', restartInMs: 250, lastExitCode: null });
    await clock.advance(250);
    launcher.latest().say({ type: 'ready', pid: 5 });
    await started;
    expect(worker.state()).toMatchObject({ state: 'running', pid: 5 });
    await worker.dispose();
  });

  it('stops politely, rejects what is under way, and starts again at the next call', async () => {
    const { worker, launcher } = setUp();
    const open = worker.call('say', { text: 'long' });
    await worker.start();
    const stopped = worker.stop();
    expect(await codeOf(open)).toBe('request.aborted');
    await stopped;
    expect(worker.state()).toEqual({ state: 'stopped' });
    await worker.start();
    expect(launcher.processes).toHaveLength(2);
    expect(launcher.processes[0]?.killed).toBe(false);
    await worker.dispose();
  });

  it('kills a process that does not close within two seconds, and lets a call made meanwhile wait for the next one', async () => {
    const { worker, launcher, clock } = setUp({ ...answerAll, obeysShutdown: false });
    await worker.start();
    const stopped = worker.stop();
    const call = worker.call('say', { text: 'x' });
    await clock.advance(2000);
    await stopped;
    expect(launcher.processes[0]?.killed).toBe(true);
    expect(await call).toBe('say done');
    expect(launcher.processes).toHaveLength(2);
    const disposed = worker.dispose();
    await clock.advance(2000);
    await disposed;
  });

  it('leaves no timer behind and refuses calls after dispose', async () => {
    const { worker, clock } = setUp(answerAll);
    await worker.call('say', { text: 'x' });
    await worker.dispose();
    expect(clock.pendingTimers()).toBe(0);
    expect(await codeOf(worker.call('say', { text: 'x' }))).toBe('request.aborted');
  });
});

describe('createSupervisedWorker: crashes', () => {
  it('rejects the calls under way with worker.crashed and never replays them', async () => {
    const { worker, launcher, clock } = setUp();
    await worker.start();
    const open = worker.call('say', { text: 'x' });
    launcher.latest().exit(139);
    expect(await codeOf(open)).toBe('worker.crashed');
    await clock.advance(250);
    expect(launcher.latest().requests()).toEqual([]);
    await worker.dispose();
  });

  it('keeps a call that was not sent yet for the restarted process', async () => {
    const { worker, launcher, clock } = setUp(answerAll);
    await worker.start();
    launcher.latest().exit(1);
    const call = worker.call('say', { text: 'x' });
    await clock.advance(250);
    expect(await call).toBe('say done');
    await worker.dispose();
  });

  it('opens the breaker at the third exit within a minute, and starts again only after reset', async () => {
    const { worker, launcher, clock } = setUp(answerAll);
    await worker.start();
    launcher.latest().exit(1);
    await clock.advance(250);
    launcher.latest().exit(1);
    await clock.advance(500);
    const waiting = worker.call('say', { text: 'x' });
    launcher.latest().exit(2);
    expect(worker.state()).toEqual({ state: 'broken', exits: 3, lastExitCode: 2 });
    expect(await codeOf(waiting)).toBe('worker.crashed');
    expect(await codeOf(worker.call('say', { text: 'x' }))).toBe('worker.broken');
    await clock.advance(3_600_000);
    expect(launcher.processes).toHaveLength(3);
    worker.reset();
    expect(worker.state()).toEqual({ state: 'stopped' });
    expect(await worker.call('say', { text: 'x' })).toBe('say done');
    await worker.dispose();
  });

  it('rejects calls that wait for a start with worker.broken when the breaker opens', async () => {
    const { worker, launcher, clock } = setUp({ becomesReady: false });
    const call = codeOf(worker.call('say', { text: 'x' }));
    for (const delayMs of [250, 500, 0]) {
      launcher.latest().exit(1);
      await clock.advance(delayMs);
    }
    expect(await call).toBe('worker.broken');
    await worker.dispose();
  });

  it('treats a launcher that throws as an exit', async () => {
    const clock = createVirtualClock();
    const spec = { name: 'language', entry: new URL('file:///x.ts'), memoryLimitBytes: 1 } as const;
    const worker = createSupervisedWorker<TestMethods, never>(spec, { launch: failToLaunch, clock, log: silentLog });
    const started = codeOf(worker.start());
    await clock.advance(1000);
    expect(await started).toBe('worker.broken');
  });
});

describe('createSupervisedWorker: vital signs', () => {
  it('leaves an idle worker alone that answers its pings', async () => {
    const { worker, launcher, clock } = setUp();
    await worker.start();
    await clock.advance(3_600_000);
    expect(launcher.processes).toHaveLength(1);
    await worker.dispose();
  });

  it('kills an idle worker that has said nothing for ten seconds', async () => {
    let memoryBytes: number | undefined = 1000;
    const { worker, launcher, clock } = setUp({ memoryBytes: () => memoryBytes });
    await worker.start();
    await clock.advance(6000);
    memoryBytes = undefined;
    await clock.advance(9000);
    expect(launcher.latest().killed).toBe(false);
    await clock.advance(3000);
    expect(launcher.processes[0]?.killed).toBe(true);
    await worker.dispose();
  });

  it('lets a worker be silent for as long as its call may take', async () => {
    const { worker, launcher, clock } = setUp({ memoryBytes: () => undefined });
    await worker.start();
    const call = worker.call('load', { model: 'large' }, { timeoutMs: 120_000 });
    await clock.advance(100_000);
    launcher.latest().say({ type: 'response', seq: 1, ok: true, value: 'loaded' });
    expect(await call).toBe('loaded');
    expect(launcher.processes).toHaveLength(1);
    await worker.dispose();
  });

  it('kills a worker above its memory limit', async () => {
    let memoryBytes = LIMIT_BYTES;
    const { worker, launcher, clock } = setUp({ memoryBytes: () => memoryBytes });
    await worker.start();
    await clock.advance(10_000);
    expect(launcher.latest().killed).toBe(false);
    memoryBytes = LIMIT_BYTES + 1;
    await clock.advance(3000);
    expect(launcher.processes[0]?.killed).toBe(true);
    await worker.dispose();
  });
});

describe('createSupervisedWorker: calls', () => {
  it('passes chunks on in order and ignores what comes after the result', async () => {
    const { worker, launcher } = setUp();
    await worker.start();
    const chunks: string[] = [];
    const call = worker.call('say', { text: 'x' }, { onChunk: (chunk) => chunks.push(chunk) });
    const child = launcher.latest();
    child.say({ type: 'chunk', seq: 1, value: 'a' });
    child.say({ type: 'chunk', seq: 1, value: 'b' });
    child.say({ type: 'response', seq: 1, ok: true, value: 'ab' });
    child.say({ type: 'chunk', seq: 1, value: 'c' });
    child.say({ type: 'response', seq: 1, ok: true, value: 'twice' });
    expect([await call, chunks]).toEqual(['ab', ['a', 'b']]);
    await worker.dispose();
  });

  it("rejects with the worker's own error, code and details kept", async () => {
    const { worker, launcher } = setUp();
    await worker.start();
    const call = worker.call('say', { text: 'x' });
    launcher
      .latest()
      .say({ type: 'response', seq: 1, ok: false, error: { code: 'voice.unknown', message: 'No such voice.', details: { voice: 'x' } } });
    await expect(call).rejects.toMatchObject({ code: 'voice.unknown', message: 'No such voice.', details: { voice: 'x' } });
    await worker.dispose();
  });

  it('gives up after the timeout and cancels the call in the worker', async () => {
    const { worker, launcher, clock } = setUp();
    await worker.start();
    const call = codeOf(worker.call('say', { text: 'x' }, { timeoutMs: 500 }));
    await clock.advance(500);
    expect(await call).toBe('worker.timeout');
    expect(launcher.latest().messages.at(-1)).toEqual({ type: 'cancel', seq: 1 });
    await worker.dispose();
  });

  it('waits for as long as it takes when the timeout is endless', async () => {
    const { worker, launcher, clock } = setUp();
    await worker.start();
    const call = worker.call('load', { model: 'huge' }, { timeoutMs: Infinity });
    await clock.advance(3_600_000);
    launcher.latest().say({ type: 'response', seq: 1, ok: true, value: 'loaded' });
    expect(await call).toBe('loaded');
    await worker.dispose();
  });

  it('cancels on abort and still takes what the worker has', async () => {
    const { worker, launcher } = setUp();
    await worker.start();
    const controller = new AbortController();
    const call = worker.call('say', { text: 'x' }, { signal: controller.signal });
    controller.abort();
    expect(launcher.latest().messages.at(-1)).toEqual({ type: 'cancel', seq: 1 });
    launcher.latest().say({ type: 'response', seq: 1, ok: true, value: 'half' });
    expect(await call).toBe('half');
    await worker.dispose();
  });

  it('rejects with request.aborted when a cancelled call is not answered within five seconds', async () => {
    const { worker, clock } = setUp();
    await worker.start();
    const controller = new AbortController();
    const call = codeOf(worker.call('say', { text: 'x' }, { signal: controller.signal }));
    controller.abort();
    await clock.advance(5000);
    expect(await call).toBe('request.aborted');
    await worker.dispose();
    expect(clock.pendingTimers()).toBe(0);
  });

  it('never sends a call that was aborted while it waited for the start', async () => {
    const { worker, launcher } = setUp({ becomesReady: false });
    const controller = new AbortController();
    const call = codeOf(worker.call('say', { text: 'x' }, { signal: controller.signal }));
    controller.abort();
    expect(await call).toBe('request.aborted');
    launcher.latest().say({ type: 'ready', pid: 1 });
    await worker.start();
    expect(launcher.latest().requests()).toEqual([]);
    expect(await codeOf(worker.call('say', { text: 'x' }, { signal: controller.signal }))).toBe('request.aborted');
    await worker.dispose();
  });

  it('tells events to every listener although one of them throws', async () => {
    const { worker, launcher } = setUp();
    await worker.start();
    const heard: string[] = [];
    worker.onEvent(() => {
      throw new Error('mine');
    });
    const stop = worker.onEvent((event) => heard.push(event.fact));
    launcher.latest().say({ type: 'event', payload: { fact: 'one' } });
    stop();
    launcher.latest().say({ type: 'event', payload: { fact: 'two' } });
    expect(heard).toEqual(['one']);
    await worker.dispose();
  });
});

describe('createSupervisedWorker: the off-switch', () => {
  it('ends a process by force when it must end now, also one that is closing politely', async () => {
    const { worker, launcher } = setUp({ obeysShutdown: false });
    await worker.start();
    const polite = worker.stop();
    expect(launcher.latest().killed).toBe(false);
    await worker.stop({ now: true });
    await polite;
    expect(launcher.latest().killed).toBe(true);
    expect(worker.state()).toEqual({ state: 'stopped' });
    await worker.dispose();
  });

  it('launches nothing while it may not, and tells the callers why', async () => {
    let isStopped = true;
    const mayLaunch = (): void => {
      if (isStopped) throw new AppError('killswitch.engaged', 'Stopped.');
    };
    const { worker, launcher } = setUp({}, { mayLaunch });
    expect(await codeOf(worker.start())).toBe('killswitch.engaged');
    expect(launcher.processes).toEqual([]);
    expect(worker.state()).toEqual({ state: 'stopped' });
    isStopped = false;
    await worker.start();
    expect(launcher.processes).toHaveLength(1);
    isStopped = true;
    launcher.latest().exit(1);
    await worker.dispose();
  });
});
