import { lazy, Suspense, useEffect } from 'react';
import { usePhone } from '../../app/services.ts';
import { isRingingIn } from '../../stores/phone-store.ts';

const loadRinging = () => import('./ringing-panel.tsx');
const loadBar = () => import('./call-bar.tsx');
const RingingPanel = lazy(async () => ({ default: (await loadRinging()).RingingPanel }));
const CallBar = lazy(async () => ({ default: (await loadBar()).CallBar }));

/** Calls that ring, over whatever is there. */
export function CallLayer() {
  const rings = usePhone((state) => state.calls.some(isRingingIn));
  const isSetUp = usePhone((state) => state.status !== undefined && state.status.state !== 'off');
  useEffect(() => {
    // When it rings nobody should wait for code. What fails here is asked for again then.
    if (isSetUp) Promise.all([loadRinging(), loadBar()]).catch(() => undefined);
  }, [isSetUp]);
  return <Suspense fallback={null}>{rings && <RingingPanel />}</Suspense>;
}

/** The call under way, above every screen; and for a moment how it ended. */
export function CallStrip() {
  const hasCall = usePhone((state) => state.ended !== undefined || state.calls.some((call) => !isRingingIn(call)));
  return <Suspense fallback={null}>{hasCall && <CallBar />}</Suspense>;
}
