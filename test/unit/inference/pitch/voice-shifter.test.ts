import { beforeAll, describe, expect, it } from 'vitest';
import { findFundamental } from '../../../../src-main/inference/pitch/fundamental.ts';
import { openStretchLibrary, type StretchLibrary } from '../../../../src-main/inference/pitch/stretch-library.ts';
import { changesVoice, createVoiceShifter, type VoiceShift, SHIFTER_DELAY_MS } from '../../../../src-main/inference/pitch/voice-shifter.ts';
import { envelopePeaks } from '../../../../src-main/inference/synthesis/formants.ts';
import { joinSamples, rootMeanSquare } from '../../../../src-main/platform/audio/index.ts';
import { meanSpectrum } from '../../../doubles/spectral-envelope.ts';
import { VOWELS, vowelSound } from '../../../doubles/vowel-sound.ts';

const RATE_HZ = 22_050;
const STILL: VoiceShift = { pitch: 0, formant: 0, range: 1 };
let library: StretchLibrary;
beforeAll(async () => {
  library = await openStretchLibrary();
});

const vowel = (hz: number, formants: readonly number[]): Float32Array =>
  vowelSound({ hz, formants, durationMs: 1500, sampleRateHz: RATE_HZ });

function shifted(sound: Float32Array, shift: Partial<VoiceShift>, size = 1000): Float32Array {
  const shifter = createVoiceShifter(library, RATE_HZ, { ...STILL, ...shift });
  const pieces: Float32Array[] = [];
  for (let at = 0; at < sound.length; at += size) pieces.push(shifter.push(sound.subarray(at, at + size)));
  return joinSamples([...pieces, shifter.flush()]);
}

/** The first two peaks of the envelope nearest to two formants. */
function formantsOf(sound: Float32Array, near: readonly number[]): number[] {
  const peaks = envelopePeaks(meanSpectrum(sound), RATE_HZ).map(({ hz }) => hz);
  return near.slice(0, 2).map((hz) => peaks.toSorted((left, right) => Math.abs(left - hz) - Math.abs(right - hz))[0] ?? 0);
}

/** Hz, every 20 ms where a voice is. */
function pitchesOf(sound: Float32Array): number[] {
  const window = Math.round(RATE_HZ * 0.04);
  const places = Array.from({ length: Math.floor((sound.length - window) / (RATE_HZ / 50)) }, (_, index) =>
    Math.floor((index * RATE_HZ) / 50),
  );
  return places.flatMap((at) => findFundamental(sound.subarray(at, at + window), RATE_HZ)?.hz ?? []);
}

/** The median over places that lie at the same time in both. */
function semitonesBetween(sound: Float32Array, other: Float32Array): number {
  const [here, there] = [pitchesOf(sound), pitchesOf(other)];
  const steps = here.map((hz, index) => ratio((there[index] ?? hz) / hz)).toSorted((left, right) => left - right);
  return steps[steps.length >> 1] ?? 0;
}

const ratio = (factor: number): number => 12 * Math.log2(factor);

describe('createVoiceShifter', () => {
  it('changes nothing but by rounding when nothing is to be changed, and keeps its place', () => {
    const sound = vowel(110, VOWELS.a);
    const same = shifted(sound, {});
    expect(same.length).toBe(sound.length);
    expect(same.subarray(1000).every((sample, at) => Math.abs(sample - (sound[at + 1000] ?? 0)) < 0.01)).toBe(true);
  });

  it.each([
    ['a', 110, 4],
    ['a', 110, -4],
    ['e', 110, 4],
    ['e', 200, -4],
    ['o', 110, 3],
    ['i', 110, 2],
    ['u', 120, -3],
  ] as const)('moves the pitch of "%s" at %i Hz by %i semitones and leaves its formants where they are', (name, hz, semitones) => {
    const factor = 2 ** (semitones / 12);
    const sound = vowel(hz, VOWELS[name]);
    const moved = shifted(sound, { pitch: semitones });
    expect(semitonesBetween(sound, moved)).toBeCloseTo(semitones, 0);
    // Measured peaks lean towards the partials, so that the very same formants look different at another pitch: each may be where it was, or where
    // a voice of the new pitch has it.
    const [former, natural] = [sound, vowel(hz * factor, VOWELS[name])].map((each) => formantsOf(each, VOWELS[name]));
    for (const [index, formant] of formantsOf(moved, VOWELS[name]).entries()) {
      const away = [former, natural].map((formants) => Math.abs(formant / (formants?.[index] ?? 1) - 1));
      expect(Math.min(...away)).toBeLessThan(0.05);
    }
  });

  it('moves the formants alone when only they are to be moved', () => {
    const sound = vowel(110, VOWELS.a);
    const smaller = shifted(sound, { formant: 2 });
    expect(Math.abs(semitonesBetween(sound, smaller))).toBeLessThan(0.2);
    const target = VOWELS.a.map((hz) => hz * 2 ** (2 / 12));
    for (const [index, formant] of formantsOf(smaller, target).entries())
      expect(Math.abs(formant / (target[index] ?? 1) - 1)).toBeLessThan(0.05);
  });

  it('lets the formants follow a little when the pitch moves further than four semitones', () => {
    const target = VOWELS.a.map((hz) => hz * 2 ** ((0.3 * 4) / 12));
    for (const [index, formant] of formantsOf(shifted(vowel(110, VOWELS.a), { pitch: 8 }), target).entries())
      expect(Math.abs(formant / (target[index] ?? 1) - 1)).toBeLessThan(0.07);
  });

  it('widens the melody around its middle', () => {
    const swing = vowelSound({ hz: 110, formants: VOWELS.a, durationMs: 250, sampleRateHz: RATE_HZ });
    const sung = joinSamples(Array.from({ length: 8 }, () => swing));
    const widthOf = (sound: Float32Array): number => {
      const heights = pitchesOf(sound.subarray(RATE_HZ / 2)).toSorted((left, right) => left - right);
      return ratio((heights[Math.floor(heights.length * 0.9)] ?? 0) / (heights[Math.floor(heights.length * 0.1)] ?? 1));
    };
    expect(widthOf(shifted(sung, { range: 1.5 })) / widthOf(sung)).toBeGreaterThan(1.2);
  });

  it.each([4, -4, 9, -9])('keeps the loudness at %i semitones within 2 dB', (semitones) => {
    const sound = vowel(110, VOWELS.e);
    const louder = 20 * Math.log10(rootMeanSquare(shifted(sound, { pitch: semitones })) / rootMeanSquare(sound));
    expect(Math.abs(louder)).toBeLessThan(2);
  });

  it('gives the first sound after its delay, and the same sound however it is cut into pieces', () => {
    const sound = vowel(110, VOWELS.a);
    const shifter = createVoiceShifter(library, RATE_HZ, { ...STILL, pitch: 4 });
    const [before, after] = [-10, 10].map((ms) => Math.round((RATE_HZ * (SHIFTER_DELAY_MS + ms)) / 1000));
    expect(shifter.push(sound.subarray(0, before))).toHaveLength(0);
    expect(shifter.push(sound.subarray(before, after)).length).toBeGreaterThan(0);
    const [whole, cut] = [shifted(sound, { pitch: 4 }, sound.length), shifted(sound, { pitch: 4 }, 333)];
    expect(cut.every((sample, at) => Math.abs(sample - (whole[at] ?? 9)) < 1e-4)).toBe(true);
  });

  it('keeps the length of a sound that is shorter than its delay, and of none', () => {
    expect(shifted(vowel(110, VOWELS.a).subarray(0, 300), { pitch: 3 }).length).toBe(300);
    expect(shifted(new Float32Array(0), { pitch: 3 }).length).toBe(0);
  });

  it('stays silent in silence', () => {
    expect(rootMeanSquare(shifted(new Float32Array(RATE_HZ), { pitch: 5, formant: 2 }))).toBeLessThan(1e-4);
  });
});

describe('changesVoice', () => {
  it('is false only when pitch, throat and melody stay as they are', () => {
    expect([STILL, { ...STILL, pitch: -1 }, { ...STILL, formant: 1 }, { ...STILL, range: 1.1 }].map(changesVoice)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });
});

describe('openStretchLibrary', () => {
  it('leaves no trace of a worklet behind', () => {
    expect(['AudioWorkletProcessor', 'registerProcessor', 'sampleRate'].filter((name) => name in globalThis)).toEqual([]);
  });
});
