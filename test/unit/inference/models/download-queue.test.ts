import { describe, expect, it } from 'vitest';
import type { ModelStatus } from '../../../../src-preload/contract/index.ts';
import { AppError } from '../../../../src-main/base/errors.ts';
import { createDownloadQueue } from '../../../../src-main/inference/models/download-queue.ts';
import type { InstallStage } from '../../../../src-main/inference/models/install-model.ts';
import { createKillGate } from '../../../../src-main/modules/killswitch/kill-gate.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

interface Run {
  stage: (stage: InstallStage) => void;
  finish: () => void;
  fail: (error: unknown) => void;
}

function setUp(parallel = 2) {
  const clock = createVirtualClock();
  const runs = new Map<string, Run>();
  const told: [string, ModelStatus | undefined][] = [];
  const gate = createKillGate();
  const queue = createDownloadQueue({
    clock,
    shut: () => gate.signal('outgoing'),
    parallel,
    onStatus: (modelId, status) => told.push([modelId, status]),
    run: (modelId, { signal, onStage }) =>
      new Promise<void>((resolve, reject) => {
        runs.set(modelId, { stage: onStage, finish: resolve, fail: reject });
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  });
  const run = (modelId: string): Run => {
    const found = runs.get(modelId);
    if (!found) throw new Error(`${modelId} does not run`);
    return found;
  };
  const states = (modelId: string) => told.filter(([id]) => id === modelId).map(([, status]) => status?.status);
  return { clock, gate, runs, told, queue, run, states };
}

const downloading = (receivedBytes: number): InstallStage => ({
  stage: 'downloading',
  progress: { receivedBytes, totalBytes: 100, bytesPerSecond: 10, secondsLeft: 1 },
});

describe('createDownloadQueue', () => {
  it('runs some at a time and the next when one is done', async () => {
    const { clock, queue, run, runs, states } = setUp();
    for (const id of ['a', 'b', 'c']) queue.add(id);
    expect([...runs.keys()]).toEqual(['a', 'b']);
    expect(queue.statusOf('c')).toEqual({ status: 'queued' });
    run('a').finish();
    await clock.advance(0);
    expect([...runs.keys()]).toEqual(['a', 'b', 'c']);
    expect(states('a')).toEqual(['queued', 'verifying', undefined]);
    expect(queue.statusOf('a')).toBeUndefined();
  });

  it('ignores a model that is on its way already', () => {
    const { queue, states } = setUp();
    queue.add('a');
    queue.add('a');
    expect(states('a')).toEqual(['queued', 'verifying']);
  });

  it('tells at most four times a second how far it is, and the last of it for sure', async () => {
    const { clock, queue, run, told } = setUp();
    queue.add('a');
    told.length = 0;
    for (let bytes = 1; bytes <= 100; bytes++) {
      run('a').stage(downloading(bytes));
      await clock.advance(10);
    }
    await clock.advance(250);
    expect(told.length).toBeLessThanOrEqual(6);
    expect(told.at(-1)?.[1]).toMatchObject({ status: 'downloading', receivedBytes: 100 });
    expect(clock.pendingTimers()).toBe(0);
  });

  it('keeps what has arrived when it is paused and goes on when it is added again', async () => {
    const { queue, run, runs, states, clock } = setUp();
    queue.add('a');
    run('a').stage(downloading(40));
    await queue.pause('a');
    expect(queue.statusOf('a')).toEqual({ status: 'paused', receivedBytes: 40, totalBytes: 100 });
    runs.clear();
    queue.add('a');
    expect(runs.has('a')).toBe(true);
    run('a').finish();
    await clock.advance(0);
    expect(states('a')).toEqual(['queued', 'verifying', 'downloading', 'paused', 'queued', 'verifying', undefined]);
  });

  it('stands still at a stop, keeps what has arrived, and goes on when it is asked for again after the lift', async () => {
    const { clock, gate, queue, run, runs } = setUp();
    for (const id of ['a', 'b', 'c']) queue.add(id);
    run('a').stage(downloading(40));
    gate.set(3, false);
    await clock.advance(0);
    expect(queue.statusOf('a')).toEqual({ status: 'paused', receivedBytes: 40, totalBytes: 100 });
    expect([queue.statusOf('b')?.status, queue.statusOf('c')?.status, runs.has('c')]).toEqual(['paused', 'paused', false]);
    queue.add('c');
    expect([queue.statusOf('c')?.status, runs.has('c')]).toEqual(['paused', false]);
    gate.set(0, false);
    runs.clear();
    queue.add('a');
    run('a').finish();
    await clock.advance(0);
    expect(queue.statusOf('a')).toBeUndefined();
  });

  it('pauses and cancels a model that has not begun', async () => {
    const { queue, runs } = setUp(1);
    queue.add('a');
    queue.add('b');
    await queue.pause('b');
    expect(queue.statusOf('b')).toEqual({ status: 'paused', receivedBytes: 0, totalBytes: 0 });
    queue.add('b');
    await queue.cancel('b');
    expect(queue.statusOf('b')).toBeUndefined();
    await queue.cancel('a');
    expect([...runs.keys()]).toEqual(['a']);
  });

  it('forgets a cancelled model and lets the next one run', async () => {
    const { queue, run, runs, states } = setUp(1);
    queue.add('a');
    queue.add('b');
    run('a').stage(downloading(40));
    await queue.cancel('a');
    expect(states('a').at(-1)).toBeUndefined();
    expect([...runs.keys()]).toEqual(['a', 'b']);
  });

  it('shows what went wrong until it is added again', async () => {
    const { clock, queue, run, runs } = setUp();
    queue.add('a');
    run('a').stage(downloading(40));
    const details = { folder: '/models', neededBytes: 100, freeBytes: 7 };
    run('a').fail(new AppError('model.disk-full', 'No room.', { details }));
    await clock.advance(0);
    expect(queue.statusOf('a')).toEqual({ status: 'failed', code: 'model.disk-full', message: 'No room.', details, receivedBytes: 40 });
    runs.clear();
    queue.add('a');
    expect(runs.has('a')).toBe(true);
  });

  it('says when nothing is left to do', async () => {
    const { clock, queue, run } = setUp();
    await queue.idle();
    queue.add('a');
    let idle = false;
    void queue.idle().then(() => (idle = true));
    await clock.advance(0);
    expect(idle).toBe(false);
    run('a').finish();
    await clock.advance(0);
    expect(idle).toBe(true);
  });

  it('stops everything and starts nothing more when it is closed', async () => {
    const { clock, queue, runs } = setUp(1);
    queue.add('a');
    queue.add('b');
    await queue.dispose();
    queue.add('c');
    expect([...runs.keys()]).toEqual(['a']);
    expect(clock.pendingTimers()).toBe(0);
  });
});
