import { useTranslation } from 'react-i18next';
import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { EditorSection } from './editor-section.tsx';
import { textLanguage, withText } from './localized.ts';
import { Habits, PromptField, Traits } from './persona-fields.tsx';
import type { CharacterDraft } from './use-character-draft.ts';

/** What they are like: traits, habits of speech, the words for the language model, the sentence they introduce themselves with. */
export function MannerSection({ draft }: { draft: CharacterDraft }) {
  const { t, i18n } = useTranslation();
  const { character, change } = draft;
  const language = textLanguage(i18n.language);
  return (
    <EditorSection title={t('characters.sections.manner')}>
      <Traits personality={character.personality} onChange={(personality) => change({ personality })} />
      <Habits personality={character.personality} onChange={(personality) => change({ personality })} />
      <PromptField
        value={character.systemPrompt[language]}
        onChange={(text) => change({ systemPrompt: withText(character.systemPrompt, language, text) })}
      />
      <Labelled label={t('characters.sampleSentence')} hint={t('characters.sampleHint')}>
        {(id) => (
          <TextField
            id={id}
            value={character.sample[language]}
            maxLength={300}
            onChange={(event) => change({ sample: withText(character.sample, language, event.target.value) })}
          />
        )}
      </Labelled>
    </EditorSection>
  );
}
