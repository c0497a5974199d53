import type { Object3D } from 'three';
import type { MToonMaterial } from '@pixiv/three-vrm';
import type { MotionFrame } from '../../../src-preload/contract/index.ts';
import { AvatarProblem } from './avatar-problem.ts';
import { findFace, movesBone, type MeshShape } from './face-place.ts';
import type { FacePlace } from './framing.ts';
import type { Avatar, AvatarShape } from './load-avatar.ts';
import { planShapes, type ShapeDrive } from './shape-plan.ts';
import { createShifter, createTurner, hangArms, type Bones, type Turner } from './skeleton.ts';
import { createSpringClock } from './springs.ts';

/** Puts an avatar into the pose of a frame. */
export interface Poser {
  /** Where the face is when nothing moves. */
  readonly face: FacePlace;
  pose(frame: MotionFrame): void;
}

/** The neck takes this part of a turn, the head the rest: a head that turns alone looks like a screw. */
const NECK_SHARE = 0.4;
/** Eyes turn no further, degrees: beyond it the white shows nothing but white. */
const EYE_LIMIT = { yaw: 25, pitch: 18 };
/** A full breath, degrees: the chest leans back, the shoulders rise. */
const BREATH = { chest: 1.1, shoulders: 1.6 };
/** Outer corner to outer corner of the eyes, per face height. */
const EYE_DISTANCE = 0.52;

/** Rejects models that could not speak: throws {@link AvatarProblem} when no shape moves the mouth. */
export function createPoser(avatar: Avatar): Poser {
  const { vrm, bones, scene } = avatar;
  const plan = planShapes([...avatar.shapes.keys()]);
  if (plan.mouth === 'none')
    throw new AvatarProblem('The model has no shapes for the mouth. Export it with ARKit blend shapes, visemes or VRM expressions.');
  const parts = plan.drives.flatMap(({ name }) => avatar.shapes.get(name)?.parts ?? []);
  const face = findFace(scene, bones, parts);

  hangArms(bones);
  const moveHead = createHeadMover(avatar, face);
  const breathe = createBreath(bones);
  const look = createLook(avatar, plan.gaze);
  const springs = vrm?.springBoneManager === undefined ? undefined : createSpringClock(vrm.springBoneManager);
  const byExpressions = createMover(avatar, 'expression', plan.drives);
  const byMeshes = createMover(avatar, 'mesh', plan.drives);
  let lastMs: number | undefined;

  return {
    face,
    pose(frame) {
      breathe(frame.breath);
      moveHead.turn(frame.head);
      vrm?.humanoid.update();
      moveHead.shift(frame.head);
      look.byEyes(frame);
      byExpressions(frame);
      look.byExpressions(frame);
      vrm?.expressionManager?.update();
      // Behind the expressions, which clear the shapes that they are made of.
      byMeshes(frame);
      look.byMeshes(frame);
      vrm?.nodeConstraintManager?.update();
      scene.updateMatrixWorld();
      springs?.advanceTo(frame.atMs);
      const passedMs = Math.max(0, frame.atMs - (lastMs ?? frame.atMs));
      lastMs = frame.atMs;
      for (const material of vrm?.materials ?? []) if (isAnimated(material)) material.update(passedMs / 1000);
    },
  };
}

const isAnimated = (material: object): material is MToonMaterial => 'isMToonMaterial' in material;

function createHeadMover(
  { bones, vrm }: Avatar,
  face: FacePlace,
): { turn: (head: MotionFrame['head']) => void; shift: (head: MotionFrame['head']) => void } {
  const neck = turnerOf(bones.neck);
  const head = turnerOf(bones.head);
  const neckShare = head === undefined ? 1 : neck === undefined ? 0 : NECK_SHARE;
  // A VRM's humanoid copies turns to the real bones, but no shifts.
  const shifted = vrm?.humanoid.getRawBoneNode('neck') ?? vrm?.humanoid.getRawBoneNode('head') ?? bones.neck ?? bones.head;
  const shift = shifted === undefined ? undefined : createShifter(shifted);
  const eyeDistance = face.height * EYE_DISTANCE;
  return {
    turn({ yaw, pitch, roll }) {
      neck?.turn(yaw * neckShare, pitch * neckShare, roll * neckShare);
      head?.turn(yaw * (1 - neckShare), pitch * (1 - neckShare), roll * (1 - neckShare));
    },
    shift: ({ x, y }) => shift?.(x * eyeDistance, -y * eyeDistance),
  };
}

function createBreath(bones: Bones): (fullness: number) => void {
  const chest = turnerOf(bones.chest);
  const left = turnerOf(bones.leftShoulder);
  const right = turnerOf(bones.rightShoulder);
  return (fullness) => {
    chest?.turn(0, -BREATH.chest * fullness, 0);
    left?.turn(0, 0, BREATH.shoulders * fullness);
    right?.turn(0, 0, -BREATH.shoulders * fullness);
  };
}

type Move = (frame: MotionFrame) => void;
const stay: Move = () => undefined;

/** Sets those shapes that are of one kind. */
function createMover(avatar: Avatar, kind: AvatarShape['kind'], drives: readonly ShapeDrive[]): Move {
  const moved = drives.flatMap(({ name, weight }) => {
    const shape = avatar.shapes.get(name);
    return shape?.kind === kind ? [{ shape, weight }] : [];
  });
  return (frame) => {
    for (const { shape, weight } of moved) shape.set(weight(frame.weights));
  };
}

/** Turns the eyes by the VRM's own look-at, by bones, or by shapes; never by two of them at once. */
function createLook(avatar: Avatar, gaze: readonly ShapeDrive[]): { byEyes: Move; byExpressions: Move; byMeshes: Move } {
  const { vrm, bones } = avatar;
  const lookAt = vrm?.lookAt;
  if (lookAt !== undefined) {
    lookAt.target = null;
    return {
      byEyes({ gaze: { yaw, pitch } }) {
        lookAt.yaw = limit(yaw, EYE_LIMIT.yaw);
        lookAt.pitch = limit(pitch, EYE_LIMIT.pitch);
        lookAt.update(0);
      },
      byExpressions: stay,
      byMeshes: stay,
    };
  }
  // Shapes that leave the eyeball alone move the lids along with it.
  const shapes = { byExpressions: createMover(avatar, 'expression', gaze), byMeshes: createMover(avatar, 'mesh', gaze) };
  const eyes = [bones.leftEye, bones.rightEye].filter((eye) => eye !== undefined);
  const parts = gaze.flatMap(({ name }): readonly MeshShape[] => avatar.shapes.get(name)?.parts ?? []);
  if (eyes.length === 0 || movesBone(parts, eyes)) return { byEyes: stay, ...shapes };
  const turners = eyes.map(createTurner);
  return {
    byEyes(frame) {
      for (const eye of turners) eye.turn(limit(frame.gaze.yaw, EYE_LIMIT.yaw), limit(frame.gaze.pitch, EYE_LIMIT.pitch), 0);
    },
    ...shapes,
  };
}

function turnerOf(bone: Object3D | undefined): Turner | undefined {
  return bone === undefined ? undefined : createTurner(bone);
}

const limit = (value: number, most: number): number => Math.min(most, Math.max(-most, value));
