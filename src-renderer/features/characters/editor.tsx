import { Clapperboard, Copy, Download, Trash2, Undo2, Volume2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Character } from '../../../src-preload/contract/index.ts';
import { useActions } from '../../app/actions-context.ts';
import { useCharacters, useServices, useSession } from '../../app/services.ts';
import { errorText } from '../../i18n/error-text.ts';
import { characterOf } from '../../stores/characters-store.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { deleteCharacter, duplicateCharacter, exportCharacter, speakSample } from './character-actions.ts';
import { CharacterPage } from './character-page.tsx';
import { AboutSection } from './editor-about.tsx';
import { MannerSection } from './editor-manner.tsx';
import { PictureSection } from './editor-picture.tsx';
import { VoiceSection } from './editor-voice.tsx';
import { OwnFace } from './own-face.tsx';
import { SaveClip } from './save-clip.tsx';
import { useCharacterDraft, type CharacterDraft } from './use-character-draft.ts';

/** One character, to be looked at, tried and changed. `isNew` lets them speak at once. */
export function Editor({ id, isNew }: { id: string; isNew: boolean }) {
  const { t } = useTranslation();
  const { view } = useServices();
  const character = useCharacters((state) => characterOf(state, id));
  const known = useCharacters((state) => state.status === 'ready' || state.status === 'failed');
  if (character) return <OpenEditor first={character} isNew={isNew} />;
  if (!known) return <p className="p-8 text-quiet">{t('common.loading')}</p>;
  return (
    <div className="flex flex-col items-start gap-3 p-8">
      <p>{t('characters.gone')}</p>
      <Button onClick={() => view.getState().showCharacters({ at: 'gallery' })}>{t('characters.back')}</Button>
    </div>
  );
}

function OpenEditor({ first, isNew }: { first: Character; isNew: boolean }) {
  const { t } = useTranslation();
  const services = useServices();
  const draft = useCharacterDraft(first);
  const { character } = draft;
  const introduced = useRef(false);
  useEffect(() => {
    if (!isNew || introduced.current) return;
    introduced.current = true;
    speakSample(services, first.id).catch(services.view.getState().fail);
  }, [isNew, services, first.id]);

  return (
    <CharacterPage title={character.name} aside={!first.shipped && <SaveState draft={draft} />}>
      <div className="grid grid-cols-[minmax(16rem,24rem)_1fr] gap-10 band:grid-cols-1 round:grid-cols-1">
        <Preview draft={draft} />
        <div className="flex min-w-0 flex-col gap-8">
          {first.shipped && <ShippedNote character={first} />}
          <fieldset disabled={first.shipped} className="flex min-w-0 flex-col gap-10">
            <legend className="sr-only">{t('characters.fields')}</legend>
            <AboutSection draft={draft} />
            <VoiceSection draft={draft} />
            <MannerSection draft={draft} />
            <PictureSection draft={draft} />
          </fieldset>
        </div>
      </div>
    </CharacterPage>
  );
}

function ShippedNote({ character: { id, name } }: { character: Character }) {
  const { t } = useTranslation();
  const services = useServices();
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-y border-line py-4">
      <p className="min-w-0 flex-[1_1_18rem]">{t('characters.shipped', { name })}</p>
      <Button look="main" icon={<Copy size="1rem" aria-hidden="true" />} onClick={() => void duplicateCharacter(services, id)}>
        {t('characters.duplicateToChange')}
      </Button>
    </div>
  );
}

/** Whether what was typed is written, and the way back to how it was. */
function SaveState({ draft }: { draft: CharacterDraft }) {
  const { t, i18n } = useTranslation();
  const { saving } = draft;
  return (
    <div className="flex flex-wrap items-center gap-3">
      {saving.state === 'failed' ? (
        <>
          <span role="alert" className="text-small text-danger-text">
            {errorText(i18n, saving.error)}
          </span>
          <Button onClick={() => void draft.flush()}>{t('common.retry')}</Button>
        </>
      ) : (
        <output className="text-small text-quiet">
          {draft.character.name.trim() === '' ? t('characters.make.missing.name') : t(`characters.saving.${saving.state}`)}
        </output>
      )}
      {draft.hasChanges && (
        <Button icon={<Undo2 size="1rem" aria-hidden="true" />} onClick={draft.undoAll}>
          {t('characters.undoAll')}
        </Button>
      )}
    </div>
  );
}

/** The face, and what to do with it: hear it, use it, keep it. */
function Preview({ draft }: { draft: CharacterDraft }) {
  const { t } = useTranslation();
  const services = useServices();
  const actions = useActions();
  const { character } = draft;
  const inUse = useSession((state) => state.session.characterId === character.id);
  const [recording, setRecording] = useState(false);
  const icon = { size: '1rem', 'aria-hidden': true } as const;

  return (
    <section aria-label={t('characters.preview')} className="flex flex-col gap-4 self-start wide:sticky wide:top-0">
      <div className="relative mx-auto aspect-[4/5] w-full max-w-[min(24rem,56vh)] overflow-hidden rounded-base bg-raised">
        <OwnFace character={character} alt={t('stage.portrait', { name: character.name })} live={!recording} />
      </div>
      <TryField draft={draft} />
      <div className="flex flex-wrap gap-2">
        <Button look="main" disabled={inUse} onClick={() => actions.switchTo(character.id)}>
          {t(inUse ? 'characters.inUse' : 'characters.use')}
        </Button>
        <Button icon={<Clapperboard {...icon} />} onClick={() => void draft.flush().then(() => setRecording(true))}>
          {t('characters.clip.title')}
        </Button>
        <Button icon={<Download {...icon} />} onClick={() => void draft.flush().then(() => exportCharacter(services, character.id))}>
          {t('characters.export')}
        </Button>
        {!character.shipped && (
          <Button icon={<Trash2 {...icon} />} onClick={() => void draft.flush().then(() => deleteCharacter(services, character))}>
            {t('common.delete')}
          </Button>
        )}
      </div>
      {recording && <SaveClip character={character} onClose={() => setRecording(false)} />}
    </section>
  );
}

/** Says the sample or whatever is typed, with the voice and the habits as they are now. */
function TryField({ draft }: { draft: CharacterDraft }) {
  const { t } = useTranslation();
  const services = useServices();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const speak = async (): Promise<void> => {
    setBusy(true);
    try {
      await draft.flush();
      await speakSample(services, draft.character.id, text);
    } catch (error) {
      services.view.getState().fail(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="flex gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void speak();
      }}
    >
      <TextField
        aria-label={t('characters.tryText')}
        placeholder={t('characters.tryText')}
        value={text}
        maxLength={300}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" disabled={busy} icon={<Volume2 size="1rem" aria-hidden="true" />}>
        {t('characters.try')}
      </Button>
    </form>
  );
}
