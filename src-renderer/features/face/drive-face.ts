import type { Character } from '../../../src-preload/contract/index.ts';
import type { Services } from '../../app/services.ts';
import { isProcessorScarce } from '../../ui/rendering.ts';
import { createFaceDriver, type FaceDriverOptions, type FrameMaker } from '../../face/face-driver.ts';

interface DriveOptions {
  /** The character as it is now; absent = it stays as it was given. */
  current?: () => Character;
  attention?: FaceDriverOptions['attention'];
}

/** The movement of a character from what goes on in this page. The same character begins with the same blinks, two characters with different ones. */
export function faceDriverFor(
  { session, voice }: Pick<Services, 'session' | 'voice'>,
  character: Character,
  { current = () => character, attention }: DriveOptions = {},
): FrameMaker {
  return createFaceDriver({
    character: current,
    voice,
    talk: () => session.getState().session.talk,
    seed: seedOf(character.id),
    isProcessorScarce,
    lipsOnly: () => document.documentElement.dataset['motion'] === 'reduced',
    ...(attention ? { attention } : {}),
  });
}

function seedOf(id: string): number {
  let seed = 0;
  for (const sign of id) seed = (Math.imul(seed, 31) + (sign.codePointAt(0) ?? 0)) >>> 0;
  return seed;
}
