import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { EditorSection } from './editor-section.tsx';
import { textLanguage, withText } from './localized.ts';
import { StyleField } from './persona-fields.tsx';
import type { CharacterDraft } from './use-character-draft.ts';

/** Name, one line, tags, style. */
export function AboutSection({ draft }: { draft: CharacterDraft }) {
  const { t, i18n } = useTranslation();
  const { character, change } = draft;
  const language = textLanguage(i18n.language);
  return (
    <EditorSection title={t('characters.sections.about')}>
      <Labelled label={t('characters.name')}>
        {(id) => <TextField id={id} value={character.name} maxLength={60} onChange={(event) => change({ name: event.target.value })} />}
      </Labelled>
      <Labelled label={t('characters.description')}>
        {(id) => (
          <TextField
            id={id}
            value={character.description[language]}
            maxLength={500}
            onChange={(event) => change({ description: withText(character.description, language, event.target.value) })}
          />
        )}
      </Labelled>
      <TagsField tags={character.tags} onChange={(tags) => change({ tags })} />
      <StyleField style={character.style} onChange={(style) => change({ style })} />
    </EditorSection>
  );
}

const MAX_TAGS = 20;
const MAX_TAG = 30;

/** Tags as one line, cut at commas when it is left: nothing jumps while it is typed. */
function TagsField({ tags, onChange }: { tags: readonly string[]; onChange: (tags: string[]) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string>();
  const take = (): void => {
    if (typed === undefined) return;
    const next = typed.split(',').map((tag) => tag.trim().slice(0, MAX_TAG));
    setTyped(undefined);
    onChange([...new Set(next.filter(Boolean))].slice(0, MAX_TAGS));
  };
  return (
    <Labelled label={t('characters.tags')} hint={t('characters.tagsHint')}>
      {(id) => (
        <TextField
          id={id}
          value={typed ?? tags.join(', ')}
          maxLength={600}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={take}
        />
      )}
    </Labelled>
  );
}
