import { OctagonX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useKill, useView } from '../../app/services.ts';
import { isSilenced } from '../../stores/kill-store.ts';
import { Button } from '../../ui/button.tsx';
import { useStopWords } from './stop-words.ts';

/** What is stopped, on every screen, with the way back. Where the stopped panel says it all, the bar is left out. */
export function StopBar() {
  const { t } = useTranslation();
  const actions = useActions();
  const words = useStopWords();
  const kill = useKill((state) => state.kill);
  const panelIsSeen = useView((state) => state.screen === 'talk' && !state.stageOnly);
  if (!kill || !isSilenced(kill) || (kill.level === 5 && panelIsSeen)) return null;
  const cutOnly = kill.level === 0;
  const cutOff = cutOnly ? [] : words.cutOff(kill);
  return (
    <section
      aria-label={t('stop.label')}
      className="flex flex-none flex-wrap items-center gap-x-3 gap-y-2 bg-danger-fill px-4 py-2 text-white"
    >
      <OctagonX size="1.25rem" aria-hidden="true" className="flex-none" />
      <p className="min-w-[min(14rem,100%)] flex-1">
        <span className="font-semibold">{words.title(kill)}</span>{' '}
        <span className="text-small">{cutOnly ? t('stop.languageCutHint') : words.circumstances(kill)}</span>
        {cutOff.length > 0 && (
          <span className="block text-small">
            {t('stop.cutTitle')}: {cutOff.map(({ what, names }) => (names === '' ? what : `${what} (${names})`)).join(', ')}
          </span>
        )}
      </p>
      <Button
        className="ml-auto border-white! text-white! hover:bg-danger-fill hover:brightness-110"
        onClick={() => (cutOnly ? actions.cutLanguage(false) : actions.startAgain())}
      >
        {t(cutOnly ? 'stop.languageOn' : 'stop.startAgain')}
      </Button>
    </section>
  );
}
