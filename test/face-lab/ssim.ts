import type { Box } from '../../src-preload/contract/index.ts';
import type { Picture } from './picture.ts';

/* Structural similarity after Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment", IEEE Transactions on Image Processing 13 (2004). */

const RADIUS = 5;
const SIGMA = 1.5;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

const WINDOW = (() => {
  const weights = Array.from({ length: 2 * RADIUS + 1 }, (_value, index) => Math.exp(-((index - RADIUS) ** 2) / (2 * SIGMA * SIGMA)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
})();

/**
 * Mean similarity of two pictures of the same size, of their luma (BT.601), over all Gaussian windows of 11 × 11 that lie whole inside `box`
 * (default: the picture). 1 = equal.
 */
export function ssim(left: Picture, right: Picture, box: Box = [0, 0, left.width, left.height]): number {
  if (left.width !== right.width || left.height !== right.height) throw new Error('Only pictures of the same size can be compared.');
  const [x0, y0] = [Math.max(0, Math.floor(box[0])), Math.max(0, Math.floor(box[1]))];
  const [x1, y1] = [Math.min(left.width, Math.ceil(box[2])), Math.min(left.height, Math.ceil(box[3]))];
  const [width, height] = [x1 - x0, y1 - y0];
  if (width <= 2 * RADIUS || height <= 2 * RADIUS) throw new Error('The box is smaller than one window.');
  const one = luma(left, x0, y0, width, height);
  const other = luma(right, x0, y0, width, height);
  const mean = blur(one, width, height);
  const otherMean = blur(other, width, height);
  const square = blur(
    one.map((value) => value * value),
    width,
    height,
  );
  const otherSquare = blur(
    other.map((value) => value * value),
    width,
    height,
  );
  const product = blur(
    one.map((value, index) => value * (other[index] ?? 0)),
    width,
    height,
  );
  let sum = 0;
  for (const [index, a] of mean.entries()) {
    const b = otherMean[index] ?? 0;
    const variances = (square[index] ?? 0) - a * a + (otherSquare[index] ?? 0) - b * b;
    const covariance = (product[index] ?? 0) - a * b;
    sum += ((2 * a * b + C1) * (2 * covariance + C2)) / ((a * a + b * b + C1) * (variances + C2));
  }
  return sum / mean.length;
}

/** Mean absolute difference of the colour channels in the square block that differs most, 0..255: what happens to a mouth is lost in the mean of a picture. */
export function worstDifference(left: Picture, right: Picture, blockSize: number): number {
  const columns = Math.ceil(left.width / blockSize);
  const sums = new Float64Array(columns * Math.ceil(left.height / blockSize));
  const counts = new Float64Array(sums.length);
  for (let index = 0; index < left.data.length; index += 1) {
    if (index % 4 === 3) continue;
    const pixel = index >> 2;
    const block = Math.floor(Math.floor(pixel / left.width) / blockSize) * columns + Math.floor((pixel % left.width) / blockSize);
    sums[block] = (sums[block] ?? 0) + Math.abs((left.data[index] ?? 0) - (right.data[index] ?? 0));
    counts[block] = (counts[block] ?? 0) + 1;
  }
  return Math.max(...sums.map((sum, block) => sum / (counts[block] ?? 1)));
}

function luma({ width: stride, data }: Picture, x0: number, y0: number, width: number, height: number): Float64Array {
  const result = new Float64Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = ((y + y0) * stride + x + x0) * 4;
      result[y * width + x] = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
    }
  return result;
}

/** Weighted means of all windows that lie whole inside: smaller than the input by ten in each direction. */
function blur(values: Float64Array, width: number, height: number): Float64Array {
  const [inner, rows] = [width - 2 * RADIUS, height - 2 * RADIUS];
  const across = new Float64Array(inner * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < inner; x += 1) {
      let sum = 0;
      for (let tap = 0; tap <= 2 * RADIUS; tap += 1) sum += (WINDOW[tap] ?? 0) * (values[y * width + x + tap] ?? 0);
      across[y * inner + x] = sum;
    }
  const result = new Float64Array(inner * rows);
  for (let y = 0; y < rows; y += 1)
    for (let x = 0; x < inner; x += 1) {
      let sum = 0;
      for (let tap = 0; tap <= 2 * RADIUS; tap += 1) sum += (WINDOW[tap] ?? 0) * (across[(y + tap) * inner + x] ?? 0);
      result[y * inner + x] = sum;
    }
  return result;
}
