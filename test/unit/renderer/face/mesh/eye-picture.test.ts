import { describe, expect, it } from 'vitest';
import { takeEyeApart } from '../../../../../src-renderer/face/mesh/eye-picture.ts';
import { pixelAt, type Pixels } from '../../../../../src-renderer/face/mesh/pixels.ts';

const SKIN = [200, 150, 120] as const;
const WHITE = [230, 228, 224] as const;
const IRIS = [60, 90, 140] as const;
const [WIDTH, HEIGHT] = [60, 40];
const EYE = { x: 30, y: 18, radius: 8 };
/** The upper lid hides the top of the iris, as in most faces. */
const LOOP: [number, number][] = [
  [10, 20],
  [20, 13],
  [40, 13],
  [50, 20],
  [40, 27],
  [20, 27],
];

function painted(): Pixels {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let y = 0; y < HEIGHT; y += 1)
    for (let x = 0; x < WIDTH; x += 1) {
      const inside = y >= 13 && y <= 27 && x >= 10 + Math.abs(20 - y) && x <= 50 - Math.abs(20 - y);
      const colour = !inside ? SKIN : Math.hypot(x - EYE.x, y - EYE.y) <= EYE.radius ? IRIS : WHITE;
      data.set([...colour, 255], (y * WIDTH + x) * 4);
    }
  return { width: WIDTH, height: HEIGHT, data };
}

const close = (colour: readonly number[], wanted: readonly number[]): boolean =>
  wanted.every((value, channel) => Math.abs((colour[channel] ?? 0) * 255 - value) < 12);

describe('takeEyeApart', () => {
  const eye = takeEyeApart(painted(), { loop: LOOP, ...EYE });

  it('fills the white in where the iris was, and on under the lids', () => {
    expect(close(pixelAt(eye.plate, 30, 18), WHITE)).toBe(true);
    expect(close(pixelAt(eye.plate, 30, 8), WHITE)).toBe(true);
  });

  it('completes the part of the iris that the lid hid', () => {
    expect(close(pixelAt(eye.iris, 30, 11), IRIS)).toBe(true);
    expect(eye.iris.data[(11 * WIDTH + 30) * 4 + 3]).toBe(255);
  });

  it('is clear around the iris, with a soft edge', () => {
    const alphas = [30, 45, 39, 40].map((x) => eye.iris.data[(18 * WIDTH + x) * 4 + 3] ?? 0);
    expect(alphas.slice(0, 2)).toEqual([255, 0]);
    expect(alphas[2]).toBeGreaterThan(alphas[3] ?? 255);
  });

  it('puts both together to the eye as it was', () => {
    const original = painted();
    let worst = 0;
    for (let x = 14; x < 47; x += 1) {
      const at = (18 * WIDTH + x) * 4;
      const cover = (eye.iris.data[at + 3] ?? 0) / 255;
      const joined = (eye.plate.data[at] ?? 0) * (1 - cover) + (eye.iris.data[at] ?? 0) * cover;
      // In the soft edge itself both sides are mixed.
      if (cover === 0 || cover === 1) worst = Math.max(worst, Math.abs(joined - (original.data[at] ?? 0)));
    }
    expect(worst).toBeLessThan(2);
  });

  it('knows the white of the eye', () => {
    expect(close(eye.white, WHITE)).toBe(true);
  });

  it('manages an eye without any white, as drawings have', () => {
    const dark = takeEyeApart(
      { width: 20, height: 20, data: new Uint8ClampedArray(20 * 20 * 4) },
      {
        loop: [
          [4, 10],
          [10, 8],
          [16, 10],
          [10, 12],
        ],
        x: 10,
        y: 10,
        radius: 9,
      },
    );
    expect(dark.white).toEqual([0.6, 0.58, 0.55]);
  });
});
