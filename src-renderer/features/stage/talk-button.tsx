import { AudioLines, Hand, Mic, MicOff, OctagonX, Phone, Square, type LucideIcon } from 'lucide-react';
import type { PointerEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionSnapshot } from '../../../src-preload/contract/index.ts';
import { useActions } from '../../app/actions-context.ts';
import { useAudio, useKill, useSession } from '../../app/services.ts';
import { isSilenced } from '../../stores/kill-store.ts';
import { useKeyName } from '../../app/use-key-name.ts';
import { classNames } from '../../ui/class-names.ts';
import { Tip } from '../../ui/tip.tsx';
import type { StageWords } from './stage-state.ts';
import { useStageState } from './use-stage-state.ts';
import { VoiceRing } from './voice-ring.tsx';

type TalkName = 'start' | 'interrupt' | 'mute' | 'unmute' | 'hold' | 'stopped' | 'callMute' | 'callUnmute' | 'callShow';

const ICONS: Record<TalkName, LucideIcon> = {
  start: AudioLines,
  interrupt: Square,
  mute: Mic,
  unmute: MicOff,
  hold: Hand,
  stopped: OctagonX,
  callMute: Mic,
  callUnmute: MicOff,
  callShow: Phone,
};

/** On the telephone the button is for that. */
const IN_CALL: Partial<Record<StageWords, TalkName>> = {
  callOwn: 'callMute',
  callMuted: 'callUnmute',
  callHeld: 'callShow',
  callListening: 'callShow',
};

/** The one large control. In hands-free mode a click does the next sensible thing; in push-to-talk mode it is held or tapped. */
export function TalkButton({ size, picture }: { size: 'large' | 'small'; picture?: ReactNode }) {
  const { t } = useTranslation();
  const actions = useActions();
  const session = useSession((state) => state.session);
  const running = useAudio((state) => state.session === 'running');
  const { ring, words, call } = useStageState();
  const key = useKeyName('talk');
  const isOff = useKill((state) => isSilenced(state.kill));
  const cutOnly = useKill((state) => state.kill?.level === 0);
  const name = isOff ? 'stopped' : (IN_CALL[words] ?? talkName(session, running));
  const Icon = ICONS[name];
  const held = name === 'hold';

  const press = {
    onPointerDown(event: PointerEvent<HTMLButtonElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      actions.press.down();
    },
    onPointerUp: () => actions.press.up(),
    onPointerCancel: () => actions.press.cancel(),
    onKeyDown(event: React.KeyboardEvent) {
      if ((event.key !== ' ' && event.key !== 'Enter') || event.repeat) return;
      event.preventDefault();
      actions.press.down();
    },
    onKeyUp(event: React.KeyboardEvent) {
      if (event.key === 'Enter') actions.press.up();
    },
  };

  return (
    <Tip label={t(`stage.talkNames.${name}`)} shortcut={key}>
      <button
        type="button"
        aria-label={t(`stage.talkNames.${name}`)}
        aria-pressed={held ? session.pressed : undefined}
        className={classNames(
          'relative flex-none touch-none rounded-full text-text transition-transform select-none active:scale-[0.97]',
          size === 'large' ? 'size-20' : 'ml-3 size-14',
        )}
        {...(held ? press : { onClick: isOff ? (cutOnly ? () => actions.cutLanguage(false) : actions.startAgain) : actions.talk })}
      >
        <VoiceRing shape={ring} />
        <span className="absolute inset-[7%] flex items-center justify-center overflow-hidden rounded-full bg-raised">
          {picture === undefined ? <Icon size={size === 'large' ? '1.75rem' : '1.25rem'} aria-hidden="true" /> : picture}
        </span>
        {(ring === 'working' || call) && (
          <span className="absolute right-0 bottom-0 flex size-[34%] items-center justify-center rounded-full bg-ground text-listening-text">
            {call ? <Phone size="65%" aria-hidden="true" /> : <Hand size="70%" aria-hidden="true" />}
          </span>
        )}
      </button>
    </Tip>
  );
}

function talkName(session: SessionSnapshot, running: boolean): TalkName {
  if (!running || session.talk.state === 'off') return 'start';
  if (session.mode === 'push-to-talk') return 'hold';
  if (session.talk.state === 'speaking' || session.talk.state === 'thinking') return 'interrupt';
  return session.muted ? 'unmute' : 'mute';
}
