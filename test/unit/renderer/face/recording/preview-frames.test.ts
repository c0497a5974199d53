import { describe, expect, it } from 'vitest';
import { rendererSchema, voiceProfileSchema, type SpokenPhoneme } from '../../../../../src-preload/contract/index.ts';
import { previewFrames } from '../../../../../src-renderer/face/recording/preview-frames.ts';

const character = { renderer: rendererSchema.parse({}), voice: voiceProfileSchema.parse({}) };
/** "ma": lips closed until 700 ms, then open until 1200 ms. */
const phonemes: SpokenPhoneme[] = [
  { symbol: 'm', startMs: 600, durationMs: 100, level: 0.6 },
  { symbol: 'a', startMs: 700, durationMs: 500, level: 0.9 },
];
const made = (seed = 1) => previewFrames({ character, phonemes, durationMs: 3_000, fps: 25, seed });

const jaw = (atMs: number): number => made().find((frame) => frame.atMs === atMs)?.weights.jawOpen ?? 0;

describe('previewFrames', () => {
  it('makes a frame for each picture, from the beginning of the clip on', () => {
    expect(made().map(({ atMs }) => atMs)).toEqual(Array.from({ length: 75 }, (_, index) => index * 40));
  });

  it('opens the mouth when the sound is heard, and closes it behind', () => {
    expect(jaw(920)).toBeGreaterThan(0.1);
    expect([jaw(0), jaw(200), jaw(1_600), jaw(2_800)].map((open) => open < 0.05)).toEqual([true, true, true, true]);
  });

  it('is the same each time, and another with another seed', () => {
    expect(made()).toEqual(made());
    expect(made(2)).not.toEqual(made());
  });

  it('lives without a word', () => {
    const still = previewFrames({ character, phonemes: [], durationMs: 3_000, fps: 25 });
    expect(Math.max(...still.map(({ weights }) => weights.jawOpen ?? 0))).toBeLessThan(0.05);
    expect(new Set(still.map(({ head }) => head.yaw)).size).toBeGreaterThan(20);
  });
});
