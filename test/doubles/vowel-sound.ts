/** Formants of a man's vowels, Hz (Peterson & Barney, 1952), with bandwidths as they are measured. */
export const VOWELS = {
  a: [730, 1090, 2440],
  e: [530, 1840, 2480],
  i: [270, 2290, 3010],
  o: [570, 840, 2410],
  u: [300, 870, 2240],
} as const;

/**
 * A vowel sung by nobody: pulses through resonators. Its pitch glides from 0.85 to 1.2 of `hz`, so that its partials pass over the formants and
 * measuring them does not depend on where single partials lie.
 */
export function vowelSound(options: {
  hz: number;
  formants: readonly number[];
  durationMs: number;
  sampleRateHz: number;
  peak?: number;
}): Float32Array {
  const { hz, formants, durationMs, sampleRateHz, peak = 0.5 } = options;
  const length = Math.round((durationMs / 1000) * sampleRateHz);
  let sound: Float32Array = new Float32Array(length);
  let phase = 0;
  for (let at = 0; at < length; at += 1) {
    phase += (hz * (0.85 + (0.35 * at) / length)) / sampleRateHz;
    if (phase < 1) continue;
    phase -= 1;
    sound[at] = 1;
  }
  for (const [index, formant] of formants.entries()) sound = resonated(sound, formant, 60 + 25 * index, sampleRateHz);
  const loudest = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return sound.map((sample) => (sample / loudest) * peak);
}

/** Noise above 4 kHz, as in "s". The same each time. */
export function hissSound(durationMs: number, sampleRateHz: number, peak = 0.3): Float32Array {
  let state = 1;
  const noise = Float32Array.from({ length: Math.round((durationMs / 1000) * sampleRateHz) }, () => {
    state = Math.imul(state, 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  });
  const high = noise.map((sample, at) => sample - 2 * (noise[at - 1] ?? 0) + (noise[at - 2] ?? 0));
  const loudest = high.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return high.map((sample) => (sample / loudest) * peak);
}

function resonated(sound: Float32Array, hz: number, bandwidthHz: number, sampleRateHz: number): Float32Array {
  const radius = Math.exp((-Math.PI * bandwidthHz) / sampleRateHz);
  const feedback = 2 * radius * Math.cos((2 * Math.PI * hz) / sampleRateHz);
  let last = 0;
  let before = 0;
  return sound.map((sample) => {
    const value = sample + feedback * last - radius * radius * before;
    before = last;
    last = value;
    return value;
  });
}
