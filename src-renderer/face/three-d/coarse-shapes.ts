import type { ArkitName, FaceWeights } from '../../../src-preload/contract/index.ts';
import type { CoarseName, Viseme } from './shape-names.ts';

/** What a mouth does, in five numbers 0..1: models with few shapes are moved by these. */
interface Mouth {
  /** Jaw open and lips apart. */
  open: number;
  /** Lips forward and narrow. */
  round: number;
  /** Corners drawn apart. */
  wide: number;
  /** Lips pressed together. */
  sealed: number;
  /** Lower lip under the upper teeth. */
  bite: number;
  tongue: number;
  /** Any gap between the lips at all, so that a smile alone does not open the mouth. */
  parted: number;
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
const of = (weights: FaceWeights, name: ArkitName): number => weights[name] ?? 0;
const both = (weights: FaceWeights, left: ArkitName, right: ArkitName): number => (of(weights, left) + of(weights, right)) / 2;

/** Speech opens ARKit's jaw by about a half; a model's "aa" is a wide open mouth, so the jaw counts for more than itself. */
const JAW_GAIN = 1.6;

function mouthOf(weights: FaceWeights): Mouth {
  const gap = Math.max(0, of(weights, 'jawOpen') - of(weights, 'mouthClose'));
  const rolledLower = of(weights, 'mouthRollLower');
  const rolledUpper = of(weights, 'mouthRollUpper');
  const bite = clamp(rolledLower - rolledUpper) * (gap > 0.01 ? 1 : 0.5);
  return {
    open: clamp(gap * JAW_GAIN),
    round: clamp(Math.max(of(weights, 'mouthFunnel'), of(weights, 'mouthPucker'))),
    wide: clamp(
      Math.max(
        both(weights, 'mouthStretchLeft', 'mouthStretchRight'),
        0.6 * both(weights, 'mouthSmileLeft', 'mouthSmileRight'),
        both(weights, 'mouthDimpleLeft', 'mouthDimpleRight'),
      ),
    ),
    sealed: clamp(Math.max(both(weights, 'mouthPressLeft', 'mouthPressRight'), Math.min(rolledLower, rolledUpper))),
    bite,
    tongue: of(weights, 'tongueOut'),
    parted: clamp(gap * 8),
  };
}

type Row = (mouth: Mouth, weights: FaceWeights) => number;

/** How far a lip rounding is that of "oh" rather than of "oo". */
const ohShare = ({ open }: Mouth): number => Math.min(1, open * 1.5);
const free = ({ sealed }: Mouth): number => 1 - sealed;

const ih = (m: Mouth): number => m.parted * (1 - m.round) * (1 - m.wide) * (1 - m.open) * 0.5 * free(m);
const ee = (m: Mouth): number => m.parted * (1 - m.round) * m.wide * (0.3 + 0.7 * m.open) * free(m);
const aa = (m: Mouth): number => m.open * (1 - m.round) * (1 - 0.5 * m.wide) * free(m);
const oh = (m: Mouth): number => m.round * ohShare(m) * free(m);
const ou = (m: Mouth): number => m.round * (1 - ohShare(m)) * free(m);

/** Weight of each coarse shape, from ARKit's weights. The five vowels never add up to more than about one. */
const COARSE: Readonly<Record<CoarseName, Row>> = {
  aa,
  ih,
  ou,
  ee,
  oh,
  blink: (_m, w) => both(w, 'eyeBlinkLeft', 'eyeBlinkRight'),
  eyesClosed: (_m, w) => both(w, 'eyeBlinkLeft', 'eyeBlinkRight'),
  blinkLeft: (_m, w) => of(w, 'eyeBlinkLeft'),
  blinkRight: (_m, w) => of(w, 'eyeBlinkRight'),
  lookUp: (_m, w) => both(w, 'eyeLookUpLeft', 'eyeLookUpRight'),
  lookDown: (_m, w) => both(w, 'eyeLookDownLeft', 'eyeLookDownRight'),
  lookLeft: (_m, w) => both(w, 'eyeLookOutLeft', 'eyeLookInRight'),
  lookRight: (_m, w) => both(w, 'eyeLookInLeft', 'eyeLookOutRight'),
  // Full "relaxed" is a broad smile in most models.
  relaxed: (_m, w) => 0.5 * both(w, 'mouthSmileLeft', 'mouthSmileRight'),
  mouthOpen: (m) => m.open * free(m),
  mouthSmile: (_m, w) => both(w, 'mouthSmileLeft', 'mouthSmileRight'),
};

/** The same for visemes. What cannot be seen from outside (the tongue behind the teeth of DD, nn, kk) stays with the vowels around it. */
const VISEME: Readonly<Record<Viseme, Row>> = {
  sil: () => 0,
  PP: (m) => m.sealed,
  FF: (m) => m.bite,
  TH: (m) => m.tongue,
  DD: () => 0,
  kk: () => 0,
  CH: (m) => 0.5 * ou(m) * m.parted,
  SS: (m) => 0.4 * m.parted * m.wide * (1 - m.open) * free(m),
  nn: () => 0,
  RR: () => 0,
  aa,
  E: (m) => 0.6 * ee(m),
  I: (m) => Math.max(0.4 * ee(m), ih(m)),
  O: oh,
  U: (m) => ou(m) * (1 - 0.5 * m.parted),
};

export function coarseWeight(name: CoarseName, weights: FaceWeights): number {
  return clamp(COARSE[name](mouthOf(weights), weights));
}

export function visemeWeight(name: Viseme, weights: FaceWeights): number {
  return clamp(VISEME[name](mouthOf(weights), weights));
}
