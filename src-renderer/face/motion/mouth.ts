import type { FaceWeights } from '../../../src-preload/contract/index.ts';
import { clamp, ease } from './curves.ts';
import type { MouthUnit } from './mouth-units.ts';
import { ARTICULATIONS, LIP_SHAPES, arkitNames, type LipShape } from './visemes.ts';

/*
 * Co-articulation. Every sound has a target and a dominance, and the mouth is the mean of the targets weighted by dominance (Cohen & Massaro 1993,
 * "Modeling coarticulation in synthetic visual speech"). Here the dominance of a sound is its span seen through a Gaussian window, so that long
 * vowels are reached, short ones are hinted at, and nothing leads or lags.
 */

/** Standard deviation of the window: the lips, above all their rounding, prepare a sound earlier than the jaw does. */
const JAW_WINDOW_MS = 26;
const LIPS_WINDOW_MS = 46;
/** Beyond this a sound has no say. */
const REACH_MS = 3 * LIPS_WINDOW_MS;

/** Lips that must meet stay together for at least this long, longer than the 40 ms between two frames. */
const CLOSURE_HOLD_MS = 52;
const CLOSURE_RAMP_MS = 43;

/** Lips are there a little before their sound is heard; late ones are noticed first. */
const LEAD_MS = 8;

/** What the mouth does at `heardMs` of the utterance. Pure; units in order. Silence before the first and behind the last. */
export function mouthAt(units: readonly MouthUnit[], heardMs: number, reach = 1): FaceWeights {
  const atMs = heardMs + LEAD_MS;
  const first = firstEndingAfter(units, atMs - REACH_MS);
  let jaw = 0;
  let jawDominance = 0;
  let lipsDominance = 0;
  let closure = 0;
  let teeth = 0;
  const lips: Partial<Record<LipShape, number>> = {};
  const take = (unit: Pick<MouthUnit, 'viseme' | 'startMs' | 'endMs' | 'level'>): void => {
    const articulation = ARTICULATIONS[unit.viseme];
    const jawShare = articulation.holdsJaw * seen(unit, atMs, JAW_WINDOW_MS);
    const lipsShare = articulation.holdsLips * seen(unit, atMs, LIPS_WINDOW_MS);
    jaw += jawShare * articulation.jaw * (articulation.vowel ? loudnessGain(unit.level) : 1);
    jawDominance += jawShare;
    lipsDominance += lipsShare;
    for (const shape of LIP_SHAPES) {
      const target = articulation.lips[shape];
      if (target !== undefined) lips[shape] = (lips[shape] ?? 0) + lipsShare * target;
    }
    if (unit.viseme === 'PP') closure = Math.max(closure, contact(unit, atMs));
    if (unit.viseme === 'FF') teeth = Math.max(teeth, contact(unit, atMs));
  };
  take({ viseme: 'rest', startMs: -1e6, endMs: units[0]?.startMs ?? 1e9 });
  for (let index = first; index < units.length; index += 1) {
    const unit = units[index];
    if (!unit || unit.startMs > atMs + REACH_MS) break;
    take(unit);
  }
  take({ viseme: 'rest', startMs: units.at(-1)?.endMs ?? 1e9, endMs: 1e9 });
  for (const shape of LIP_SHAPES) lips[shape] = ((lips[shape] ?? 0) / lipsDominance) * reach;
  return weightsOf({ jaw: (jaw / jawDominance) * reach, lips, closure, teeth });
}

/** Contact of the lips (p, b, m) or of lip and teeth (f, v) overrules what the neighbours want: it is seen at once when it fails. */
function weightsOf(mouth: { jaw: number; lips: Partial<Record<LipShape, number>>; closure: number; teeth: number }): FaceWeights {
  const { closure, teeth, lips } = mouth;
  const jaw = Math.min(mouth.jaw * (1 - 0.92 * closure), mouth.jaw * (1 - teeth) + 0.07 * teeth);
  const open = 1 - closure;
  const shapes: Partial<Record<LipShape, number>> = {
    ...lips,
    mouthLowerDown: (lips.mouthLowerDown ?? 0) * open * (1 - teeth),
    mouthUpperUp: (lips.mouthUpperUp ?? 0) * open * (1 - teeth) + 0.16 * teeth * open,
    mouthFunnel: (lips.mouthFunnel ?? 0) * open * (1 - 0.7 * teeth),
    mouthRollLower: (lips.mouthRollLower ?? 0) * open * (1 - teeth) + 0.65 * teeth * open + 0.1 * closure,
  };
  const weights: FaceWeights = {};
  set(weights, ['jawOpen'], jaw);
  // In ARKit's set this closes the lips over an open jaw: as much as the jaw is open, and they meet.
  set(weights, ['mouthClose'], jaw * closure);
  set(weights, arkitNames('mouthPress'), 0.3 * closure);
  for (const shape of LIP_SHAPES) set(weights, arkitNames(shape), shapes[shape] ?? 0);
  return weights;
}

function set(weights: FaceWeights, names: ReturnType<typeof arkitNames>, value: number): void {
  const inside = clamp(value, 0, 1);
  if (inside < 0.002) return;
  for (const name of names) weights[name] = inside;
}

/** The part of a Gaussian window around `atMs` that the unit fills, 0..1. */
function seen({ startMs, endMs }: Pick<MouthUnit, 'startMs' | 'endMs'>, atMs: number, windowMs: number): number {
  return below((endMs - atMs) / windowMs) - below((startMs - atMs) / windowMs);
}

/** Normal distribution function by its logistic approximation, wrong by less than 0.01. */
function below(deviations: number): number {
  return 1 / (1 + Math.exp(-1.702 * deviations));
}

/** 1 while the lips touch, with the way there and back. */
function contact({ startMs, endMs }: Pick<MouthUnit, 'startMs' | 'endMs'>, atMs: number): number {
  const middle = (startMs + endMs) / 2;
  const half = Math.max(CLOSURE_HOLD_MS, 0.8 * (endMs - startMs)) / 2;
  return ease(1 - (Math.abs(atMs - middle) - half) / CLOSURE_RAMP_MS);
}

/** A vowel said with usual loudness keeps its shape. */
function loudnessGain(level: number | undefined): number {
  return level === undefined ? 1 : clamp(0.6 + 0.7 * level, 0.6, 1.25);
}

function firstEndingAfter(units: readonly MouthUnit[], atMs: number): number {
  let low = 0;
  let high = units.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((units[middle]?.endMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
