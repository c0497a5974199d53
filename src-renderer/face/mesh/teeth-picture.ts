import type { Pixels } from './pixels.ts';

/*
 * Two rows of teeth as one picture, in white light: the body tints and darkens them. Upper half = upper teeth, lower half = lower teeth. Sizes are
 * averages of adult teeth (Wheeler's Dental Anatomy) seen from the front, over an eye distance of 90 mm.
 */

/** What each half shows, in the face's measure for a mouth of usual width: x around the middle, y from the biting edge (down > 0). */
export const TEETH_SPAN = { x: 0.32, above: 0.12, below: 0.03 };

const SIZE = { width: 256, half: 96 };
/** From the middle outwards, width as seen from the front and height. */
const UPPER: readonly Tooth[] = [
  { width: 0.09, height: 0.105 },
  { width: 0.068, height: 0.092 },
  { width: 0.062, height: 0.1 },
  { width: 0.042, height: 0.085 },
  { width: 0.03, height: 0.075 },
];
const LOWER: readonly Tooth[] = [
  { width: 0.057, height: 0.088 },
  { width: 0.06, height: 0.088 },
  { width: 0.058, height: 0.095 },
  { width: 0.045, height: 0.08 },
  { width: 0.034, height: 0.07 },
];
/** The rows are arches: their edges rise towards the sides, in face measures per face measure squared. */
const ARCH = { upper: 0.55, lower: 0.9 };

interface Tooth {
  width: number;
  height: number;
}

export function paintTeeth(): Pixels {
  const { width, half } = SIZE;
  const data = new Uint8ClampedArray(width * half * 2 * 4);
  for (const lower of [false, true])
    for (let row = 0; row < half; row += 1)
      for (let column = 0; column < width; column += 1) {
        const x = ((column + 0.5) / width - 0.5) * 2 * TEETH_SPAN.x;
        const down = ((row + 0.5) / half) * (TEETH_SPAN.above + TEETH_SPAN.below);
        // Measured from the biting edge into the gum; the lower row is the upper one upside down.
        const inward = lower ? down - TEETH_SPAN.below : TEETH_SPAN.above - down;
        const arch = (lower ? ARCH.lower : ARCH.upper) * x * x;
        const [shade, cover] = toothAt(lower ? LOWER : UPPER, x, lower ? inward + arch : inward - arch);
        const at = ((row + (lower ? half : 0)) * width + column) * 4;
        data.set([255 * shade, 252 * shade, 243 * shade * (0.96 + 0.04 * shade), 255 * cover], at);
      }
  return { width, height: half * 2, data };
}

/** Shade and cover (0..1) at `x`, `inward` from the biting edge. */
function toothAt(row: readonly Tooth[], x: number, inward: number): [number, number] {
  let start = 0;
  for (const [order, { width, height }] of row.entries()) {
    const end = start + width;
    if (Math.abs(x) <= end) {
      const across = ((Math.abs(x) - start) / width) * 2 - 1;
      // A rounded edge, and sides that curve away from the light.
      const corner = 0.012 * Math.abs(across) ** 4;
      const edge = ramp((inward - corner) / 0.006 + 0.5);
      const side = ramp(((1 - Math.abs(across)) * (width / 2)) / 0.004 + 0.35);
      const root = ramp((height - inward) / 0.02);
      const round = 1 - 0.22 * Math.abs(across) ** 3;
      const back = 1 - 0.17 * order;
      const upright = 0.82 + 0.18 * Math.sin(Math.min(1, Math.max(0, inward / height)) * Math.PI * 0.75 + 0.5);
      return [Math.max(0, round * back * upright) * (0.55 + 0.45 * side), edge * (0.5 + 0.5 * side) * root];
    }
    start = end;
  }
  return [0, 0];
}

function ramp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
