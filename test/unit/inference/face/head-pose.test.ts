import { describe, expect, it } from 'vitest';
import { headPose } from '../../../../src-main/inference/face/head-pose.ts';
import { MEAN_MESH } from '../../../../src-main/inference/face/mean-mesh.ts';

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** The mean face turned: first pitch (about x), then yaw (about y), then roll (about z), with the signs of `MotionFrame.head`; scaled and moved. */
function turned(yaw: number, pitch: number, roll: number): number[] {
  const points: number[] = [];
  for (let index = 0; index < MEAN_MESH.length; index += 3) {
    let [x = 0, y = 0, z = 0] = MEAN_MESH.slice(index, index + 3);
    // Nodding brings the nose (z < 0) down (y > 0).
    [y, z] = [y * Math.cos(radians(pitch)) - z * Math.sin(radians(pitch)), y * Math.sin(radians(pitch)) + z * Math.cos(radians(pitch))];
    // Turning brings the nose to the picture's right.
    [x, z] = [x * Math.cos(radians(yaw)) - z * Math.sin(radians(yaw)), x * Math.sin(radians(yaw)) + z * Math.cos(radians(yaw))];
    // Tipping brings the crown (y < 0) to the picture's left.
    [x, y] = [x * Math.cos(radians(roll)) + y * Math.sin(radians(roll)), y * Math.cos(radians(roll)) - x * Math.sin(radians(roll))];
    points.push(x * 137 + 400, y * 137 + 300, z * 137);
  }
  return points;
}

describe('headPose', () => {
  it('is nothing for the mean face', () => {
    expect(headPose(MEAN_MESH)).toEqual({ yaw: 0, pitch: 0, roll: 0 });
  });

  it.each([
    [25, 0, 0],
    [-40, 0, 0],
    [0, 18, 0],
    [0, -22, 0],
    [0, 0, 30],
    [0, 0, -80],
    [12, 8, -10],
  ])('finds yaw %i, pitch %i and roll %i again', (yaw, pitch, roll) => {
    const pose = headPose(turned(yaw, pitch, roll));
    expect(pose.yaw).toBeCloseTo(yaw, 0);
    expect(pose.pitch).toBeCloseTo(pitch, 0);
    expect(pose.roll).toBeCloseTo(roll, 0);
  });
});
