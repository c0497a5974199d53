import type { ArkitName, FaceWeights, MotionFrame, PortraitFace } from '../../../src-preload/contract/index.ts';
import { faceShapes, jawParts, lipsClosed, smooth } from './arkit-shapes.ts';
import { faceAxes, toFace, toPicture } from './face-axes.ts';
import { EYES, FACE_POINTS, LEFT_EYE_OUTER, OVAL, RIGHT_EYE_OUTER } from './face-points.ts';
import topology from './face-topology.json' with { type: 'json' };
import type { Framing } from './framing.ts';
import { createHeadPose, PIVOT } from './head-pose.ts';
import { headRings, RINGS } from './head-rings.ts';
import { setLids, setLips } from './lips-and-lids.ts';
import { masked, measuredShape, type Shape } from './shape-basis.ts';

/** Points that move: the face's, then the rings around it from the inside out. */
export const MOVING_POINTS = FACE_POINTS + RINGS * OVAL.length;

/** Rise of the shoulders with a full breath, in the face's measure, and of the head on them. */
const BREATH = { shoulders: 0.03, head: 0.008 };
/** Radius of the eyeball, in the face's measure: 20° of gaze move the iris by 0.051 (measured on the truth set). */
const EYEBALL = 0.149;
/** Depth from which the face is made flatter, and by how much; how often depths are evened out at its sides. */
const FLAT = { from: 0.2, slope: 0.45, passes: 4 };
/** How far the outline of the side that turns into view stays back. */
const SIDE = 0.6;
/** How far the edges of the lids lie outside of what the detector says, in the face's measure. */
const LID_EDGE = { upper: 0.013, lower: 0.004, corner: 0.004 };
/** Degrees. */
const MOST_GAZE = { yaw: 32, pitch: 22 };

/** Turns motion into places on the canvas. Knows nothing of textures. */
export interface FaceDeformer {
  /**
   * Triangles of the moving points in the order in which they have to be drawn: the bands between the rings from the outermost inwards, then the face
   * without eyes and mouth. So what folds over at the far side of a turned head lies behind the face.
   */
  readonly bands: readonly Uint16Array[];
  /** x, y, z of each moving point in the portrait, in the face's measure. */
  readonly rest: Float32Array;
  /** x, y after the expression and before the turn of the head, in the face's measure. */
  readonly flat: Float32Array;
  /** x, y on the canvas, pixels. */
  readonly places: Float32Array;
  /** How far each eye (as in `EYES`) is open against the portrait. */
  readonly eyesOpen: Float32Array;
  /** Way of each iris, x, y in the face's measure. */
  readonly gaze: Float32Array;
  /** How far the jaw has dropped, x, y in the face's measure. */
  readonly jaw: Float32Array;
  deform(frame: MotionFrame): void;
  /** Where a point in the face's measure that goes with the head lies on the canvas. Writes x, y to `out` at `index` × 2. Belongs to the last `deform`. */
  project(x: number, y: number, z: number, out: Float32Array, index: number): void;
}

interface SparseShape {
  points: Uint16Array;
  moves: Float32Array;
}

export function createFaceDeformer(face: PortraitFace, framing: Framing): FaceDeformer {
  const axes = faceAxes(face.landmarks);
  const pose = createHeadPose(face);
  const { rest, rigid, follows, breath, across, sides, settled } = restingPoints(face, axes);
  const shapes = faceShapes(rest);
  const jawSmall = sparse(shapes.jawSmall);
  const jawWide = sparse(shapes.jawWide);
  const weighted = shapes.weighted.map(({ name, shape }) => ({ name, shape: sparse(shape) }));
  const lids = lidSkin(rest);
  const flat = new Float32Array(MOVING_POINTS * 2);
  const places = new Float32Array(MOVING_POINTS * 2);
  const eyesOpen = new Float32Array(2);
  const gaze = new Float32Array(4);
  const jaw = new Float32Array(2);

  function express(weights: FaceWeights): void {
    for (let point = 0; point < MOVING_POINTS; point += 1) {
      flat[point * 2] = rest[point * 3] ?? 0;
      flat[point * 2 + 1] = rest[point * 3 + 1] ?? 0;
    }
    const open = jawParts(at(weights, 'jawOpen'));
    add(flat, jawSmall, open.small);
    add(flat, jawWide, open.wide);
    for (const { name, shape } of weighted) add(flat, shape, at(weights, name));
    jaw[0] = (flat[199 * 2] ?? 0) - (rest[199 * 3] ?? 0);
    jaw[1] = (flat[199 * 2 + 1] ?? 0) - (rest[199 * 3 + 1] ?? 0);
    for (const [order, eye] of EYES.entries()) {
      const blink = at(weights, `eyeBlink${eye.side}`);
      const skin = lids[order];
      if (skin !== undefined) add(flat, skin, blink);
      const state = {
        blink,
        squint: at(weights, `eyeSquint${eye.side}`),
        wide: at(weights, `eyeWide${eye.side}`),
        down: gaze[order * 2 + 1] ?? 0,
      };
      eyesOpen[order] = setLids(flat, rest, eye, state);
    }
    setLips(flat, rest, lipsClosed(weights));
  }

  function followOutline(): void {
    for (let ring = 0; ring < RINGS; ring += 1)
      for (const [order, outline] of OVAL.entries()) {
        const point = FACE_POINTS + ring * OVAL.length + order;
        const share = follows[point] ?? 0;
        if (share === 0) continue;
        for (let axis = 0; axis < 2; axis += 1)
          flat[point * 2 + axis] =
            (flat[point * 2 + axis] ?? 0) + share * ((flat[outline * 2 + axis] ?? 0) - (rest[outline * 3 + axis] ?? 0));
      }
  }

  function toCanvas(out: Float32Array, index: number): void {
    const [x, y] = toPicture(axes, out[index * 2] ?? 0, out[index * 2 + 1] ?? 0);
    out[index * 2] = framing.left + x * framing.scale;
    out[index * 2 + 1] = framing.top + y * framing.scale;
  }

  return {
    bands: [...Array.from({ length: RINGS }, (_value, order) => ringTriangles(RINGS - 1 - order)), Uint16Array.from(topology.triangles)],
    rest,
    flat,
    places,
    eyesOpen,
    gaze,
    jaw,
    deform(frame) {
      const [right, down] = [EYEBALL * sine(frame.gaze.yaw, MOST_GAZE.yaw), EYEBALL * sine(frame.gaze.pitch, MOST_GAZE.pitch)];
      gaze.set([right, down, right, down]);
      express(frame.weights);
      followOutline();
      const full = Math.min(1, Math.max(0, frame.breath));
      pose.set({ ...frame.head, y: frame.head.y - BREATH.head * full });
      // A head that turns to the right shows more of its left side.
      const turned = -Math.tanh(frame.head.yaw / 4);
      for (let point = 0; point < MOVING_POINTS; point += 1) {
        const y = (flat[point * 2 + 1] ?? 0) - BREATH.shoulders * full * (breath[point] ?? 0);
        const side = sides[point] ?? 0;
        const edge = side * turned > 0 ? Math.abs(side * turned) : 0;
        const away = Math.min(1, Math.max(0, -2 * turned * (across[point] ?? 0)));
        const seen = rest[point * 3 + 2] ?? 0;
        const z = seen + ((settled[point] ?? 0) - seen) * away;
        pose.apply(flat[point * 2] ?? 0, y, z + (PIVOT.z - z) * edge, rigid[point] ?? 0, places, point);
        toCanvas(places, point);
      }
    },
    project(x, y, z, out, index) {
      pose.apply(x, y, z, 1, out, index);
      toCanvas(out, index);
    },
  };
}

function at(weights: FaceWeights, name: ArkitName): number {
  return Math.min(1, Math.max(0, weights[name] ?? 0));
}

function sine(degrees: number, most: number): number {
  return Math.sin((Math.min(most, Math.max(-most, degrees)) * Math.PI) / 180);
}

function restingPoints(face: PortraitFace, axes: ReturnType<typeof faceAxes>) {
  const rest = new Float32Array(MOVING_POINTS * 3);
  const rigid = new Float32Array(MOVING_POINTS).fill(1, 0, FACE_POINTS);
  const follows = new Float32Array(MOVING_POINTS);
  const breath = new Float32Array(MOVING_POINTS);
  // The detector's z has no fixed origin; here it is counted from the outer eye corners.
  const z = (point: number): number => face.landmarks[point * 3 + 2] ?? 0;
  const eyesZ = (z(RIGHT_EYE_OUTER) + z(LEFT_EYE_OUTER)) / 2;
  for (let point = 0; point < FACE_POINTS; point += 1) {
    const [x, y] = toFace(axes, face.landmarks[point * 3] ?? 0, face.landmarks[point * 3 + 1] ?? 0);
    rest.set([x, y, (z(point) - eyesZ) / axes.unit + (topology.depths[point] ?? 0) / 1000], point * 3);
  }
  widenLids(rest);
  for (const [order, ring] of headRings(face, axes, rest).entries()) {
    const point = FACE_POINTS + order;
    rest.set([ring.x, ring.y, ring.z], point * 3);
    rigid[point] = ring.rigid;
    follows[point] = ring.follows;
    breath[point] = ring.breath;
  }
  const outward = outwards(rest);
  const across = Float32Array.from({ length: MOVING_POINTS }, (_value, point) => outward(point));
  return { rest, rigid, follows, breath, across, sides: sidesOf(rest), settled: settledDepths(rest) };
}

/**
 * Depths for the side of the face that turns away. It runs steeply backwards, and a turn would fold its narrow triangles over, which looks torn: it is
 * made flatter, and depth changes slowly from point to point.
 */
function settledDepths(rest: Float32Array): Float32Array {
  const depths = new Float32Array(MOVING_POINTS);
  for (let point = 0; point < MOVING_POINTS; point += 1) {
    const z = rest[point * 3 + 2] ?? 0;
    depths[point] = point < FACE_POINTS && z > FLAT.from ? FLAT.from + (z - FLAT.from) * FLAT.slope : z;
  }
  const across = outwards(rest);
  const neighbours = Array.from({ length: FACE_POINTS }, (): number[] => []);
  const { triangles } = topology;
  for (let corner = 0; corner < triangles.length; corner += 1) {
    const next = corner % 3 === 2 ? corner - 2 : corner + 1;
    neighbours[triangles[corner] ?? 0]?.push(triangles[next] ?? 0);
  }
  for (let pass = 0; pass < FLAT.passes; pass += 1) {
    const before = depths.slice();
    for (const [point, others] of neighbours.entries()) {
      const share = smooth((Math.abs(across(point)) - 0.62) / 0.25);
      if (share === 0 || others.length === 0) continue;
      const mean = others.reduce((sum, other) => sum + (before[other] ?? 0), 0) / others.length;
      depths[point] = (depths[point] ?? 0) + (mean - (depths[point] ?? 0)) * share;
    }
  }
  return depths;
}

/** How far a point lies towards the outline of the face, -1 = right, 1 = left: an oval, its sides come together towards crown and chin. */
function outwards(rest: Float32Array): (point: number) => number {
  const [right, left] = [rest[234 * 3] ?? -1, rest[454 * 3] ?? 1];
  const [top, bottom] = [rest[10 * 3 + 1] ?? -1, rest[152 * 3 + 1] ?? 1];
  const half = Math.max(left - right, 0.1) / 2;
  return (point) => {
    const height = Math.min(0.92, Math.abs(((rest[point * 3 + 1] ?? 0) - (top + bottom) / 2) / ((bottom - top) / 2)));
    return ((rest[point * 3] ?? 0) - (right + left) / 2) / (half * Math.sqrt(1 - height * height));
  };
}

/**
 * -1..1: how much a point belongs to the outline of the head's right (-) or left side. When that side turns into view, the outline stays almost where
 * it is: what was hidden comes up from behind it, here as skin that is stretched.
 */
function sidesOf(rest: Float32Array): Float32Array {
  const sides = new Float32Array(MOVING_POINTS);
  const across = outwards(rest);
  for (let point = 0; point < MOVING_POINTS; point += 1) {
    const [away, y] = [across(point), rest[point * 3 + 1] ?? 0];
    // Beside eyes and temples it is hair that comes into view, and that goes with the head.
    sides[point] = Math.sign(away) * SIDE * smooth((Math.abs(away) - 0.72) / 0.28) * smooth((y + 0.05) / 0.75);
  }
  return sides;
}

/**
 * The detector draws the lids' edges on the white of the eye. A shutting lid would carry that line of white along; so its edge is taken where the lashes
 * grow.
 */
function widenLids(rest: Float32Array): void {
  for (const eye of EYES) {
    for (const point of eye.upper) rest[point * 3 + 1] = (rest[point * 3 + 1] ?? 0) - LID_EDGE.upper;
    for (const point of eye.lower) rest[point * 3 + 1] = (rest[point * 3 + 1] ?? 0) + LID_EDGE.lower;
    for (const [order, point] of eye.corners.entries()) rest[point * 3] = (rest[point * 3] ?? 0) + LID_EDGE.corner * (order === 0 ? -1 : 1);
  }
}

/** Between ring `ring` and the one inside of it, clockwise on the screen. */
function ringTriangles(ring: number): Uint16Array {
  const triangles: number[] = [];
  for (let order = 0; order < OVAL.length; order += 1) {
    const [a, b] = [ringPoint(ring - 1, order), ringPoint(ring - 1, order + 1)];
    const [c, d] = [ringPoint(ring, order), ringPoint(ring, order + 1)];
    triangles.push(a, c, d, a, d, b);
  }
  return Uint16Array.from(triangles);
}

/** Ring -1 is the outline of the face. */
function ringPoint(ring: number, order: number): number {
  const turn = order % OVAL.length;
  return ring < 0 ? (OVAL[turn] ?? 0) : FACE_POINTS + ring * OVAL.length + turn;
}

/** The measured blink of each eye (as in `EYES`) without the upper lid's edge, which `setLids` places. */
function lidSkin(rest: Float32Array): SparseShape[] {
  const blink = measuredShape('blink');
  return EYES.map((eye) =>
    sparse(masked(blink, (point) => (eye.upper.includes(point) || (rest[point * 3] ?? 0) > 0 !== (eye.side === 'Left') ? 0 : 1))),
  );
}

function sparse(shape: Shape): SparseShape {
  const points: number[] = [];
  for (let point = 0; point < FACE_POINTS; point += 1)
    if (Math.hypot(shape[point * 2] ?? 0, shape[point * 2 + 1] ?? 0) > 1e-5) points.push(point);
  return {
    points: Uint16Array.from(points),
    moves: Float32Array.from(points.flatMap((point) => [shape[point * 2] ?? 0, shape[point * 2 + 1] ?? 0])),
  };
}

function add(flat: Float32Array, { points, moves }: SparseShape, amount: number): void {
  if (amount === 0) return;
  for (let order = 0; order < points.length; order += 1) {
    const point = points[order] ?? 0;
    flat[point * 2] = (flat[point * 2] ?? 0) + amount * (moves[order * 2] ?? 0);
    flat[point * 2 + 1] = (flat[point * 2 + 1] ?? 0) + amount * (moves[order * 2 + 1] ?? 0);
  }
}
