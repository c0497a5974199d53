import { describe, expect, it } from 'vitest';
import { neutralFrame, type PortraitMotionMessage } from '../../../../../src-preload/contract/index.ts';
import type { BodyFailure, FaceSource } from '../../../../../src-renderer/face/face-body.ts';
import { createLivePortraitBody } from '../../../../../src-renderer/face/live-portrait/live-portrait-body.ts';
import type { LiveLine } from '../../../../../src-renderer/face/live-portrait/live-line.ts';

const source = { character: { id: 'nova' } } as FaceSource;
const quality = { width: 1280, height: 720, effects: true };

/** A body with a line and a canvas that only write down what is done with them. */
async function openBody() {
  const sent: PortraitMotionMessage[] = [];
  const done: string[] = [];
  const failures: BodyFailure[] = [];
  let listeners: Parameters<LiveLine['listen']>[0] | undefined;
  const body = await createLivePortraitBody({
    canvas: new EventTarget() as OffscreenCanvas,
    source,
    quality,
    onFailure: (failure) => failures.push(failure),
    open: (characterId) => {
      done.push(`open ${characterId}`);
      return Promise.resolve({
        square: { size: 4, a: 1, b: 0, left: 0, top: 0 },
        send: (message) => void sent.push(message),
        listen: (next) => (listeners = next),
        close: () => void done.push('close'),
      });
    },
    compose: () => ({
      resize: ({ width, height }) => void done.push(`resize ${width}x${height}`),
      take: (pixels) => void done.push(`take ${pixels[0]}`),
      show: () => void done.push('show'),
      dispose: () => void done.push('dispose'),
    }),
  });
  const picture = (number: number, atMs: number): void =>
    listeners?.onPicture({ type: 'portrait.picture', number, atMs, size: 4, pixels: new Uint8Array(24).fill(number) });
  return { body, sent, done, failures, picture, end: (failure: BodyFailure) => listeners?.onEnd(failure) };
}

describe('createLivePortraitBody', () => {
  it('shows the portrait at once and each painted square with the next frame, and says what it has taken', async () => {
    const { body, sent, done, picture } = await openBody();
    body.draw(neutralFrame(0));
    body.draw(neutralFrame(40));
    picture(1, 0);
    body.draw(neutralFrame(80));
    expect(done).toEqual(['open nova', 'resize 1280x720', 'show', 'take 1', 'show']);
    expect(sent.map(({ frame, taken }) => [frame.atMs, taken])).toEqual([
      [0, 0],
      [40, 0],
      [80, 1],
    ]);
  });

  it('waits for the picture of the last frame where a clip is made', async () => {
    const { body, done, picture } = await openBody();
    body.draw(neutralFrame(40));
    let isSettled = false;
    const settled = body.settled?.().then(() => (isSettled = true));
    picture(1, 0);
    await Promise.resolve();
    expect(isSettled).toBe(false);
    picture(2, 40);
    await settled;
    expect(done.slice(-3)).toEqual(['take 1', 'take 2', 'show']);
  });

  it('draws anew in another size with the square that it has', async () => {
    const { body, done, picture } = await openBody();
    picture(1, 0);
    body.setQuality({ width: 640, height: 360, effects: false });
    expect(done.slice(-3)).toEqual(['take 1', 'resize 640x360', 'show']);
  });

  it('gives up once, with the worker’s reason or when no picture comes: ten seconds for the first one, then five', async () => {
    const told = await openBody();
    const failure: BodyFailure = { code: 'face.out-of-memory', message: 'Too little.' };
    told.end(failure);
    told.end(failure);
    expect([told.failures, told.done.at(-1)]).toEqual([[failure], 'close']);

    const silent = await openBody();
    for (let atMs = 0; atMs <= 10_000; atMs += 100) silent.body.draw(neutralFrame(atMs));
    expect(silent.failures).toEqual([]);
    silent.body.draw(neutralFrame(10_100));
    expect(silent.failures.map(({ code }) => code)).toEqual(['face.live-stopped']);
    await silent.body.settled?.();

    const fallen = await openBody();
    fallen.body.draw(neutralFrame(0));
    fallen.picture(1, 0);
    for (let atMs = 100; atMs <= 5100; atMs += 10) fallen.body.draw(neutralFrame(atMs));
    expect(fallen.failures).toEqual([]);
    fallen.body.draw(neutralFrame(5110));
    expect(fallen.failures.map(({ code }) => code)).toEqual(['face.live-stopped']);
  });

  it('does not count the time while the face stood still', async () => {
    const { body, failures } = await openBody();
    for (const atMs of [0, 40, 60_000, 60_040]) body.draw(neutralFrame(atMs));
    expect(failures).toEqual([]);
  });

  it('closes its line when it is not needed any more, or the canvas cannot be drawn on', async () => {
    const { body, done } = await openBody();
    body.dispose();
    expect(done.slice(-2)).toEqual(['close', 'dispose']);

    const closed: string[] = [];
    const line: LiveLine = {
      square: { size: 4, a: 1, b: 0, left: 0, top: 0 },
      send: () => undefined,
      listen: () => undefined,
      close: () => closed.push('line'),
    };
    const failure: BodyFailure = { code: 'face.no-webgl', message: 'No.' };
    const opening = createLivePortraitBody({
      canvas: new EventTarget() as OffscreenCanvas,
      source,
      quality,
      onFailure: () => undefined,
      open: () => Promise.resolve(line),
      compose: () => {
        throw failure;
      },
    });
    await expect(opening).rejects.toBe(failure);
    expect(closed).toEqual(['line']);
  });
});
