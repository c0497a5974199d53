import { describe, expect, it } from 'vitest';
import type { PortraitFace } from '../../../../src-preload/contract/index.ts';
import { createDeferred } from '../../../../src-main/base/deferred.ts';
import { AppError } from '../../../../src-main/base/errors.ts';
import { silentLog } from '../../../../src-main/base/log.ts';
import type { LiveWeights } from '../../../../src-main/inference/contracts/index.ts';
import { createLivePortrait, type LivePortraitDeps } from '../../../../src-main/inference/liveportrait/index.ts';
import type { Caller } from '../../../../src-main/platform/contract-host/index.ts';
import type { WorkerState } from '../../../../src-main/platform/workers/index.ts';

const page: Caller = { door: 'window', clientId: 'win_1' };
const other: Caller = { door: 'browser', clientId: 'page_2' };
const running: WorkerState = { state: 'running', pid: 1, sinceMs: 0 };
const square = { size: 512, a: 1, b: 0, left: 0, top: 0 };
const weights = { warping: '/w.onnx' } as LiveWeights;

/** Main's side with a worker that only writes down what it is asked. */
function rig(options: { weights?: LivePortraitDeps['weights']; fails?: AppError; opening?: Promise<void> } = {}) {
  const calls: string[] = [];
  const opened: unknown[] = [];
  const holders = new Set<symbol>();
  let tell: ((state: WorkerState) => void) | undefined;
  let state: WorkerState = running;
  const live = createLivePortrait({
    worker: {
      call: ((method: string) => {
        calls.push(method);
        if (options.fails) return Promise.reject(options.fails);
        return (method === 'openLive' ? options.opening : undefined)?.then(() => ({ square })) ?? Promise.resolve({ square });
      }) as LivePortraitDeps['worker']['call'],
      onState: (listener) => {
        tell = listener;
        return () => undefined;
      },
      state: () => state,
      reset: () => void calls.push('reset'),
    },
    idle: {
      hold: () => {
        const held = Symbol('held');
        holders.add(held);
        return () => void holders.delete(held);
      },
    },
    weights: options.weights ?? (() => Promise.resolve(weights)),
    portraitOf: () => Promise.resolve({ path: '/portrait.jpg', face: { landmarks: [1, 2, 3] } as PortraitFace }),
    openAudio: (caller, id, kinds) => opened.push([caller.clientId, id, kinds]),
    provider: 'cuda',
    cacheDirectory: '/cache',
    log: silentLog,
  });
  return {
    live,
    calls,
    opened,
    holds: () => holders.size,
    become(next: WorkerState) {
      state = next;
      tell?.(next);
    },
  };
}

const open = ({ live }: ReturnType<typeof rig>, caller = page) => live.handlers['portrait.open']({ characterId: 'nova' }, caller);

describe('createLivePortrait', () => {
  it('opens a portrait, lets the page that asked at it, and keeps the process for as long', async () => {
    const world = rig();
    const { portraitId } = await open(world);
    expect([world.calls, world.opened, world.holds()]).toEqual([['openLive'], [['win_1', portraitId, ['portrait']]], 1]);
    await world.live.handlers['portrait.close']({ portraitId }, other);
    expect(world.holds()).toBe(1);
    await world.live.handlers['portrait.close']({ portraitId }, page);
    await expect.poll(world.holds).toBe(0);
    expect(world.calls).toEqual(['openLive', 'closeLive']);
  });

  it('closes the portraits of a page that is gone, and of a process that has ended', async () => {
    const world = rig();
    await open(world);
    await open(world, other);
    world.live.clientGone('win_1');
    await expect.poll(world.holds).toBe(1);
    world.become({ state: 'waiting', restartInMs: 250, lastExitCode: null });
    expect(world.holds()).toBe(0);
    expect(world.calls).toEqual(['openLive', 'openLive', 'closeLive']);
  });

  it('keeps nothing of a portrait whose page leaves while it is opened', async () => {
    const opening = createDeferred<void>();
    const world = rig({ opening: opening.promise });
    const outcome = Promise.resolve(open(world)).catch((error: unknown) => error);
    await expect.poll(() => world.calls).toEqual(['openLive']);
    world.live.clientGone('win_1');
    opening.resolve();
    expect(await outcome).toMatchObject({ code: 'request.aborted' });
    await expect.poll(world.holds).toBe(0);
    expect([world.opened, world.calls]).toEqual([[], ['openLive', 'closeLive', 'closeLive']]);
  });

  it('does not even begin for a page that leaves while the files are looked for', async () => {
    const looking = createDeferred<LiveWeights>();
    const world = rig({ weights: () => looking.promise });
    const outcome = Promise.resolve(open(world)).catch((error: unknown) => error);
    world.live.clientGone('win_1');
    looking.resolve(weights);
    expect(await outcome).toMatchObject({ code: 'request.aborted' });
    await expect.poll(world.holds).toBe(0);
    expect(world.calls).toEqual(['closeLive']);
  });

  it('closes in the worker what took too long to open', async () => {
    const late = rig({ fails: new AppError('worker.timeout', 'Too late.') });
    await expect(open(late)).rejects.toMatchObject({ code: 'worker.timeout' });
    await expect.poll(late.holds).toBe(0);
    expect(late.calls).toEqual(['openLive', 'closeLive']);
  });

  it('says why it cannot paint, and keeps nothing', async () => {
    const crashed = rig({ fails: new AppError('worker.crashed', 'It died.') });
    await expect(open(crashed)).rejects.toMatchObject({ code: 'face.out-of-memory' });
    const absent = rig({ weights: () => Promise.resolve(undefined) });
    await expect(open(absent)).rejects.toMatchObject({ code: 'face.weights-missing' });
    const damaged = rig({ weights: () => Promise.reject(new AppError('model.wrong-hash', 'Damaged.')) });
    await expect(open(damaged)).rejects.toMatchObject({ code: 'face.weights-wrong' });
    await expect.poll(crashed.holds).toBe(0);
    expect([crashed.holds(), absent.calls, damaged.calls]).toEqual([0, [], []]);
  });
});
