import { useCallback, useEffect, useRef } from 'react';
import { useServices } from '../../app/services.ts';
import { classNames } from '../../ui/class-names.ts';
import type { CallLevels } from '../../stores/phone-store.ts';
import { onFrame } from '../../ui/on-frame.ts';

/** A level falls more slowly than it rises: steps of ten a second would flicker. */
const FALL_PER_FRAME = 0.06;

const EMPTY = { transform: 'scaleX(0)' };

/** A call that the owner speaks in is measured by this window's own telephone: the core hears only what passes the assistant's leg. */
function useLevels(callId: string): () => CallLevels {
  const { phone, phoneEnd } = useServices();
  return useCallback(() => {
    const { softphone } = phoneEnd;
    if (!softphone?.state.getState().calls.some((call) => call.callId === callId && call.mode === 'talk'))
      return phone.getState().levelsOf(callId);
    const { there, here } = softphone.levels();
    return { caller: there, here };
  }, [phone, phoneEnd, callId]);
}

/** How loud one end of a call is. Drawn past React; a picture of what the captions say anyway, so screen readers are spared it. */
export function CallMeter({ callId, end, className }: { callId: string; end: 'caller' | 'here'; className?: string }) {
  const levelsOf = useLevels(callId);
  const fillRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let shown = 0;
    return onFrame(() => {
      const level = levelsOf()[end];
      const next = Math.round(Math.max(level, shown - FALL_PER_FRAME) * 50) / 50;
      if (next === shown || !fillRef.current) return;
      shown = next;
      fillRef.current.style.transform = `scaleX(${next})`;
    });
  }, [levelsOf, end]);
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
