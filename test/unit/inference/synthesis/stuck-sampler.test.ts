import { describe, expect, it } from 'vitest';
import type { TimedSpan } from '../../../../src-main/inference/synthesis/segment-timing.ts';
import { createStuckSampler } from '../../../../src-main/inference/synthesis/stuck-sampler.ts';
import { joinSamples } from '../../../../src-main/platform/audio/index.ts';

const RATE_HZ = 16_000;
const WORD = 8000;
const WORDS = 12;
/** Words of half a second, each two sounds long. */
const spans: TimedSpan[] = Array.from({ length: WORDS * 2 }, (_, index) => ({
  symbol: index % 2 === 0 ? 'b' : 'a',
  start: index * (WORD / 2),
  end: (index + 1) * (WORD / 2),
  word: Math.floor(index / 2),
  level: 0.5,
}));
const sound = Float32Array.from({ length: WORD * WORDS }, (_, at) => Math.sin(at / 20) * 0.5);

function stick(amount: number, seed: string, size = sound.length) {
  const sampler = createStuckSampler({ sampleRateHz: RATE_HZ, amount, seed });
  const phonemes: TimedSpan[] = [];
  const pieces: Float32Array[] = [];
  for (let at = 0; at < sound.length; at += size) {
    phonemes.push(...sampler.phonemes(spans.filter(({ start }) => start >= at && start < at + size)));
    pieces.push(sampler.samples(sound.subarray(at, at + size)));
  }
  return { phonemes, heard: joinSamples(pieces), added: sampler.added(), moved: sampler.moved(spans) };
}

describe('createStuckSampler', () => {
  it('repeats the beginning of some words, and the phonemes with it, gapless', () => {
    const { phonemes, heard, added } = stick(1, 'a');
    expect(added).toBeGreaterThan(0);
    expect(heard.length).toBe(sound.length + added);
    let past = 0;
    for (const { start, end } of phonemes) {
      expect(start).toBe(past);
      expect(end).toBeGreaterThan(start);
      past = end;
    }
    expect(past).toBe(heard.length);
    const beginnings = phonemes.filter(({ symbol, start, end }) => symbol === 'b' && end - start < WORD / 2);
    // Two more times at least: so every stuck word leaves three short pieces or more, and its rest.
    expect(beginnings.length).toBeGreaterThanOrEqual(4);
  });

  it('leaves the sound between the places as it is', () => {
    const { heard, phonemes } = stick(1, 'a');
    const whole = phonemes.filter(({ symbol, start, end }) => symbol === 'a' && end - start === WORD / 2);
    expect(whole.length).toBe(WORDS);
    for (const { start, end, word } of whole) {
      const from = word * WORD + WORD / 2;
      expect(heard.slice(start, end)).toEqual(sound.slice(from, from + WORD / 2));
    }
  });

  it('does the same for the same seed, in whatever pieces the sound comes', () => {
    const [whole, cut] = [stick(0.8, 'utt_7'), stick(0.8, 'utt_7', WORD)];
    expect(cut.heard).toEqual(whole.heard);
    expect(cut.phonemes).toEqual(whole.phonemes);
    expect(stick(0.8, 'utt_8').heard.length === whole.heard.length && stick(0.8, 'utt_9').heard.length === whole.heard.length).toBe(false);
  });

  it('moves phonemes that were known before by the same lengths', () => {
    const { moved, phonemes } = stick(1, 'a');
    expect(moved).toEqual(phonemes);
  });

  it('changes nothing without an amount', () => {
    expect(stick(0, 'a')).toEqual({ phonemes: spans, heard: sound, added: 0, moved: spans });
  });
});
