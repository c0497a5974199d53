import { joinSamples } from '../../src-main/platform/audio/index.ts';
import { createRandom } from './audio.ts';

const RATE_HZ = 16_000;

/** Sounds that are no words: they may pause the assistant, never end its turn. 16 kHz mono. */
export const noises: Readonly<Record<string, () => Float32Array>> = {
  /** Two bursts of noise with the hump of a throat. */
  cough: () => joinSamples([burst(0.16, 0.35, 11, 900), silence(0.09), burst(0.2, 0.3, 12, 700)]),
  /** Six clicks of keys. */
  keyboard: () =>
    joinSamples(
      Array.from({ length: 6 }, (_value, index) => [burst(0.012, 0.25, 20 + index, 4000), silence(0.11 + (index % 3) * 0.03)]).flat(),
    ),
  /** A chair: one second of rumbling, rising and falling. */
  chair: () => burst(1, 0.2, 31, 300),
  /** A door that falls shut. */
  door: () => burst(0.25, 0.6, 41, 180),
  /** A paper that is torn. */
  paper: () => burst(0.7, 0.12, 51, 6000),
  /** "Mhm" with closed lips: two hums, the second higher, a breath between. */
  mhm: () => joinSamples([hum(0.22, 0.25, 118, 112), burst(0.09, 0.04, 61, 3000), hum(0.3, 0.3, 125, 150)]),
};

function silence(seconds: number): Float32Array {
  return new Float32Array(Math.round(seconds * RATE_HZ));
}

/** Noise under a smooth hump, low-passed at `cutoffHz` by a one-pole filter. */
function burst(seconds: number, peak: number, seed: number, cutoffHz: number): Float32Array {
  const random = createRandom(seed);
  const out = silence(seconds);
  const smoothing = 1 - Math.exp((-2 * Math.PI * cutoffHz) / RATE_HZ);
  let filtered = 0;
  let loudest = 0;
  for (let index = 0; index < out.length; index += 1) {
    filtered += smoothing * (random() * 2 - 1 - filtered);
    const value = filtered * Math.sin((Math.PI * index) / out.length) ** 2;
    out[index] = value;
    loudest = Math.max(loudest, Math.abs(value));
  }
  return out.map((sample) => (sample / (loudest || 1)) * peak);
}

/** A nasal: harmonics of a gliding voice that fall off above the one resonance of a closed mouth. */
function hum(seconds: number, peak: number, fromHz: number, toHz: number): Float32Array {
  const HARMONICS = 14;
  const RESONANCE_HZ = 280;
  const out = silence(seconds);
  let turns = 0;
  for (let index = 0; index < out.length; index += 1) {
    const pitchHz = fromHz + ((toHz - fromHz) * index) / out.length;
    turns += pitchHz / RATE_HZ;
    let value = 0;
    for (let harmonic = 1; harmonic <= HARMONICS; harmonic += 1)
      value += Math.sin(2 * Math.PI * harmonic * turns) / (1 + ((harmonic * pitchHz) / RESONANCE_HZ) ** 2);
    out[index] = value * Math.sin((Math.PI * index) / out.length) ** 0.5;
  }
  const loudest = out.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return out.map((sample) => (sample / (loudest || 1)) * peak);
}
