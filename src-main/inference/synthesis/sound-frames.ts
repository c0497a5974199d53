import { createResampler } from '../../platform/audio/index.ts';
import { createRealFft } from '../onnx/real-fft.ts';
import { findFormants, type Formants } from './formants.ts';
import { loudnessOf } from './loudness.ts';

/** 16 ms of speech, as one who looks at lips hears it. */
export interface SoundFrame {
  /** 0..1, see `loudnessOf`. */
  loudness: number;
  /** Share of the energy above 3 kHz: hissing. */
  hiss: number;
  /** Share of the energy above 2 kHz: the burst of the lips is dull, that of the tongue sharp. */
  sharpness: number;
  /** Share of the energy below 500 Hz: humming, and the murmur behind closed lips. */
  hum: number;
  /** Share of the energy between 700 Hz and 2.5 kHz: the mouth is open. */
  open: number;
  formants: Formants;
}

const RATE_HZ = 16_000;
/** 64 ms: fine enough for formants, short enough for a syllable. */
const WINDOW = 1024;
/** A fourth of the window. */
const HOP = 256;
/** Loudness is taken from the middle of the window, so that a closed mouth of 40 ms is seen. */
const CORE = 320;

/** Length of a frame in samples of a sound; not a whole number. */
export function frameSamples(sampleRateHz: number): number {
  return (HOP * sampleRateHz) / RATE_HZ;
}

/** Cuts a sound that comes piece by piece into frames; frame n stands for the n-th 16 ms. */
export interface FrameCutter {
  push(samples: Float32Array): SoundFrame[];
  /** The sound is over: the frames that were waiting for more of it. */
  end(): SoundFrame[];
}

export function createFrameCutter(sampleRateHz: number): FrameCutter {
  const resampler = createResampler(sampleRateHz, RATE_HZ);
  const analyse = createAnalysis();
  /** 16 kHz sound that windows to come begin with; the first lie half in the silence before it. */
  let held: Float32Array = new Float32Array((WINDOW - HOP) / 2);
  let received = 0;
  let cut = 0;
  const take = (samples: Float32Array, most: number): SoundFrame[] => {
    const joined = new Float32Array(held.length + samples.length);
    joined.set(held);
    joined.set(samples, held.length);
    const frames: SoundFrame[] = [];
    let at = 0;
    for (; at + WINDOW <= joined.length && cut < most; at += HOP, cut += 1) frames.push(analyse(joined.subarray(at, at + WINDOW)));
    held = joined.slice(at);
    return frames;
  };
  return {
    push(samples) {
      received += samples.length;
      return take(resampler.push(samples), Number.POSITIVE_INFINITY);
    },
    end() {
      const most = Math.ceil(received / frameSamples(sampleRateHz));
      return [...take(resampler.flush(), most), ...take(new Float32Array(WINDOW), most)];
    },
  };
}

function createAnalysis(): (window: Float32Array) => SoundFrame {
  const fft = createRealFft(WINDOW);
  const taper = Float64Array.from({ length: WINDOW }, (_, at) => 0.54 - 0.46 * Math.cos((2 * Math.PI * at) / (WINDOW - 1)));
  const tapered = new Float64Array(WINDOW);
  const power = new Float64Array(WINDOW / 2 + 1);
  return (window) => {
    for (let at = 0; at < WINDOW; at += 1) tapered[at] = (taper[at] ?? 0) * (window[at] ?? 0);
    fft.powerSpectrum(tapered, power);
    let core = 0;
    for (let at = (WINDOW - CORE) / 2; at < (WINDOW + CORE) / 2; at += 1) core += (window[at] ?? 0) ** 2;
    const total = bandEnergy(power, 60, RATE_HZ / 2) + 1e-12;
    return {
      loudness: loudnessOf(Math.sqrt(core / CORE)),
      hiss: bandEnergy(power, 3000, RATE_HZ / 2) / total,
      sharpness: bandEnergy(power, 2000, RATE_HZ / 2) / total,
      hum: bandEnergy(power, 60, 500) / total,
      open: bandEnergy(power, 700, 2500) / total,
      formants: findFormants(power, RATE_HZ),
    };
  };
}

function bandEnergy(power: Float64Array, fromHz: number, toHz: number): number {
  let sum = 0;
  for (let bin = Math.ceil((fromHz / RATE_HZ) * WINDOW); bin < Math.floor((toHz / RATE_HZ) * WINDOW); bin += 1) sum += power[bin] ?? 0;
  return sum;
}
