import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActivity, useServices } from '../../app/services.ts';
import { formatNumber } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';

/** Whether the records are what was written. Checked with each visit and on demand. */
export function ChainLine() {
  const { t, i18n } = useTranslation();
  const { activity, view } = useServices();
  const verdict = useActivity((state) => state.verdict);
  const [checking, setChecking] = useState(false);
  const check = (): void => {
    setChecking(true);
    void activity
      .getState()
      .verify()
      .catch(view.getState().fail)
      .finally(() => setChecking(false));
  };
  const isIntact = verdict === undefined || verdict.state === 'intact';
  const Icon = isIntact ? ShieldCheck : ShieldAlert;
  return (
    <div
      data-chain={verdict?.state}
      className={classNames(
        'flex flex-wrap items-center gap-x-3 gap-y-1.5',
        isIntact ? 'text-small text-quiet' : 'rounded-base border border-danger px-3.5 py-2 text-danger-text',
      )}
    >
      <Icon
        size={isIntact ? '1rem' : '1.25rem'}
        aria-hidden="true"
        className={classNames('flex-none', isIntact && 'text-listening-text')}
      />
      <output className={classNames('min-w-[min(14rem,calc(100%-2rem))]', isIntact ? 'not-round:flex-initial round:flex-1' : 'flex-1')}>
        {verdict === undefined
          ? t('activity.chain.checking')
          : t(`activity.chain.${verdict.state}`, {
              entries: formatNumber(i18n.language, verdict.count, 0),
              line: verdict.atLine === null ? '?' : formatNumber(i18n.language, verdict.atLine, 0),
            })}
      </output>
      <Button look={isIntact ? 'quiet' : 'plain'} className="min-h-8 px-2.5 text-small!" disabled={checking} onClick={check}>
        {t(checking ? 'activity.chain.checking' : 'activity.chain.check')}
      </Button>
    </div>
  );
}
