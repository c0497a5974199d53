import { OctagonX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useKill, useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { useStopWords } from './stop-words.ts';

/** What was stopped, what was cut off, how do I start again? In the place of the conversation while everything is off. */
export function StoppedPanel() {
  const { t } = useTranslation();
  const { view } = useServices();
  const actions = useActions();
  const words = useStopWords();
  const kill = useKill((state) => state.kill);
  if (!kill) return null;
  const cutOff = words.cutOff(kill);
  return (
    <div className="flex min-h-0 grow flex-col" data-stopped>
      {/* The way back stays in view, however much was cut off. */}
      <div
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
        tabIndex={0}
        className="flex min-h-0 grow flex-col gap-5 overflow-y-auto px-6 pt-8 pb-3 -outline-offset-2 round:px-4 round:pt-5"
      >
        <header className="flex flex-col gap-2">
          <OctagonX size="2.5rem" aria-hidden="true" className="text-danger-text" />
          <h1 className="text-title font-semibold">{words.title(kill)}</h1>
          <p>{words.circumstances(kill)}</p>
        </header>
        <section aria-label={t('stop.cutTitle')}>
          <h2 className="text-small text-quiet">{t('stop.cutTitle')}</h2>
          {cutOff.length === 0 ? (
            <p className="mt-1">{t('stop.nothingCut')}</p>
          ) : (
            <ul className="mt-1 divide-y divide-line border-y border-line">
              {cutOff.map(({ what, names }) => (
                <li key={what} className="flex flex-wrap gap-x-3 py-2">
                  <span className="font-medium">{what}</span>
                  <span className="min-w-0 [overflow-wrap:anywhere] text-quiet">{names}</span>
                </li>
              ))}
            </ul>
          )}
        </section>
        <p className="text-quiet">{t('stop.staysOff')}</p>
      </div>
      <div className="flex flex-none flex-wrap gap-2 px-6 py-3 round:px-4">
        <Button look="main" onClick={actions.startAgain}>
          {t('stop.startAgain')}
        </Button>
        <Button onClick={() => view.getState().show('activity')}>{t('rail.activity')}</Button>
      </div>
    </div>
  );
}
