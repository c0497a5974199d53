import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallCaption } from '../../../src-preload/contract/index.ts';
import { usePhone } from '../../app/services.ts';
import type { TalkingCall } from '../../stores/phone-store.ts';
import { classNames } from '../../ui/class-names.ts';
import { useSpeakerName } from './use-speaker-name.ts';

const NONE: readonly CallCaption[] = [];
/** As long as the end is nearly in view, it stays in view. */
const NEAR_END_PX = 48;

const LOOKS: Record<CallCaption['speaker'], string> = {
  caller: 'border-l-2 border-listening pl-3',
  assistant: 'border-l-2 border-accent pl-3',
  owner: 'border-l-2 border-edge pl-3',
};

/** What both ends say, as it is said. Only finished sentences are read out; those that still grow are shown pale. */
export function CallCaptions({ call }: { call: TalkingCall }) {
  const { t } = useTranslation();
  const captions = usePhone((state) => state.captions.get(call.id) ?? NONE);
  const nameOf = useSpeakerName(call.characterId);
  const listRef = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const list = listRef.current;
    if (list && atEnd.current) list.scrollTop = list.scrollHeight;
  });
  const said = captions.filter((caption) => caption.text.trim() !== '');
  const { by, recording } = call.state;
  const isLedByOwner = (by === 'owner' || by === 'mobile') && !said.some(({ speaker }) => speaker === 'owner');
  return (
    <div
      ref={listRef}
      role="log"
      aria-label={t('calls.captions')}
      aria-live="polite"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
      tabIndex={0}
      className="flex min-h-24 flex-1 flex-col gap-2.5 overflow-y-auto px-4 py-3 -outline-offset-2"
      onScroll={({ currentTarget: list }) => {
        atEnd.current = list.scrollHeight - list.clientHeight - list.scrollTop < NEAR_END_PX;
      }}
    >
      {said.length === 0 && !isLedByOwner && <p className="text-quiet">{t('calls.noCaptions')}</p>}
      {said.map((caption) => (
        <p
          key={caption.seq}
          aria-hidden={!caption.final}
          data-speaker={caption.speaker}
          className={classNames(LOOKS[caption.speaker], '[overflow-wrap:anywhere]')}
        >
          <span className="block text-small text-quiet">{nameOf(caption.speaker)}</span>
          <bdi className={caption.final ? '' : 'text-pale'}>{caption.text}</bdi>
        </p>
      ))}
      {isLedByOwner && <p className="text-quiet">{t(recording ? 'calls.writtenLater' : 'calls.notWritten')}</p>}
    </div>
  );
}
