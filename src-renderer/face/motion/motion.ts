import type { ArkitName, FaceWeights, MotionFrame, TalkState } from '../../../src-preload/contract/index.ts';
import { neutralFrame } from '../../../src-preload/contract/motion.ts';
import { createBlinks } from './blinks.ts';
import { breathAt } from './breathing.ts';
import { clamp } from './curves.ts';
import { createExpression } from './expression.ts';
import { createGlances, type Direction } from './glances.ts';
import type { SpokenNow } from './accents.ts';
import { createHead } from './head.ts';
import type { MotionInputs } from './motion-inputs.ts';
import { createPhraseEnds } from './phrase-ends.ts';
import { createRandom } from './random.ts';
import { createSpeakingMouth } from './speaking-mouth.ts';
import { TEMPERS, type Activity, type Emotion } from './temper.ts';

/** One face in motion: the same seed, times and inputs give the same frames. Times never run backwards. */
export interface Motion {
  frameAt(atMs: number, inputs: MotionInputs): MotionFrame;
  /** When the next quick movement begins (a blink, a jump of the eyes, a turn), `atMs` while there is one: until then fewer frames show the same. */
  quickAtMs(atMs: number): number;
}

export interface MotionOptions {
  seed: number;
  /** 0..1, as in the character's `renderer`. */
  expressiveness: number;
  emotion: Emotion;
}

/** A head that turns faster than this moves by more than a pixel from frame to frame. Degrees a second; breathing and swaying are slower. */
const QUICK_TURN = 5;

/** The expressiveness that the tables of this folder mean. */
const USUAL_EXPRESSIVENESS = 0.8;

export function createMotion({ seed, expressiveness, emotion }: MotionOptions): Motion {
  const size = expressiveness / USUAL_EXPRESSIVENESS;
  const temper = { ...TEMPERS[emotion], size: TEMPERS[emotion].size * size };
  const blinks = createBlinks(createRandom(seed, 'blinks'));
  const glances = createGlances(createRandom(seed, 'glances'), temper, blinks.provoke);
  const head = createHead(createRandom(seed, 'head'), temper);
  const expression = createExpression(createRandom(seed, 'expression'), temper, size);
  const mouth = createSpeakingMouth({ reach: 0.7 + 0.3 * size, phase: createRandom(seed, 'mouth').between(0, 2 * Math.PI) });
  const phraseEnds = createPhraseEnds();
  const breathFrom = createRandom(seed, 'breath').between(0, 4000);
  let startMs: number | undefined;
  let last: { ownMs: number; pose: MotionFrame['head'] } | undefined;
  let isTurning = false;

  const watchTurn = (ownMs: number, pose: MotionFrame['head']): void => {
    if (last && ownMs > last.ownMs) {
      const furthest = Math.max(...(['yaw', 'pitch', 'roll'] as const).map((axis) => Math.abs(pose[axis] - (last?.pose[axis] ?? 0))));
      isTurning = furthest > (QUICK_TURN * (ownMs - last.ownMs)) / 1000;
    }
    last = { ownMs, pose };
  };

  return {
    frameAt(atMs, { talk, speech, microphoneLevel, attention, lipsOnly = false }) {
      startMs ??= atMs;
      // The own clock begins with the first frame, so that the same calls on another day look the same.
      const ownMs = atMs - startMs;
      const lips = mouth.at(ownMs, talk, speech);
      const heard: SpokenNow | undefined =
        mouth.isSpeaking() && speech ? { units: speech.units, positionMs: speech.positionMs } : undefined;
      const activity = activityOf(talk, heard !== undefined);
      const phraseEnded = phraseEnds(ownMs, microphoneLevel) && activity === 'listening';
      const look = glances.at(ownMs, activity, attention);
      const pose = head.at(ownMs, { activity, look, phraseEnded, speech: heard });
      watchTurn(ownMs, pose);
      const face = expression.at(ownMs, { activity, speech: heard });
      const lids = blinks.at(ownMs);
      if (lipsOnly) {
        const still = neutralFrame(atMs);
        addEyes(Object.assign(still.weights, lips), still.gaze, lids, 0);
        return still;
      }
      // Eyes hold their aim while the head moves.
      const gaze = { yaw: clamp(look.yaw - 0.9 * pose.yaw, -24, 24), pitch: clamp(look.pitch - 0.9 * pose.pitch, -16, 16) };
      const weights = sumOf(lips, face);
      addEyes(weights, gaze, lids, temper.lids);
      return { atMs, weights, head: pose, gaze, breath: breathAt(ownMs + breathFrom, 0.7 + 0.3 * temper.pace) };
    },
    quickAtMs(atMs) {
      const start = startMs ?? atMs;
      const ownMs = atMs - start;
      return isTurning || mouth.isMoving(ownMs)
        ? atMs
        : start + Math.min(blinks.quickAtMs(ownMs), glances.quickAtMs(ownMs), head.quickAtMs(ownMs));
    },
  };
}

/** Sound that is heard counts more than the state, which a sample of a voice does not change. */
function activityOf(talk: TalkState, isHeard: boolean): Activity {
  if (isHeard) return 'speaking';
  switch (talk.state) {
    case 'off':
    case 'ready':
      return 'idle';
    case 'listening':
      return 'listening';
    case 'thinking':
      return 'thinking';
    case 'speaking':
      return talk.paused ? 'listening' : 'speaking';
  }
}

function sumOf(first: FaceWeights, second: FaceWeights): FaceWeights {
  const sum: FaceWeights = { ...first };
  for (const [name, value] of Object.entries(second) as [ArkitName, number][]) sum[name] = clamp((sum[name] ?? 0) + value, 0, 1);
  return sum;
}

/** Degrees that a weight of 1 of the eyeLook shapes stands for. */
const FULL_LOOK_YAW = 30;
const FULL_LOOK_PITCH = 25;

/** Lids go with the eyes: lower when they look down, higher when they look up. */
function addEyes(weights: FaceWeights, gaze: Direction, blink: number, droop: number): void {
  const put = (name: ArkitName, value: number): void => {
    if (value > 0.004) weights[name] = clamp(value, 0, 1);
  };
  const down = Math.max(0, gaze.pitch) / FULL_LOOK_PITCH;
  const up = Math.max(0, -gaze.pitch) / FULL_LOOK_PITCH;
  // The picture's right is the person's left.
  const left = Math.max(0, gaze.yaw) / FULL_LOOK_YAW;
  const right = Math.max(0, -gaze.yaw) / FULL_LOOK_YAW;
  put('eyeLookOutLeft', left);
  put('eyeLookInRight', left);
  put('eyeLookInLeft', right);
  put('eyeLookOutRight', right);
  for (const side of ['Left', 'Right'] as const) {
    put(`eyeLookDown${side}`, down);
    put(`eyeLookUp${side}`, up);
    put(`eyeBlink${side}`, Math.max(blink, droop + 0.45 * down));
    put(`eyeWide${side}`, 0.3 * up * (1 - blink));
  }
}
