import { ChevronUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { KillLevel } from '../../../src-preload/contract/index.ts';
import { useActions } from '../../app/actions-context.ts';
import { useKill } from '../../app/services.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { LEVEL_NAMES } from './stop-words.ts';

const LEVELS = [1, 2, 3, 4, 5] as const satisfies readonly KillLevel[];

/** Less than everything: only answers, only tools, or the language model alone. */
export function StopMenu() {
  const { t } = useTranslation();
  const actions = useActions();
  const level = useKill((state) => state.kill?.level ?? 0);
  const cut = useKill((state) => state.kill?.languageCutOff ?? false);
  return (
    <Menu
      trigger={
        <IconButton label={t('stop.more')} size="small">
          <ChevronUp size="1rem" aria-hidden="true" />
        </IconButton>
      }
      items={[
        // Levels only rise; the way down is the phrase.
        ...LEVELS.filter((candidate) => candidate > level).map((candidate) => ({
          label: t(`stop.levels.${LEVEL_NAMES[candidate]}.action`),
          danger: candidate === 5,
          onSelect: () => actions.stopEverything(candidate),
        })),
        { label: t(cut ? 'stop.languageOn' : 'stop.languageOff'), onSelect: () => actions.cutLanguage(!cut) },
        ...(level > 0 ? [{ label: t('stop.startAgain'), onSelect: actions.startAgain }] : []),
      ]}
    />
  );
}
