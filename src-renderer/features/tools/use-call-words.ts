import { useTranslation } from 'react-i18next';
import type { Asker, ToolCall } from '../../../src-preload/contract/index.ts';
import { formatDuration, formatSeconds, formatTime } from '../../i18n/format.ts';
import { durationOf } from './call-facts.ts';

export interface CallWords {
  /** "1.2 s", "3 minutes"; undefined = it never ran. */
  duration(call: ToolCall, nowMs: number): string | undefined;
  /** Who asked, and how: "You, by voice". */
  asker(asker: Asker): string;
  /** Who allowed it: "You, once, at 14:03 in the window". */
  approval(call: ToolCall): string;
}

const LONG_MS = 55_000;

/** Facts about a call as sentences. */
export function useCallWords(): CallWords {
  const { t, i18n } = useTranslation();
  return {
    duration(call, nowMs) {
      const milliseconds = durationOf(call, nowMs);
      if (milliseconds === undefined) return undefined;
      if (milliseconds >= LONG_MS) return formatDuration(i18n.language, milliseconds / 1000);
      return t('tools.seconds', { seconds: formatSeconds(i18n.language, milliseconds) });
    },
    asker({ channel, name }) {
      const way = t(`tools.askers.${channel}`);
      return name === undefined ? way : t('tools.askerNamed', { name, way });
    },
    approval({ approval, verdict }) {
      if (!approval) return t(`tools.verdicts.${verdict}`);
      const answer = t(`tools.approvals.${approval.answer}`);
      if (approval.by === 'nobody') return answer;
      return t('tools.approvedBy', { answer, way: t(`tools.ways.${approval.by}`), time: formatTime(i18n.language, approval.atMs) });
    },
  };
}
