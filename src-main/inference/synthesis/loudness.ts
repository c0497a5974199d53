/** Root mean square of a vowel that is spoken with full voice, at the common loudness of our voices. */
const FULL_VOICE_RMS = 0.18;
/** Loudness grows with the 0.6th power of sound pressure (Stevens, 1955). */
const STEVENS_EXPONENT = 0.6;

/** How loud speech of this root mean square is, 0..1: 1 = a vowel with full voice. */
export function loudnessOf(rms: number): number {
  return Math.min(1, (rms / FULL_VOICE_RMS) ** STEVENS_EXPONENT);
}

/** The loudness of a sound that comes piece by piece. */
export interface LoudnessTrack {
  push(samples: Float32Array): void;
  /** Between two samples of the whole sound, 0..1; undefined when less than half of it has come. */
  between(start: number, end: number): number | undefined;
}

const BLOCK_MS = 4;

export function createLoudnessTrack(sampleRateHz: number): LoudnessTrack {
  const blockSamples = Math.max(1, Math.round((BLOCK_MS / 1000) * sampleRateHz));
  /** Energy of each block, the last one perhaps of a part. */
  const energies: number[] = [];
  let known = 0;
  return {
    push(samples) {
      for (const sample of samples) {
        const block = Math.floor(known / blockSamples);
        energies[block] = (energies[block] ?? 0) + sample * sample;
        known += 1;
      }
    },
    between(start, end) {
      const until = Math.min(end, known);
      if (end <= start || until - start < (end - start) / 2) return undefined;
      const first = Math.floor(start / blockSamples);
      const past = Math.max(first + 1, Math.ceil(until / blockSamples));
      const energy = energies.slice(first, past).reduce((sum, each) => sum + each, 0);
      return loudnessOf(Math.sqrt(energy / (Math.min(past * blockSamples, known) - first * blockSamples)));
    },
  };
}
