import type { ArkitName, FaceWeights } from '../../../src-preload/contract/index.ts';
import { accentAt, markAt, type SpokenNow } from './accents.ts';
import { approach, wander } from './curves.ts';
import type { Random } from './random.ts';
import type { Activity, Temper } from './temper.ts';

/** What brows, cheeks and the corners of the mouth say besides the words. */
export interface Expression {
  at(atMs: number, inputs: { activity: Activity; speech: SpokenNow | undefined }): FaceWeights;
}

/** Settled amounts per activity; each is approached softly. */
interface Look {
  smile: number;
  innerUp: number;
  outerUp: number;
  down: number;
  squint: number;
  /** Lips drawn to one side and pressed, in thought. */
  pursed: number;
}

const LOOKS: Record<Activity, Look> = {
  idle: { smile: 1, innerUp: 0, outerUp: 0, down: 0, squint: 0, pursed: 0 },
  listening: { smile: 1.3, innerUp: 0.1, outerUp: 0.06, down: 0, squint: 0, pursed: 0 },
  thinking: { smile: 0.4, innerUp: 0.05, outerUp: 0, down: 0.14, squint: 0.12, pursed: 0.14 },
  speaking: { smile: 0.8, innerUp: 0.03, outerUp: 0.03, down: 0, squint: 0, pursed: 0 },
};
const SETTLE_MS = 220;
/** Brows follow the voice quickly, but not from one frame to the next. */
const BROWS_MS = 55;

export function createExpression(random: Random, temper: Temper, size: number): Expression {
  const phase = random.between(0, 2 * Math.PI);
  const side = random.happens(0.5) ? 'Left' : 'Right';
  const now: Look = { ...LOOKS.idle, smile: 0 };
  let lastMs: number | undefined;
  let mark = 0;
  let accent = 0;
  return {
    at(atMs, { activity, speech }) {
      const elapsedMs = lastMs === undefined ? 0 : Math.min(200, atMs - lastMs);
      lastMs = atMs;
      const part = approach(elapsedMs, SETTLE_MS);
      const wanted = LOOKS[activity];
      for (const key of Object.keys(now) as (keyof Look)[]) now[key] += (wanted[key] - now[key]) * part;
      const lift = approach(elapsedMs, BROWS_MS);
      mark += (markAt(speech) - mark) * lift;
      accent += (accentAt(speech) - accent) * lift;
      const smile = temper.smile * now.smile * (1 + 0.35 * wander(atMs, 14_000, phase));
      const weights: FaceWeights = {};
      const both = (left: ArkitName, right: ArkitName, value: number): void => {
        if (value < 0.004) return;
        weights[left] = value;
        weights[right] = value;
      };
      both('mouthSmileLeft', 'mouthSmileRight', smile * size);
      both('cheekSquintLeft', 'cheekSquintRight', 0.5 * smile * size);
      both('eyeSquintLeft', 'eyeSquintRight', (now.squint + 0.3 * smile) * size);
      both('browDownLeft', 'browDownRight', now.down * size);
      both('browOuterUpLeft', 'browOuterUpRight', (temper.brows + now.outerUp + 0.2 * accent * temper.size + 0.2 * mark) * size);
      const innerUp = (temper.brows + now.innerUp + 0.16 * accent * temper.size + 0.3 * mark) * size;
      if (innerUp > 0.004) weights.browInnerUp = innerUp;
      both('mouthPressLeft', 'mouthPressRight', now.pursed * size);
      if (now.pursed > 0.01) weights[`mouth${side}`] = 0.7 * now.pursed * size;
      return weights;
    },
  };
}
