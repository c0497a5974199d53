import { CircleAlert } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Approval } from '../../../src-preload/contract/index.ts';
import { useServices, useView } from '../../app/services.ts';
import { errorText } from '../../i18n/error-text.ts';
import type { ApprovalAnswer } from '../../stores/hands-store.ts';
import { Button } from '../../ui/button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { shareLeft } from './approval-place.ts';
import { PlanDetails } from './plan-details.tsx';
import { useCallWords } from './use-call-words.ts';
import { usePlanWords } from './use-plan-words.ts';

/** A card that comes up under a finger that was about to do something else must not take that for a yes. */
const ARMED_AFTER_MS = 700;

/**
 * A question to the owner. Enter on the card does nothing: a yes is always a button that was chosen. Silence is a no, and a thin line shows how long
 * that takes.
 */
export function ApprovalCard({ approval, waitingBehind }: { approval: Approval; waitingBehind: number }) {
  const { t, i18n } = useTranslation();
  const { hands, view } = useServices();
  const words = useCallWords();
  const lineOf = usePlanWords();
  const id = useId();
  const cardRef = useRef<HTMLElement>(null);
  const focusRequest = useView((state) => state.approvalFocusRequest);
  const [firstRequest] = useState(focusRequest);
  const armed = useArmed();
  const [sent, setSent] = useState(false);

  useEffect(() => {
    if (focusRequest > firstRequest) cardRef.current?.focus();
  }, [focusRequest, firstRequest]);

  const give = async (answer: ApprovalAnswer): Promise<void> => {
    setSent(true);
    try {
      await hands.getState().answer(approval.id, answer);
    } catch (error) {
      setSent(false);
      view.getState().fail(error);
    }
  };

  return (
    <section
      ref={cardRef}
      tabIndex={-1}
      data-approval={approval.id}
      aria-labelledby={`${id}what`}
      aria-describedby={`${id}why`}
      className="flex max-h-full min-h-0 flex-col overflow-hidden rounded-base border border-needs-you bg-raised"
    >
      <TimeLeft approval={approval} />
      <div
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
        tabIndex={0}
        className="flex min-h-0 flex-col gap-3 overflow-y-auto px-4 pt-3 -outline-offset-2"
      >
        <p className="flex flex-wrap items-center gap-x-2 text-small text-needs-you-text">
          <CircleAlert size="1rem" aria-hidden="true" className="flex-none" />
          <span className="font-semibold">{t('tools.needsYou')}</span>
          <span>{t('tools.askedBy', { asker: words.asker(approval.asker) })}</span>
        </p>
        <h2 id={`${id}what`} className="line-clamp-3 flex-none font-semibold [overflow-wrap:anywhere]">
          {lineOf(approval.plan)}
        </h2>
        <div id={`${id}why`} className="flex flex-col gap-1 text-small empty:hidden">
          {approval.tainted && <p className="text-needs-you-text">{t('tools.tainted')}</p>}
          {approval.reasons.map((reason) => (
            <p key={reason.code}>{errorText(i18n, reason)}</p>
          ))}
        </div>
        <PlanDetails plan={approval.plan} />
        <p className="text-small text-quiet">{t('tools.say', { phrase: approval.phrase[i18n.language.startsWith('de') ? 'de' : 'en'] })}</p>
      </div>
      <div className="flex flex-none flex-wrap items-center gap-2 px-4 pt-3 pb-4">
        <Button disabled={sent} onClick={() => void give('no')}>
          {t('tools.answers.no')}
        </Button>
        {approval.canRemember && (
          <Button disabled={sent || !armed} onClick={() => void give('always')}>
            {t('tools.answers.always')}
          </Button>
        )}
        <Button disabled={sent || !armed} onClick={() => void give('once')} className="border-needs-you! font-semibold">
          {t('tools.answers.once')}
        </Button>
        {waitingBehind > 0 && <span className="ml-auto text-small text-quiet">{t('tools.moreWait', { count: waitingBehind })}</span>}
      </div>
    </section>
  );
}

function useArmed(): boolean {
  const [armed, setArmed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setArmed(true), ARMED_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return armed;
}

function TimeLeft({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const nowMs = useNow(1000, true);
  const seconds = Math.max(0, Math.ceil((approval.expiresAtMs - nowMs) / 1000));
  return (
    <>
      <span className="sr-only">{t('tools.secondsLeft', { count: seconds })}</span>
      <div aria-hidden="true" className="h-0.5 flex-none bg-line">
        <div
          className="h-full origin-left bg-needs-you transition-transform duration-1000 ease-linear"
          style={{ transform: `scaleX(${shareLeft(approval, nowMs)})` }}
        />
      </div>
    </>
  );
}
