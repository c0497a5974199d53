import type { Character } from '../../../src-preload/contract/index.ts';
import { useCharacters, useSession } from '../../app/services.ts';
import { characterOf } from '../../stores/characters-store.ts';
import { firstStillUrl } from './still.ts';

export interface StageCharacter {
  /** Undefined until the list of characters is there. */
  character: Character | undefined;
  /** Shown until there is more. */
  firstStill: string;
  /** As the page says it; the product's own first name while nothing else is known. */
  name: string;
}

/** Who is on the stage: the character of this page's session. */
export function useStageCharacter(): StageCharacter {
  const id = useSession((state) => state.session.characterId);
  const character = useCharacters((state) => characterOf(state, id));
  return { character, firstStill: firstStillUrl(), name: character?.name ?? 'Nova' };
}
