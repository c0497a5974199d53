import type { MotionFrame } from '../../../src-preload/contract/index.ts';
import { accentAt, type SpokenNow } from './accents.ts';
import { follow, wander, type Spring } from './curves.ts';
import type { Direction } from './glances.ts';
import type { Random } from './random.ts';
import type { Activity, Temper } from './temper.ts';

type Pose = MotionFrame['head'];

export interface HeadInputs {
  activity: Activity;
  /** Where the eyes look in the room: the head goes a part of the way. */
  look: Direction;
  /** The user has just ended a phrase; a listener nods. */
  phraseEnded: boolean;
  /** What is heard now: the head marks what is stressed. Undefined = nothing. */
  speech: SpokenNow | undefined;
}

export interface Head {
  at(atMs: number, inputs: HeadInputs): Pose;
  /** `atMs` while a nod is under way, else Infinity. */
  quickAtMs(atMs: number): number;
}

/** How long one posture is kept. */
const POSTURE_MS: Record<Activity, readonly [number, number]> = {
  idle: [3500, 8000],
  listening: [3000, 6500],
  thinking: [1800, 3500],
  speaking: [1200, 3200],
};
/** Half ranges of a posture, degrees. */
const POSTURES: Record<Activity, { yaw: number; pitch: number; roll: number }> = {
  idle: { yaw: 3.2, pitch: 1.2, roll: 1.8 },
  listening: { yaw: 2, pitch: 0.8, roll: 2.4 },
  thinking: { yaw: 2.5, pitch: 1, roll: 2.2 },
  speaking: { yaw: 3.4, pitch: 1.4, roll: 2 },
};
/** Radians per second of the neck: a new posture is reached after about a second and a half. */
const NECK = 3.6;
/** A quick movement of the head, which must look that much ahead to be there in time. */
const GESTURE = 15;
const GESTURE_LAG_MS = 120;
const NOD_MS = 900;
const NOD_REST_MS = 2600;

export function createHead(random: Random, temper: Temper): Head {
  const phases = Array.from({ length: 5 }, () => random.between(0, 2 * Math.PI));
  const neck: Record<'yaw' | 'pitch' | 'roll', Spring> = {
    yaw: { value: 0, speed: 0 },
    pitch: { value: 0, speed: 0 },
    roll: { value: 0, speed: 0 },
  };
  let posture = { yaw: 0, pitch: 0, roll: 0 };
  let changesMs = 0;
  let lastActivity: Activity | undefined;
  let lastMs: number | undefined;
  let nodMs = -Infinity;
  let nodSize = 0;
  const gesture: Spring = { value: 0, speed: 0 };

  const takePosture = (atMs: number, activity: Activity): void => {
    const range = POSTURES[activity];
    posture = {
      yaw: random.between(-range.yaw, range.yaw),
      pitch: random.between(-range.pitch, range.pitch) + (activity === 'thinking' ? -1.6 : activity === 'listening' ? 0.7 : 0),
      roll: random.between(-range.roll, range.roll),
    };
    const [low, high] = POSTURE_MS[activity];
    changesMs = atMs + random.between(low, high) / temper.pace;
  };

  const nodAt = (atMs: number): number => {
    const share = (atMs - nodMs) / NOD_MS;
    if (share <= 0 || share >= 1) return 0;
    // Two dips, the second smaller, within an envelope without corners.
    return nodSize * Math.sin(share * 2 * Math.PI) ** 2 * (1 - 0.55 * share);
  };

  return {
    at(atMs, { activity, look, phraseEnded, speech }) {
      const elapsedMs = lastMs === undefined ? 0 : Math.min(200, Math.max(0, atMs - lastMs));
      lastMs = atMs;
      if (activity !== lastActivity || atMs >= changesMs) takePosture(atMs, activity);
      lastActivity = activity;
      if (phraseEnded && atMs - nodMs > NOD_MS + NOD_REST_MS && random.happens(0.75)) {
        nodMs = atMs;
        nodSize = random.between(2.6, 4.2);
      }
      const stress = speech ? accentAt({ units: speech.units, positionMs: speech.positionMs + GESTURE_LAG_MS }) : 0;
      follow(gesture, stress, elapsedMs, GESTURE);
      const sway = activity === 'speaking' ? 1.2 : 0.9;
      const follows = (axis: 'yaw' | 'pitch' | 'roll', target: number): number => follow(neck[axis], target, elapsedMs, NECK * temper.pace);
      const yaw = follows('yaw', posture.yaw + 0.3 * look.yaw + sway * wander(atMs, 9100, phases[0] ?? 0));
      const pitch = follows('pitch', posture.pitch + 0.2 * look.pitch + 0.8 * sway * wander(atMs, 7300, phases[1] ?? 0));
      const roll = follows('roll', posture.roll + 0.7 * sway * wander(atMs, 11_700, phases[2] ?? 0));
      return {
        yaw: yaw * temper.size,
        pitch: pitch * temper.size + nodAt(atMs) + 3 * temper.size * gesture.value,
        roll: roll * temper.size,
        x: 0.012 * temper.size * wander(atMs, 12_900, phases[3] ?? 0),
        y: 0.008 * temper.size * wander(atMs, 10_300, phases[4] ?? 0),
      };
    },
    quickAtMs: (atMs) => (atMs - nodMs < NOD_MS ? atMs : Infinity),
  };
}
