import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useView } from '../../app/services.ts';
import { Face } from '../face/face.tsx';
import { useStageCharacter } from '../face/use-stage-character.ts';
import { ClipButton } from './clip-button.tsx';
import { ModeButton, MuteButton, StopButton } from './dock.tsx';
import { LevelMeter } from './level-meter.tsx';
import { StateLine } from './state-line.tsx';
import { TalkButton } from './talk-button.tsx';

/** In a narrow window the character is the round talk button beside the input. */
export function RoundDock({ input }: { input: ReactNode }) {
  const { t } = useTranslation();
  const { character, firstStill } = useStageCharacter();
  const away = useView((state) => state.faceWindowOpen);
  return (
    <div className="flex flex-col gap-2">
      <div role="toolbar" aria-label={t('stage.dock')} className="flex flex-wrap items-center justify-between gap-x-2">
        <StateLine compact />
        <div className="flex flex-none items-center">
          <ClipButton onlyWhileRecording />
          <MuteButton />
          <ModeButton />
          <StopButton />
        </div>
      </div>
      <LevelMeter />
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3 pt-2">
        <TalkButton
          size="small"
          picture={<Face character={character} firstStill={firstStill} alt="" live={!away} recordable className="portrait-close" />}
        />
        <div className="flex min-w-[min(12rem,100%)] flex-1">{input}</div>
      </div>
    </div>
  );
}
