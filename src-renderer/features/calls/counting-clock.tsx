import { useSyncExternalStore } from 'react';
import type { PhoneCall } from '../../../src-preload/contract/index.ts';
import { createSecondHand } from '../../ui/second-hand.ts';
import { callClock, lastedMs } from './call-clock.ts';

/** A call's clock stands on its card, on the stage and in its bar at once. */
const hand = createSecondHand();

/** How long a call has lasted by now. */
export function CountingClock({ call }: { call: PhoneCall }) {
  const text = useSyncExternalStore(hand.subscribe, () => callClock(lastedMs(call, hand.nowMs())));
  return <span className="tabular-nums">{text}</span>;
}
