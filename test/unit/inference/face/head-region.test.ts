import { describe, expect, it } from 'vitest';
import { estimateHead } from '../../../../src-main/inference/face/head-region.ts';
import { MEAN_MESH } from '../../../../src-main/inference/face/mean-mesh.ts';
import type { Raster } from '../../../../src-main/inference/face/raster.ts';

const WIDTH = 400;
const HEIGHT = 500;

/** The mean face with eyes 100 apart, its oval from about y = 141 to 326. */
const landmarks = Array.from(MEAN_MESH, (value, index) => value * 100 + (index % 3 === 2 ? 0 : 200));

/** Head with hair: an ellipse; shoulders: everything below y = 400 but for the corners; a backdrop of one's own. */
function person(backdrop: (x: number, y: number) => number): Raster {
  const data = new Uint8Array(WIDTH * HEIGHT * 4);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const isHead = Math.hypot((x - 200) / 110, (y - 220) / 130) < 1;
      const isNeck = Math.abs(x - 200) < 45 && y > 300;
      const isShoulders = y > 380 && Math.abs(x - 200) < 190;
      const value = isHead || isNeck || isShoulders ? 60 : backdrop(x, y);
      data.set([value, value, value, 255], (y * WIDTH + x) * 4);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

describe('estimateHead', () => {
  it('finds head, hair and shoulders against a backdrop that changes slowly', () => {
    const { head, shouldersY } = estimateHead(
      person((x, y) => 160 + Math.round(x / 10 + y / 12)),
      landmarks,
    );
    const expected = [90, 90, 310, 330];
    expect(head.map((value, index) => Math.abs(value - (expected[index] ?? 0)) < 8)).toEqual([true, true, true, true]);
    expect(Math.abs(shouldersY - 380)).toBeLessThan(8);
  });

  it('keeps to the proportions of a head when the backdrop is restless', () => {
    const { head, shouldersY } = estimateHead(
      person((x, y) => ((Math.floor(x / 20) + Math.floor(y / 20)) % 2 === 0 ? 20 : 230)),
      landmarks,
    );
    const face = { left: 200 - 77, right: 200 + 77, top: 141, chin: 326 };
    expect(head[0]).toBeLessThan(face.left);
    expect(head[2]).toBeGreaterThan(face.right);
    expect(head[1]).toBeLessThan(face.top - 40);
    expect(head[1]).toBeGreaterThan(20);
    expect(shouldersY).toBeGreaterThan(face.chin + 20);
    expect(shouldersY).toBeLessThanOrEqual(HEIGHT);
  });

  it('stays within a picture that is cut at the forehead and at the chin', () => {
    const whole = person(() => 200);
    const top = 150;
    const height = 180;
    const cut: Raster = { width: WIDTH, height, data: whole.data.slice(top * WIDTH * 4, (top + height) * WIDTH * 4) };
    const { head, shouldersY } = estimateHead(
      cut,
      landmarks.map((value, index) => (index % 3 === 1 ? value - top : value)),
    );
    expect([head[1], head[3] <= height, shouldersY]).toEqual([0, true, height]);
  });
});
