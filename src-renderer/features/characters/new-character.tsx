import { Sparkles } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewCharacter as NewCharacterInput } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { uploadFile } from '../../bridge/index.ts';
import { Button } from '../../ui/button.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { CharacterPage } from './character-page.tsx';
import { textLanguage } from './localized.ts';
import { NO_PERSONA, patchOf, personaOfDraft, type Persona } from './persona.ts';
import { PersonaFields } from './persona-fields.tsx';
import { PortraitColumn } from './portrait-column.tsx';
import { usePortrait, type Portrait } from './use-portrait.ts';
import { VoiceSampleField } from './voice-sample-field.tsx';

interface Draft {
  name: string;
  words: string;
  /** Undefined until somebody wants to see or write it. */
  persona: Persona | undefined;
  sample: { file: File | undefined; consent: boolean };
}

/** A picture, a name and a few words: then they speak. */
export function NewCharacter({ file }: { file: File | undefined }) {
  const { t } = useTranslation();
  const work = usePortrait(file);
  const [draft, setDraft] = useState<Draft>({ name: '', words: '', persona: undefined, sample: { file: undefined, consent: false } });
  const change = (patch: Partial<Draft>): void => setDraft((before) => ({ ...before, ...patch }));

  return (
    <CharacterPage title={t('characters.new')}>
      <div className="grid grid-cols-2 gap-10 band:grid-cols-1 round:grid-cols-1">
        <section aria-label={t('characters.make.picture')}>
          <PortraitColumn work={work} />
        </section>
        <section aria-label={t('characters.make.who')} className="flex flex-col gap-5">
          <Labelled label={t('characters.name')}>
            {(id) => <TextField id={id} value={draft.name} maxLength={60} onChange={(event) => change({ name: event.target.value })} />}
          </Labelled>
          <WordsField draft={draft} onChange={change} />
          {draft.persona && (
            <PersonaFields
              persona={draft.persona}
              onChange={(patch) => change({ persona: { ...(draft.persona ?? NO_PERSONA), ...patch } })}
            />
          )}
          <VoiceSampleField {...draft.sample} onChange={(sample) => change({ sample })} />
          <CreateButton portrait={work.portrait} draft={draft} />
        </section>
      </div>
    </CharacterPage>
  );
}

interface WordsFieldProps {
  draft: Draft;
  onChange: (patch: Partial<Draft>) => void;
}

/** A few words, and the button that makes a persona of them. Writing it oneself is as near. */
function WordsField({ draft, onChange }: WordsFieldProps) {
  const { t, i18n } = useTranslation();
  const { bridge, view } = useServices();
  const [busy, setBusy] = useState(false);
  const write = async (): Promise<void> => {
    setBusy(true);
    try {
      const made = await bridge.call('characters.draftPersona', {
        words: draft.words.trim(),
        name: draft.name.trim(),
        language: textLanguage(i18n.language),
      });
      onChange({ persona: personaOfDraft(made), ...(draft.name.trim() === '' ? { name: made.name } : {}) });
    } catch (error) {
      view.getState().fail(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-2">
      <Labelled label={t('characters.make.words')}>
        {(id) => (
          <TextArea
            id={id}
            value={draft.words}
            maxLength={1000}
            placeholder={t('characters.make.wordsPlaceholder')}
            onChange={(event) => onChange({ words: event.target.value })}
          />
        )}
      </Labelled>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          disabled={busy || draft.words.trim() === ''}
          icon={<Sparkles size="1rem" aria-hidden="true" />}
          onClick={() => void write()}
        >
          {t('characters.make.draft')}
        </Button>
        {!draft.persona && (
          <Button look="quiet" onClick={() => onChange({ persona: { ...NO_PERSONA, description: draft.words.trim().slice(0, 500) } })}>
            {t('characters.make.writeOneself')}
          </Button>
        )}
        {busy && <output className="text-small text-quiet">{t('characters.make.drafting')}</output>}
      </div>
    </div>
  );
}

/** What is still missing before a character can be made; undefined = nothing. */
function missingOf(portrait: Portrait, { name, sample }: Draft): 'picture' | 'name' | 'consent' | undefined {
  if (portrait.state !== 'found' && portrait.state !== 'by-hand') return 'picture';
  if (name.trim() === '') return 'name';
  return sample.file && !sample.consent ? 'consent' : undefined;
}

function inputOf(
  portrait: Extract<Portrait, { upload: string }>,
  { name, words, persona, sample }: Draft,
  voiceSample: string | null,
): NewCharacterInput {
  return {
    portrait: portrait.upload,
    name: name.trim(),
    description: (persona?.description ?? words).trim().slice(0, 500),
    face: portrait.state === 'found' ? portrait.face : 0,
    anchors: portrait.state === 'by-hand' ? portrait.anchors : null,
    ...(persona ? { style: persona.style } : {}),
    voiceSample,
    consent: sample.consent,
  };
}

function CreateButton({ portrait, draft }: { portrait: Portrait; draft: Draft }) {
  const { t } = useTranslation();
  const { bridge, characters, view } = useServices();
  const [busy, setBusy] = useState(false);
  const missing = missingOf(portrait, draft);
  const create = async (): Promise<void> => {
    if (portrait.state !== 'found' && portrait.state !== 'by-hand') return;
    const { fail, showCharacters } = view.getState();
    setBusy(true);
    try {
      const voiceSample = draft.sample.file ? await uploadFile(draft.sample.file) : null;
      const created = await bridge.call('characters.createFromPortrait', inputOf(portrait, draft, voiceSample));
      characters.getState().put(created);
      // They exist now: what cannot be written down of the persona is said, and can be written again in the editor.
      if (draft.persona)
        await bridge.call('characters.update', { id: created.id, patch: patchOf(draft.persona) }).then(characters.getState().put, fail);
      showCharacters({ at: 'editor', id: created.id, isNew: true });
    } catch (error) {
      fail(error);
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line pt-5">
      <Button look="main" disabled={busy || missing !== undefined} onClick={() => void create()} className="min-w-40">
        {t('characters.make.create')}
      </Button>
      <output className="text-small text-quiet">
        {busy ? t('characters.make.creating') : missing !== undefined && t(`characters.make.missing.${missing}`)}
      </output>
    </div>
  );
}
