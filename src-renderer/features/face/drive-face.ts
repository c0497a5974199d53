import type { Character } from '../../../src-preload/contract/index.ts';
import type { Services } from '../../app/services.ts';
import { createFaceDriver, type FrameMaker } from '../../face/face-driver.ts';

/** The movement of a character from what goes on in this page. The same character begins with the same blinks, two characters with different ones. */
export function faceDriverFor({ session, voice }: Pick<Services, 'session' | 'voice'>, character: Character): FrameMaker {
  return createFaceDriver({
    character,
    voice,
    talk: () => session.getState().session.talk,
    seed: seedOf(character.id),
    lipsOnly: () => document.documentElement.dataset['motion'] === 'reduced',
  });
}

function seedOf(id: string): number {
  let seed = 0;
  for (const sign of id) seed = (Math.imul(seed, 31) + (sign.codePointAt(0) ?? 0)) >>> 0;
  return seed;
}
