import { OctagonX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useKill, useServices } from '../../app/services.ts';
import { useKeyName } from '../../app/use-key-name.ts';
import { classNames } from '../../ui/class-names.ts';
import { Tip } from '../../ui/tip.tsx';
import { StopMenu } from './stop-menu.tsx';

/** The off-switch at the foot of the rail: one press, no question. Where everything is off already it leads to what was stopped. */
export function RailStop() {
  const { t } = useTranslation();
  const { view } = useServices();
  const actions = useActions();
  const isOff = useKill((state) => state.kill?.level === 5);
  return (
    <div className="mt-auto flex flex-col items-center round:mt-0 round:min-w-14">
      <span className="round:hidden">
        <StopMenu />
      </span>
      <Tip label={t('stop.button')} shortcut={useKeyName('stopAll')}>
        <button
          type="button"
          aria-label={t('stop.button')}
          aria-pressed={isOff}
          onClick={() => (isOff ? view.getState().show('talk') : actions.stopEverything())}
          className={classNames(
            'flex w-full flex-col items-center gap-1 rounded-base px-1 py-2 text-small font-medium transition-colors hover:bg-hover',
            isOff ? 'bg-danger-fill text-white hover:bg-danger-fill' : 'text-danger-text',
          )}
        >
          <OctagonX size="1.375rem" aria-hidden="true" />
          <span className="max-w-full truncate round:text-[min(var(--text-small),2.6vw)]">{t(isOff ? 'stop.railOff' : 'stop.rail')}</span>
        </button>
      </Tip>
    </div>
  );
}
