import { describe, expect, it } from 'vitest';
import type { CallSegment } from '../../../../src-preload/contract/index.ts';
import { segmentAt, timedWords, wordAt } from '../../../../src-renderer/features/calls/transcript-position.ts';

const segment = (startMs: number, endMs: number, text = 'yes', speaker: CallSegment['speaker'] = 'caller'): CallSegment => ({
  speaker,
  text,
  startMs,
  endMs,
});

describe('segmentAt', () => {
  const segments = [segment(0, 1000), segment(2000, 4000), segment(2500, 2500, 'taken over', 'note'), segment(3500, 5000)];

  it('finds what is heard, and nothing in a long pause', () => {
    expect([0, 1000, 1300, 1500, 2000, 2600].map((atMs) => segmentAt(segments, atMs))).toEqual([0, 0, 0, -1, 1, 1]);
  });

  it('takes the one that began last where both speak, and is over after the end', () => {
    expect([3499, 3500, 4200, 9000].map((atMs) => segmentAt(segments, atMs))).toEqual([1, 3, 3, -1]);
    expect(segmentAt([], 0)).toBe(-1);
  });
});

describe('timedWords', () => {
  it('gives longer words more time, within the segment', () => {
    const words = timedWords(segment(1000, 3000, ' I  understand you '));
    expect(words.map(({ text }) => text)).toEqual(['I', 'understand', 'you']);
    expect(words.map(({ startMs }) => startMs)).toEqual([1000, 1235, 2529]);
    expect([999, 1000, 1300, 3000].map((atMs) => wordAt(words, atMs))).toEqual([-1, 0, 1, 2]);
  });

  it('takes the places that the record holds, unless they are of other words', () => {
    const words = { ...segment(1000, 3000, 'I understand you'), wordStartsMs: [1000, 1100, 2900] };
    expect(timedWords(words).map(({ startMs }) => startMs)).toEqual([1000, 1100, 2900]);
    expect(timedWords({ ...words, text: 'I understand' }).map(({ startMs }) => startMs)).toEqual([1000, 1308]);
  });

  it('has no words for silence', () => {
    expect(timedWords(segment(0, 1000, '  '))).toEqual([]);
  });
});
