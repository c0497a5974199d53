import { AudioLines, Boxes, ListChecks, Phone, Settings2, UsersRound, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { RailStop } from '../features/stop/rail-stop.tsx';
import type { Screen } from '../stores/view-store.ts';
import { classNames } from '../ui/class-names.ts';
import { useMissedCalls, useServices, useView } from './services.ts';
import { useKeyName } from './use-key-name.ts';
import { Tip } from '../ui/tip.tsx';
import type { CommandId } from './commands.ts';

interface PlaceProps {
  screen: Exclude<Screen, 'hands'>;
  icon: LucideIcon;
  command: CommandId;
}

/** The hands are reached from what they did and from the settings: nothing else belongs on the first level. */
const PLACES: readonly PlaceProps[] = [
  { screen: 'talk', icon: AudioLines, command: 'showTalk' },
  { screen: 'characters', icon: UsersRound, command: 'showCharacters' },
  { screen: 'calls', icon: Phone, command: 'showCalls' },
  { screen: 'activity', icon: ListChecks, command: 'showActivity' },
  { screen: 'models', icon: Boxes, command: 'showModels' },
  { screen: 'settings', icon: Settings2, command: 'showSettings' },
];

/** The first level: icons with their names, on the left, or at the foot of a narrow window. */
export function Rail() {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t('rail.label')}
      className="flex w-max min-w-22 flex-none flex-col items-stretch gap-1 border-r border-line px-2 py-3 round:order-last round:w-full round:flex-row round:justify-around round:border-t round:border-r-0 round:gap-0 round:px-1 round:py-1"
    >
      {PLACES.map((place) => (
        <Place key={place.screen} {...place} />
      ))}
      <RailStop />
    </nav>
  );
}

function Place({ screen, icon: Icon, command }: PlaceProps) {
  const { t } = useTranslation();
  const { view } = useServices();
  const isHere = useView((state) => state.screen === screen);
  const key = useKeyName(command);
  const missed = useMissedCalls(({ count }) => (screen === 'calls' ? count : 0));
  return (
    <Tip label={t(`rail.${screen}`)} shortcut={key}>
      <button
        type="button"
        aria-current={isHere ? 'page' : undefined}
        onClick={() => view.getState().show(screen)}
        className={classNames(
          'relative flex flex-col items-center gap-1 rounded-base px-1 py-2 text-small transition-colors hover:bg-hover round:min-w-0 round:flex-auto round:px-0',
          isHere ? 'font-medium text-text' : 'text-quiet hover:text-text',
        )}
      >
        {isHere && (
          <span
            aria-hidden="true"
            className="absolute inset-y-3 -left-2 w-0.5 rounded-full bg-accent round:inset-x-3 round:-top-1 round:bottom-auto round:left-3 round:h-0.5 round:w-auto"
          />
        )}
        <span className="relative">
          <Icon size="1.375rem" aria-hidden="true" />
          {missed > 0 && <MissedBadge count={missed} />}
        </span>
        <span className="max-w-full truncate round:text-[min(var(--text-small),2.6vw)]">{t(`rail.${screen}`)}</span>
        {missed > 0 && <span className="sr-only">{t('rail.missed', { count: missed })}</span>}
      </button>
    </Tip>
  );
}

const MAX_SHOWN = 9;

/** How many calls were missed since the log was last looked at. */
function MissedBadge({ count }: { count: number }) {
  return (
    <span
      aria-hidden="true"
      data-missed={count}
      className="absolute -top-1.5 left-3 min-w-4.5 rounded-full bg-danger-fill px-1 text-center text-[0.6875rem] leading-4.5 font-semibold text-white tabular-nums"
    >
      {count > MAX_SHOWN ? `${MAX_SHOWN}+` : count}
    </span>
  );
}
