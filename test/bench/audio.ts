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
/** Pieces follow each other every 10 ms; a busy machine is late now and then. */
const STILL_PLAYING_MS = 100;

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

/** When the last audible sample of an utterance at or after `fromMs` left the loudspeaker's queue; undefined when none did. */
export function audibleUntil(played: readonly PlayedPiece[], utteranceId: string, fromMs: number): number | undefined {
  const piece = played.findLast((candidate) => candidate.utteranceId === utteranceId && lastAudible(candidate.samples) > 0);
  if (!piece) return undefined;
  const endMs = piece.atMs + (lastAudible(piece.samples) / piece.sampleRateHz) * 1000;
  return endMs < fromMs ? undefined : endMs;
}

/** The utterance whose sound was leaving at `nowMs`; undefined when nothing was. Silence between its words is part of its sound. */
export function playingAt(played: readonly PlayedPiece[], nowMs: number): string | undefined {
  const last = played.findLast((piece) => piece.atMs <= nowMs);
  return last && nowMs - last.atMs <= STILL_PLAYING_MS ? last.utteranceId : undefined;
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
