import { Brush } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallResult, CharacterStyle, ErrorData } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { errorDataOf } from '../../bridge/index.ts';
import { errorText } from '../../i18n/error-text.ts';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { STYLES } from './styles.ts';

type Painted = CallResult<'characters.paint'>[number];

const PICTURES = 4;

/** A portrait from words, by the image generator of the settings. */
export function PaintBox({ onChoose }: { onChoose: (painted: Painted) => void }) {
  const { t, i18n } = useTranslation();
  const { bridge } = useServices();
  const [prompt, setPrompt] = useState('');
  const [style, setStyle] = useState<CharacterStyle>('realistic');
  const [work, setWork] = useState<
    { state: 'idle' | 'painting' } | { state: 'failed'; error: ErrorData } | { state: 'done'; pictures: Painted[] }
  >({ state: 'idle' });
  const paint = async (): Promise<void> => {
    setWork({ state: 'painting' });
    try {
      setWork({ state: 'done', pictures: await bridge.call('characters.paint', { prompt: prompt.trim(), style, count: PICTURES }) });
    } catch (error) {
      setWork({ state: 'failed', error: errorDataOf(error) });
    }
  };
  return (
    <details className="border-y border-line py-3">
      <summary className="cursor-default rounded-small py-1 font-medium">{t('characters.paint.title')}</summary>
      <div className="flex flex-col gap-3 pt-3">
        <TextArea
          aria-label={t('characters.paint.prompt')}
          placeholder={t('characters.paint.placeholder')}
          value={prompt}
          maxLength={1000}
          onChange={(event) => setPrompt(event.target.value)}
        />
        <Segments
          label={t('characters.style')}
          value={style}
          choices={STYLES.map((value) => ({ value, label: t(`characters.styles.${value}`) }))}
          onChange={setStyle}
        />
        <div>
          <Button
            disabled={prompt.trim() === '' || work.state === 'painting'}
            icon={<Brush size="1rem" aria-hidden="true" />}
            onClick={() => void paint()}
          >
            {t('characters.paint.go')}
          </Button>
        </div>
        {work.state === 'painting' && <output className="text-quiet">{t('characters.paint.painting')}</output>}
        {work.state === 'failed' && (
          <p role="alert" className="text-danger-text">
            {errorText(i18n, work.error)}
          </p>
        )}
        {work.state === 'done' && (
          <ul className="grid grid-cols-2 gap-2">
            {work.pictures.map((painted, index) => (
              <li key={painted.portrait}>
                <button
                  type="button"
                  aria-label={t('characters.paint.take', { number: index + 1 })}
                  onClick={() => onChoose(painted)}
                  className="block w-full overflow-hidden rounded-base border-2 border-transparent hover:border-listening"
                >
                  <img src={painted.preview} alt="" className="aspect-square w-full object-cover" />
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  );
}
