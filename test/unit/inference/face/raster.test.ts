import { describe, expect, it } from 'vitest';
import { halve, pyramid, sampleSquare, shrink, turnRaster, type Raster } from '../../../../src-main/inference/face/raster.ts';

/** A grey picture with these values, rows from the top. */
function grey(rows: readonly (readonly number[])[]): Raster {
  const data = Uint8Array.from(rows.flat().flatMap((value) => [value, value, value, 255]));
  return { width: rows[0]?.length ?? 0, height: rows.length, data };
}

function valuesOf({ width, height, data }: Raster): number[][] {
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (__, x) => data[(y * width + x) * 4] ?? -1));
}

describe('halve', () => {
  it('averages two by two pixels, and a last odd row and column with itself', () => {
    const picture = grey([
      [0, 100, 10],
      [200, 100, 30],
      [50, 70, 255],
    ]);
    expect(valuesOf(halve(picture))).toEqual([
      [100, 20],
      [60, 255],
    ]);
  });

  it('keeps the four channels apart', () => {
    const data = Uint8Array.of(255, 0, 1, 128, 255, 0, 3, 255, 255, 0, 5, 255, 255, 0, 7, 2);
    expect([...halve({ width: 2, height: 2, data }).data]).toEqual([255, 0, 4, 160]);
  });

  it('reads pixels that do not start at a multiple of four bytes', () => {
    const bytes = Uint8Array.from([9, 10, 20, 30, 255]);
    expect([...halve({ width: 1, height: 1, data: bytes.subarray(1) }).data]).toEqual([10, 20, 30, 255]);
  });
});

describe('pyramid', () => {
  it('ends when the longer side is short enough', () => {
    const levels = pyramid({ width: 100, height: 40, data: new Uint8Array(16_000) }, 30);
    expect(levels.map(({ width, height }) => [width, height])).toEqual([
      [100, 40],
      [50, 20],
      [25, 10],
    ]);
  });
});

describe('shrink', () => {
  it('weighs each pixel by the area that it has in the new one', () => {
    const picture = grey([[0, 90, 240]]);
    expect(valuesOf(shrink(picture, 2, 1))).toEqual([[30, 190]]);
  });

  it('keeps the mean of a fine pattern instead of picking from it', () => {
    const rows = Array.from({ length: 90 }, (_, y) => Array.from({ length: 90 }, (__, x) => ((x + y) % 2 === 0 ? 0 : 200)));
    expect(
      new Set(
        valuesOf(shrink(grey(rows), 20, 20))
          .flat()
          .map((value) => Math.abs(value - 100) <= 6),
      ),
    ).toEqual(new Set([true]));
  });
});

describe('turnRaster', () => {
  const picture = grey([
    [1, 2, 3],
    [4, 5, 6],
  ]);

  it.each([
    [0, picture],
    [
      1,
      grey([
        [4, 1],
        [5, 2],
        [6, 3],
      ]),
    ],
    [
      2,
      grey([
        [6, 5, 4],
        [3, 2, 1],
      ]),
    ],
    [
      3,
      grey([
        [3, 6],
        [2, 5],
        [1, 4],
      ]),
    ],
  ])('turns clockwise by %i quarters', (turns, expected) => {
    expect(valuesOf(turnRaster(picture, turns))).toEqual(valuesOf(expected));
  });
});

function red(values: Float32Array): number[] {
  return Array.from({ length: values.length / 3 }, (_, index) => Math.round((values[index * 3] ?? 0) * 255));
}

describe('sampleSquare', () => {
  const ramp = grey(Array.from({ length: 8 }, () => Array.from({ length: 8 }, (_, x) => x * 20)));

  it('takes the pixels themselves when nothing is turned or scaled', () => {
    expect(red(sampleSquare([ramp], { centreX: 4, centreY: 4, side: 2, angle: 0 }, 2))).toEqual([60, 80, 60, 80]);
  });

  it('turns with the square: a quarter turn makes columns of rows', () => {
    expect(red(sampleSquare([ramp], { centreX: 4, centreY: 4, side: 2, angle: Math.PI / 2 }, 2))).toEqual([80, 80, 60, 60]);
  });

  it('is black outside the picture', () => {
    expect(red(sampleSquare([ramp], { centreX: -10, centreY: 4, side: 4, angle: 0 }, 2))).toEqual([0, 0, 0, 0]);
  });

  it('takes large squares from a smaller level', () => {
    expect(red(sampleSquare(pyramid(ramp, 2), { centreX: 4, centreY: 4, side: 8, angle: 0 }, 2))).toEqual([30, 110, 30, 110]);
  });
});
