/** Sounds for the telephone's tests, and ears that measure them. */

export function sine(frequencyHz: number, decibels: number, durationMs: number, rateHz: number): Float32Array {
  const amplitude = Math.SQRT2 * 10 ** (decibels / 20);
  return Float32Array.from(
    { length: Math.round((durationMs * rateHz) / 1000) },
    (_, index) => amplitude * Math.sin((2 * Math.PI * frequencyHz * index) / rateHz),
  );
}

export function decibelsOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
}

/** The strongest frequency within `aroundHz` ± 20 Hz, to a tenth of a hertz. */
export function strongestFrequency(samples: Float32Array, aroundHz: number, rateHz: number): number {
  let best = { hz: 0, power: -1 };
  for (let hz = aroundHz - 20; hz <= aroundHz + 20; hz += 0.1) {
    let real = 0;
    let imaginary = 0;
    for (let index = 0; index < samples.length; index += 1) {
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / samples.length);
      const angle = (2 * Math.PI * hz * index) / rateHz;
      real += window * (samples[index] ?? 0) * Math.cos(angle);
      imaginary += window * (samples[index] ?? 0) * Math.sin(angle);
    }
    const power = real * real + imaginary * imaginary;
    if (power > best.power) best = { hz, power };
  }
  return best.hz;
}
