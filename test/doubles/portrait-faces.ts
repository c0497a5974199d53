import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  expressionSetSchema,
  neutralFrame,
  portraitFaceSchema,
  type ExpressionSet,
  type MotionFrame,
  type PortraitFace,
} from '../../src-preload/contract/index.ts';

const CHARACTERS = resolve(import.meta.dirname, '../../resources/characters');
export const SHIPPED = ['default', 'cyberpunk-host', 'retro-assistant'] as const;

/** The face of a shipped portrait, as it was found in the picture. */
export function portraitFace(id: (typeof SHIPPED)[number] = 'default'): PortraitFace {
  return portraitFaceSchema.parse(JSON.parse(readFileSync(join(CHARACTERS, id, 'face.json'), 'utf8')));
}

/** Where the same face's points lie in known states. */
export function portraitStates(id: (typeof SHIPPED)[number]): ExpressionSet['states'] {
  return expressionSetSchema.parse(JSON.parse(readFileSync(join(CHARACTERS, id, 'set.json'), 'utf8'))).states;
}

/** A frame of which only what is not neutral is said. */
export function frameOf(
  parts: Partial<Pick<MotionFrame, 'weights' | 'breath' | 'atMs'>> & {
    head?: Partial<MotionFrame['head']>;
    gaze?: Partial<MotionFrame['gaze']>;
  },
): MotionFrame {
  const neutral = neutralFrame(parts.atMs ?? 0);
  return { ...neutral, ...parts, head: { ...neutral.head, ...parts.head }, gaze: { ...neutral.gaze, ...parts.gaze } };
}
