import { array, assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heardCharacters, type SpokenSegment } from '../../../../src-main/modules/conversation/heard-text.ts';

/** "**Hello** there." as raw, "Hello there." as speakable; 100 ms a character. */
const bold: SpokenSegment = {
  clause: {
    rawStart: 0,
    rawEnd: 16,
    raw: '**Hello** there.',
    speakable: 'Hello there.',
    sourceOffsets: [2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15],
  },
  durationMs: 1200,
  words: [
    { textStart: 0, textEnd: 5, startMs: 0, endMs: 500 },
    { textStart: 6, textEnd: 12, startMs: 600, endMs: 1200 },
  ],
};
const silent: SpokenSegment = {
  clause: { rawStart: 16, rawEnd: 30, raw: '```\ncode\n```\n', speakable: '', sourceOffsets: [] },
  durationMs: 0,
  words: [],
};
const last: SpokenSegment = {
  clause: { rawStart: 30, rawEnd: 34, raw: ' Bye', speakable: ' Bye', sourceOffsets: [30, 31, 32, 33] },
  durationMs: 400,
  words: [{ textStart: 1, textEnd: 4, startMs: 50, endMs: 400 }],
};
const segments = [bold, silent, last];

describe('heardCharacters', () => {
  it.each([
    [0, 0],
    [200, 0],
    [300, 7],
    [890, 7],
    [900, 16],
    [1199, 30],
    [1300, 30],
    [1500, 34],
    [5000, 34],
  ])('says after %i ms that %i characters were heard', (playedMs, characters) => {
    expect(heardCharacters(segments, playedMs)).toBe(characters);
  });

  it('never goes back as sound is played', () => {
    assert(
      property(array(double({ min: 0, max: 3000, noNaN: true }), { maxLength: 30 }), (times) => {
        const heard = times.toSorted((left, right) => left - right).map((playedMs) => heardCharacters(segments, playedMs));
        expect(heard).toEqual(heard.toSorted((left, right) => left - right));
      }),
    );
  });

  it('has heard nothing of no segments', () => {
    expect(heardCharacters([], 1000)).toBe(0);
  });
});
