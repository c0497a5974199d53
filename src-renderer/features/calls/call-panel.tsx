import { CircleDot, Grip, Pause, Play, PhoneForwarded, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhoneCall } from '../../../src-preload/contract/index.ts';
import { useActions } from '../../app/actions-context.ts';
import { isLedElsewhere, isTalking, type TalkingCall } from '../../stores/phone-store.ts';
import { Button } from '../../ui/button.tsx';
import { CallCaptions } from './call-captions.tsx';
import { CallMeter } from './call-meter.tsx';
import { Keypad } from './keypad.tsx';
import { TransferForm } from './transfer-form.tsx';
import { usePartyWords } from './use-party-words.ts';
import { useWayName } from './use-way-name.ts';
import { WhisperField } from './whisper-field.tsx';

/** Everything about the call under way: what is said, and what can be done. Hangs below the bar, over the screen. */
export function CallPanel({ call }: { call: PhoneCall }) {
  return (
    <div className="absolute top-full right-0 flex max-h-[min(38rem,72dvh)] w-[min(34rem,100%)] flex-col overflow-y-auto rounded-b-base border-x border-b border-line bg-raised shadow-float round:w-full">
      <About call={call} />
      {isTalking(call) && (
        <>
          <CallCaptions call={call} />
          {isLedElsewhere(call) || (
            <div className="flex flex-none flex-col gap-3 border-t border-line px-4 py-3">
              {(call.state.by === 'assistant' || call.state.by === 'message') && <WhisperField callId={call.id} />}
              <Tools call={call} />
            </div>
          )}
        </>
      )}
    </div>
  );
}

function About({ call }: { call: PhoneCall }) {
  const { t } = useTranslation();
  const words = usePartyWords()(call.party);
  const wayName = useWayName();
  return (
    <div className="flex flex-none flex-col gap-1 border-b border-line px-4 py-3 text-small text-quiet">
      <p className="flex flex-wrap gap-x-2">
        {words.number !== '' && <span className="tabular-nums">{words.number}</span>}
        <span>{words.standing}</span>
        <span>{wayName(call.way)}</span>
      </p>
      {call.purpose !== '' && (
        <p className="line-clamp-3 [overflow-wrap:anywhere]">
          {t('calls.bar.purpose')} <span className="text-text">{call.purpose}</span>
        </p>
      )}
      {call.screeningText !== '' && (
        <p className="line-clamp-3 [overflow-wrap:anywhere]">
          {t('calls.ringing.said')} <bdi className="text-text">{call.screeningText}</bdi>
        </p>
      )}
      {isTalking(call) && (
        <div className="mt-1 grid grid-cols-2 gap-4 not-round:hidden">
          <CallMeter callId={call.id} end="caller" />
          <CallMeter callId={call.id} end="here" />
        </div>
      )}
    </div>
  );
}

type Fold = 'keypad' | 'transfer';

function Tools({ call }: { call: TalkingCall }) {
  const { t } = useTranslation();
  const { calls } = useActions();
  const [open, setOpen] = useState<Fold>();
  const { held, recording, by, consulting } = call.state;
  // Somebody is being asked: first that comes to an end.
  const isAsking = consulting !== undefined;
  const toggle = (fold: Fold): void => setOpen((current) => (current === fold ? undefined : fold));
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {(by === 'owner' || by === 'mobile') && (
          <Button disabled={isAsking} icon={<Undo2 size="1rem" aria-hidden="true" />} onClick={() => void calls.handOver(call)}>
            {t('calls.bar.handOver')}
          </Button>
        )}
        <Button
          aria-pressed={held}
          disabled={isAsking}
          icon={held ? <Play size="1rem" aria-hidden="true" /> : <Pause size="1rem" aria-hidden="true" />}
          onClick={() => void calls.set('phone.hold', call, !held)}
        >
          {t(held ? 'calls.bar.resume' : 'calls.bar.hold')}
        </Button>
        <Button aria-expanded={open === 'keypad'} icon={<Grip size="1rem" aria-hidden="true" />} onClick={() => toggle('keypad')}>
          {t('calls.keypad.title')}
        </Button>
        <Button
          aria-expanded={open === 'transfer'}
          disabled={isAsking}
          icon={<PhoneForwarded size="1rem" aria-hidden="true" />}
          onClick={() => toggle('transfer')}
        >
          {t('calls.transfer.title')}
        </Button>
        <Button
          aria-pressed={recording}
          icon={<CircleDot size="1rem" aria-hidden="true" className={recording ? 'text-danger-text' : undefined} />}
          onClick={() => void calls.set('phone.record', call, !recording)}
        >
          {t(recording ? 'calls.bar.recordOff' : 'calls.bar.record')}
        </Button>
      </div>
      {open === 'keypad' && <Keypad callId={call.id} />}
      {open === 'transfer' && !isAsking && <TransferForm call={call} onDone={() => setOpen(undefined)} />}
    </>
  );
}
