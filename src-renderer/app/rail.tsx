import { AudioLines, Boxes, Settings2, UsersRound, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Screen } from '../stores/view-store.ts';
import { classNames } from '../ui/class-names.ts';
import { useServices, useView } from './services.ts';
import { useKeyName } from './use-key-name.ts';
import { Tip } from '../ui/tip.tsx';
import type { CommandId } from './commands.ts';

const PLACES: readonly { screen: Screen; icon: LucideIcon; command: CommandId }[] = [
  { screen: 'talk', icon: AudioLines, command: 'showTalk' },
  { screen: 'characters', icon: UsersRound, command: 'showCharacters' },
  { screen: 'models', icon: Boxes, command: 'showModels' },
  { screen: 'settings', icon: Settings2, command: 'showSettings' },
];

/** The first level: icons with their names, on the left, or at the foot of a narrow window. */
export function Rail() {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t('rail.label')}
      className="flex w-max min-w-22 flex-none flex-col items-stretch gap-1 border-r border-line px-2 py-3 round:order-last round:w-full round:flex-row round:justify-around round:border-t round:border-r-0 round:py-1"
    >
      {PLACES.map((place) => (
        <Place key={place.screen} {...place} />
      ))}
    </nav>
  );
}

function Place({ screen, icon: Icon, command }: (typeof PLACES)[number]) {
  const { t } = useTranslation();
  const { view } = useServices();
  const isHere = useView((state) => state.screen === screen);
  const key = useKeyName(command);
  return (
    <Tip label={t(`rail.${screen}`)} shortcut={key}>
      <button
        type="button"
        aria-current={isHere ? 'page' : undefined}
        onClick={() => view.getState().show(screen)}
        className={classNames(
          'relative flex flex-col items-center gap-1 rounded-base px-1 py-2 text-small transition-colors hover:bg-hover round:min-w-0 round:flex-1',
          isHere ? 'font-medium text-text' : 'text-quiet hover:text-text',
        )}
      >
        {isHere && (
          <span
            aria-hidden="true"
            className="absolute inset-y-3 -left-2 w-0.5 rounded-full bg-accent round:inset-x-6 round:-top-1 round:bottom-auto round:left-6 round:h-0.5 round:w-auto"
          />
        )}
        <Icon size="1.375rem" aria-hidden="true" />
        <span className="max-w-full truncate round:text-[min(var(--text-small),3.1vw)]">{t(`rail.${screen}`)}</span>
      </button>
    </Tip>
  );
}
