import { describe, expect, it } from 'vitest';
import type { SpokenPhoneme } from '../../../src-preload/contract/index.ts';
import { correlation, judgeLips, mouthOpening, type SeenMouth } from '../../bench/lip-judge.ts';

const RATE_HZ = 16_000;

/** "ba ba ba … " : 60 ms lips closed, 140 ms open, then silence. */
const phonemes: SpokenPhoneme[] = [
  ...Array.from({ length: 10 }, (_, index): SpokenPhoneme[] => [
    { symbol: 'b', startMs: index * 200, durationMs: 60 },
    { symbol: 'a', startMs: index * 200 + 60, durationMs: 140 },
  ]).flat(),
  { symbol: '_', startMs: 2000, durationMs: 600 },
];

/** A hum of 500 Hz while the lips are open. */
const samples = Float32Array.from({ length: 2.6 * RATE_HZ }, (_, index) => {
  const atMs = (index / RATE_HZ) * 1000;
  return atMs < 2000 && atMs % 200 >= 60 ? 0.3 * Math.sin(2 * Math.PI * 500 * (index / RATE_HZ)) : 0;
});

/** A mouth that does what the sound asks for, `lateMs` later. */
function mouth(lateMs: number, openingOf: (isOpen: boolean, isSilent: boolean) => number): SeenMouth[] {
  return Array.from({ length: 65 }, (_, index) => {
    const soundMs = index * 40 - lateMs;
    const isSilent = soundMs < 0 || soundMs >= 2000;
    return { atMs: index * 40, opening: openingOf(!isSilent && soundMs % 200 >= 60, isSilent) };
  });
}

const judge = (frames: SeenMouth[]): ReturnType<typeof judgeLips> => judgeLips({ phonemes, samples, sampleRateHz: RATE_HZ, frames });
const good = (isOpen: boolean): number => (isOpen ? 0.4 : 0);

describe('judgeLips', () => {
  it('finds nothing wrong with a mouth that does what is said', () => {
    const verdict = judge(mouth(0, good));
    expect(Math.abs(verdict.offsetMs)).toBeLessThanOrEqual(10);
    expect(Math.abs(verdict.soundOffsetMs)).toBeLessThanOrEqual(10);
    expect(verdict.correlation).toBeGreaterThan(0.85);
    expect(verdict.soundCorrelation).toBeGreaterThan(0.85);
    expect(verdict.bilabials).toEqual(Array.from({ length: 10 }, () => 0));
    expect(verdict.silencesMs).toEqual([0]);
  });

  it.each([60, -60])('sees lips that are %i ms off, in the phonemes and in the sound', (lateMs) => {
    const verdict = judge(mouth(lateMs, good));
    expect(Math.abs(verdict.offsetMs - lateMs)).toBeLessThanOrEqual(15);
    expect(Math.abs(verdict.soundOffsetMs - lateMs)).toBeLessThanOrEqual(15);
  });

  it('sees lips that do not meet, a mouth that stays open and one that does not move', () => {
    expect(judge(mouth(0, (isOpen) => (isOpen ? 0.4 : 0.1))).bilabials.every((opening) => opening > 0.03)).toBe(true);
    expect(judge(mouth(200, good)).silencesMs[0]).toBeGreaterThan(160);
    expect(judge(mouth(0, (_isOpen, isSilent) => (isSilent ? 0.2 : 0.4))).silencesMs).toEqual([600]);
    expect(judge(mouth(0, () => 0.2)).correlation).toBe(0);
  });
});

describe('mouthOpening', () => {
  it('adds what opens the lips and takes away what closes them', () => {
    expect(mouthOpening({})).toBe(0);
    expect(mouthOpening({ jawOpen: 0.4 })).toBeCloseTo(0.4);
    expect(mouthOpening({ jawOpen: 0.4, mouthClose: 0.4 })).toBe(0);
    expect(mouthOpening({ mouthLowerDownLeft: 0.4, mouthLowerDownRight: 0.4 })).toBeCloseTo(0.1);
    expect(mouthOpening({ mouthSmileLeft: 1, mouthSmileRight: 1 })).toBe(0);
  });
});

describe('correlation', () => {
  it("is Pearson's", () => {
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1);
    expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1);
    expect(correlation([1, 2, 1, 2], [1, 1, 2, 2])).toBeCloseTo(0);
    expect(correlation([1, 1], [1, 2])).toBe(0);
  });
});
