import { join } from 'node:path';
import {
  containment,
  DETECTOR_SIZE,
  mergeDetections,
  openFaceDetector,
  overlap,
  type Detection,
  type FaceDetector,
} from './face-detector.ts';
import { openFaceMesh, squareOfDetection, squareOfLandmarks, type FaceMesh } from './face-mesh.ts';
import { boxOf, eyeDistance, MESH_POINTS } from './mesh-points.ts';
import { at, pyramid, shrink, turnRaster, type Raster } from './raster.ts';

/** Below this the mesh does not see a face in what the detector proposed. */
const LEAST_PRESENCE = 0.9;
const LEAST_SCORE = 0.5;
/** Small windows and other ways up look at much that is no face, so they must be surer. */
const LEAST_SCORE_ELSEWHERE = 0.65;
/** In eye distances: the two looks of the mesh differ by less than this on a face, and by more on a pattern that resembles one. */
const MOST_SHIFT = 0.1;
/** So sure a face shows which way is up, and that no smaller windows are needed to find one. */
const SURE = 0.75;
/** Another way up must be surer than the given one by this much: an upright picture is by far the likelier. */
const TURN_MARGIN = 0.08;
/** Windows of a half, a quarter and an eighth of the longer side; the deepest sees faces of about a thirtieth of the picture. */
const DEEPEST = 3;
/** Neighbouring windows start this share of a window apart, so that a face cut by one lies whole in the next. */
const STRIDES = [1, 0.6, 0.75, 0.8];
/** Nobody makes a character of the thirteenth face. */
const MOST_FACES = 12;
/** Of each way up but the surest. */
const MOST_FACES_ELSEWHERE = 4;

/** One face of a picture. */
export interface FaceMeshFound {
  /** Sureness of the detector, 0..1. */
  score: number;
  /** [left, top, right, bottom] of the mesh. */
  box: [number, number, number, number];
  /** 478 x, y, z in pixels, flat; see `foundFaceSchema`. */
  landmarks: Float32Array;
}

export interface FacesFound {
  /** Clockwise turns that make the picture upright. Boxes and points are those of the upright picture. */
  quarterTurns: number;
  /** Largest and surest first. */
  faces: FaceMeshFound[];
}

export interface FaceFinder {
  /** Looks for faces in every way up (`turns`: only these), and in parts of the picture when they are small. 40-700 ms. */
  find(picture: Raster, options?: { turns?: readonly number[] }): Promise<FacesFound>;
  /** Fits the mesh again from where it was: in the next picture of a row, or around dragged points. Undefined when no face is there. 10 ms. */
  follow(picture: Raster, landmarks: ArrayLike<number>): Promise<Float32Array | undefined>;
  dispose(): Promise<void>;
}

/**
 * Finds faces with the two shipped graphs `face/face_det.onnx` and `face/face_mesh478.onnx` of `modelsDirectory` (the folder of manifest.json).
 * Rejects with ONNX Runtime's error when they are missing.
 */
export async function createFaceFinder(options: { modelsDirectory: string }): Promise<FaceFinder> {
  const detector = await openFaceDetector(join(options.modelsDirectory, 'face', 'face_det.onnx'));
  const mesh = await openFaceMesh(join(options.modelsDirectory, 'face', 'face_mesh478.onnx'));
  return {
    async find(picture, { turns = [0, 1, 2, 3] } = {}) {
      for (const [rank, way] of (await search(detector, picture, turns)).entries()) {
        const upright = pyramid(turnRaster(picture, way.turn), DETECTOR_SIZE);
        const detections = mergeDetections(way.found).slice(0, rank === 0 ? MOST_FACES : MOST_FACES_ELSEWHERE);
        const faces = await meshAll(mesh, upright, detections);
        if (faces.length > 0) return { quarterTurns: way.turn, faces };
      }
      return { quarterTurns: 0, faces: [] };
    },
    async follow(picture, landmarks) {
      const again = await mesh.fit(pyramid(picture, DETECTOR_SIZE), squareOfLandmarks(landmarks));
      return again.presence < LEAST_PRESENCE ? undefined : again.landmarks;
    },
    async dispose() {
      await detector.dispose();
      await mesh.dispose();
    },
  };
}

/** One way up of the picture, with what the detector found in it, in pixels of the picture turned that way. */
interface Way {
  turn: number;
  found: Detection[];
}

/** The ways up in which something was found, surest first. Stops one level below the first that surely shows a face. */
async function search(detector: FaceDetector, picture: Raster, turns: readonly number[]): Promise<Way[]> {
  const longest = Math.max(picture.width, picture.height);
  const ways = turns.map((turn): Way => ({ turn, found: [] }));
  let candidates = ways;
  let settled = false;
  for (let level = 0; level <= DEEPEST; level += 1) {
    const side = DETECTOR_SIZE * 2 ** level;
    const small = fitted(picture, side);
    const scale = longest / Math.max(small.width, small.height);
    for (const way of candidates) {
      const least = level === 0 && way.turn === 0 ? LEAST_SCORE : LEAST_SCORE_ELSEWHERE;
      const seen = await searchLevel(detector, turnRaster(small, way.turn), level, least);
      way.found.push(...seen.map((one) => scaled(one, scale)));
    }
    // Nothing more is to be seen in windows of a picture that is not larger than them.
    if (longest <= side || settled) break;
    const [best] = surestFirst(ways);
    settled = best !== undefined && sureness(best) >= SURE;
    // Hundreds of the smallest windows are looked at one way up only: the likeliest.
    if (settled || level === DEEPEST - 1) candidates = [best ?? ways[0]].filter((way) => way !== undefined);
  }
  return surestFirst(ways);
}

function surestFirst(ways: readonly Way[]): Way[] {
  return ways.filter((way) => way.found.length > 0).toSorted((left, right) => sureness(right) - sureness(left));
}

function sureness(way: Way): number {
  return Math.max(0, ...way.found.map(({ score }) => score)) - (way.turn === 0 ? 0 : TURN_MARGIN);
}

/** The picture so small that its longer side is at most `longest`. */
function fitted(picture: Raster, longest: number): Raster {
  const factor = longest / Math.max(picture.width, picture.height);
  if (factor >= 1) return picture;
  return shrink(picture, Math.max(1, Math.round(picture.width * factor)), Math.max(1, Math.round(picture.height * factor)));
}

/** Looks through all windows of one level. */
async function searchLevel(detector: FaceDetector, picture: Raster, level: number, leastScore: number): Promise<Detection[]> {
  const stride = Math.round(DETECTOR_SIZE * at(STRIDES, level));
  const found: Detection[] = [];
  for (const top of startsOf(picture.height, DETECTOR_SIZE, stride)) {
    for (const left of startsOf(picture.width, DETECTOR_SIZE, stride)) {
      const seen = await detector.detect(cut(picture, left, top), leastScore);
      found.push(...seen.filter((one) => isWhole(one, left, top, picture)).map((one) => placed(one, left, top)));
    }
  }
  return found;
}

/** Where windows start along one side: evenly, from the first pixel to the last; a side shorter than a window is centred in it. */
function startsOf(length: number, window: number, stride: number): number[] {
  if (length <= window) return [Math.floor((length - window) / 2)];
  const count = Math.ceil((length - window) / stride) + 1;
  return Array.from({ length: count }, (_, index) => Math.round((index * (length - window)) / (count - 1)));
}

/** 128 × 128 RGB values from 0 to 1 of a picture, black outside. */
function cut(picture: Raster, left: number, top: number): Float32Array {
  const { width, height, data } = picture;
  const square = new Float32Array(DETECTOR_SIZE * DETECTOR_SIZE * 3);
  for (let y = Math.max(0, -top); y < Math.min(DETECTOR_SIZE, height - top); y += 1) {
    for (let x = Math.max(0, -left); x < Math.min(DETECTOR_SIZE, width - left); x += 1) {
      const from = ((top + y) * width + left + x) * 4;
      const to = (y * DETECTOR_SIZE + x) * 3;
      for (let channel = 0; channel < 3; channel += 1) square[to + channel] = (data[from + channel] ?? 0) / 255;
    }
  }
  return square;
}

/** False for a face that the window cuts where the picture goes on: another window sees it whole. */
function isWhole(found: Detection, left: number, top: number, picture: Raster): boolean {
  const reach = 0.02;
  const opensLeft = left > 0;
  const opensTop = top > 0;
  const opensRight = left + DETECTOR_SIZE < picture.width;
  const opensBottom = top + DETECTOR_SIZE < picture.height;
  const cutAcross = (opensLeft && found.left < -reach) || (opensRight && found.right > 1 + reach);
  return !cutAcross && !((opensTop && found.top < -reach) || (opensBottom && found.bottom > 1 + reach));
}

function placed(found: Detection, left: number, top: number): Detection {
  const { score } = found;
  const keyPoints = found.keyPoints.map((value, index) => value * DETECTOR_SIZE + (index % 2 === 0 ? left : top));
  const x = (value: number): number => value * DETECTOR_SIZE + left;
  const y = (value: number): number => value * DETECTOR_SIZE + top;
  return { score, left: x(found.left), top: y(found.top), right: x(found.right), bottom: y(found.bottom), keyPoints };
}

function scaled({ score, left, top, right, bottom, keyPoints }: Detection, by: number): Detection {
  return { score, left: left * by, top: top * by, right: right * by, bottom: bottom * by, keyPoints: keyPoints.map((value) => value * by) };
}

/** Fits the mesh to each detection and looks a second time from the mesh's own box, which steadies faces that were found loosely. */
async function meshAll(mesh: FaceMesh, levels: readonly [Raster, ...Raster[]], detections: readonly Detection[]): Promise<FaceMeshFound[]> {
  const faces: FaceMeshFound[] = [];
  for (const found of detections) {
    const first = await mesh.fit(levels, squareOfDetection(found));
    if (first.presence < LEAST_PRESENCE) continue;
    const { landmarks, presence } = await mesh.fit(levels, squareOfLandmarks(first.landmarks));
    if (presence >= LEAST_PRESENCE && shiftOf(first.landmarks, landmarks) <= MOST_SHIFT)
      faces.push({ score: found.score, box: boxOf(landmarks), landmarks });
  }
  const weight = (face: FaceMeshFound): number => (face.box[2] - face.box[0]) * face.score ** 2;
  const unique: FaceMeshFound[] = [];
  for (const face of faces.toSorted((left, right) => right.score - left.score))
    if (!unique.some((other) => isSame(other, face))) unique.push(face);
  return unique.toSorted((left, right) => weight(right) - weight(left));
}

/** Mean distance of two meshes of the same face, in eye distances (outer corner to outer corner). */
function shiftOf(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < MESH_POINTS * 3; index += 3)
    sum += Math.hypot(at(one, index) - at(other, index), at(one, index + 1) - at(other, index + 1));
  return sum / MESH_POINTS / Math.max(1, eyeDistance(other));
}

function isSame(one: FaceMeshFound, other: FaceMeshFound): boolean {
  const sides = ({ box: [left, top, right, bottom] }: FaceMeshFound) => ({ left, top, right, bottom });
  return overlap(sides(one), sides(other)) > 0.3 || containment(sides(one), sides(other)) > 0.6;
}
