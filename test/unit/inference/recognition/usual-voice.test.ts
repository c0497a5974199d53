import { describe, expect, it } from 'vitest';
import { createUsualVoice } from '../../../../src-main/inference/recognition/usual-voice.ts';

function heard(...speeches: readonly (readonly number[])[]) {
  const usual = createUsualVoice();
  for (const frames of speeches) {
    frames.forEach(usual.learn);
    usual.endSpeech();
  }
  return usual;
}

describe('createUsualVoice', () => {
  it('calls nothing too quiet before it knows the user', () => {
    expect(heard().isTooQuiet(-90)).toBe(false);
    expect(heard([]).isTooQuiet(-90)).toBe(false);
    const unfinished = createUsualVoice();
    unfinished.learn(-20);
    expect(unfinished.isTooQuiet(-90)).toBe(false);
  });

  it('lets the user through at the usual loudness and from farther away, and an echo not', () => {
    const usual = heard([-30, -18, -25]);
    expect([-18, -30, -37.9].map(usual.isTooQuiet)).toEqual([false, false, false]);
    expect([-38.1, -42, -60].map(usual.isTooQuiet)).toEqual([true, true, true]);
  });

  it('follows a user who moves away or comes nearer', () => {
    const usual = heard([-10], [-30], [-30], [-30]);
    expect([-45, -54].map(usual.isTooQuiet)).toEqual([false, true]);
  });
});
