import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import type { TalkingCall } from '../../stores/phone-store.ts';
import { Button } from '../../ui/button.tsx';
import { usePartyWords } from './use-party-words.ts';

/** Between the two: the other end waits, and whether both are joined is the owner's to say. */
export function Consulting({ call, asked }: { call: TalkingCall; asked: NonNullable<TalkingCall['state']['consulting']> }) {
  const { t } = useTranslation();
  const { calls } = useActions();
  const words = usePartyWords()(call.party);
  const [sent, setSent] = useState(false);
  const finish = (how: 'join' | 'return'): void => {
    setSent(true);
    void calls.finishTransfer(call, how).finally(() => setSent(false));
  };
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2 round:px-3">
      <p className="min-w-[min(12rem,100%)] flex-1 text-small text-needs-you-text">
        <bdi>{t('calls.transfer.waits', { name: words.title })}</bdi>
      </p>
      <div className="flex gap-2">
        <Button disabled={sent} onClick={() => finish('return')}>
          {t('calls.transfer.return')}
        </Button>
        <Button look="main" disabled={sent || !asked.answered} onClick={() => finish('join')}>
          {t('calls.transfer.join')}
        </Button>
      </div>
    </div>
  );
}
