import { createRealFft } from '../../src-main/inference/onnx/real-fft.ts';

const SIZE = 2048;

/** Mean |X[k]|² of the inner part of a sound, k = 0 … 1024, for the finder of formants. */
export function meanSpectrum(sound: Float32Array): Float64Array {
  const fft = createRealFft(SIZE);
  const power = new Float64Array(SIZE / 2 + 1);
  const sum = new Float64Array(SIZE / 2 + 1);
  for (let at = SIZE; at + 2 * SIZE < sound.length; at += SIZE / 4) {
    fft.powerSpectrum(
      Float64Array.from({ length: SIZE }, (_, index) => (sound[at + index] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * index) / SIZE))),
      power,
    );
    for (const [bin, value] of power.entries()) sum[bin] = (sum[bin] ?? 0) + value;
  }
  return sum;
}
