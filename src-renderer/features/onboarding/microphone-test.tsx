import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAudio, useServices, useSetting } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { LevelMeter } from '../stage/level-meter.tsx';

/** Loud enough to be speech rather than the room. */
const HEARD_FROM = 0.45;
const LOOK_EVERY_MS = 120;

/** Opens the microphone when asked, shows its level, says when it has heard someone, and, if asked to, lets another one be chosen. */
export function MicrophoneTest({ offersChoice }: { offersChoice: boolean }) {
  const { t } = useTranslation();
  const { voice, settings, view } = useServices();
  const status = useAudio((state) => state.microphone.status);
  const devices = useAudio((state) => state.microphones);
  const chosen = useSetting('talk.microphone', '');
  const [testing, setTesting] = useState(false);
  const [heard, setHeard] = useState(false);

  useEffect(() => {
    if (!testing) return undefined;
    const end = voice.testMicrophone();
    const timer = setInterval(() => {
      if (voice.microphoneLevel() > HEARD_FROM) setHeard(true);
    }, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      end();
    };
  }, [testing, voice]);

  const choices = [{ value: '', label: t('settings.systemChoice') }, ...devices.map((name) => ({ value: name, label: name }))];
  return (
    <div className="flex flex-col gap-2">
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span>{t('firstRun.microphone')}</span>
        {testing ? (
          <output className="text-small text-quiet">{t(microphoneWords(status, heard))}</output>
        ) : (
          <Button onClick={() => setTesting(true)}>{t('firstRun.testMicrophone')}</Button>
        )}
      </div>
      {testing && <LevelMeter className="h-2 w-full" />}
      {testing && offersChoice && devices.length > 1 && (
        <Select
          label={t('firstRun.microphone')}
          value={devices.includes(chosen) ? chosen : ''}
          choices={choices}
          onChange={(next) => void settings.getState().set('talk.microphone', next).catch(view.getState().fail)}
        />
      )}
      {testing && (status === 'none' || status === 'denied') && (
        <div>
          <Button onClick={() => void voice.reopenMicrophone()}>{t('common.retry')}</Button>
        </div>
      )}
    </div>
  );
}

function microphoneWords(status: string, heard: boolean) {
  if (status === 'denied') return 'firstRun.microphoneDenied' as const;
  if (status === 'none' || status === 'ended') return 'firstRun.microphoneNone' as const;
  if (status === 'ok') return heard ? ('firstRun.microphoneHeard' as const) : ('firstRun.microphoneOk' as const);
  return 'firstRun.microphoneOpening' as const;
}
