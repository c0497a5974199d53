import type { ArkitName, FaceWeights } from '../../../src-preload/contract/index.ts';
import { assertNever } from '../../assert-never.ts';
import { coarseWeight, visemeWeight } from './coarse-shapes.ts';
import { meaningOf, type CoarseName, type ShapeMeaning } from './shape-names.ts';

/** One shape of the model and what moves it. */
export interface ShapeDrive {
  /** As the model calls it. */
  name: string;
  /** 0..1. */
  weight(weights: FaceWeights): number;
}

/** Which of a model's shapes are moved. */
export interface ShapePlan {
  /** What the lips are made of; `none` = the model has no mouth that can be moved. */
  mouth: 'arkit' | 'visemes' | 'vowels' | 'open' | 'none';
  drives: readonly ShapeDrive[];
  /** For models without eyes that turn: shapes that look up, down and aside. */
  gaze: readonly ShapeDrive[];
}

const isGaze = (name: ArkitName): boolean => name.startsWith('eyeLook');
const isMouth = (name: ArkitName): boolean => /^(?:jaw|mouth|tongue)/.test(name);
const isSmile = (name: ArkitName): boolean => name.startsWith('mouthSmile');
const isBlink = (name: ArkitName): boolean => name.startsWith('eyeBlink');

/** With fewer of ARKit's mouth shapes than this a model speaks better by its visemes or vowels. */
const ENOUGH_MOUTH = 8;
const VOWELS: readonly CoarseName[] = ['aa', 'ih', 'ou', 'ee', 'oh'];

interface Named {
  name: string;
  meaning: ShapeMeaning;
}

/**
 * Chooses for each part of the face the finest shapes that the model has, and only these: a mouth that is moved by ARKit's shapes and by visemes at
 * once opens twice.
 */
export function planShapes(names: readonly string[]): ShapePlan {
  const known = names.flatMap((name): Named[] => {
    const meaning = meaningOf(name);
    return meaning === undefined ? [] : [{ name, meaning }];
  });
  const arkit = known.filter(({ meaning }) => meaning.kind === 'arkit');
  const arkitWhere = (test: (name: ArkitName) => boolean): ShapeDrive[] =>
    arkit.filter(({ meaning }) => meaning.kind === 'arkit' && test(meaning.name)).map(driveOf);
  const coarse = (...wanted: CoarseName[]): ShapeDrive[] =>
    known.filter(({ meaning }) => meaning.kind === 'coarse' && wanted.includes(meaning.name)).map(driveOf);

  const { mouth, drives: lips } = chooseMouth(known, arkitWhere(isMouth), coarse);
  const smile = mouth === 'arkit' ? [] : firstFilled(arkitWhere(isSmile), coarse('mouthSmile'), coarse('relaxed'));
  const blink = firstFilled(arkitWhere(isBlink), coarse('blinkLeft', 'blinkRight'), coarse('blink').slice(0, 1), coarse('eyesClosed'));
  const rest = arkitWhere((name) => !isMouth(name) && !isBlink(name) && !isGaze(name));
  return {
    mouth,
    drives: [...lips, ...smile, ...blink, ...rest],
    gaze: firstFilled(arkitWhere(isGaze), coarse('lookUp', 'lookDown', 'lookLeft', 'lookRight')),
  };
}

function chooseMouth(
  known: readonly Named[],
  arkit: readonly ShapeDrive[],
  coarse: (...wanted: CoarseName[]) => ShapeDrive[],
): Pick<ShapePlan, 'mouth' | 'drives'> {
  const jaw = known.some(({ meaning }) => meaning.kind === 'arkit' && meaning.name === 'jawOpen');
  const visemes = known.filter(({ meaning }) => meaning.kind === 'viseme').map(driveOf);
  const vowels = coarse(...VOWELS);
  if (jaw && arkit.length >= ENOUGH_MOUTH) return { mouth: 'arkit', drives: arkit };
  if (visemes.length >= VOWELS.length) return { mouth: 'visemes', drives: visemes };
  if (vowels.length > 0) return { mouth: 'vowels', drives: vowels };
  if (jaw) return { mouth: 'arkit', drives: arkit };
  const open = coarse('mouthOpen');
  return open.length > 0 ? { mouth: 'open', drives: open } : { mouth: 'none', drives: [] };
}

function firstFilled(...choices: readonly ShapeDrive[][]): ShapeDrive[] {
  return choices.find((choice) => choice.length > 0) ?? [];
}

function driveOf({ name, meaning }: Named): ShapeDrive {
  return { name, weight: (weights) => weightOf(meaning, weights) };
}

function weightOf(meaning: ShapeMeaning, weights: FaceWeights): number {
  switch (meaning.kind) {
    case 'arkit':
      return Math.min(1, Math.max(0, weights[meaning.name] ?? 0));
    case 'viseme':
      return visemeWeight(meaning.name, weights);
    case 'coarse':
      return coarseWeight(meaning.name, weights);
    default:
      return assertNever(meaning);
  }
}
