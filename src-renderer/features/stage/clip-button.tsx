import { Circle, Square, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useClip, useServices } from '../../app/services.ts';
import { useKeyName } from '../../app/use-key-name.ts';
import { formatClock } from '../../i18n/format.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** Records what is seen and heard on the stage. While it does: how long already, and the way out without a clip. */
export function ClipButton({ onlyWhileRecording = false }: { onlyWhileRecording?: boolean }) {
  const { t } = useTranslation();
  const { toggleClip } = useActions();
  const { clip: store } = useServices();
  const clip = useClip((state) => state.clip);
  const canRecord = useClip((state) => state.face !== undefined);
  const shortcut = useKeyName('clip');
  const isOff = clip.state === 'off';
  const label = t(isOff ? 'stage.clip.record' : 'stage.clip.stop');
  const Icon = isOff ? Circle : Square;
  return (
    <div className="flex items-center gap-2">
      {/* Always there: screen readers tell what changes in it. The clock beside it would talk without end. */}
      <output className="sr-only">{clip.state === 'off' ? '' : t(`stage.clip.${clip.state}`)}</output>
      {clip.state === 'recording' && (
        <span role="timer" aria-label={t('stage.clip.length')} className="on-stage flex items-center gap-2 font-mono tabular-nums">
          <span aria-hidden="true" className="size-2.5 rounded-full bg-danger" />
          <Elapsed sinceMs={clip.sinceMs} />
        </span>
      )}
      {(clip.state === 'starting' || clip.state === 'finishing') && (
        <span aria-hidden="true" className="on-stage text-small">
          {t(`stage.clip.${clip.state}`)}
        </span>
      )}
      {(clip.state === 'starting' || clip.state === 'recording') && (
        <IconButton label={t('stage.clip.cancel')} onClick={() => void store.getState().cancel()} className="dock-button text-text!">
          <X size="1.125rem" aria-hidden="true" />
        </IconButton>
      )}
      {(!isOff || !onlyWhileRecording) && (
        <IconButton
          label={label}
          shortcut={shortcut}
          disabled={isOff ? !canRecord : clip.state === 'finishing'}
          onClick={toggleClip}
          className={isOff ? 'dock-button text-text!' : 'dock-button text-danger-text!'}
        >
          <Icon size="1.125rem" fill="currentColor" fillOpacity={isOff ? 0 : 1} aria-hidden="true" />
        </IconButton>
      )}
    </div>
  );
}

const TICK_MS = 250;

function Elapsed({ sinceMs }: { sinceMs: number }) {
  const [nowMs, setNowMs] = useState(sinceMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.timeOrigin + performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return formatClock(nowMs - sinceMs);
}
