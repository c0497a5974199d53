import { describe, expect, it } from 'vitest';
import { paintTeeth, TEETH_SPAN } from '../../../../../src-renderer/face/mesh/teeth-picture.ts';

describe('paintTeeth', () => {
  const { width, height, data } = paintTeeth();
  const half = height / 2;
  const alpha = (x: number, y: number): number => data[(y * width + x) * 4 + 3] ?? 0;
  const edgeRow = Math.round((TEETH_SPAN.above / (TEETH_SPAN.above + TEETH_SPAN.below)) * half);

  it('ends the upper row at its biting edge and begins the lower one at its own', () => {
    expect(alpha(width / 2 + 8, edgeRow - 10)).toBeGreaterThan(200);
    expect(alpha(width / 2 + 8, edgeRow + 6)).toBe(0);
    expect(alpha(width / 2 + 8, half + 6)).toBe(0);
    expect(alpha(width / 2 + 8, half + (half - edgeRow) + 10)).toBeGreaterThan(200);
  });

  it('is the same on both sides, and darker towards the cheeks', () => {
    const row = edgeRow - 14;
    for (let x = 0; x < width / 2; x += 1) expect(data[(row * width + x) * 4]).toBe(data[(row * width + width - 1 - x) * 4]);
    const shade = (x: number): number => data[(row * width + x) * 4] ?? 0;
    expect(shade(width / 2 + 18)).toBeGreaterThan(shade(width / 2 + 90));
  });
});
