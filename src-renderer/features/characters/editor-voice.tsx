import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallResult, VoiceProfile } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { uploadFile } from '../../bridge/index.ts';
import { formatLanguages } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Select } from '../../ui/select.tsx';
import { Slide } from '../../ui/slide.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { EditorRow, EditorSection } from './editor-section.tsx';
import type { CharacterDraft } from './use-character-draft.ts';
import { VoiceSampleField } from './voice-sample-field.tsx';

const EMOTIONS = ['neutral', 'energetic', 'calm'] as const satisfies readonly VoiceProfile['emotion'][];
type Voice = CallResult<'voice.list'>[number];

/** How they sound. */
export function VoiceSection({ draft }: { draft: CharacterDraft }) {
  const { t, i18n } = useTranslation();
  const voices = useVoices();
  const { character, change } = draft;
  const { voice } = character;
  const set = (patch: Partial<VoiceProfile>): void => change({ voice: { ...voice, ...patch } });
  return (
    <EditorSection title={t('characters.sections.voice')}>
      <EditorRow title={t('characters.voice')}>
        <Select
          label={t('characters.voice')}
          value={voice.voice}
          choices={[
            { value: 'auto', label: t('characters.voiceAuto') },
            ...withMissing(voices, voice.voice).map(({ id, name, languages }) => ({
              value: id,
              label: languages.length > 0 && languages.length < 4 ? `${name} · ${formatLanguages(i18n.language, languages)}` : name,
            })),
          ]}
          onChange={(id) => set({ voice: id })}
        />
      </EditorRow>
      <EditorRow title={t('characters.pitch')} hint={t('characters.pitchHint')}>
        <Slide
          label={t('characters.pitch')}
          value={voice.pitch}
          min={-12}
          max={12}
          step={0.5}
          format={semitones}
          onChange={(pitch) => set({ pitch })}
        />
      </EditorRow>
      <EditorRow title={t('characters.formant')} hint={t('characters.formantHint')}>
        <Slide
          label={t('characters.formant')}
          value={voice.formant}
          min={-4}
          max={4}
          step={0.5}
          format={semitones}
          onChange={(formant) => set({ formant })}
        />
      </EditorRow>
      <EditorRow title={t('characters.speed')}>
        <Slide
          label={t('characters.speed')}
          value={voice.speed}
          min={0.5}
          max={2}
          step={0.05}
          format={(value) => `${Math.round(value * 100)} %`}
          onChange={(speed) => set({ speed })}
        />
      </EditorRow>
      <EditorRow title={t('characters.emotion')}>
        <Segments
          label={t('characters.emotion')}
          value={voice.emotion}
          choices={EMOTIONS.map((value) => ({ value, label: t(`characters.emotions.${value}`) }))}
          onChange={(emotion) => set({ emotion })}
        />
      </EditorRow>
      <Labelled label={t('characters.design')} hint={t('characters.designHint')}>
        {(id) => <TextField id={id} value={voice.design} maxLength={500} onChange={(event) => set({ design: event.target.value })} />}
      </Labelled>
      <CloneField draft={draft} />
    </EditorSection>
  );
}

function semitones(value: number): string {
  return value > 0 ? `+${value}` : String(value).replace('-', '−');
}

/** The installed voices; empty until they are known. */
function useVoices(): readonly Voice[] {
  const { bridge, view } = useServices();
  const [voices, setVoices] = useState<readonly Voice[]>([]);
  useEffect(() => {
    let current = true;
    bridge.call('voice.list', {}).then((list) => current && setVoices(list), view.getState().fail);
    return () => {
      current = false;
    };
  }, [bridge, view]);
  return voices;
}

/** A chosen voice that is not installed here stays chosen, under its id. */
function withMissing(voices: readonly Voice[], chosen: string): readonly Voice[] {
  if (chosen === 'auto' || voices.some(({ id }) => id === chosen)) return voices;
  return [...voices, { id: chosen, name: chosen, languages: [], engine: '' }];
}

/** The sample that an engine clones: what there is, and how it is taken away or replaced. Written at once, for the core checks it. */
function CloneField({ draft }: { draft: CharacterDraft }) {
  const { t, i18n } = useTranslation();
  const { bridge, characters, view } = useServices();
  const [sample, setSample] = useState<{ file: File | undefined; consent: boolean }>({ file: undefined, consent: false });
  const [busy, setBusy] = useState(false);
  const { id, voice } = draft.character;
  const keep = async (file: File | undefined, consent: boolean): Promise<void> => {
    setBusy(true);
    try {
      await draft.flush();
      const voiceSample = file ? await uploadFile(file) : null;
      const changed = await bridge.call('characters.setVoiceSample', { id, voiceSample, consent });
      characters.getState().put(changed);
      draft.take(changed);
      setSample({ file: undefined, consent: false });
    } catch (error) {
      view.getState().fail(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col items-start gap-2">
      {voice.clone && (
        <div className="flex flex-wrap items-center gap-3">
          <p>
            {t('characters.sample.there', {
              seconds: Math.round(voice.clone.durationMs / 1000),
              when: new Date(voice.clone.consentAt).toLocaleDateString(i18n.language.slice(0, 2)),
            })}
          </p>
          <Button disabled={busy} onClick={() => void keep(undefined, false)}>
            {t('characters.sample.remove')}
          </Button>
        </div>
      )}
      <VoiceSampleField {...sample} onChange={setSample} />
      {sample.file && (
        <Button disabled={busy || !sample.consent} onClick={() => void keep(sample.file, sample.consent)}>
          {t('characters.sample.use')}
        </Button>
      )}
    </div>
  );
}
