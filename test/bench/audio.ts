import { joinSamples } from '../../src-main/platform/audio/index.ts';
import type { PlayedPiece } from '../../src-main/modules/terminal/index.ts';

/** A recording to be fed, and what is said in it. */
export interface Clip {
  name: string;
  text: string;
  /** 16 kHz mono. */
  samples: Float32Array;
}

/** Louder than this counts as sound (about -46 dBFS). */
const AUDIBLE = 0.005;

/** Index of the first sample that can be heard; the length when none can. */
export function firstAudible(samples: Float32Array): number {
  const index = samples.findIndex((sample) => Math.abs(sample) > AUDIBLE);
  return index < 0 ? samples.length : index;
}

/** Index behind the last sample that can be heard; 0 when none can. */
export function lastAudible(samples: Float32Array): number {
  return samples.findLastIndex((sample) => Math.abs(sample) > AUDIBLE) + 1;
}

/** When the first audible sample at or after `fromMs` left the loudspeaker's queue; undefined when none did. */
export function audibleFrom(played: readonly PlayedPiece[], fromMs: number): number | undefined {
  for (const piece of played) {
    if (piece.atMs + 10 < fromMs) continue;
    const index = firstAudible(piece.samples);
    if (index < piece.samples.length) return piece.atMs + (index / piece.sampleRateHz) * 1000;
  }
  return undefined;
}

/** When the last audible sample left before a silence of at least `silenceMs`, looking from `fromMs` on. */
export function silentFrom(played: readonly PlayedPiece[], fromMs: number, silenceMs: number): number {
  let lastMs = fromMs;
  for (const piece of played) {
    if (piece.atMs < fromMs) continue;
    const end = lastAudible(piece.samples);
    if (end === 0) continue;
    if (piece.atMs - lastMs > silenceMs) return lastMs;
    lastMs = piece.atMs + (end / piece.sampleRateHz) * 1000;
  }
  return lastMs;
}

/** Joins clips with silence of the given length between them. */
export function withPauses(parts: readonly Float32Array[], pauseMs: readonly number[]): Float32Array {
  const pieces: Float32Array[] = [];
  for (const [index, part] of parts.entries()) {
    if (index > 0) pieces.push(new Float32Array(Math.round((pauseMs[index - 1] ?? 0) * 16)));
    pieces.push(part);
  }
  return joinSamples(pieces);
}

/** Numbers between 0 and 1, the same ones every time. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
