import { useTranslation } from 'react-i18next';
import type { CallSegment } from '../../../src-preload/contract/index.ts';
import { useCharacters } from '../../app/services.ts';
import { characterOf } from '../../stores/characters-store.ts';
import { useStageCharacter } from '../face/use-stage-character.ts';

/** Who said it: the character that spoke for the owner in this call, the owner, or the other end. */
export function useSpeakerName(characterId: string | null): (speaker: Exclude<CallSegment['speaker'], 'note'>) => string {
  const { t } = useTranslation();
  const stage = useStageCharacter();
  const own = useCharacters((state) => (characterId === null ? undefined : characterOf(state, characterId)?.name));
  return (speaker) => (speaker === 'assistant' ? (own ?? stage.name) : t(`calls.speakers.${speaker}`));
}
