import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { CallRecord, CallSegment } from '../../../src-preload/contract/index.ts';
import { classNames } from '../../ui/class-names.ts';
import { callClock } from './call-clock.ts';
import type { RecordingPlayer } from './recording-player.ts';
import { segmentAt, timedWords, wordAt } from './transcript-position.ts';
import { useSpeakerName } from './use-speaker-name.ts';

const LOOKS: Record<CallSegment['speaker'], string> = {
  caller: 'border-listening',
  assistant: 'border-accent',
  owner: 'border-edge',
  note: 'border-transparent',
};

interface TranscriptProps {
  record: Pick<CallRecord, 'call' | 'segments'>;
  player?: RecordingPlayer;
  /** Place of the piece that is heard now; -1 = none. */
  current?: number;
}

/** The same in step with the recording. */
export function PlayedTranscript({ record, player }: Required<Omit<TranscriptProps, 'current'>>) {
  const { segments } = record;
  const current = useStore(player.state, ({ playing, atMs }) => (playing || atMs > 0 ? segmentAt(segments, atMs) : -1));
  return <Transcript record={record} player={player} current={current} />;
}

/** What was said. With a recording each piece leads to its sound: its time stamp by keyboard, each of its words by pointer. */
export function Transcript({ record, player, current = -1 }: TranscriptProps) {
  const { t } = useTranslation();
  const nameOf = useSpeakerName(record.call.characterId);
  const { segments } = record;
  if (segments.length === 0) return <p className="text-quiet">{t('calls.entry.nothingSaid')}</p>;
  return (
    <ol className="flex flex-col gap-3">
      {segments.map((segment, index) => (
        // Pieces of a stored call never change their places.
        // oxlint-disable-next-line react/no-array-index-key
        <Piece key={index} segment={segment} nameOf={nameOf} player={player} isCurrent={index === current} />
      ))}
    </ol>
  );
}

interface PieceProps {
  segment: CallSegment;
  nameOf: ReturnType<typeof useSpeakerName>;
  player: RecordingPlayer | undefined;
  isCurrent: boolean;
}

function Piece({ segment, nameOf, player, isCurrent }: PieceProps) {
  const { t } = useTranslation();
  const rowRef = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isCurrent && player?.state.getState().playing) rowRef.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent, player]);
  const { speaker } = segment;
  if (speaker === 'note') return <li className="pl-2 text-small text-quiet italic [overflow-wrap:anywhere]">{segment.text}</li>;
  const time = callClock(segment.startMs);
  return (
    <li
      ref={rowRef}
      data-segment={speaker}
      aria-current={isCurrent || undefined}
      className={classNames(
        'grid scroll-my-20 grid-cols-[3.5rem_1fr] gap-x-3 rounded-r-base border-l-2 py-1 pl-2 transition-colors',
        LOOKS[speaker],
        isCurrent && 'bg-hover',
      )}
    >
      {player ? (
        <button
          type="button"
          aria-label={t('calls.entry.playFrom', { time })}
          className="h-fit rounded-small text-left text-small text-quiet tabular-nums hover:text-text"
          onClick={() => player.playFrom(segment.startMs)}
        >
          {time}
        </button>
      ) : (
        <span className="text-small text-quiet tabular-nums">{time}</span>
      )}
      <div className="min-w-0">
        <span className="block text-small text-quiet">{nameOf(speaker)}</span>
        <p className="max-w-[72ch] [overflow-wrap:anywhere]">
          {player ? <Words segment={segment} player={player} isCurrent={isCurrent} /> : <bdi>{segment.text}</bdi>}
        </p>
      </div>
    </li>
  );
}

/** Each word leads to its sound, and lights up when it is heard. */
function Words({ segment, player, isCurrent }: { segment: CallSegment; player: RecordingPlayer; isCurrent: boolean }) {
  const words = useMemo(() => timedWords(segment), [segment]);
  const lit = useStore(player.state, ({ atMs }) => (isCurrent ? wordAt(words, atMs) : -1));
  return words.map((word, index) => (
    // A short way for the pointer; the keyboard has the time stamp. Each word a stop of the Tab key would make hundreds of them.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <span
      // The same word may come twice: its place tells them apart.
      // oxlint-disable-next-line react/no-array-index-key
      key={index}
      className={classNames('rounded-small hover:bg-line', index === lit && 'text-accent-text')}
      onClick={() => player.playFrom(word.startMs)}
    >
      {word.text}{' '}
    </span>
  ));
}
