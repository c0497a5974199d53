import { BookmarkCheck, Bot, MessageSquareText, Phone, PhoneOff } from 'lucide-react';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { PhoneCall } from '../../../src-preload/contract/index.ts';
import { useActions } from '../../app/actions-context.ts';
import { usePhone } from '../../app/services.ts';
import { useKeyName } from '../../app/use-key-name.ts';
import { isRingingIn } from '../../stores/phone-store.ts';
import { Button } from '../../ui/button.tsx';
import { Tip } from '../../ui/tip.tsx';
import { CountingClock } from './counting-clock.tsx';
import { PartyPicture } from './party-picture.tsx';
import { TelephoneElsewhere } from './telephone-elsewhere.tsx';
import { usePartyWords } from './use-party-words.ts';
import { useWayName } from './use-way-name.ts';

/**
 * Calls that ring, one card each, over everything and modal to nothing: the off-switch, the conversation and an open dialog stay in reach. The focus
 * stays where it is, too: whoever types on must not answer by it. Keys, see app/commands.ts, mean the uppermost.
 */
export function RingingPanel() {
  const { t } = useTranslation();
  const calls = usePhone((state) => state.calls);
  const ringing = calls.filter(isRingingIn);
  // Beside the page's root: an open dialog hides everything below that from screen readers and takes the pointer from it.
  return createPortal(
    <section
      aria-label={t('calls.ringing.label')}
      className="pointer-events-auto fixed inset-x-0 top-[max(4.5rem,10dvh)] z-60 mx-auto flex max-h-[76dvh] w-[min(35rem,calc(100vw-2rem))] flex-col gap-3 overflow-y-auto rounded-base shadow-float not-round:max-h-[86dvh]"
    >
      {ringing.map((call, index) => (
        <RingingCard key={call.id} call={call} hasKeys={index === 0} />
      ))}
    </section>,
    document.body,
  );
}

function RingingCard({ call, hasKeys }: { call: PhoneCall; hasKeys: boolean }) {
  const { t } = useTranslation();
  const words = usePartyWords()(call.party);
  const wayName = useWayName();
  const { standing } = call.party;
  const isAsked = call.state.state === 'ringing' && call.state.screening;
  return (
    <article data-ringing={call.id} className="flex flex-col gap-3 flex-none rounded-base border border-listening bg-raised p-5 round:p-4">
      <div className="flex items-center gap-4">
        <PartyPicture party={call.party} size="large" rings={!isAsked} />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap justify-between gap-x-3 text-small text-quiet">
            <span>{t('calls.ringing.via', { way: wayName(call.way) })}</span>
            <CountingClock call={call} />
          </p>
          <h2 className="line-clamp-2 text-title font-semibold [overflow-wrap:anywhere]">
            <bdi>{words.title}</bdi>
          </h2>
          <p className="flex flex-wrap items-center gap-x-2 text-small text-quiet">
            {words.number !== '' && <span className="tabular-nums">{words.number}</span>}
            <span className="inline-flex items-center gap-1">
              {standing === 'known' && <BookmarkCheck size="0.875rem" aria-hidden="true" className="text-listening-text" />}
              {words.standing}
            </span>
          </p>
        </div>
      </div>
      <Screening call={call} />
      <RingingButtons call={call} hasKeys={hasKeys} />
    </article>
  );
}

/** What the caller said about themselves, or that they are being asked. Words from outside. */
function Screening({ call }: { call: PhoneCall }) {
  const { t } = useTranslation();
  const isAsked = call.state.state === 'ringing' && call.state.screening;
  if (call.screeningText === '') return isAsked && <p className="text-small text-quiet">{t('calls.ringing.screening')}</p>;
  return (
    <figure className="border-l-2 border-needs-you pl-3">
      <figcaption className="text-small text-quiet">{t('calls.ringing.said')}</figcaption>
      <blockquote className="line-clamp-4 [overflow-wrap:anywhere]">
        <bdi>{call.screeningText}</bdi>
      </blockquote>
    </figure>
  );
}

function RingingButtons({ call, hasKeys }: { call: PhoneCall; hasKeys: boolean }) {
  const { t } = useTranslation();
  const { calls } = useActions();
  const isHere = usePhone((state) => state.isTelephone);
  const [sent, setSent] = useState(false);
  const keys = {
    answer: useKeyName('callAnswer'),
    assistant: useKeyName('callAssistant'),
    message: useKeyName('callMessage'),
    block: useKeyName('callBlock'),
  };
  const give = (act: (given: PhoneCall) => Promise<void>): void => {
    setSent(true);
    void act(call).finally(() => setSent(false));
  };
  const canBlock = call.party.number !== '';
  const choice = (
    name: keyof typeof keys,
    label: string,
    icon: React.ReactNode,
    act: (given: PhoneCall) => Promise<void>,
    className = '',
  ) => (
    <Tip label={label} shortcut={hasKeys ? keys[name] : undefined}>
      <Button
        look={name === 'answer' ? 'main' : 'plain'}
        icon={icon}
        className={`min-h-11 px-2! ${className}`}
        disabled={sent || (name === 'answer' && !isHere)}
        onClick={() => give(act)}
      >
        {label}
      </Button>
    </Tip>
  );
  return (
    <>
      {!isHere && <TelephoneElsewhere />}
      <div className="grid gap-2 not-round:grid-cols-2">
        {choice('answer', t('calls.ringing.answer'), <Phone size="1.125rem" aria-hidden="true" />, calls.answer)}
        {choice('assistant', t('calls.ringing.assistant'), <Bot size="1.125rem" aria-hidden="true" />, calls.letAssistantAnswer)}
        {choice('message', t('calls.ringing.notNow'), <MessageSquareText size="1.125rem" aria-hidden="true" />, calls.takeMessage)}
        {choice(
          'block',
          t(canBlock ? 'calls.ringing.block' : 'calls.ringing.decline'),
          <PhoneOff size="1.125rem" aria-hidden="true" />,
          calls.turnAway,
          'text-danger-text!',
        )}
      </div>
      {hasKeys && <p className="text-small text-quiet">{t('calls.ringing.notNowHint')}</p>}
    </>
  );
}
