import { describe, expect, it } from 'vitest';
import type { PlayedPiece } from '../../../src-main/modules/terminal/index.ts';
import { audibleUntil, playingAt } from '../../bench/audio.ts';
import { judgeInterruption, wentOn } from '../../bench/barge-in-judge.ts';

/** Pieces of 10 ms, one after the other. */
function sound(utteranceId: string, fromMs: number, untilMs: number, level = 0.3): PlayedPiece[] {
  return Array.from({ length: (untilMs - fromMs) / 10 }, (_value, index) => ({
    utteranceId,
    atMs: fromMs + index * 10,
    sampleRateHz: 1_000,
    samples: new Float32Array(10).fill(level),
  }));
}

const answer = (played: PlayedPiece[], status: 'complete' | 'interrupted' | undefined = 'interrupted') => ({
  played,
  utteranceId: 'a',
  status,
});

describe('audibleUntil', () => {
  it('takes the last sound of that utterance, whatever silence or other sound there is between', () => {
    const played = [...sound('a', 0, 500), ...sound('a', 500, 900, 0), ...sound('a', 900, 1000), ...sound('b', 1000, 1500)];
    expect(audibleUntil(played, 'a', 100)).toBe(1000);
    expect(audibleUntil(played, 'a', 1100)).toBeUndefined();
  });
});

describe('playingAt', () => {
  it('knows whose sound leaves, also between its words, and that none does', () => {
    const played = [...sound('a', 0, 500), ...sound('a', 500, 900, 0)];
    expect([playingAt(played, 250), playingAt(played, 880), playingAt(played, 1200)]).toEqual(['a', 'a', undefined]);
  });
});

describe('judgeInterruption', () => {
  it('measures to the last sound when the answer falls silent for good', () => {
    const played = [...sound('a', 0, 1090), ...sound('new answer', 2000, 3000)];
    expect(judgeInterruption(answer(played), 1000)).toEqual({ yieldedAfterMs: 90 });
  });

  it('does not take a pause after which the answer plays on for yielding', () => {
    expect(judgeInterruption(answer([...sound('a', 0, 1090), ...sound('a', 2600, 4000)]), 1000)).toBe('talked over');
  });

  it('does not take a gap between two sentences for the end', () => {
    expect(judgeInterruption(answer([...sound('a', 0, 1050), ...sound('a', 1300, 1600)]), 1000)).toEqual({ yieldedAfterMs: 600 });
  });

  it.each([
    ['was over before the words', sound('a', 0, 900), 'interrupted'],
    ['came to its own end under the first of them', sound('a', 0, 1090), 'complete'],
  ] as const)('does not count an answer that %s', (_what, played, status) => {
    expect(judgeInterruption(answer(played, status), 1000)).toBe('no answer');
  });

  it('counts an answer against us that went on to its end', () => {
    expect(judgeInterruption(answer(sound('a', 0, 2500), 'complete'), 1000)).toBe('talked over');
  });
});

describe('wentOn', () => {
  it('asks for sound of the same answer behind the noise, or its own end', () => {
    expect(wentOn(answer(sound('a', 0, 3000)), 1000)).toBe(true);
    expect(wentOn(answer(sound('a', 0, 1100), 'complete'), 1000)).toBe(true);
    expect(wentOn(answer([...sound('a', 0, 900), ...sound('b', 1000, 3000)]), 1000)).toBe(false);
    expect(wentOn(answer(sound('a', 0, 1100), undefined), 1000)).toBe(false);
  });
});
