/**
 * What a face does at one instant. One pipeline makes it, every kind of body draws it: the mesh, LivePortrait, a 3D model.
 * The names of the weights are those of ARKit's face anchor (Apple, ARFaceAnchor.BlendShapeLocation); left and right are the person's own.
 */
export const ARKIT_NAMES = [
  'browDownLeft',
  'browDownRight',
  'browInnerUp',
  'browOuterUpLeft',
  'browOuterUpRight',
  'cheekPuff',
  'cheekSquintLeft',
  'cheekSquintRight',
  'eyeBlinkLeft',
  'eyeBlinkRight',
  'eyeLookDownLeft',
  'eyeLookDownRight',
  'eyeLookInLeft',
  'eyeLookInRight',
  'eyeLookOutLeft',
  'eyeLookOutRight',
  'eyeLookUpLeft',
  'eyeLookUpRight',
  'eyeSquintLeft',
  'eyeSquintRight',
  'eyeWideLeft',
  'eyeWideRight',
  'jawForward',
  'jawLeft',
  'jawOpen',
  'jawRight',
  'mouthClose',
  'mouthDimpleLeft',
  'mouthDimpleRight',
  'mouthFrownLeft',
  'mouthFrownRight',
  'mouthFunnel',
  'mouthLeft',
  'mouthLowerDownLeft',
  'mouthLowerDownRight',
  'mouthPressLeft',
  'mouthPressRight',
  'mouthPucker',
  'mouthRight',
  'mouthRollLower',
  'mouthRollUpper',
  'mouthShrugLower',
  'mouthShrugUpper',
  'mouthSmileLeft',
  'mouthSmileRight',
  'mouthStretchLeft',
  'mouthStretchRight',
  'mouthUpperUpLeft',
  'mouthUpperUpRight',
  'noseSneerLeft',
  'noseSneerRight',
  'tongueOut',
] as const;
export type ArkitName = (typeof ARKIT_NAMES)[number];

/** Weights that are not 0, each 0..1. The eyeLook* weights say the same as `gaze`, for bodies that have shapes for them. */
export type FaceWeights = Partial<Record<ArkitName, number>>;

export interface MotionFrame {
  /** On the clock of `performance.timeOrigin + performance.now()`, ms: when this is to be seen, so that it fits the sound heard then. */
  atMs: number;
  weights: FaceWeights;
  /**
   * Turn of the head from the portrait's own pose, degrees: yaw > 0 to the picture's right, pitch > 0 nods down, roll > 0 tips the crown to the
   * picture's left. Shift in eye distances (outer corner to outer corner), right and down.
   */
  head: { yaw: number; pitch: number; roll: number; x: number; y: number };
  /** Where the eyes look, from straight ahead, degrees: yaw > 0 to the picture's right, pitch > 0 down. */
  gaze: { yaw: number; pitch: number };
  /** Fullness of the lungs, 0..1; 0 = as in the portrait. */
  breath: number;
}

/** The portrait as it is: nothing moved. */
export function neutralFrame(atMs: number): MotionFrame {
  return { atMs, weights: {}, head: { yaw: 0, pitch: 0, roll: 0, x: 0, y: 0 }, gaze: { yaw: 0, pitch: 0 }, breath: 0 };
}
