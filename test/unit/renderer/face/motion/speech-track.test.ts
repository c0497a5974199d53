import { describe, expect, it } from 'vitest';
import { createSpeechTrack } from '../../../../../src-renderer/face/motion/speech-track.ts';

const sounds = (lengths: readonly [string, number][], fromMs = 0): { symbol: string; startMs: number; durationMs: number }[] => {
  let startMs = fromMs;
  return lengths.map(([symbol, durationMs]) => {
    const phoneme = { symbol, startMs, durationMs };
    startMs += durationMs;
    return phoneme;
  });
};

describe('createSpeechTrack', () => {
  it('grows by the parts of a segment and by the next segments', () => {
    const track = createSpeechTrack();
    track.add(
      sounds([
        ['h', 50],
        ['a', 100],
      ]),
      0,
    );
    track.add(
      sounds(
        [
          ['l', 50],
          ['o', 100],
        ],
        150,
      ),
      0,
    );
    track.add(sounds([['m', 50]]), 300);
    expect(track.units.map(({ viseme, startMs, endMs }) => [viseme, startMs, endMs])).toEqual([
      ['HH', 0, 50],
      ['aa', 50, 150],
      ['nn', 150, 200],
      ['O', 200, 300],
      ['PP', 300, 350],
    ]);
  });

  it('keeps the order when a segment is told before the last part of the one before it', () => {
    const track = createSpeechTrack();
    track.add(sounds([['a', 100]]), 0);
    track.add(sounds([['o', 100]]), 500);
    track.add(sounds([['i', 100]], 100), 0);
    expect(track.units.map(({ startMs }) => startMs)).toEqual([0, 100, 500]);
  });

  it('lays weight on the long vowel of a word and on none within half a second of it', () => {
    const track = createSpeechTrack();
    track.add(
      sounds([
        ['ə', 40],
        ['t', 50],
        ['a', 220],
        ['t', 50],
        ['ə', 40],
        ['t', 50],
        ['a', 200],
        ['t', 50],
        ['ə', 60],
        ['n', 90],
        ['ə', 60],
        ['m', 90],
        ['ɛ', 210],
      ]),
      0,
    );
    expect(track.units.filter(({ accent }) => accent > 0).map(({ startMs }) => startMs)).toEqual([90, 1000]);
  });
});
