import type { Box } from '../../../src-preload/contract/index.ts';
import { CHIN, distance, FACE_OVAL, FOREHEAD_TOP, pointOf } from './mesh-points.ts';
import { at, shrink, type Raster } from './raster.ts';

/** The estimate is made on so small a copy, pixels of its longer side. */
const SIZE = 192;
/** Neighbouring pixels of a backdrop differ by less, of 255 in any channel. */
const STEP = 8;
/** And each differs by less from the backdrop along the way that led to it: gradients pass, outlines do not. */
const DRIFT = 18;

/** In face widths; what is wider is a backdrop that was not recognised. */
const WIDEST_HEAD = 2.2;

/** Where the head with its hair lies, and where the shoulders begin. */
export interface HeadRegion {
  head: Box;
  shouldersY: number;
}

/**
 * Estimates the outline of the head from the backdrop that surrounds it: whatever can be reached from the picture's upper border without crossing an edge
 * is backdrop, the rest around the face is head. Where the backdrop is not plain, the proportions of a head are taken instead (crown 0.42 face heights
 * above the forehead's top of the mesh, hair 0.2 face widths on each side).
 */
export function estimateHead(picture: Raster, landmarks: ArrayLike<number>): HeadRegion {
  const factor = Math.min(1, SIZE / Math.max(picture.width, picture.height));
  const small = shrink(picture, Math.max(1, Math.round(picture.width * factor)), Math.max(1, Math.round(picture.height * factor)));
  const face = faceFrame(landmarks, factor);
  const backdrop = findBackdrop(small, face);
  const head = growHead(small, backdrop, face);
  const shouldersY = findShoulders(small, backdrop, face, head);
  const scaled = (value: number, limit: number): number => Math.round(Math.min(limit, Math.max(0, value / factor)));
  return {
    head: [
      scaled(head[0], picture.width),
      scaled(head[1], picture.height),
      scaled(head[2], picture.width),
      scaled(head[3], picture.height),
    ],
    shouldersY: scaled(shouldersY, picture.height),
  };
}

/** The face in pixels of the small copy. */
interface FaceFrame {
  left: number;
  right: number;
  top: number;
  chin: number;
  width: number;
  height: number;
  centreX: number;
}

function faceFrame(landmarks: ArrayLike<number>, factor: number): FaceFrame {
  const xs = FACE_OVAL.map((index) => pointOf(landmarks, index)[0] * factor);
  const left = Math.min(...xs);
  const right = Math.max(...xs);
  const top = pointOf(landmarks, FOREHEAD_TOP);
  const chin = pointOf(landmarks, CHIN);
  return {
    left,
    right,
    top: Math.min(top[1], chin[1]) * factor,
    chin: Math.max(top[1], chin[1]) * factor,
    width: Math.max(1, right - left),
    height: Math.max(1, distance(top, chin) * factor),
    centreX: (left + right) / 2,
  };
}

/** 1 = backdrop. Grows from the upper border and from the sides above the chin; never into the middle of the face. */
function findBackdrop(picture: Raster, face: FaceFrame): Uint8Array {
  const { width, height, data } = picture;
  const found = new Uint8Array(width * height);
  /** What the backdrop looked like on the way to each pixel. */
  const seen = new Float32Array(width * height * 3);
  const queue: number[] = [];
  const join = (pixel: number, from: number): void => {
    found[pixel] = 1;
    for (let channel = 0; channel < 3; channel += 1) {
      const own = data[pixel * 4 + channel] ?? 0;
      seen[pixel * 3 + channel] = from < 0 ? own : 0.9 * (seen[from * 3 + channel] ?? 0) + 0.1 * own;
    }
    queue.push(pixel);
  };
  const fits = (pixel: number, from: number): boolean => {
    for (let channel = 0; channel < 3; channel += 1) {
      const own = data[pixel * 4 + channel] ?? 0;
      if (Math.abs(own - (data[from * 4 + channel] ?? 0)) > STEP) return false;
      if (Math.abs(own - (seen[from * 3 + channel] ?? 0)) > DRIFT) return false;
    }
    return true;
  };
  for (let x = 0; x < width; x += 1) if (Math.abs(x - face.centreX) > face.width / 2 || face.top > height * 0.06) join(x, -1);
  for (let y = 1; y < Math.min(height, face.chin); y += 1) {
    join(y * width, -1);
    join(y * width + width - 1, -1);
  }
  const inFace = (x: number, y: number): boolean =>
    Math.hypot((x - face.centreX) / (face.width / 2), (y - (face.top + face.chin) / 2) / (face.height / 2)) < 0.95;
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const x = next % width;
    const y = (next - x) / width;
    for (const [besideX, besideY] of [
      [x - 1, y],
      [x + 1, y],
      [x, y - 1],
      [x, y + 1],
    ] as const) {
      if (besideX < 0 || besideY < 0 || besideX >= width || besideY >= height) continue;
      const beside = besideY * width + besideX;
      if (found[beside] === 0 && !inFace(besideX, besideY) && fits(beside, next)) join(beside, next);
    }
  }
  return found;
}

/** The run of pixels that are not backdrop in one row, around `from`..`to`; undefined when all of it is backdrop. */
function runIn(backdrop: Uint8Array, width: number, y: number, from: number, to: number): [number, number] | undefined {
  const isHead = (x: number): boolean => x >= 0 && x < width && backdrop[y * width + x] === 0;
  let start = Math.max(0, Math.round(from));
  const end = Math.min(width - 1, Math.round(to));
  while (start <= end && !isHead(start)) start += 1;
  if (start > end) return undefined;
  let last = end;
  while (!isHead(last)) last -= 1;
  while (isHead(start - 1)) start -= 1;
  while (isHead(last + 1)) last += 1;
  return [start, last];
}

/** The value that only a few stray rows exceed. `sign` 1: the smallest, -1: the largest. */
function outermost(values: number[], sign: number): number {
  return at(
    values.toSorted((a, b) => (a - b) * sign),
    Math.floor(values.length * 0.03),
  );
}

/** Follows the head upwards from the brow, then takes its widest rows. Sides that meet no backdrop near the face keep the proportions. */
function growHead(picture: Raster, backdrop: Uint8Array, face: FaceFrame): Box {
  const { width } = picture;
  const usual: Box = [
    face.left - 0.2 * face.width,
    face.top - 0.42 * face.height,
    face.right + 0.2 * face.width,
    face.chin + 0.04 * face.height,
  ];
  const highest = Math.max(0, Math.floor(face.top - 0.7 * face.height));
  const start = Math.round(face.top + 0.2 * face.height);
  let run = runIn(backdrop, width, start, face.left, face.right);
  let top = start;
  let restless = false;
  for (let y = start - 1; y >= highest && run !== undefined; y -= 1) {
    run = runIn(backdrop, width, y, Math.max(face.left, run[0]), Math.min(face.right, run[1]));
    if (run !== undefined) top = y;
    if (run !== undefined && run[1] - run[0] > WIDEST_HEAD * face.width) restless = true;
  }
  const reachesLimit = top <= highest && highest > 0;
  const hidden = run !== undefined && top <= 0 && face.top - 0.5 * face.height > 0;
  const crown = restless || reachesLimit || hidden || top > face.top ? usual[1] : top;
  const lefts: number[] = [];
  const rights: number[] = [];
  for (let y = Math.max(0, top); y < Math.min(picture.height, face.chin); y += 1) {
    const row = runIn(backdrop, width, y, face.left, face.right);
    if (row === undefined) continue;
    lefts.push(row[0]);
    rights.push(row[1] + 1);
  }
  const left = lefts.length === 0 ? usual[0] : outermost(lefts, 1);
  const right = rights.length === 0 ? usual[2] : outermost(rights, -1);
  const reach = 0.45 * face.width;
  return [
    left < face.left - reach ? usual[0] : Math.min(left, face.left),
    crown,
    right > face.right + reach ? usual[2] : Math.max(right, face.right),
    usual[3],
  ];
}

/** The first row below the chin that is clearly wider than the head; where none is seen, 0.4 face heights below the chin. */
function findShoulders(picture: Raster, backdrop: Uint8Array, face: FaceFrame, head: Box): number {
  const usual = face.chin + 0.4 * face.height;
  const first = Math.ceil(face.chin + 0.1 * face.height);
  const last = Math.min(picture.height - 1, Math.floor(face.chin + 1.1 * face.height));
  const wide = Math.max(1.2 * (head[2] - head[0]), 1.55 * face.width);
  for (let y = first; y <= last; y += 1) {
    const run = runIn(backdrop, picture.width, y, face.left, face.right);
    // Already wide below the chin: no backdrop was found beside the neck.
    if (run !== undefined && run[1] - run[0] > wide) return y === first ? usual : Math.min(y, usual);
  }
  return usual;
}
