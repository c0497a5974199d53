import { describe, expect, it } from 'vitest';
import { loudnessOf } from '../../../../src-main/inference/synthesis/loudness.ts';
import { createSegmentTiming, type TimedSpan } from '../../../../src-main/inference/synthesis/segment-timing.ts';
import type { PhonemeSpan } from '../../../../src-main/inference/synthesis/voice.ts';
import { VOWELS, vowelSound } from '../../../doubles/vowel-sound.ts';

const RATE_HZ = 16_000;
const level = (value: number, ms: number): Float32Array => new Float32Array(ms * 16).fill(value);
const span = (symbol: string, startMs: number, endMs: number): PhonemeSpan => ({ symbol, start: startMs * 16, end: endMs * 16, word: 0 });

function setUp() {
  const told: string[][] = [];
  const timing = createSegmentTiming({ sampleRateHz: RATE_HZ, tell: (spans) => void told.push(spans.map(inWords)) });
  return { timing, told };
}

const inWords = ({ symbol, start, end, level: loud }: TimedSpan): string =>
  `${symbol} ${start / 16}-${end / 16}${loud === undefined ? '' : ` ${loud.toFixed(2)}`}`;
const loud = loudnessOf(0.1).toFixed(2);

describe('createSegmentTiming', () => {
  it('tells phonemes before the sound they belong to, with its loudness, and the next quarter of a second ahead without', () => {
    const { timing, told } = setUp();
    timing.announce([
      span('_', 0, 20),
      span('h', 20, 100),
      span('a', 100, 400),
      span('l', 400, 500),
      span('o', 500, 900),
      span('_', 900, 1000),
    ]);
    timing.before(level(0.1, 200), -12 * 16);
    expect(told).toEqual([[`_ 0-8 ${loud}`, `h 8-88 ${loud}`, 'a 88-388', 'l 388-488']]);
    timing.before(level(0.1, 600), -12 * 16);
    expect(told[1]).toEqual([`o 488-888 ${loud}`]);
  });

  it('ends a sentence with the silence that the shaper made, as its mark when that is for the brows', () => {
    const { timing, told } = setUp();
    timing.announce([span('a', 0, 100), span('_', 100, 300)]);
    timing.before(level(0.1, 100), 0);
    timing.before(level(0, 260), 0);
    timing.endSentence([span('a', 0, 100), span('_', 100, 360)], '?');
    timing.announce([span('b', 0, 100)]);
    timing.before(level(0.1, 100), 360 * 16);
    timing.endSentence([span('b', 360, 460)], '.');
    expect(told).toEqual([[`a 0-100 ${loud}`], ['? 100-360 0.00'], [`b 360-460 ${loud}`]]);
  });

  it('never tells the same time twice, also when a phoneme was announced longer than its sound lasted', () => {
    const { timing, told } = setUp();
    timing.announce([span('t', 0, 200)]);
    timing.before(level(0.1, 110), 0);
    timing.endSentence([span('t', 0, 110)], '');
    timing.announce([span('_', 0, 10), span('a', 10, 210)]);
    timing.before(level(0.1, 210), 110 * 16);
    expect(told).toEqual([[`t 0-200 ${loud}`], [`a 200-320 ${loud}`]]);
  });

  it('finds what the mouth does in the sound itself when nobody announces it', () => {
    const { timing, told } = setUp();
    const vowel = vowelSound({ hz: 110, formants: VOWELS.a, durationMs: 400, sampleRateHz: RATE_HZ });
    timing.before(vowel, 0);
    timing.before(level(0, 200), 0);
    timing.endSentence([], '!');
    const found = told.flat();
    expect(found.some((each) => each.startsWith('a '))).toBe(true);
    expect(found.at(-1)).toMatch(/^! \d+-600 0\.\d\d$/u);
  });
});
