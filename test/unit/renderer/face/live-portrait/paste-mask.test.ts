import { describe, expect, it } from 'vitest';
import { pasteMask } from '../../../../../src-renderer/face/live-portrait/paste-mask.ts';

describe('pasteMask', () => {
  it('shows the square whole but for a soft edge of 16 pixels, half of it at the ninth', () => {
    const mask = pasteMask(512);
    const across = (x: number): number | undefined => mask[256 * 512 + x];
    expect([0, 2, 9, 16, 256, 495, 502, 511].map(across)).toEqual([0, 0, 128, 255, 255, 255, 128, 0]);
    expect(mask[9 * 512 + 256]).toBe(128);
    expect(mask[9 * 512 + 9]).toBe(128);
    expect(mask[0]).toBe(0);
  });

  it('has an edge of the same share at another size', () => {
    const mask = pasteMask(256);
    expect([0, 1, 8, 128].map((x) => mask[128 * 256 + x])).toEqual([0, 0, 255, 255]);
  });
});
