import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRealFft } from '../../../../src-main/inference/onnx/real-fft.ts';

/** |X[k]|² by the definition. */
function naivePower(frame: Float64Array): Float64Array {
  const size = frame.length;
  return Float64Array.from({ length: size / 2 + 1 }, (_, k) => {
    let real = 0;
    let imaginary = 0;
    for (const [n, value] of frame.entries()) {
      const angle = (2 * Math.PI * ((k * n) % size)) / size;
      real += value * Math.cos(angle);
      imaginary -= value * Math.sin(angle);
    }
    return real * real + imaginary * imaginary;
  });
}

function powerOf(frame: Float64Array): Float64Array {
  const power = new Float64Array(frame.length / 2 + 1);
  createRealFft(frame.length).powerSpectrum(frame, power);
  return power;
}

const tone = (cycles: number): Float64Array => Float64Array.from({ length: 400 }, (_, n) => Math.cos((2 * Math.PI * cycles * n) / 400));
const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

describe('createRealFft', () => {
  it.each([2, 4, 8, 10, 16, 20, 32, 40, 50, 64, 80, 100, 128, 160, 200, 250, 320, 400, 500, 512, 1000])(
    'agrees with the definition for frames of %i samples',
    (size) => {
      const frame = Float64Array.from({ length: size }, (_, n) => Math.sin(n * 1.7) + Math.cos(n * n * 0.13) - 0.4);
      const [ours, naive] = [powerOf(frame), naivePower(frame)];
      const scale = total(naive);
      for (const [k, value] of naive.entries()) expect(Math.abs((ours[k] ?? NaN) - value)).toBeLessThan(scale * 1e-12);
    },
  );

  it("agrees with the definition for whatever lies in Whisper's window of 400 samples, and keeps the frame", () => {
    const anyFrame = fc.float64Array({ min: -1, max: 1, noNaN: true, minLength: 400, maxLength: 400 });
    const fft = createRealFft(400);
    const power = new Float64Array(201);
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const copy = frame.slice();
        fft.powerSpectrum(frame, power);
        expect(frame).toEqual(copy);
        const naive = naivePower(frame);
        const scale = Math.max(total(naive), 1e-300);
        for (const [k, value] of naive.entries()) expect(Math.abs((power[k] ?? NaN) - value)).toBeLessThanOrEqual(scale * 1e-12);
      }),
      { numRuns: 50 },
    );
  });

  it('finds a tone in its bin, a constant in the first and the fastest change in the last', () => {
    for (const cycles of [1, 37, 100, 199]) {
      const power = powerOf(tone(cycles));
      expect(power[cycles]).toBeCloseTo(200 ** 2, 6);
      expect(total(power) - (power[cycles] ?? 0)).toBeLessThan(1e-15 * 200 ** 2 * 400);
    }
    expect(powerOf(tone(0))[0]).toBeCloseTo(400 ** 2, 6);
    expect(powerOf(tone(200))[200]).toBeCloseTo(400 ** 2, 6);
  });

  it('refuses lengths that it cannot take apart', () => {
    for (const size of [6, 14, 22, 402]) expect(() => createRealFft(size)).toThrow(RangeError);
  });
});
