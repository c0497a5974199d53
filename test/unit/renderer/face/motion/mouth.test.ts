import { describe, expect, it } from 'vitest';
import { ARKIT_NAMES, type FaceWeights, type SpokenPhoneme } from '../../../../../src-preload/contract/index.ts';
import { mouthAt } from '../../../../../src-renderer/face/motion/mouth.ts';
import { mouthUnits, type MouthUnit } from '../../../../../src-renderer/face/motion/mouth-units.ts';
import { mouthOpening } from '../../../../bench/lip-judge.ts';

function word(text: string, options: { eachMs?: number; level?: number } = {}): MouthUnit[] {
  const { eachMs = 80, level } = options;
  return mouthUnits(
    Array.from(text).map((symbol, index): SpokenPhoneme => ({
      symbol,
      startMs: index * eachMs,
      durationMs: eachMs,
      ...(level === undefined ? {} : { level }),
    })),
  );
}

const openingAt = (units: readonly MouthUnit[], atMs: number): number => mouthOpening(mouthAt(units, atMs));
/** Smallest or largest over every start of a row of frames that are 40 ms apart. */
const range = (fromMs: number, toMs: number): number[] => Array.from({ length: toMs - fromMs + 1 }, (_, index) => fromMs + index);

const peak = (symbol: string): { round: number; wide: number } => {
  const weights = mouthAt(word(symbol, { eachMs: 160 }), 80);
  return { round: (weights.mouthFunnel ?? 0) + (weights.mouthPucker ?? 0), wide: weights.mouthStretchLeft ?? 0 };
};

const jaw = (level: number): number => mouthAt(word('tat', { eachMs: 120, level }), 180).jawOpen ?? 0;

describe('mouthAt', () => {
  it('is shut without speech, before it and behind it', () => {
    const units = word('apa');
    expect(mouthAt([], 100)).toEqual({});
    expect(mouthAt(units, -400)).toEqual({});
    expect(mouthAt(units, 2000)).toEqual({});
  });

  it.each(['p', 'b', 'm'])('closes the lips for %s between open vowels, in at least one of any frames 40 ms apart', (consonant) => {
    const units = mouthUnits([
      { symbol: 'a', startMs: 0, durationMs: 120 },
      { symbol: consonant, startMs: 120, durationMs: 30 },
      { symbol: 'a', startMs: 150, durationMs: 120 },
    ]);
    for (const startMs of range(80, 119)) {
      const openings = [startMs, startMs + 40, startMs + 80]
        .filter((atMs) => atMs > 100 && atMs < 170)
        .map((atMs) => openingAt(units, atMs));
      expect(Math.min(...openings)).toBeLessThan(0.01);
    }
    expect(openingAt(units, 60)).toBeGreaterThan(0.3);
  });

  it('takes the lower lip to the upper teeth for f and v', () => {
    for (const consonant of ['f', 'v']) {
      const weights = mouthAt(word(`a${consonant}a`, { eachMs: 100 }), 150);
      expect(weights.mouthRollLower).toBeGreaterThan(0.5);
      expect(weights.mouthUpperUpLeft).toBeGreaterThan(0.1);
      expect(weights.jawOpen).toBeLessThan(0.1);
    }
  });

  it('rounds the lips for u, o, y, ø, w and sh, and draws them wide for i', () => {
    for (const symbol of ['u', 'o', 'y', 'ø', 'w', 'ʃ']) expect(peak(symbol).round).toBeGreaterThan(0.3);
    expect(peak('i').wide).toBeGreaterThan(0.25);
    expect(peak('i').round).toBe(0);
  });

  it('prepares rounded lips before the vowel is heard, and never leads by more than a breath', () => {
    const units = word('stu', { eachMs: 80 });
    const rounding = (atMs: number): number => mouthAt(units, atMs).mouthPucker ?? 0;
    expect(rounding(110)).toBeGreaterThan(0.1);
    expect(rounding(0)).toBeLessThan(0.05);
  });

  it('opens further for a than for e, for e than for i, and stays calm', () => {
    const openings = ['a', 'e', 'i'].map((vowel) => openingAt(word(`t${vowel}t`, { eachMs: 120 }), 180));
    expect(openings).toEqual(openings.toSorted((left, right) => right - left));
    expect(mouthAt(word('a', { eachMs: 400, level: 1 }), 200).jawOpen).toBeLessThan(0.55);
  });

  it('opens vowels by their loudness', () => {
    expect(jaw(0.1)).toBeLessThan(0.75 * jaw(0.6));
    expect(jaw(1)).toBeGreaterThan(jaw(0.6));
  });

  it('is closed 120 ms after the sound has ended', () => {
    const units = mouthUnits([
      { symbol: 'a', startMs: 0, durationMs: 200 },
      { symbol: '_', startMs: 200, durationMs: 400 },
      { symbol: 'a', startMs: 600, durationMs: 100 },
    ]);
    for (const atMs of range(320, 480)) expect(openingAt(units, atMs)).toBeLessThan(0.03);
  });

  it('moves without jumps', () => {
    const units = word('hɛloʊmaɪneɪmɪznoʊvafaba', { eachMs: 70 });
    const fastest: FaceWeights = {};
    for (const atMs of range(-100, 1800)) {
      const [before, behind] = [mouthAt(units, atMs), mouthAt(units, atMs + 1)];
      for (const name of ARKIT_NAMES) fastest[name] = Math.max(fastest[name] ?? 0, Math.abs((behind[name] ?? 0) - (before[name] ?? 0)));
    }
    // In a millisecond: an open jaw takes half a frame to close at the fastest, the lower lip two thirds to the teeth.
    expect(fastest.jawOpen).toBeLessThan(0.018);
    expect(Math.max(...Object.values(fastest))).toBeLessThan(0.03);
  });
});
