import type { PortraitFace } from '../../../src-preload/contract/index.ts';
import { smooth } from './arkit-shapes.ts';
import { toFace, type FaceAxes } from './face-axes.ts';
import { OVAL } from './face-points.ts';

/*
 * Rings of points around the face, one point per point of its outline: over hair and neck they go with the head, further out ever less, and the last
 * ring does not move at all. Beyond it lies the still picture, so nothing can tear.
 */

export interface RingPoint {
  /** In the face's measure. */
  x: number;
  y: number;
  z: number;
  /** How much of the head's turns it follows, 0..1. */
  rigid: number;
  /** How much of the motion of the outline's point it follows, 0..1: the skin of neck and cheeks. */
  follows: number;
  /** How much it rises with a breath, 0..1. */
  breath: number;
}

/** Below the chin the head's turn runs out over this much of the neck: collar and shoulders stay. */
const NECK = 0.5;
/** Between the face's outline and the outline of the head, as shares; then from there to the last ring. */
const OVER_HEAD = [0.34, 0.68, 1];
const BEYOND = [0.16, 0.34, 0.54, 0.76, 1];
export const RINGS = OVER_HEAD.length + BEYOND.length;
/** How far around the head things move: beside and above it, and below it, where the shoulders are. Each pixel in there is drawn with every frame. */
const REACH = { around: 0.6, below: 1.1 };
/**
 * Depth of the head's outline and of the neck: behind the face, close to where the head turns. It is reached over at least `over`: where it falls off
 * faster, the edge of the face gets waves.
 */
const DEPTH = { outline: 0.45, neck: 0.62, over: 0.4 };
/** Skin beyond the outline follows it this far; an open jaw slides over the neck, which stays. */
const SKIN = 0.2;

/** Rings from the inside out, `OVAL.length` points each. `rest`: x, y, z of the 468 points in the face's measure. */
export function headRings(face: PortraitFace, axes: FaceAxes, rest: Float32Array): RingPoint[] {
  const at = (point: number, axis: number): number => rest[point * 3 + axis] ?? 0;
  const centre = { x: mean(OVAL.map((point) => at(point, 0))), y: mean(OVAL.map((point) => at(point, 1))) };
  const corners = [toFace(axes, face.head[0], face.head[1]), toFace(axes, face.head[2], face.head[3])] as const;
  const head = {
    x: (corners[0][0] + corners[1][0]) / 2,
    y: (corners[0][1] + corners[1][1]) / 2,
    a: Math.max(Math.abs(corners[1][0] - corners[0][0]) / 2, 0.3),
    b: Math.max(Math.abs(corners[1][1] - corners[0][1]) / 2, 0.3),
  };
  const middle = axes.x + axes.unit * (centre.x * axes.cos - centre.y * axes.sin);
  const shoulders = toFace(axes, middle, face.shouldersY)[1];
  const chin = at(152, 1);
  const spokes = OVAL.map((point) => {
    const [dx, dy] = [at(point, 0) - centre.x, at(point, 1) - centre.y];
    const length = Math.max(Math.hypot(dx, dy), 1e-3);
    const down = smooth((dy / length - 0.1) / 0.7);
    const edge = edgeAlong(face, axes, centre, dx, dy);
    const outline = Math.max(1.12, ellipseAlong(head, centre, dx, dy));
    const reach = REACH.around + (REACH.below - REACH.around) * down;
    const last = Math.max(1.3, Math.min(edge, outline + reach / length));
    // Where the picture's edge cuts the head off, it has to come to rest before that.
    const rigidUntil = Math.min(outline, 1 + 0.45 * (last - 1));
    const turning = (last - rigidUntil) * length * (1 - down) + Math.min((last - rigidUntil) * length, NECK) * down;
    return { point, dx, dy, length, down, last, rigidUntil, turning };
  });
  const rings: RingPoint[] = [];
  for (let ring = 0; ring < RINGS; ring += 1)
    for (const { point, dx, dy, length, down, last, rigidUntil, turning } of spokes) {
      const over = OVER_HEAD[ring];
      const beyond = BEYOND[ring - OVER_HEAD.length] ?? 0;
      const along = over === undefined ? rigidUntil + (last - rigidUntil) * beyond : 1 + (rigidUntil - 1) * over;
      const [x, y] = [centre.x + dx * along, centre.y + dy * along];
      const depth = smooth(((along - 1) * length) / Math.max(DEPTH.over, (rigidUntil - 1) * length));
      const behind = DEPTH.outline + (DEPTH.neck - DEPTH.outline) * down;
      rings.push({
        x,
        y,
        z: at(point, 2) + (Math.max(behind, at(point, 2)) - at(point, 2)) * depth,
        rigid: 1 - smooth(((along - rigidUntil) * length) / turning),
        follows: (1 - smooth(((along - 1) * length) / SKIN)) * (1 - 0.8 * down),
        breath: smooth((y - chin) / Math.max(shoulders - chin, 0.2)) * (1 - smooth((beyond - 0.3) / 0.7)),
      });
    }
  return rings;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Where the ray from `from` along (dx, dy) leaves the ellipse, in steps of (dx, dy). */
function ellipseAlong(
  head: { x: number; y: number; a: number; b: number },
  from: { x: number; y: number },
  dx: number,
  dy: number,
): number {
  const [ox, oy] = [(from.x - head.x) / head.a, (from.y - head.y) / head.b];
  const [ux, uy] = [dx / head.a, dy / head.b];
  const a = ux * ux + uy * uy;
  const b = ox * ux + oy * uy;
  const c = ox * ox + oy * oy - 1;
  const root = b * b - a * c;
  return root <= 0 || a === 0 ? 0 : (Math.sqrt(root) - b) / a;
}

/** The same for the edge of the picture. */
function edgeAlong(face: PortraitFace, axes: FaceAxes, from: { x: number; y: number }, dx: number, dy: number): number {
  const px = axes.x + (from.x * axes.cos - from.y * axes.sin) * axes.unit;
  const py = axes.y + (from.x * axes.sin + from.y * axes.cos) * axes.unit;
  const ux = (dx * axes.cos - dy * axes.sin) * axes.unit;
  const uy = (dx * axes.sin + dy * axes.cos) * axes.unit;
  const across = ux > 0 ? (face.width - px) / ux : ux < 0 ? -px / ux : Infinity;
  const down = uy > 0 ? (face.height - py) / uy : uy < 0 ? -py / uy : Infinity;
  return Math.min(across, down);
}
