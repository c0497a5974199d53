import { useTranslation } from 'react-i18next';
import type { KillLevel, KillState } from '../../../src-preload/contract/index.ts';
import { formatDateTime, formatNumber } from '../../i18n/format.ts';

export interface StopWords {
  /** What is stopped: "Everything is off." */
  title(kill: KillState): string;
  /** When, by which trigger, why and how fast. */
  circumstances(kill: KillState): string;
  /** One line for each kind that was cut off, in the order of stopping. */
  cutOff(kill: KillState): { what: string; names: string }[];
}

/** Levels by what they stop first, as the catalogues name them. */
export const LEVEL_NAMES = { 1: 'answers', 2: 'tools', 3: 'outgoing', 4: 'models', 5: 'all' } as const satisfies Record<
  Exclude<KillLevel, 0>,
  string
>;

/** The stop in sentences. */
export function useStopWords(): StopWords {
  const { t, i18n } = useTranslation();
  // Tools and parts of the app have names for people; a command or another program has its own.
  const nameOf = (name: string): string => {
    const key = [`tools.names.${name}`, `stop.parts.${name}`].find((candidate) => i18n.exists(candidate));
    return key === undefined ? name : String(t(key as never));
  };
  return {
    title: ({ level }) => (level === 0 ? t('stop.languageCut') : t(`stop.levels.${LEVEL_NAMES[level]}.title`)),
    circumstances({ engagedAtMs, trigger, reason, stopLatencyMs }) {
      // Reasons with words of their own come from the core as a code.
      const why = i18n.exists(`stop.reasons.${reason}`) ? String(t(`stop.reasons.${reason}` as never)) : reason;
      return [
        engagedAtMs !== null &&
          t('stop.when', { time: formatDateTime(i18n.language, engagedAtMs), trigger: t(`stop.triggers.${trigger ?? 'window'}`) }),
        why !== '' && t('stop.why', { reason: why }),
        stopLatencyMs !== null && t('stop.took', { milliseconds: formatNumber(i18n.language, stopLatencyMs, 0) }),
      ]
        .filter((sentence) => sentence !== false)
        .join(' ');
    },
    cutOff: ({ stopped }) =>
      stopped
        .filter(({ count }) => count > 0)
        .map(({ what, count, names }) => ({ what: t(`stop.cut.${what}`, { count }), names: [...new Set(names.map(nameOf))].join(', ') })),
  };
}
