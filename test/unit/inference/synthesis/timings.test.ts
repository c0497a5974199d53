import { describe, expect, it } from 'vitest';
import { toTimings } from '../../../../src-main/inference/synthesis/timings.ts';

const WORDS = [
  { start: 0, end: 5 },
  { start: 6, end: 11 },
  { start: 12, end: 13 },
];

describe('toTimings', () => {
  it('turns samples into milliseconds and spans words from their first sound to their last', () => {
    const spans = [
      { symbol: '_', start: 0, end: 160, word: -1 },
      { symbol: 'h', start: 160, end: 320, word: 0 },
      { symbol: 'ə', start: 320, end: 480, word: 0 },
      { symbol: ' ', start: 480, end: 496, word: -1 },
      { symbol: 'w', start: 496, end: 800, word: 1 },
    ];
    expect(toTimings(spans, WORDS, 16_000)).toEqual({
      phonemes: [
        { phoneme: '_', startMs: 0, durationMs: 10 },
        { phoneme: 'h', startMs: 10, durationMs: 10 },
        { phoneme: 'ə', startMs: 20, durationMs: 10 },
        { phoneme: ' ', startMs: 30, durationMs: 1 },
        { phoneme: 'w', startMs: 31, durationMs: 19 },
      ],
      words: [
        { textStart: 0, textEnd: 5, startMs: 10, endMs: 30 },
        { textStart: 6, textEnd: 11, startMs: 31, endMs: 50 },
      ],
    });
  });

  it('never runs backwards when an engine gives a sound to a word that has been left', () => {
    const spans = [0, 1, 0, 1].map((word, index) => ({ symbol: 'a', start: index * 16, end: (index + 1) * 16, word }));
    expect(toTimings(spans, WORDS, 16_000).words).toEqual([
      { textStart: 0, textEnd: 5, startMs: 0, endMs: 1 },
      { textStart: 6, textEnd: 11, startMs: 1, endMs: 4 },
    ]);
  });

  it('leaves out words without a sound, and sounds of words that are not there', () => {
    expect(toTimings([{ symbol: 'a', start: 0, end: 16, word: 7 }], WORDS, 16_000).words).toEqual([]);
    expect(toTimings([], WORDS, 16_000)).toEqual({ phonemes: [], words: [] });
  });
});
