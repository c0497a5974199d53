import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useActivity, useServices } from '../../app/services.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { usePlanWords } from '../tools/use-plan-words.ts';
import { useToolName } from '../tools/use-tool-name.ts';

/** Every yes that is kept, and the way to take it back. */
export function RememberedList() {
  const { t, i18n } = useTranslation();
  const { activity, view } = useServices();
  const nameOf = useToolName();
  const lineOf = usePlanWords();
  const remembered = useActivity((state) => state.remembered);
  const { fail } = view.getState();
  useEffect(() => {
    activity.getState().loadRemembered().catch(view.getState().fail);
  }, [activity, view]);
  return (
    <div className="flex flex-col gap-3">
      <p className="text-small text-quiet">{t('activity.rememberedHint')}</p>
      {remembered === undefined && <p className="text-quiet">{t('common.loading')}</p>}
      {remembered?.length === 0 && <p>{t('activity.noneRemembered')}</p>}
      {remembered !== undefined && remembered.length > 0 && (
        <ul className="divide-y divide-line border-y border-line">
          {remembered.map((approval) => (
            <li key={approval.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
              <div className="min-w-[min(14rem,100%)] flex-1">
                <p className="[overflow-wrap:anywhere]">{lineOf(approval)}</p>
                <p className="text-small text-quiet">
                  {nameOf(approval.tool, approval.source ?? { kind: 'built-in' })} ·{' '}
                  {t('activity.rememberedSince', { time: formatDateTime(i18n.language, approval.createdAtMs) })} ·{' '}
                  {t('activity.used', { count: approval.useCount })}
                  {approval.lastUsedAtMs !== null &&
                    ` · ${t('activity.lastUsed', { time: formatDateTime(i18n.language, approval.lastUsedAtMs) })}`}
                </p>
              </div>
              <Button
                aria-label={t('activity.forgetNamed', { summary: lineOf(approval) })}
                onClick={() => void activity.getState().forget(approval.id).catch(fail)}
              >
                {t('activity.forget')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
