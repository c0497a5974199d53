import { describe, expect, it } from 'vitest';
import { cropOf, networkInput, opennessOf } from '../../../../src-main/inference/liveportrait/portrait-crop.ts';

/** A face 200 wide and 300 high about (500, 400) whose eyes lie 50 above and whose lips lie 80 below, turned clockwise. */
function landmarks(degrees: number): number[] {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const points: Record<number, [number, number]> = {
    468: [-60, -50],
    473: [60, -50],
    14: [0, 80],
    10: [0, -150],
    152: [0, 150],
    234: [-100, 0],
    454: [100, 0],
  };
  return Array.from({ length: 478 }, (_, point) => points[point] ?? ([0, 0] as const)).flatMap(([x, y]) => [
    500 + x * cos - y * sin,
    400 + x * sin + y * cos,
    0,
  ]);
}

describe('cropOf', () => {
  it('is 2.3 times the longer side of the face and an eighth of that towards the forehead', () => {
    expect(cropOf(landmarks(0))).toEqual({
      centreX: expect.closeTo(500),
      centreY: expect.closeTo(400 - 0.125 * 690),
      side: expect.closeTo(690),
      angle: expect.closeTo(0),
    });
  });

  it('turns with the face', () => {
    const { centreX, centreY, side, angle } = cropOf(landmarks(30));
    expect(angle).toBeCloseTo(Math.PI / 6);
    expect(side).toBeCloseTo(690);
    expect([centreX, centreY]).toEqual([
      expect.closeTo(500 + 86.25 * Math.sin(Math.PI / 6)),
      expect.closeTo(400 - 86.25 * Math.cos(Math.PI / 6)),
    ]);
  });
});

describe('networkInput', () => {
  it('sees the crop upright in planes of red, green and blue, black where the picture ends', () => {
    const [width, height] = [512, 512];
    const data = new Uint8Array(width * height * 4).fill(255);
    // Left half red.
    for (let pixel = 0; pixel < width * height; pixel += 1) if (pixel % width < 256) data.set([255, 0, 0], pixel * 4);
    const planes = networkInput({ width, height, data }, { centreX: 256, centreY: 512, side: 512, angle: 0 });
    const at = (x: number, y: number): number[] => [0, 1, 2].map((plane) => planes[plane * 65_536 + y * 256 + x] ?? NaN);
    expect([at(40, 40), at(200, 40), at(40, 200)]).toEqual([
      [1, 0, 0],
      [1, 1, 1],
      [0, 0, 0],
    ]);
  });
});

describe('opennessOf', () => {
  it('is height through width of each eye and of the lips', () => {
    const points = Array.from({ length: 478 * 3 }, () => 0);
    const place = (point: number, x: number, y: number): number[] => points.splice(point * 3, 2, x, y);
    place(33, 0, 0);
    place(133, 40, 0);
    place(159, 20, -6);
    place(145, 20, 4);
    place(362, 100, 0);
    place(263, 140, 0);
    place(386, 120, -2);
    place(374, 120, 2);
    place(78, 30, 80);
    place(308, 110, 80);
    place(13, 70, 78);
    place(14, 70, 82);
    expect(opennessOf(points)).toEqual({ left: expect.closeTo(0.25), right: expect.closeTo(0.1), lips: expect.closeTo(0.05) });
  });
});
