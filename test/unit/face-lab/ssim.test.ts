import { describe, expect, it } from 'vitest';
import { ssim, worstDifference } from '../../face-lab/ssim.ts';
import type { Picture } from '../../face-lab/picture.ts';

/** The formula's value modulo 256 in red, twice and three times it in green and blue. */
function pattern(value: (x: number, y: number) => number): Picture {
  const [width, height] = [32, 24];
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const own = value(x, y);
      data.set([own % 256, (2 * own) % 256, (3 * own) % 256, 255], (y * width + x) * 4);
    }
  return { width, height, data };
}

const plain = pattern((x, y) => x * 7 + y * 13);
const other = pattern((x, y) => x * 7 + y * 11 + 20);
const brighter: Picture = { ...plain, data: plain.data.map((value, index) => (index % 4 === 3 ? 255 : Math.min(255, value + 10))) };

describe('ssim', () => {
  // Values from a second, independent calculation with NumPy and SciPy (convolve2d, valid windows).
  it('gives the values of a reference calculation', () => {
    expect(ssim(plain, other)).toBeCloseTo(0.6403104693165885, 10);
    expect(ssim(plain, brighter)).toBeCloseTo(0.9965274658669098, 10);
  });

  it('looks only at the box', () => {
    expect(ssim(plain, other, [6, 4, 30, 20])).toBeCloseTo(0.8823833549796699, 10);
  });

  it('is 1 for a picture and itself', () => {
    expect(ssim(plain, plain)).toBeCloseTo(1, 12);
  });

  it('refuses pictures of different size and boxes smaller than a window', () => {
    expect(() => ssim(plain, { width: 1, height: 1, data: new Uint8ClampedArray(4) })).toThrow('same size');
    expect(() => ssim(plain, other, [0, 0, 10, 24])).toThrow('smaller than one window');
  });
});

describe('worstDifference', () => {
  it('is that of the block that differs most, without alpha', () => {
    expect(worstDifference(plain, brighter, 32)).toBeCloseTo(9.797743055555555, 10);
    const spoilt: Picture = { ...plain, data: Uint8ClampedArray.from(plain.data) };
    // One pixel of the last, smaller block (columns 30 and 31, rows 20 to 23), by 24 in each of three channels.
    const at = (23 * 32 + 31) * 4;
    for (let channel = 0; channel < 3; channel += 1)
      spoilt.data[at + channel] =
        (plain.data[at + channel] ?? 0) > 127 ? (plain.data[at + channel] ?? 0) - 24 : (plain.data[at + channel] ?? 0) + 24;
    expect(worstDifference(plain, spoilt, 10)).toBe(24 / 8);
  });
});
