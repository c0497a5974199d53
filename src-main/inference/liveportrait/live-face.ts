import type { MotionFrame, PortraitSquare } from '../../../src-preload/contract/index.ts';
import { eyeDistance } from '../face/mesh-points.ts';
import { at, type Raster, type TurnedSquare } from '../face/raster.ts';
import { changedExpression, clamp, expressionOf } from './expression-offsets.ts';
import { toI420 } from './i420.ts';
import type { LiveGraphs } from './live-graphs.ts';
import { CROP_SIZE, cropOf, networkInput, opennessOf } from './portrait-crop.ts';
import { degreesOf, KEYPOINTS, multiply, placeKeypoints, rotationOf, type Pose } from './pose.ts';

/** One portrait, ready to be painted. */
export interface LiveFace {
  square: PortraitSquare;
  /** The square as the frame has it, I420 of {@link CROP_SIZE} pixels a side. Rejects with `face.out-of-memory` or `face.weights-wrong`. */
  paint(frame: MotionFrame): Promise<Uint8Array>;
}

/** Lips that are farther apart than this are closed first (LivePortrait, "normalize_lip"). */
const OPEN_LIPS = 0.03;
/** Widest turns, degrees; a portrait that is turned farther by itself stays (FaceFusion, processors/live_portrait.py). */
const WIDEST = { pitch: 30, yaw: 60, roll: 20 } as const;
/** Of the crop's half side: how far the chest lifts the head with a breath. */
const BREATH_LIFT = 0.006;

interface Head {
  pitch: number;
  yaw: number;
  roll: number;
}

/** Looks at a portrait once: its features, keypoints and pose. `landmarks`: 478 x, y, z, flat, in pixels of the picture. */
export async function openLiveFace(graphs: LiveGraphs, picture: Raster, landmarks: ArrayLike<number>): Promise<LiveFace> {
  const crop = cropOf(landmarks);
  const img = networkInput(picture, crop);
  const { output: features } = await graphs.run('appearance', { img });
  const seen = await graphs.run('motion', { img });
  const head: Head = { pitch: degreesOf(seen.pitch), yaw: degreesOf(seen.yaw), roll: degreesOf(seen.roll) };
  const pose: Pose = {
    keypoints: seen.kp,
    rotation: rotationOf(head),
    expression: seen.exp,
    scale: at(seen.scale, 0),
    shift: [at(seen.t, 0), at(seen.t, 1)],
  };
  const source = placeKeypoints(pose);
  const open = opennessOf(landmarks);
  const { output: shut } = await graphs.run('eyes', { input: joined(source, [open.left, open.right, 0]) });
  const closing = open.lips < OPEN_LIPS ? undefined : (await graphs.run('lips', { input: joined(source, [open.lips, 0]) })).output;
  // The keypoints count from −1 to 1 across the crop.
  const eyes = (2 * eyeDistance(landmarks)) / crop.side;

  return {
    square: squareOf(crop),
    async paint(frame) {
      const driven = drive(frame, { pose, head, eyes, angle: crop.angle });
      const moved = driven.keypoints.map((value, index) => value + driven.shut * at(shut, index));
      const { output: stitch } = await graphs.run('stitching', { input: joined(source, moved) });
      const placed = stitched(moved, stitch);
      const driving = closing ? placed.map((value, index) => value + at(closing, index)) : placed;
      const { out } = await graphs.run('warping', { feature_3d: features, kp_driving: driving, kp_source: source });
      return toI420(out, CROP_SIZE);
    },
  };
}

/** x = s · (keypoints · R_frame · R_source + e_source + e_frame) + t: motion relative to the portrait, whose pose is the frame's zero. */
export function drive(
  frame: MotionFrame,
  portrait: { pose: Pose; head: Head; eyes: number; angle: number },
): { keypoints: Float32Array; shut: number } {
  const { pose, head, eyes, angle } = portrait;
  const expression = expressionOf(frame, pose.keypoints);
  const turn = (axis: keyof Head, by: number): number => {
    const own = head[axis];
    return clamp(own + by, Math.min(-WIDEST[axis], own), Math.max(WIDEST[axis], own)) - own;
  };
  // LivePortrait counts to the picture's left where a frame counts to its right, and the other way round for the crown.
  const turned = rotationOf({
    pitch: turn('pitch', frame.head.pitch + expression.pitch),
    yaw: turn('yaw', -frame.head.yaw),
    roll: turn('roll', -frame.head.roll),
  });
  const [x, y] = [frame.head.x * eyes, frame.head.y * eyes - BREATH_LIFT * frame.breath];
  const keypoints = placeKeypoints({
    ...pose,
    rotation: multiply(turned, pose.rotation),
    expression: changedExpression(pose.expression, expression.offsets),
    shift: [pose.shift[0] + x * Math.cos(angle) + y * Math.sin(angle), pose.shift[1] - x * Math.sin(angle) + y * Math.cos(angle)],
  });
  return { keypoints, shut: expression.shut };
}

/** What the stitching network adds: a movement of each keypoint, and one of all, so that shoulders and edge stay where they are. */
export function stitched(driving: Float32Array, stitch: ArrayLike<number>): Float32Array {
  return driving.map((value, index) => {
    const axis = index % 3;
    return value + at(stitch, index) + (axis === 2 ? 0 : at(stitch, KEYPOINTS * 3 + axis));
  });
}

function squareOf({ centreX, centreY, side, angle }: TurnedSquare): PortraitSquare {
  const scale = side / CROP_SIZE;
  const [a, b] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const half = CROP_SIZE / 2;
  return { size: CROP_SIZE, a, b, left: centreX - a * half + b * half, top: centreY - b * half - a * half };
}

function joined(left: Float32Array, right: ArrayLike<number>): Float32Array {
  const both = new Float32Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}
