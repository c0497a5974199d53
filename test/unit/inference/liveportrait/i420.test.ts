import { describe, expect, it } from 'vitest';
import { toI420 } from '../../../../src-main/inference/liveportrait/i420.ts';

/** 2 × 2 pixels of one colour. */
const cell = (red: number, green: number, blue: number): number[] =>
  [toI420(Float32Array.of(red, red, red, red, green, green, green, green, blue, blue, blue, blue), 2)].flatMap((bytes) => [...bytes]);

describe('toI420', () => {
  it('gives JFIF’s numbers for black, white and the primary colours', () => {
    expect(cell(0, 0, 0)).toEqual([0, 0, 0, 0, 128, 128]);
    expect(cell(1, 1, 1)).toEqual([255, 255, 255, 255, 128, 128]);
    expect(cell(1, 0, 0)).toEqual([76, 76, 76, 76, 85, 255]);
    expect(cell(0, 1, 0)).toEqual([150, 150, 150, 150, 44, 21]);
    expect(cell(0, 0, 1)).toEqual([29, 29, 29, 29, 255, 107]);
  });

  it('keeps the place of each pixel, averages the colour of four, and takes what is out of range to its end', () => {
    const size = 4;
    const planes = new Float32Array(3 * size * size);
    planes[5] = 2;
    planes[16 + 5] = 2;
    planes[32 + 5] = 2;
    planes[2] = 1;
    const bytes = toI420(planes, size);
    expect([bytes[5], bytes[2], bytes[0]]).toEqual([255, 76, 0]);
    expect([...bytes.subarray(20)]).toEqual([128, 160, 128, 128]);
  });
});
