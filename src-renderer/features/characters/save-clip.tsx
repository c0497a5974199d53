import { Clapperboard } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Character, ErrorData } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { errorDataOf } from '../../bridge/index.ts';
import { savedKeyOf, type SavedKey } from '../../face/recording/clip-doubts.ts';
import { errorText } from '../../i18n/error-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { Segments } from '../../ui/segments.tsx';
import { saveBlob } from '../../ui/save-blob.ts';

type Work =
  | { state: 'asking' }
  /** `share` 0..1 of the pictures; undefined while voice and face are got ready. */
  | { state: 'making'; share: number | undefined }
  | { state: 'done'; fileName: string; blob: Blob; saved: SavedKey }
  | { state: 'failed'; error: ErrorData };

/** A short film of a character, made while one waits and saved like any download. Closing it gives up what is not finished. */
export function SaveClip({ character, onClose }: { character: Character; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { bridge } = useServices();
  const [work, setWork] = useState<Work>({ state: 'asking' });
  const { type } = character.renderer;
  // The face server says the whole sentence.
  const atServer = type === 'sadtalker' || type === 'wav2lip';
  const [length, setLength] = useState<'short' | 'whole'>('short');
  const making = useRef<AbortController>(undefined);
  useEffect(() => () => making.current?.abort(), []);

  const make = async (): Promise<void> => {
    const ending = new AbortController();
    making.current = ending;
    setWork({ state: 'making', share: undefined });
    try {
      const { recordCharacter } = await import('./record-character.ts');
      const { blob, fileName, codecs } = await recordCharacter({
        bridge,
        character,
        length,
        signal: ending.signal,
        onProgress: (share) => setWork((now) => (now.state === 'making' ? { state: 'making', share } : now)),
      });
      if (ending.signal.aborted) return;
      saveBlob(blob, fileName);
      setWork({ state: 'done', blob, fileName, saved: savedKeyOf(codecs) });
    } catch (error) {
      if (!ending.signal.aborted) setWork({ state: 'failed', error: errorDataOf(error) });
    }
  };

  return (
    <Dialog open onClose={onClose} title={t('characters.clip.title')}>
      <div className="flex flex-col gap-4 p-5">
        <p className="text-quiet">{t('characters.clip.text', { name: character.name })}</p>
        {work.state === 'asking' && !atServer && (
          <span>
            <Segments
              label={t('characters.clip.length')}
              value={length}
              choices={(['short', 'whole'] as const).map((value) => ({ value, label: t(`characters.clip.lengths.${value}`) }))}
              onChange={setLength}
            />
          </span>
        )}
        {work.state === 'making' && (
          <div className="flex flex-col gap-2">
            <ProgressBar label={t('characters.clip.drawing')} share={work.share} />
            <output className="text-small text-quiet">
              {t(
                atServer ? 'characters.clip.atServer' : work.share === undefined ? 'characters.clip.preparing' : 'characters.clip.drawing',
              )}
            </output>
          </div>
        )}
        {work.state === 'done' && <output>{t(`toast.${work.saved}`, { fileName: work.fileName })}</output>}
        {work.state === 'failed' && (
          <p role="alert" className="text-danger-text">
            {errorText(i18n, work.error)}
          </p>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t(work.state === 'making' ? 'common.cancel' : 'common.close')}</Button>
          {work.state === 'done' ? (
            <Button onClick={() => saveBlob(work.blob, work.fileName)}>{t('characters.clip.again')}</Button>
          ) : (
            <Button
              look="main"
              disabled={work.state === 'making'}
              icon={<Clapperboard size="1rem" aria-hidden="true" />}
              onClick={() => void make()}
            >
              {t(work.state === 'failed' ? 'common.retry' : 'characters.clip.start')}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
