import { randomBytes } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { staleToken } from './killswitch-errors.ts';

/** What has to be typed, word for word but for case and spaces. */
export const LIFT_PHRASE = { en: 'start again', de: 'wieder starten' } as const;

/** Tokens for lifting: good for one lift, for a minute, and for a few wrong tries. */
export interface LiftOffers {
  make(): { token: string; expiresInMs: number };
  /** Throws `killswitch.stale-token`. */
  check(token: string): void;
  failed(token: string): void;
  /** Takes it; false when somebody else was faster. */
  use(token: string): boolean;
  /** All that were given out are void: the stop is another one now. */
  clear(): void;
}

const LIFETIME_MS = 60_000;
const MAX_FAILURES = 5;
const MAX_OPEN = 20;

export function createLiftOffers(clock: Pick<Clock, 'nowMs'>): LiftOffers {
  const offers = new Map<string, { untilMs: number; failures: number }>();
  const find = (token: string): { untilMs: number; failures: number } | undefined => {
    const offer = offers.get(token);
    return offer !== undefined && clock.nowMs() < offer.untilMs ? offer : undefined;
  };
  return {
    make() {
      const token = randomBytes(24).toString('base64url');
      offers.set(token, { untilMs: clock.nowMs() + LIFETIME_MS, failures: 0 });
      for (const old of offers.keys()) if (offers.size > MAX_OPEN) offers.delete(old);
      return { token, expiresInMs: LIFETIME_MS };
    },
    check(token) {
      if (find(token) === undefined) throw staleToken();
    },
    failed(token) {
      const offer = offers.get(token);
      if (offer === undefined) return;
      offer.failures += 1;
      if (offer.failures >= MAX_FAILURES) offers.delete(token);
    },
    use: (token) => find(token) !== undefined && offers.delete(token),
    clear: () => offers.clear(),
  };
}

export function isLiftPhrase(typed: string): boolean {
  const words = typed
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return words === LIFT_PHRASE.en || words === LIFT_PHRASE.de;
}
