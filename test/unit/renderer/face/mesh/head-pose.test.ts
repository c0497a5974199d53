import { describe, expect, it } from 'vitest';
import { createHeadPose } from '../../../../../src-renderer/face/mesh/head-pose.ts';
import { portraitFace } from '../../../../doubles/portrait-faces.ts';

const STRAIGHT = { ...portraitFace(), pose: { yaw: 0, pitch: 0, roll: 0 } };
const NONE = { yaw: 0, pitch: 0, roll: 0, x: 0, y: 0 };

function moved(head: Partial<typeof NONE>, [x, y, z]: readonly [number, number, number], weight = 1): number[] {
  const pose = createHeadPose(STRAIGHT);
  pose.set({ ...NONE, ...head });
  const out = new Float32Array(2);
  pose.apply(x, y, z, weight, out, 0);
  return [...out];
}

describe('createHeadPose', () => {
  it('leaves everything where it is without a turn', () => {
    expect(moved({}, [0.25, 0.5, -0.5])).toEqual([0.25, 0.5]);
  });

  it('moves the eyes by 0.24 and the tip of the nose by 0.33 at 12° of yaw, as rendered heads do', () => {
    expect(moved({ yaw: 12 }, [0, 0, 0])[0]).toBeCloseTo(0.23, 1);
    expect(moved({ yaw: 12 }, [0, 0.35, -0.45])[0]).toBeCloseTo(0.33, 1);
  });

  it('nods down for pitch > 0 and tips the crown to the left of the picture for roll > 0', () => {
    expect(moved({ pitch: 8 }, [0, 0, 0])[1]).toBeGreaterThan(0.1);
    expect(moved({ roll: 8 }, [0, -0.6, 0])[0]).toBeLessThan(-0.1);
  });

  it('gives a point its share only, and none to what does not go with the head', () => {
    const whole = moved({ yaw: 10 }, [0, 0, 0])[0] ?? 0;
    expect(moved({ yaw: 10 }, [0, 0, 0], 0.5)[0]).toBeCloseTo(whole / 2, 5);
    expect(moved({ yaw: 10 }, [0, 0, 0], 0)).toEqual([0, 0]);
  });

  it('slows down at the limit of what a flat picture can show', () => {
    const [far, further] = [moved({ yaw: 60 }, [0, 0, 0])[0] ?? 0, moved({ yaw: 90 }, [0, 0, 0])[0] ?? 0];
    expect(further - far).toBeLessThan(0.01);
    expect(further).toBeLessThan(0.6);
  });
});
