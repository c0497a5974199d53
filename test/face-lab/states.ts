import type { PartialFrame } from './face-lab.ts';

const both = (name: string, value: number): Record<string, number> => ({ [`${name}Left`]: value, [`${name}Right`]: value });

/** One frame for each known state, as the motion pipeline would make it: for contact sheets and golden pictures. */
export const STATE_FRAMES: Readonly<Record<string, PartialFrame>> = {
  neutral: {},
  aa_small: { weights: { jawOpen: 0.38 } },
  aa_wide: { weights: { jawOpen: 0.9 } },
  oh: { weights: { jawOpen: 0.45, mouthFunnel: 0.9 } },
  oo: { weights: { mouthPucker: 0.95, jawOpen: 0.07 } },
  ee: { weights: { ...both('mouthStretch', 0.9), jawOpen: 0.15 } },
  pp: { weights: both('mouthPress', 0.9) },
  ff: { weights: { mouthRollLower: 0.9, ...both('mouthUpperUp', 0.9), jawOpen: 0.12 } },
  smile: { weights: { ...both('mouthSmile', 0.8), ...both('eyeSquint', 0.2), ...both('cheekSquint', 0.3) } },
  blink: { weights: both('eyeBlink', 1) },
  half_blink: { weights: both('eyeBlink', 0.5) },
  brows_up: { weights: { browInnerUp: 0.9, ...both('browOuterUp', 0.9), ...both('eyeWide', 0.3) } },
  brows_down: { weights: both('browDown', 0.8) },
  gaze_left: { gaze: { yaw: 18 } },
  gaze_right: { gaze: { yaw: -18 } },
  gaze_up: { gaze: { pitch: -12 } },
  gaze_down: { gaze: { pitch: 12 } },
  yaw_p12: { head: { yaw: 12 } },
  yaw_m12: { head: { yaw: -12 } },
  pitch_p8: { head: { pitch: 8 } },
  pitch_m8: { head: { pitch: -8 } },
  roll_p8: { head: { roll: 8 } },
  talking: {
    weights: { jawOpen: 0.3, ...both('mouthSmile', 0.25), ...both('mouthLowerDown', 0.2), ...both('eyeSquint', 0.1), browInnerUp: 0.2 },
    head: { yaw: 5, pitch: -3, roll: 2 },
    gaze: { yaw: -5 },
    breath: 1,
  },
};
