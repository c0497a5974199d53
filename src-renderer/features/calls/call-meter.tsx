import { useEffect, useRef } from 'react';
import { useServices } from '../../app/services.ts';
import { classNames } from '../../ui/class-names.ts';
import { onFrame } from '../../ui/on-frame.ts';

/** A level falls more slowly than it rises: steps of ten a second would flicker. */
const FALL_PER_FRAME = 0.06;

const EMPTY = { transform: 'scaleX(0)' };

/** How loud one end of a call is. Drawn past React; a picture of what the captions say anyway, so screen readers are spared it. */
export function CallMeter({ callId, end, className }: { callId: string; end: 'caller' | 'here'; className?: string }) {
  const { phone } = useServices();
  const fillRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let shown = 0;
    return onFrame(() => {
      const level = phone.getState().levelsOf(callId)[end];
      const next = Math.round(Math.max(level, shown - FALL_PER_FRAME) * 50) / 50;
      if (next === shown || !fillRef.current) return;
      shown = next;
      fillRef.current.style.transform = `scaleX(${next})`;
    });
  }, [phone, callId, end]);
  return (
    <div aria-hidden="true" className={classNames('h-1 overflow-hidden rounded-full bg-edge/40', className)}>
      <div
        ref={fillRef}
        style={EMPTY}
        className={classNames('meter-fill h-full w-full rounded-full', end === 'caller' ? 'bg-listening' : 'bg-accent')}
      />
    </div>
  );
}
