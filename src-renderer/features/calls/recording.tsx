import { Pause, Play } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { CallRecord } from '../../../src-preload/contract/index.ts';
import { useServices, type Services } from '../../app/services.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Select } from '../../ui/select.tsx';
import { Slide } from '../../ui/slide.tsx';
import { callClock } from './call-clock.ts';
import { createRecordingPlayer, type RecordingPlayer } from './recording-player.ts';
import { PlayedTranscript, Transcript } from './transcript.tsx';

const RATES = ['0.75', '1', '1.25', '1.5', '2'] as const;

/** The recording, if there is one, and the transcript in step with it. */
export function Recording({ record }: { record: CallRecord }) {
  const { t } = useTranslation();
  const { answeredBy, recording, segments, unheard = [] } = record;
  if (recording !== null)
    return (
      <>
        {unheard.some(({ startMs }) => startMs < recording.durationMs) && (
          <p className="text-small text-quiet">{t('calls.entry.beingWritten')}</p>
        )}
        <Recorded record={record} durationMs={recording.durationMs} />
      </>
    );
  const isOwners = answeredBy === 'owner' || answeredBy === 'mobile';
  return (
    <>
      <p className="text-small text-quiet">{t(isOwners ? 'calls.entry.notWritten' : 'calls.entry.noRecording')}</p>
      {(!isOwners || segments.length > 0) && <Transcript record={record} />}
    </>
  );
}

function Recorded({ record, durationMs }: { record: CallRecord; durationMs: number }) {
  const services = useServices();
  const [player] = useState(() =>
    createRecordingPlayer({
      audio: new Audio(),
      findUrl: () => soundOf(services, record.call.id),
      gone: () => services.view.getState().toast({ kind: 'done', content: { key: 'recordingGone' } }),
      fail: services.view.getState().fail,
    }),
  );
  useEffect(() => player.dispose, [player]);
  return (
    <>
      <Player player={player} durationMs={durationMs} />
      <PlayedTranscript record={record} player={player} />
    </>
  );
}

/** Its address below this page's own, or undefined where the recording is gone by now. */
async function soundOf({ bridge }: Services, callId: string): Promise<string | undefined> {
  const sound = await bridge.call('phone.record.sound', { callId });
  return sound ? new URL(sound.url.replace(/^\//, ''), document.baseURI).href : undefined;
}

function Player({ player, durationMs }: { player: RecordingPlayer; durationMs: number }) {
  const { t } = useTranslation();
  const playing = useStore(player.state, (state) => state.playing);
  const atMs = useStore(player.state, (state) => state.atMs);
  const [rate, setRate] = useState('1');
  return (
    // Over the transcript that it moves through, while that is longer than the window.
    <div className="sticky -top-8 z-10 flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-ground py-2 round:-top-5">
      <IconButton label={t(playing ? 'calls.entry.pause' : 'calls.entry.play')} onClick={player.toggle}>
        {playing ? <Pause size="1.25rem" aria-hidden="true" /> : <Play size="1.25rem" aria-hidden="true" />}
      </IconButton>
      <div className="min-w-[min(10rem,100%)] flex-1">
        <Slide
          wide
          label={t('calls.entry.position')}
          value={Math.min(atMs, durationMs)}
          min={0}
          max={Math.max(1, durationMs)}
          step={500}
          format={callClock}
          onMove={player.seek}
          onChange={player.seek}
        />
      </div>
      <span className="text-small text-quiet tabular-nums">{callClock(durationMs)}</span>
      <div className="ml-auto w-24 flex-none">
        <Select
          label={t('calls.entry.rate')}
          value={rate}
          choices={RATES.map((value) => ({ value, label: `${value} ×` }))}
          onChange={(value) => {
            setRate(value);
            player.setRate(Number(value));
          }}
        />
      </div>
    </div>
  );
}
