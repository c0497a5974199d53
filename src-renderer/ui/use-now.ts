import { useEffect, useState } from 'react';

/** The time, read again every `periodMs` while `active`: for clocks that count. */
export function useNow(periodMs: number, active: boolean): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (!active) return undefined;
    const timer = setInterval(() => setNowMs(Date.now()), periodMs);
    return () => clearInterval(timer);
  }, [periodMs, active]);
  return nowMs;
}
