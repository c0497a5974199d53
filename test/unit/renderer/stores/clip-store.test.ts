import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SoundOutput } from '../../../../src-renderer/audio/speaker.ts';
import type { LiveClip, LiveClipOptions } from '../../../../src-renderer/face/recording/index.ts';
import { createClipStore, type ClipDeps, type StageFace } from '../../../../src-renderer/stores/clip-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const face = (name: string): StageFace => ({ canvas: { width: 640, height: 480 } as HTMLCanvasElement, name });
const OUTPUT = { node: 'loudspeaker' } as unknown as SoundOutput;
const MP4 = new Blob(['mp4'], { type: 'video/mp4' });

/** A store whose clips are written down; `options` change how they begin and end. */
function createRecorder(options: Partial<Pick<ClipDeps, 'begin' | 'output'>> & { stop?: () => Promise<never> } = {}) {
  const begun: LiveClipOptions[] = [];
  const drawn: number[] = [];
  const ended: string[] = [];
  const saved: [Blob, string][] = [];
  const failures: string[] = [];
  const live: LiveClip = {
    drawn: (atMs) => void drawn.push(atMs),
    async stop() {
      ended.push('stopped');
      return (await options.stop?.()) ?? { blob: MP4, mimeType: 'video/mp4', codecs: [] };
    },
    async cancel() {
      ended.push('cancelled');
    },
  };
  const store = createClipStore({
    output: options.output ?? (() => Promise.resolve(OUTPUT)),
    async begin(order) {
      begun.push(order);
      return (await options.begin?.(order)) ?? live;
    },
    ground: () => '#fff',
    save: ({ blob }, { name }) => void saved.push([blob, name]),
    fail: (error) => void failures.push((error as { code?: string }).code ?? String(error)),
  });
  return { store, get: store.getState, live, begun, drawn, ended, saved, failures, state: () => store.getState().clip.state };
}

describe('createClipStore', () => {
  it('records the face on the stage with what the assistant says, and saves it under its name', async () => {
    const { get, begun, drawn, ended, saved, failures, state } = createRecorder();
    const nova = face('Nova');
    get().enter(nova);
    const started = get().record();
    expect(state()).toBe('starting');
    await started;
    expect(get().clip).toEqual({ state: 'recording', sinceMs: expect.closeTo(performance.timeOrigin + performance.now(), -2) });
    expect(begun).toEqual([{ canvas: nova.canvas, output: OUTPUT, ground: '#fff', longestMs: 60_000 }]);
    get().drawn(nova.canvas, 40);
    get().drawn(face('Another').canvas, 60);
    get().drawn(nova.canvas, 80);
    const finished = get().stop();
    expect(state()).toBe('finishing');
    await finished;
    expect({ drawn, ended, saved, failures, state: state() }).toEqual({
      drawn: [40, 80],
      ended: ['stopped'],
      saved: [[MP4, 'Nova']],
      failures: [],
      state: 'off',
    });
  });

  it('records silently where there is no loudspeaker', async () => {
    const { get, begun } = createRecorder({ output: () => Promise.resolve(undefined) });
    get().enter(face('Nova'));
    await get().record();
    expect(begun[0]).not.toHaveProperty('output');
  });

  it('ends after a minute by itself', async () => {
    const { get, saved, state } = createRecorder();
    get().enter(face('Nova'));
    await get().record();
    await vi.advanceTimersByTimeAsync(59_900);
    expect([saved.length, state()]).toEqual([0, 'recording']);
    await vi.advanceTimersByTimeAsync(200);
    expect([saved.length, state()]).toEqual([1, 'off']);
  });

  it('keeps what it has when the face goes, and goes on when only another one does', async () => {
    const { get, saved, state } = createRecorder();
    const [nova, rex] = [face('Nova'), face('Rex')];
    get().enter(nova);
    await get().record();
    get().leave(rex.canvas);
    expect(state()).toBe('recording');
    get().leave(nova.canvas);
    await vi.advanceTimersByTimeAsync(0);
    expect([saved, state(), get().face]).toEqual([[[MP4, 'Nova']], 'off', undefined]);
  });

  it('waits a moment for a face that is on its way', async () => {
    const { get, begun, state } = createRecorder();
    void get().record();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(state()).toBe('starting');
    get().enter(face('Nova'));
    await vi.advanceTimersByTimeAsync(0);
    expect([begun.length, state()]).toEqual([1, 'recording']);
  });

  it('says that there is nothing to record when none comes', async () => {
    const { get, begun, failures, state } = createRecorder();
    void get().record();
    await vi.advanceTimersByTimeAsync(6_000);
    expect([begun, failures, state()]).toEqual([[], ['recording.no-face'], 'off']);
  });

  it('throws a clip away when it is cancelled', async () => {
    const { get, ended, saved, state } = createRecorder();
    get().enter(face('Nova'));
    await get().record();
    await get().cancel();
    await vi.advanceTimersByTimeAsync(120_000);
    expect([ended, saved, state()]).toEqual([['cancelled'], [], 'off']);
  });

  it.each(['cancel', 'stop'] as const)('gives up a clip that has not begun on %s, and begins another', async (end) => {
    let begin: ((live: LiveClip) => void) | undefined;
    const beginnings = [new Promise<LiveClip>((resolve) => (begin = resolve))];
    const recorder = createRecorder({ begin: () => beginnings.shift() ?? Promise.resolve(recorder.live) });
    const { get, ended, saved, state } = recorder;
    get().enter(face('Nova'));
    const first = get().record();
    await vi.advanceTimersByTimeAsync(0);
    await get()[end]();
    await get().record();
    expect(state()).toBe('recording');
    begin?.(recorder.live);
    await first;
    expect([ended, saved, state()]).toEqual([['cancelled'], [], 'recording']);
  });

  it('tells why nothing can be recorded, and why a clip could not be written', async () => {
    const noCodec = createRecorder({ begin: () => Promise.reject(Object.assign(new Error('none'), { code: 'recording.no-codec' })) });
    noCodec.get().enter(face('Nova'));
    await noCodec.get().record();
    expect([noCodec.failures, noCodec.state()]).toEqual([['recording.no-codec'], 'off']);
    const nothing = createRecorder({ stop: () => Promise.reject(Object.assign(new Error('empty'), { code: 'recording.no-picture' })) });
    nothing.get().enter(face('Nova'));
    await nothing.get().record();
    await nothing.get().stop();
    expect([nothing.failures, nothing.saved, nothing.state()]).toEqual([['recording.no-picture'], [], 'off']);
  });
});
