/** A sine at this level (dB below full scale, as its root mean square), mono. */
export function tone(frequencyHz: number, durationMs: number, sampleRateHz: number, decibels = -20): Float32Array {
  const amplitude = Math.SQRT2 * 10 ** (decibels / 20);
  const samples = new Float32Array(Math.round((durationMs / 1000) * sampleRateHz));
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = amplitude * Math.sin((2 * Math.PI * frequencyHz * index) / sampleRateHz);
  return samples;
}

/** How much of one frequency there is, as the level of a sine in dB below full scale (Goertzel). -100 = none. */
export function toneDecibels(samples: Float32Array, frequencyHz: number, sampleRateHz: number): number {
  if (samples.length === 0) return -100;
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRateHz);
  let before = 0;
  let last = 0;
  for (const sample of samples) {
    const next = sample + coefficient * last - before;
    before = last;
    last = next;
  }
  const power = before * before + last * last - coefficient * before * last;
  const amplitude = (2 * Math.sqrt(Math.max(0, power))) / samples.length;
  return Math.max(-100, 20 * Math.log10(amplitude / Math.SQRT2 + 1e-9));
}

/** The strongest frequency between the two, to 1 Hz. */
export function strongestFrequency(samples: Float32Array, sampleRateHz: number, fromHz = 200, toHz = 3_400): number {
  const best = { frequencyHz: fromHz, decibels: Number.NEGATIVE_INFINITY };
  const look = (from: number, to: number, step: number): void => {
    for (let frequencyHz = from; frequencyHz <= to; frequencyHz += step) {
      const decibels = toneDecibels(samples, frequencyHz, sampleRateHz);
      if (decibels > best.decibels) Object.assign(best, { frequencyHz, decibels });
    }
  };
  // Finer than a bin of this length first, so that no peak falls between two looks.
  const coarse = Math.max(1, sampleRateHz / Math.max(1, samples.length) / 2);
  look(fromHz, toHz, coarse);
  look(best.frequencyHz - coarse, best.frequencyHz + coarse, Math.min(1, coarse));
  return Math.round(best.frequencyHz);
}

/** From the first to the last moment that is louder than this; undefined when it is silent throughout. */
export function soundingPart(samples: Float32Array, sampleRateHz: number, decibels = -45): { startMs: number; endMs: number } | undefined {
  const frame = Math.round(sampleRateHz / 100);
  const threshold = 10 ** (decibels / 20);
  let first = -1;
  let last = -1;
  for (let start = 0; start + frame <= samples.length; start += frame) {
    let sum = 0;
    for (const sample of samples.subarray(start, start + frame)) sum += sample * sample;
    if (Math.sqrt(sum / frame) < threshold) continue;
    if (first < 0) first = start;
    last = start + frame;
  }
  return first < 0 ? undefined : { startMs: (first / sampleRateHz) * 1000, endMs: (last / sampleRateHz) * 1000 };
}

/** Moments of at least `leastMs` that fall below the level between the first and the last sound: dropouts. */
export function gapsIn(
  samples: Float32Array,
  sampleRateHz: number,
  decibels = -45,
  leastMs = 20,
): { startMs: number; durationMs: number }[] {
  const part = soundingPart(samples, sampleRateHz, decibels);
  if (part === undefined) return [];
  const frame = Math.round(sampleRateHz / 100);
  const threshold = 10 ** (decibels / 20);
  const gaps: { startMs: number; durationMs: number }[] = [];
  let silentMs = 0;
  const begin = Math.round((part.startMs / 1000) * sampleRateHz);
  const end = Math.round((part.endMs / 1000) * sampleRateHz);
  for (let start = begin; start + frame <= end; start += frame) {
    let sum = 0;
    for (const sample of samples.subarray(start, start + frame)) sum += sample * sample;
    if (Math.sqrt(sum / frame) < threshold) silentMs += 10;
    else {
      if (silentMs >= leastMs) gaps.push({ startMs: (start / sampleRateHz) * 1000 - silentMs, durationMs: silentMs });
      silentMs = 0;
    }
  }
  return gaps;
}
