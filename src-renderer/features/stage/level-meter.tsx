import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../../app/services.ts';
import { classNames } from '../../ui/class-names.ts';
import { onFrame } from '../../ui/on-frame.ts';

/** Screen readers get a new value four times a second, eyes at each frame. */
const SPOKEN_EVERY_MS = 250;

/** How loud the microphone is. Drawn past React, frame by frame. */
export function LevelMeter({ className }: { className?: string }) {
  const { t } = useTranslation();
  const { voice } = useServices();
  const meterRef = useRef<HTMLMeterElement>(null);
  const fillRef = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let shown = 0;
    let spokenAtMs = 0;
    return onFrame((nowMs) => {
      const level = Math.round(voice.microphoneLevel() * 50) * 2;
      if (level === shown || !fillRef.current) return;
      shown = level;
      fillRef.current.style.transform = `scaleX(${level / 100})`;
      if (nowMs - spokenAtMs < SPOKEN_EVERY_MS || !meterRef.current) return;
      spokenAtMs = nowMs;
      meterRef.current.value = level;
    });
  }, [voice]);

  return (
    <div className={classNames('relative h-1 overflow-hidden rounded-full bg-edge/40', className)}>
      <meter ref={meterRef} aria-label={t('stage.level')} min={0} max={100} className="absolute opacity-0" />
      <div ref={fillRef} aria-hidden="true" className="meter-fill h-full w-full scale-x-0 rounded-full bg-listening" />
    </div>
  );
}
