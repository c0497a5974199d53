import type { i18n } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ToolPlanView } from '../../../src-preload/contract/index.ts';
import { formatBytes, formatDuration } from '../../i18n/format.ts';

type PlanLine = Pick<ToolPlanView, 'summary' | 'code' | 'values'>;

/** What a call does, in the reader's language; the core's own line where the catalogue has no words for it. */
export function usePlanWords(): (plan: PlanLine) => string {
  const { i18n } = useTranslation();
  return useCallback((plan) => planLine(i18n, plan), [i18n]);
}

export function planLine(words: i18n, { summary, code, values = {} }: PlanLine): string {
  // Codes come from the core at run time.
  const key = code === 'tool' ? `tools.names.${String(values['tool'])}` : `tools.plans.${code ?? ''}`;
  if (code === undefined || !words.exists(key)) return summary;
  const shown = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, readable(words.language, name, value)]));
  return String(words.t(key as never, shown as never));
}

function readable(language: string, name: string, value: string | number): string {
  if (typeof value === 'string') return value;
  if (name.endsWith('Bytes')) return formatBytes(language, value);
  return name.endsWith('Ms') ? formatDuration(language, value / 1000) : String(value);
}
