import { Object3D, Quaternion, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { createShifter, createTurner, findBones, hangArms } from '../../../../../src-renderer/face/three-d/skeleton.ts';

function chain(...names: string[]): Object3D[] {
  const nodes = names.map((name) => Object.assign(new Object3D(), { name }));
  for (const [index, node] of nodes.entries()) nodes[index - 1]?.add(node);
  return nodes;
}

/** Directions of the scene that a bone's own "front" points to, rounded. */
function frontOf(bone: Object3D, rest: Quaternion): number[] {
  bone.updateWorldMatrix(true, false);
  const turn = bone.getWorldQuaternion(new Quaternion()).multiply(rest.clone().invert());
  return new Vector3(0, 0, 1)
    .applyQuaternion(turn)
    .toArray()
    .map((value) => Math.round(value * 100) / 100 + 0);
}

describe('findBones', () => {
  it.each([
    ['Ready Player Me', ['Hips', 'Spine', 'Spine2', 'Neck', 'Head', 'LeftEye']],
    ['Mixamo', ['mixamorigHips', 'mixamorigSpine', 'mixamorigSpine2', 'mixamorigNeck', 'mixamorigHead', 'mixamorigLeftEye']],
    ['Unreal', ['pelvis', 'spine_01', 'spine_03', 'neck_01', 'head', 'eye_l']],
    ['VRoid', ['J_Bip_C_Hips', 'J_Bip_C_Spine', 'J_Bip_C_UpperChest', 'J_Bip_C_Neck', 'J_Bip_C_Head', 'J_Adj_L_FaceEye']],
  ])('finds chest, neck, head and eye by the names of %s', (_maker, names) => {
    const nodes = chain(...names);
    const { chest, neck, head, leftEye } = findBones(nodes[0] ?? new Object3D());
    expect([chest, neck, head, leftEye]).toEqual(nodes.slice(2));
  });

  it('does not take a mesh for a bone of the same name', () => {
    const [root, mesh, bone] = chain('root', 'Head', 'Head');
    Object.assign(mesh ?? {}, { isMesh: true });
    expect(findBones(root ?? new Object3D()).head).toBe(bone);
  });
});

describe('createTurner', () => {
  // Exporters give bones any axes: the same turn must come out.
  const axes = [
    new Quaternion(),
    new Quaternion(0.5, 0.5, 0.5, 0.5),
    new Quaternion().setFromAxisAngle(new Vector3(1, 2, 3).normalize(), 2),
  ];
  it.each(axes)('turns right, down and aside in the picture, whatever axes the bone has (%#)', (axis) => {
    const [parent, bone] = chain('parent', 'bone');
    if (parent === undefined || bone === undefined) throw new Error('no chain');
    parent.quaternion.copy(axis);
    bone.quaternion.set(0.1, 0.2, 0.3, 0.9).normalize();
    bone.updateWorldMatrix(true, false);
    const rest = bone.getWorldQuaternion(new Quaternion());
    const turner = createTurner(bone);
    const fronts = [
      [90, 0, 0],
      [0, 90, 0],
      [0, 0, 90],
      [0, 0, 0],
    ].map(([yaw = 0, pitch = 0, roll = 0]) => {
      turner.turn(yaw, pitch, roll);
      return frontOf(bone, rest);
    });
    expect(fronts).toEqual([
      [1, 0, 0],
      [0, -1, 0],
      [0, 0, 1],
      [0, 0, 1],
    ]);
  });
});

describe('createShifter', () => {
  it('shifts in the axes and units of the scene', () => {
    const [parent, bone] = chain('parent', 'bone');
    if (parent === undefined || bone === undefined) throw new Error('no chain');
    parent.scale.setScalar(0.01);
    parent.quaternion.set(0.5, 0.5, 0.5, 0.5);
    bone.position.set(3, 4, 5);
    bone.updateWorldMatrix(true, false);
    const before = bone.getWorldPosition(new Vector3());
    createShifter(bone)(0.02, -0.03);
    const moved = bone.getWorldPosition(new Vector3()).sub(before);
    expect(moved.distanceTo(new Vector3(0.02, -0.03, 0))).toBeLessThan(1e-9);
  });
});

const armed = (direction: Vector3): { upper: Object3D; lower: Object3D; angle: () => number } => {
  const [upper, lower] = chain('LeftArm', 'LeftForeArm');
  if (upper === undefined || lower === undefined) throw new Error('no chain');
  lower.position.copy(direction).multiplyScalar(0.25);
  upper.updateMatrixWorld(true);
  const down = new Vector3(0, -1, 0);
  return {
    upper,
    lower,
    angle() {
      upper.updateMatrixWorld(true);
      const along = lower.getWorldPosition(new Vector3()).sub(upper.getWorldPosition(new Vector3())).normalize();
      return Math.round((along.angleTo(down) * 180) / Math.PI);
    },
  };
};

describe('hangArms', () => {
  it('takes a T-pose down', () => {
    const arm = armed(new Vector3(1, 0, 0));
    hangArms({ leftUpperArm: arm.upper, leftLowerArm: arm.lower });
    expect(arm.angle()).toBeLessThan(20);
  });

  it('leaves arms that hang already', () => {
    const arm = armed(new Vector3(0.2, -1, 0).normalize());
    const before = arm.upper.quaternion.clone();
    hangArms({ leftUpperArm: arm.upper, leftLowerArm: arm.lower });
    expect(arm.upper.quaternion.equals(before)).toBe(true);
  });
});
