/** Root mean square, 0..1; 0 for no samples. */
export function rootMeanSquare(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

/** Loudness in dB below full scale (0 = a full-scale square wave); silence gives -100. */
export function levelDecibels(samples: Float32Array): number {
  return Math.max(-100, 20 * Math.log10(rootMeanSquare(samples) + 1e-9));
}

/** Middle of the quietest stretch of `windowSamples` between `start` and `end`; the best place to cut where there is no pause. */
export function quietestPosition(samples: Float32Array, start: number, end: number, windowSamples: number): number {
  const last = Math.min(end, samples.length) - windowSamples;
  let best = Math.max(0, Math.min(start, last));
  let bestEnergy = Number.POSITIVE_INFINITY;
  const step = Math.max(1, windowSamples >> 2);
  for (let position = best; position <= last; position += step) {
    const energy = rootMeanSquare(samples.subarray(position, position + windowSamples));
    if (energy < bestEnergy) {
      bestEnergy = energy;
      best = position;
    }
  }
  return best + (windowSamples >> 1);
}

/** A copy without NaN and infinities (silence instead) and within -1..1: native engines answer a single NaN with nothing but NaN from then on. */
export function sanitizeSamples(samples: Float32Array): Float32Array {
  const clean = new Float32Array(samples.length);
  // A loop, for all sound that is ever heard passes through here.
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] ?? 0;
    if (Number.isFinite(sample)) clean[index] = sample > 1 ? 1 : sample < -1 ? -1 : sample;
  }
  return clean;
}
