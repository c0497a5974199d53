/** A picture in memory, RGBA, 8 bits each, rows from the top, not premultiplied: the same layout as the web's `ImageData`. */
export interface Raster {
  width: number;
  height: number;
  data: Uint8Array | Uint8ClampedArray;
}

/** A turned square of a picture. Coordinates are continuous: 0 is the outer edge of the first pixel, whose centre is 0.5. */
export interface TurnedSquare {
  centreX: number;
  centreY: number;
  side: number;
  /** Radians by which the square's own right points down from the picture's right. */
  angle: number;
}

/** Halves a picture by averaging 2 × 2 pixels; an odd last row or column is averaged with itself. Four channels at once: two to a number, 16 bits apart. */
export function halve(source: Raster): Raster {
  const { width: sourceWidth, height: sourceHeight } = source;
  const width = Math.max(1, Math.ceil(sourceWidth / 2));
  const height = Math.max(1, Math.ceil(sourceHeight / 2));
  const from = pixelsOf(source);
  const to = new Uint32Array(width * height);
  const even = 0x00ff00ff;
  for (let y = 0; y < height; y += 1) {
    const top = 2 * y * sourceWidth;
    const bottom = Math.min(2 * y + 1, sourceHeight - 1) * sourceWidth;
    for (let x = 0; x < width; x += 1) {
      const left = 2 * x;
      const right = Math.min(left + 1, sourceWidth - 1);
      const a = from[top + left] ?? 0;
      const b = from[top + right] ?? 0;
      const c = from[bottom + left] ?? 0;
      const d = from[bottom + right] ?? 0;
      const low = (((a & even) + (b & even) + (c & even) + (d & even) + 0x00020002) >>> 2) & even;
      const high = (((a >>> 8) & even) + ((b >>> 8) & even) + ((c >>> 8) & even) + ((d >>> 8) & even) + 0x00020002) >>> 2;
      to[y * width + x] = low | ((high & even) << 8);
    }
  }
  return { width, height, data: new Uint8Array(to.buffer) };
}

/** The picture and its halves, until the longer side is at most `smallest` pixels. */
export function pyramid(source: Raster, smallest: number): [Raster, ...Raster[]] {
  const levels: [Raster, ...Raster[]] = [source];
  for (let level = source; Math.max(level.width, level.height) > smallest; levels.push(level)) level = halve(level);
  return levels;
}

/**
 * Shrinks by averaging the area that each new pixel covers, so that nothing is lost between samples. Never enlarges: `width` and `height` are at most
 * the source's.
 */
export function shrink(source: Raster, width: number, height: number): Raster {
  let half = source;
  while (half.width >= 2 * width && half.height >= 2 * height) half = halve(half);
  return { width, height, data: averageColumns(averageRows(half, width), width, half.height, height) };
}

/** Averages along x. */
function averageRows(source: Raster, width: number): Float32Array {
  const { width: sourceWidth, height } = source;
  const from = bytesOf(source);
  const to = new Float32Array(width * height * 4);
  const spans = spansOf(sourceWidth, width);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const { first, weights } = spans[x] ?? NO_SPAN;
      const index = (y * width + x) * 4;
      for (let step = 0; step < weights.length; step += 1) {
        const weight = weights[step] ?? 0;
        const pixel = (y * sourceWidth + first + step) * 4;
        to[index] = (to[index] ?? 0) + weight * (from[pixel] ?? 0);
        to[index + 1] = (to[index + 1] ?? 0) + weight * (from[pixel + 1] ?? 0);
        to[index + 2] = (to[index + 2] ?? 0) + weight * (from[pixel + 2] ?? 0);
        to[index + 3] = (to[index + 3] ?? 0) + weight * (from[pixel + 3] ?? 0);
      }
    }
  }
  return to;
}

/** Averages along y and rounds. */
function averageColumns(from: Float32Array, width: number, sourceHeight: number, height: number): Uint8Array {
  const stride = width * 4;
  const to = new Uint8Array(stride * height);
  const row = new Float32Array(stride);
  for (const [y, { first, weights }] of spansOf(sourceHeight, height).entries()) {
    row.fill(0.5);
    for (let step = 0; step < weights.length; step += 1) {
      const weight = weights[step] ?? 0;
      const start = (first + step) * stride;
      for (let index = 0; index < stride; index += 1) row[index] = (row[index] ?? 0) + weight * (from[start + index] ?? 0);
    }
    to.set(row, y * stride);
  }
  return to;
}

const NO_SPAN = { first: 0, weights: new Float32Array(0) };

/** Which source samples each of `count` equal parts covers, and with what share; the shares of a part add up to 1. */
function spansOf(length: number, count: number): { first: number; weights: Float32Array }[] {
  const size = length / count;
  return Array.from({ length: count }, (_, part) => {
    const start = part * size;
    const end = Math.min(length, start + size);
    const first = Math.floor(start);
    const last = Math.max(first, Math.ceil(end - 1e-9) - 1);
    const weights = new Float32Array(last - first + 1);
    for (let index = first; index <= last; index += 1) weights[index - first] = (Math.min(end, index + 1) - Math.max(start, index)) / size;
    return { first, weights };
  });
}

/** The picture turned clockwise by quarter turns. */
export function turnRaster(source: Raster, quarterTurns: number): Raster {
  const turns = ((quarterTurns % 4) + 4) % 4;
  if (turns === 0) return source;
  const width = turns === 2 ? source.width : source.height;
  const height = turns === 2 ? source.height : source.width;
  const sourceWidth = source.width;
  const from = pixelsOf(source);
  const to = new Uint32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const sourceX = turns === 1 ? y : turns === 2 ? width - 1 - x : height - 1 - y;
      const sourceY = turns === 1 ? width - 1 - x : turns === 2 ? height - 1 - y : x;
      to[y * width + x] = from[sourceY * sourceWidth + sourceX] ?? 0;
    }
  }
  return { width, height, data: new Uint8Array(to.buffer) };
}

/** The same bytes under one type: loops over two kinds of array are ten times slower. */
function bytesOf({ data }: Raster): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Whole pixels; copies only when the bytes do not start at a multiple of four. */
function pixelsOf({ data, width, height }: Raster): Uint32Array {
  const { buffer, byteOffset } = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Uint32Array(buffer, byteOffset, width * height);
}

/**
 * Samples a turned square into `size` × `size` RGB values from 0 to 1 (rows from the square's own top), as the networks want it. `levels`: the picture and
 * its halves; the level is taken on which the square is one to two times as large as the result, and four samples of it are averaged. Outside the picture it is black.
 */
export function sampleSquare(levels: readonly [Raster, ...Raster[]], square: TurnedSquare, size: number): Float32Array {
  const index = Math.max(0, Math.min(levels.length - 1, Math.floor(Math.log2(Math.max(1, square.side / size)))));
  const source = levels[index] ?? levels[0];
  const scale = source.width / levels[0].width;
  const step = (square.side * scale) / size;
  const samples = step > 1 ? 2 : 1;
  const cos = (Math.cos(square.angle) * step) / samples;
  const sin = (Math.sin(square.angle) * step) / samples;
  const result = new Float32Array(size * size * 3);
  const middle = (size * samples) / 2;
  const share = 1 / (255 * samples * samples);
  const bytes = bytesOf(source);
  const { width, height } = source;
  for (let v = 0; v < size * samples; v += 1) {
    for (let u = 0; u < size * samples; u += 1) {
      const right = u + 0.5 - middle;
      const down = v + 0.5 - middle;
      const x = square.centreX * scale + right * cos - down * sin - 0.5;
      const y = square.centreY * scale + right * sin + down * cos - 0.5;
      const to = (Math.floor(v / samples) * size + Math.floor(u / samples)) * 3;
      addSample(bytes, width, height, x, y, share, result, to);
    }
  }
  return result;
}

/** Adds one bilinear sample; x and y count from the centre of the first pixel. */
function addSample(
  bytes: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  share: number,
  into: Float32Array,
  to: number,
): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < -1 || top < -1 || left >= width || top >= height) return;
  for (let corner = 0; corner < 4; corner += 1) {
    const px = left + (corner & 1);
    const py = top + (corner >> 1);
    if (px < 0 || py < 0 || px >= width || py >= height) continue;
    const weight = share * (1 - Math.abs(px - x)) * (1 - Math.abs(py - y));
    const index = (py * width + px) * 4;
    into[to] = (into[to] ?? 0) + weight * (bytes[index] ?? 0);
    into[to + 1] = (into[to + 1] ?? 0) + weight * (bytes[index + 1] ?? 0);
    into[to + 2] = (into[to + 2] ?? 0) + weight * (bytes[index + 2] ?? 0);
  }
}

/** The number at an index that is known to exist. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
