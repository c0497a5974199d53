import { ArrowRightLeft, ChevronDown, Ear, EarOff, Mic, MicOff, PhoneOff } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhoneCall } from '../../../src-preload/contract/index.ts';
import { useActions } from '../../app/actions-context.ts';
import { usePhone, useServices, useView } from '../../app/services.ts';
import { useKeyName } from '../../app/use-key-name.ts';
import { isLedElsewhere, isRingingIn, isTalking, shownCall, type TalkingCall } from '../../stores/phone-store.ts';
import { isEntryShown } from '../../stores/view-store.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { callClock, lastedMs } from './call-clock.ts';
import { CallMeter } from './call-meter.tsx';
import { CallPanel } from './call-panel.tsx';
import { CallTrouble } from './call-trouble.tsx';
import { Consulting } from './consulting.tsx';
import { CountingClock } from './counting-clock.tsx';
import { PartyPicture } from './party-picture.tsx';
import { useCallLine } from './use-call-line.ts';
import { useHeadRoom } from './use-head-room.ts';
import { usePartyWords } from './use-party-words.ts';

/** How long the end of a call stays in view. */
const ENDED_SHOWN_MS = 8000;

/** The call under way: who, how long, and what is done with it most. The rest opens below, over the screen, so that nothing jumps. */
export function CallBar() {
  const { t } = useTranslation();
  const call = usePhone(shownCall);
  const ended = usePhone((state) => state.ended);
  const panelOpen = usePhone((state) => state.panelOpen);
  const headRoom = useHeadRoom();
  if (!call) return ended && <EndedBar key={ended.id} call={ended} />;
  return (
    <section
      ref={headRoom}
      aria-label={t('calls.bar.label')}
      data-call-bar={call.id}
      className="relative z-20 flex-none border-b border-line bg-raised"
    >
      <OtherCalls shown={call} />
      <BarRow call={call} />
      {isTalking(call) && call.state.consulting && <Consulting call={call} asked={call.state.consulting} />}
      <CallTrouble call={call} />
      {panelOpen && <CallPanel key={call.id} call={call} />}
    </section>
  );
}

function BarRow({ call }: { call: PhoneCall }) {
  const { t } = useTranslation();
  const { phone } = useServices();
  const { calls } = useActions();
  const words = usePartyWords()(call.party);
  const line = useCallLine()(call);
  const panelOpen = usePhone((state) => state.panelOpen);
  const hangUpKey = useKeyName('callHangUp');
  const isRecorded = isTalking(call) && call.state.recording;
  return (
    <div className="flex items-center gap-3 px-4 py-2 round:gap-2 round:px-3">
      <PartyPicture party={call.party} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">
          <bdi>{words.title}</bdi>
        </p>
        <p className="flex items-center gap-x-2 text-small text-quiet">
          <CountingClock call={call} />
          <output className="truncate">{line}</output>
          {isRecorded && (
            <span className="inline-flex flex-none items-center gap-1 text-danger-text">
              <span aria-hidden="true" className="size-2 rounded-full bg-danger" />
              <span className="round:sr-only">{t('calls.bar.recording')}</span>
            </span>
          )}
        </p>
      </div>
      {isTalking(call) && (
        <>
          <span className="flex w-20 flex-none flex-col gap-1.5 round:hidden">
            <CallMeter callId={call.id} end="caller" />
            <CallMeter callId={call.id} end="here" />
          </span>
          <TalkButtons call={call} />
        </>
      )}
      <IconButton
        label={t('calls.bar.hangUp')}
        shortcut={hangUpKey}
        className="bg-danger-fill text-white! hover:bg-danger-fill hover:brightness-110"
        onClick={() => void calls.hangUp(call)}
      >
        <PhoneOff size="1.125rem" aria-hidden="true" />
      </IconButton>
      <IconButton
        label={t(panelOpen ? 'calls.bar.less' : 'calls.bar.more')}
        aria-expanded={panelOpen}
        onClick={() => phone.getState().setPanelOpen(!panelOpen)}
      >
        <ChevronDown size="1.25rem" aria-hidden="true" className={classNames('transition-transform', panelOpen && 'rotate-180')} />
      </IconButton>
    </div>
  );
}

/** What is wanted at once: one's own microphone, or a way into the assistant's call. */
function TalkButtons({ call }: { call: TalkingCall }) {
  const { t } = useTranslation();
  const { calls } = useActions();
  const isHere = usePhone((state) => state.isTelephone);
  const muteKey = useKeyName('callMute');
  const takeOverKey = useKeyName('callTakeOver');
  const { by, muted, listening } = call.state;
  if (by === 'owner')
    return (
      <IconButton
        label={t(muted ? 'calls.bar.unmute' : 'calls.bar.mute')}
        shortcut={muteKey}
        aria-pressed={muted}
        className="dock-button"
        onClick={() => void calls.set('phone.mute', call, !muted)}
      >
        {muted ? <MicOff size="1.125rem" aria-hidden="true" /> : <Mic size="1.125rem" aria-hidden="true" />}
      </IconButton>
    );
  if (!isHere || isLedElsewhere(call)) return null;
  return (
    <>
      {by !== 'mobile' && (
        <IconButton
          label={t(listening ? 'calls.bar.listenOff' : 'calls.bar.listen')}
          aria-pressed={listening}
          className="dock-button"
          onClick={() => void calls.set('phone.listenIn', call, !listening)}
        >
          {listening ? <Ear size="1.125rem" aria-hidden="true" /> : <EarOff size="1.125rem" aria-hidden="true" />}
        </IconButton>
      )}
      <span className="round:hidden">
        <Button look="main" title={takeOverKey} onClick={() => void calls.takeOver(call)}>
          {t('calls.bar.takeOver')}
        </Button>
      </span>
      <span className="not-round:hidden">
        <IconButton
          label={t('calls.bar.takeOver')}
          className="bg-accent-fill text-on-accent! hover:bg-accent-fill hover:brightness-110"
          onClick={() => void calls.takeOver(call)}
        >
          <ArrowRightLeft size="1.125rem" aria-hidden="true" />
        </IconButton>
      </span>
    </>
  );
}

/** Calls that wait beside the one that is shown. */
function OtherCalls({ shown }: { shown: PhoneCall }) {
  const { t } = useTranslation();
  const { phone } = useServices();
  const all = usePhone((state) => state.calls);
  const wordsOf = usePartyWords();
  const lineOf = useCallLine();
  const others = all.filter((call) => call.id !== shown.id && !isRingingIn(call));
  if (others.length === 0) return null;
  return (
    <ul aria-label={t('calls.bar.others')} className="flex gap-2 overflow-x-auto border-b border-line px-4 py-1.5 round:px-3">
      {others.map((call) => (
        <li key={call.id} className="flex-none">
          <Button className="min-h-8 px-3 text-small!" onClick={() => phone.getState().show(call.id)}>
            <bdi className="max-w-40 truncate font-medium">{wordsOf(call.party).title}</bdi>
            <span className="text-quiet">{lineOf(call)}</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** How the last call ended, for a moment. */
function EndedBar({ call }: { call: PhoneCall }) {
  const { t } = useTranslation();
  const { phone, view } = useServices();
  const words = usePartyWords()(call.party);
  const line = useCallLine()(call);
  const headRoom = useHeadRoom();
  const isOpen = useView((state) => isEntryShown(state, call.id));
  useEffect(() => {
    const timer = setTimeout(() => phone.getState().putEndedAway(call.id), ENDED_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [phone, call.id]);
  return (
    <section ref={headRoom} aria-label={t('calls.bar.label')} className="relative z-20 flex-none border-b border-line bg-raised">
      <div className="flex items-center gap-3 px-4 py-2 round:px-3">
        <PartyPicture party={call.party} />
        <p className="min-w-0 flex-1">
          <span className="block truncate font-semibold">
            <bdi>{words.title}</bdi>
          </span>
          <output className="block truncate text-small text-quiet">
            {call.answeredAtMs !== null && `${callClock(lastedMs(call, call.endedAtMs ?? call.answeredAtMs))} · `}
            {line}
          </output>
        </p>
        {!isOpen && (
          <Button
            onClick={() => {
              phone.getState().putEndedAway(call.id);
              view.getState().showCalls({ at: 'entry', callId: call.id });
            }}
          >
            {t('calls.bar.openEntry')}
          </Button>
        )}
      </div>
    </section>
  );
}
