import { MathUtils, Quaternion, Vector3, type Object3D } from 'three';

/** The bones that are moved. Left and right are the person's own. */
export const BONE_NAMES = [
  'chest',
  'neck',
  'head',
  'leftEye',
  'rightEye',
  'leftShoulder',
  'rightShoulder',
  'leftUpperArm',
  'rightUpperArm',
  'leftLowerArm',
  'rightLowerArm',
] as const;
export type BoneName = (typeof BONE_NAMES)[number];
export type Bones = Partial<Record<BoneName, Object3D>>;

/**
 * How exporters call them, without case and signs: Ready Player Me and Mixamo (`LeftArm`, `mixamorig:LeftArm`), Blender's Rigify and Unreal
 * (`upperarm_l`), VRoid (`J_Bip_L_UpperArm`). The first that fits is taken.
 */
const SPELLINGS: Readonly<Record<BoneName, readonly string[]>> = {
  chest: ['spine2', 'upperchest', 'chest', 'spine03', 'spine1', 'spine02', 'jbipcupperchest', 'jbipcchest', 'spine'],
  neck: ['neck', 'neck1', 'neck01', 'jbipcneck'],
  head: ['head', 'jbipchead'],
  leftEye: ['lefteye', 'eyeleft', 'eyel', 'leye', 'jadjlfaceeye'],
  rightEye: ['righteye', 'eyeright', 'eyer', 'reye', 'jadjrfaceeye'],
  leftShoulder: ['leftshoulder', 'shoulderl', 'claviclel', 'jbiplshoulder'],
  rightShoulder: ['rightshoulder', 'shoulderr', 'clavicler', 'jbiprshoulder'],
  leftUpperArm: ['leftarm', 'leftupperarm', 'upperarml', 'jbiplupperarm'],
  rightUpperArm: ['rightarm', 'rightupperarm', 'upperarmr', 'jbiprupperarm'],
  leftLowerArm: ['leftforearm', 'leftlowerarm', 'forearml', 'lowerarml', 'jbipllowerarm'],
  rightLowerArm: ['rightforearm', 'rightlowerarm', 'forearmr', 'lowerarmr', 'jbiprlowerarm'],
};

/** Finds the bones of a figure that does not say which is which. Meshes are left out: a mesh may be called "Head" as well. */
export function findBones(scene: Object3D): Bones {
  const nodes = new Map<string, Object3D>();
  scene.traverse((node) => {
    const name = node.name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '')
      .replace(/^(?:mixamorig\d*|bip0*1|def|org)/, '');
    if (!('isMesh' in node) && !nodes.has(name)) nodes.set(name, node);
  });
  const bones: Bones = {};
  for (const bone of BONE_NAMES) {
    const found = SPELLINGS[bone].map((spelling) => nodes.get(spelling)).find((node) => node !== undefined);
    if (found !== undefined) bones[bone] = found;
  }
  return bones;
}

/** Turns a bone from its pose at rest, in the axes of the scene, whatever axes the bone itself has. */
export interface Turner {
  /** Degrees, signs as in `MotionFrame.head`: right in the picture, down, crown to the picture's left. Roll is done first, then pitch, then yaw. */
  turn(yaw: number, pitch: number, roll: number): void;
  turnBy(rotation: Quaternion): void;
}

const UP = new Vector3(0, 1, 0);
const RIGHT = new Vector3(1, 0, 0);
const TOWARDS = new Vector3(0, 0, 1);

/** The scene must be at rest and its matrices up to date. */
export function createTurner(bone: Object3D): Turner {
  const rest = bone.quaternion.clone();
  const parent = bone.parent?.getWorldQuaternion(new Quaternion()) ?? new Quaternion();
  const fromParent = parent.clone().invert();
  const whole = new Quaternion();
  const part = new Quaternion();

  function turnBy(rotation: Quaternion): void {
    bone.quaternion.copy(fromParent).multiply(rotation).multiply(parent).multiply(rest);
  }

  return {
    turn(yaw, pitch, roll) {
      whole.setFromAxisAngle(UP, MathUtils.degToRad(yaw));
      whole.multiply(part.setFromAxisAngle(RIGHT, MathUtils.degToRad(pitch)));
      whole.multiply(part.setFromAxisAngle(TOWARDS, MathUtils.degToRad(roll)));
      turnBy(whole);
    },
    turnBy,
  };
}

/** Moves a bone from its place at rest, in the scene's axes and units. */
export function createShifter(bone: Object3D): (x: number, y: number) => void {
  const rest = bone.position.clone();
  const parent = bone.parent;
  const turn = parent?.getWorldQuaternion(new Quaternion()).invert() ?? new Quaternion();
  const scale = parent?.getWorldScale(new Vector3()) ?? new Vector3(1, 1, 1);
  const shift = new Vector3();
  return (x, y) => {
    bone.position.copy(rest).add(shift.set(x, y, 0).applyQuaternion(turn).divide(scale));
  };
}

/** Arms hang this far from the body: to the side and a little to the front, per unit of length down. */
const HANGING = { side: 0.26, front: 0.06 };
/** Arms that are nearer to hanging than this are left as their maker posed them, degrees. */
const HANGING_ENOUGH = 15;

/** Takes the arms of a figure in T- or A-pose down. */
export function hangArms(bones: Bones): void {
  for (const side of ['left', 'right'] as const) {
    const upper = bones[`${side}UpperArm`];
    const lower = bones[`${side}LowerArm`];
    if (upper === undefined || lower === undefined) continue;
    const from = upper.getWorldPosition(new Vector3());
    const along = lower.getWorldPosition(new Vector3()).sub(from).normalize();
    // The person's left is the picture's right.
    const hanging = new Vector3(side === 'left' ? HANGING.side : -HANGING.side, -1, HANGING.front).normalize();
    if (MathUtils.radToDeg(along.angleTo(hanging)) < HANGING_ENOUGH) continue;
    createTurner(upper).turnBy(new Quaternion().setFromUnitVectors(along, hanging));
  }
}
