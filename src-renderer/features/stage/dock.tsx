import { Captions as CaptionsIcon, CaptionsOff, Mic, MicOff, Radio, Square } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useAudio, useChat, useSession, useSetting, useView } from '../../app/services.ts';
import { useKeyName } from '../../app/use-key-name.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { StopAllButton } from '../stop/stop-all-button.tsx';
import { LevelMeter } from './level-meter.tsx';
import { TalkButton } from './talk-button.tsx';

/** The controls at the stage's foot: mute and hands-free, the talk button, captions and stop. */
export function Dock() {
  const { t } = useTranslation();
  // The rail has it, too, and a band has no room to spare.
  const hasOffSwitch = useView((state) => state.layout === 'wide' || state.stageOnly);
  return (
    <div role="toolbar" aria-label={t('stage.dock')} className="@container flex w-full flex-col items-center gap-2">
      <div className="flex items-center gap-4 @max-[31rem]:gap-1.5">
        {hasOffSwitch && <span className="w-12 flex-none @max-[31rem]:hidden" aria-hidden="true" />}
        <MuteButton />
        <ModeButton />
        <div className="px-5 py-4">
          <TalkButton size="large" />
        </div>
        <CaptionsButton />
        <StopButton />
        {hasOffSwitch && <StopAllButton />}
      </div>
      <LevelMeter className="w-28" />
    </div>
  );
}

export function MuteButton() {
  const { t } = useTranslation();
  const { toggleMute } = useActions();
  const muted = useSession((state) => state.session.muted);
  const running = useAudio((state) => state.session === 'running');
  const Icon = muted ? MicOff : Mic;
  return (
    <IconButton
      label={t('stage.mute')}
      shortcut={useKeyName('mute')}
      aria-pressed={muted}
      disabled={!running}
      onClick={toggleMute}
      size="large"
      className="dock-button text-text! aria-pressed:text-danger-text!"
    >
      <Icon size="1.375rem" aria-hidden="true" />
    </IconButton>
  );
}

export function ModeButton() {
  const { t } = useTranslation();
  const { toggleMode } = useActions();
  const running = useAudio((state) => state.session === 'running');
  const sessionMode = useSession((state) => state.session.mode);
  const wanted = useSetting('talk.mode', 'hands-free');
  return (
    <IconButton
      label={t('stage.handsFree')}
      shortcut={useKeyName('mode')}
      aria-pressed={(running ? sessionMode : wanted) === 'hands-free'}
      onClick={toggleMode}
      size="large"
      className="dock-button text-text!"
    >
      <Radio size="1.375rem" aria-hidden="true" />
    </IconButton>
  );
}

function CaptionsButton() {
  const { t } = useTranslation();
  const { toggleCaptions } = useActions();
  const on = useSetting('appearance.captions', true);
  const Icon = on ? CaptionsIcon : CaptionsOff;
  return (
    <IconButton
      label={t('stage.captionsToggle')}
      shortcut={useKeyName('captions')}
      aria-pressed={on}
      onClick={toggleCaptions}
      size="large"
      className="dock-button text-text!"
    >
      <Icon size="1.375rem" aria-hidden="true" />
    </IconButton>
  );
}

export function StopButton() {
  const { t } = useTranslation();
  const { stop } = useActions();
  const answering = useChat((state) => state.live !== undefined);
  const talking = useSession(({ session }) => session.talk.state === 'speaking' || session.talk.state === 'thinking');
  return (
    <IconButton
      label={t('stage.stop')}
      shortcut={useKeyName('stop')}
      disabled={!answering && !talking}
      onClick={stop}
      size="large"
      className="dock-button text-danger-text!"
    >
      <Square size="1.25rem" fill="currentColor" aria-hidden="true" />
    </IconButton>
  );
}
