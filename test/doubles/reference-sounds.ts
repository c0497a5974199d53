import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decodeWav } from '../../src-main/platform/audio/index.ts';

/** A sound of test/fixtures/smart-turn with what the reference implementation makes of it. */
export interface ReferenceSound {
  name: string;
  /** 16 kHz mono. */
  samples: Float32Array;
  /** On the processor of the reference; others compute the integer layers exactly (fixtures/smart-turn/README.md). */
  completeProbability: number;
  /** With those layers computed exactly. */
  exactCompleteProbability: number;
  /** One for each whole frame of 512 samples. */
  voiceProbabilities: readonly number[];
  /** Of all 80 x 800 features, band by band, as float32. */
  featuresSha256: string;
  /** Every `FRAME_STEP`th frame of the features. */
  frames: readonly Float32Array[];
}

export const FRAME_STEP = 20;
const BANDS = 80;
const FRAMES = 800;
const RATE_HZ = 16_000;
/** As in make_reference.py: only steps that every language rounds the same way. */
const FORMANTS = [
  [1.902_72, 0.9409],
  [1.613_05, 0.9409],
  [1.0778, 0.9409],
] as const;

const folder = new URL('../fixtures/smart-turn/', import.meta.url);
const read = (name: string): Buffer => readFileSync(fileURLToPath(new URL(name, folder)));

/** All sounds of the reference. Throws when one of them is not the sound that the reference was made of. */
export function referenceSounds(): ReferenceSound[] {
  const reference = JSON.parse(read('reference.json').toString('utf8')) as Record<
    string,
    { sha256: string; featuresSha256: string; completeProbability: number; exactCompleteProbability: number; voiceProbabilities: number[] }
  >;
  const bytes = read('features.bin');
  const sizeBytes = bytes.length / Object.keys(reference).length;
  return Object.entries(reference).map(([name, { sha256, ...told }], index) => {
    const samples = soundOf(name);
    const found = createHash('sha256').update(pcmOf(samples)).digest('hex');
    if (found !== sha256) throw new Error(`The sound "${name}" is not the one that the reference was made of.`);
    return { name, samples, ...told, frames: framesOf(bytes.subarray(index * sizeBytes, (index + 1) * sizeBytes)) };
  });
}

function framesOf(bytes: Uint8Array): Float32Array[] {
  const numbers = new Float32Array(Uint8Array.from(bytes).buffer);
  return Array.from({ length: FRAMES / FRAME_STEP }, (_, index) => numbers.subarray(index * BANDS, (index + 1) * BANDS));
}

function soundOf(name: string): Float32Array {
  switch (name) {
    case 'complete':
    case 'unfinished':
      return decodeWav(read(`${name}.wav`)).samples;
    case 'babble':
      return babble(2);
    case 'long babble':
      return babble(10);
    case 'noise':
      return noise(1, 8000);
    case 'click': {
      const samples = new Float32Array(160);
      samples[100] = 32_767 / 32_768;
      return samples;
    }
    case 'silence':
      return new Float32Array(3 * RATE_HZ);
    default:
      throw new Error(`The reference has a sound "${name}" that nobody can make.`);
  }
}

function noise(seconds: number, amplitude: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: seconds * RATE_HZ }, () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return (Math.floor((Math.floor(state / 65_536) * amplitude) / 32_768) - amplitude) / 32_768;
  });
}

/** A voice in four syllables a second that rises to a higher pitch: pulses through three resonators. */
function babble(seconds: number): Float32Array {
  const count = seconds * RATE_HZ;
  const history = FORMANTS.map(() => [0, 0] as [number, number]);
  let untilPulse = 0;
  return Float32Array.from({ length: count }, (_, index) => {
    let pulse = 0;
    if (untilPulse === 0) {
      pulse = 100;
      untilPulse = 110 + Math.floor((index * 60) / count);
    }
    untilPulse -= 1;
    let voice = 0;
    for (const [formant, [first, second]] of FORMANTS.entries()) {
      const past = history[formant] ?? [0, 0];
      const value = pulse + first * past[0] - second * past[1];
      history[formant] = [value, past[0]];
      voice += value;
    }
    const syllable = index % 4_000;
    const loudness = syllable < 3_200 ? Math.min(syllable, 3_200 - syllable) / 1_600 : 0;
    return Math.floor(voice * loudness * 8 + 0.5) / 32_768;
  });
}

/** The samples as 16 bit integers, little endian. */
function pcmOf(samples: Float32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(samples.length * 2));
  for (const [index, sample] of samples.entries()) bytes.setInt16(index * 2, Math.round(sample * 32_768), true);
  return new Uint8Array(bytes.buffer);
}
