import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import portraitUrl from '../../../resources/characters/default/portrait.webp';
import { ModeButton, MuteButton, StopButton } from './dock.tsx';
import { LevelMeter } from './level-meter.tsx';
import { StateLine } from './state-line.tsx';
import { TalkButton } from './talk-button.tsx';

/** In a narrow window the character is the round talk button beside the input. */
export function RoundDock({ input }: { input: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-2">
      <div role="toolbar" aria-label={t('stage.dock')} className="flex flex-wrap items-center justify-between gap-x-2">
        <StateLine compact />
        <div className="flex flex-none">
          <MuteButton />
          <ModeButton />
          <StopButton />
        </div>
      </div>
      <LevelMeter />
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3 pt-2">
        <TalkButton size="small" picture={portraitUrl} />
        <div className="flex min-w-[min(12rem,100%)] flex-1">{input}</div>
      </div>
    </div>
  );
}
