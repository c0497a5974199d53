import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rendererSchema, voiceProfileSchema } from '../../src-preload/contract/index.ts';
import { previewFrames } from '../../src-renderer/face/recording/preview-frames.ts';
import type { ClipFacts, PreviewOrder } from '../doubles/face-page/protocol.ts';
import { openFaceWindow, type FaceWindow } from './face-page.ts';
import { avatarIn, novaIn } from './face-people.ts';

/* Clips as real Electron writes them, read again by their container and codecs. */

/** Pictures and sound may be apart by this much before people notice. */
const IN_SYNC_MS = 40;
const FLASHES = { flashes: [25, 50], sound: { durationMs: 3_000, clicksMs: [1_020, 2_020] } };

let faceWindow: FaceWindow;
beforeAll(async () => {
  faceWindow = await openFaceWindow();
});
afterAll(() => faceWindow.close());

const frames = previewFrames({
  character: { renderer: rendererSchema.parse({}), voice: voiceProfileSchema.parse({}) },
  phonemes: [{ symbol: 'a', startMs: 300, durationMs: 2_000, level: 0.8 }],
  durationMs: 3_000,
  fps: 25,
});

async function record(order: Partial<PreviewOrder> & Pick<PreviewOrder, 'source'>): Promise<ClipFacts> {
  const told = await faceWindow.page.evaluate((asked) => window.faces.record(asked), {
    frames,
    width: 1280,
    height: 720,
    fps: 25,
    ...order,
  });
  if ('error' in told) throw new Error(told.error);
  return told;
}

describe('recordFrames', () => {
  it('writes 75 pictures for three seconds, as H.264 and AAC in MP4, with progress', async () => {
    const { pictures, sound, codecs, mimeType, progress, sizeBytes } = await record({ source: 'flash', ...FLASHES });
    expect(pictures).toMatchObject({ count: 75, firstMs: 0, stepsMs: [40], durationMs: 3_000, width: 1280, height: 720 });
    expect(pictures.codec).toMatch(/^avc1\./);
    expect(sound).toMatchObject({ codec: 'mp4a.40.2', sampleRateHz: 48_000 });
    expect(Math.abs((sound?.durationMs ?? 0) - 3_000)).toBeLessThan(IN_SYNC_MS);
    expect(mimeType).toMatch(/^video\/mp4/);
    expect(codecs).toHaveLength(2);
    expect(progress).toEqual(frames.map((_, index) => (index + 1) / 75));
    expect(sizeBytes).toBeGreaterThan(5_000);
    expect(faceWindow.takeFaults()).toEqual([]);
  });

  it('keeps clicks and flashes together', async () => {
    const { flashesMs, clicksMs } = await record({ source: 'flash', ...FLASHES });
    expect(flashesMs).toEqual([1_020, 2_020]);
    expect(clicksMs).toHaveLength(2);
    for (const [index, flash] of flashesMs.entries()) expect(Math.abs(flash - (clicksMs[index] ?? 0))).toBeLessThan(IN_SYNC_MS);
  });

  it('cuts sound that is longer than the pictures', async () => {
    const { sound, clicksMs } = await record({
      source: 'flash',
      frames: frames.slice(0, 25),
      width: 320,
      height: 240,
      sound: { durationMs: 5_000, clicksMs: [500, 3_000] },
    });
    expect(sound?.durationMs).toBeLessThan(1_050);
    expect(clicksMs).toHaveLength(1);
  });

  it('writes silent clips, other sizes and other rates', async () => {
    const { pictures, sound, codecs } = await record({ source: 'flash', frames: frames.slice(0, 30), width: 641, height: 361, fps: 30 });
    expect(pictures).toMatchObject({ count: 30, durationMs: 1_000, width: 640, height: 360 });
    expect([sound, codecs.length]).toEqual([undefined, 1]);
  });

  it.each([
    ['a portrait', novaIn],
    ['an avatar', (window: FaceWindow) => avatarIn(window, 'vrm1')],
  ] as const)('records %s, with nothing left out', async (_what, sourceIn) => {
    const { pictures } = await record({ source: await sourceIn(faceWindow), width: 640, height: 360 });
    expect(pictures).toMatchObject({ count: 75, stepsMs: [40], durationMs: 3_000 });
    expect(faceWindow.takeFaults()).toEqual([]);
  });

  it('stops when its caller gives up', async () => {
    const order: PreviewOrder = { source: 'flash', frames, width: 320, height: 240, fps: 25, cancelAt: 0.2 };
    expect(await faceWindow.page.evaluate((asked) => window.faces.record(asked), order)).toEqual({ error: 'AbortError' });
  });
});

describe('startLiveClip', () => {
  it('keeps what is seen and heard together', async () => {
    const { flashesMs, clicksMs, pictures, sound } = await faceWindow.page.evaluate((order) => window.faces.recordLive(order), {
      durationMs: 2_600,
      eventsMs: [600, 1_300, 2_000],
    });
    expect(clicksMs).toHaveLength(3);
    expect(pictures.firstMs).toBe(0);
    expect(Math.abs((sound?.durationMs ?? 0) - pictures.durationMs)).toBeLessThan(3 * IN_SYNC_MS);
    for (const click of clicksMs) {
      const around = flashesMs.filter((flash) => Math.abs(flash - click) < 200);
      const middle = ((around.at(0) ?? Number.NaN) + (around.at(-1) ?? Number.NaN)) / 2;
      expect(Math.abs(middle - click)).toBeLessThan(IN_SYNC_MS);
    }
  });
});
