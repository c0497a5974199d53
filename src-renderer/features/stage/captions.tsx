import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useChat, useSession, useSetting } from '../../app/services.ts';
import { captionAt, captionWords } from './caption.ts';

/** The words on the stage: the owner's while they are spoken, the assistant's in step with its voice. */
export function Captions() {
  const { t } = useTranslation();
  const on = useSetting('appearance.captions', true);
  const partial = useSession((state) => state.partial);
  const live = useChat((state) => state.live);
  // Words are cut anew when the answer grows, not with each word that is heard.
  const words = useMemo(() => captionWords(live?.text ?? ''), [live?.text]);
  if (!on) return null;
  const caption = live && live.heardChars !== null ? captionAt(words, live.heardChars) : undefined;
  return (
    <section
      aria-label={t('stage.captions')}
      className="on-stage flex min-h-14 max-w-[34rem] items-end justify-center text-center text-large"
    >
      {partial === '' && caption && (
        <p>
          {caption.words.map((word, index) => (
            <span key={word.start} className={index < caption.heard ? 'text-text' : 'text-quiet'}>
              {word.text}{' '}
            </span>
          ))}
        </p>
      )}
      {partial !== '' && (
        <p className="text-listening-text">
          <span className="sr-only">{t('stage.you')}: </span>
          {partial}
        </p>
      )}
    </section>
  );
}
