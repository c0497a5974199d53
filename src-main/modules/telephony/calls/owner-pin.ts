import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../../base/clock.ts';
import { DIGIT_WORDS } from '../digit-words.ts';

/** Sealed texts of our own: passwords of trunks and phones, the PIN's hash. An empty value takes one away. */
export interface PhoneSecrets {
  get(name: PhoneSecretName): string | undefined;
  set(name: PhoneSecretName, value: string): Promise<void>;
}
export type PhoneSecretName = `phone.${string}` | `trunk.${string}`;

/** The digits by which the owner proves who they are in a call. */
export interface OwnerPin {
  isSet(): boolean;
  /** Empty takes it away. Rejects with the vault's errors. */
  change(pin: string): Promise<void>;
  /** One try of one call. `locked`: this call has had its tries, or all calls together too many; the digits were not looked at. */
  check(callId: string, digits: string): Promise<'right' | 'wrong' | 'locked'>;
  /** The call is over. */
  forget(callId: string): void;
}

const NAME = 'phone.pin';
const TRIES_PER_CALL = 3;
/** Whoever calls again and again is no owner. */
const TRIES_PER_HOUR = 9;
const HOUR_MS = 3_600_000;
const HASH_BYTES = 32;
const COST = { N: 2 ** 14, r: 8, p: 1 } as const;

export function createOwnerPin(deps: { secrets: PhoneSecrets; clock: Pick<Clock, 'nowMs'> }): OwnerPin {
  const { secrets, clock } = deps;
  const tries = new Map<string, number>();
  let failures: number[] = [];
  const stored = (): { salt: Buffer; hash: Buffer } | undefined => {
    const [, salt, hash] = /^scrypt:([\w+/=]+):([\w+/=]+)$/.exec(secrets.get(NAME) ?? '') ?? [];
    return salt === undefined || hash === undefined ? undefined : { salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
  };

  return {
    isSet: () => stored() !== undefined,
    async change(pin) {
      if (pin === '') return secrets.set(NAME, '');
      const salt = randomBytes(16);
      const hash = await derive(pin, salt);
      return secrets.set(NAME, `scrypt:${salt.toString('base64')}:${hash.toString('base64')}`);
    },
    async check(callId, digits) {
      const known = stored();
      if (known === undefined) return 'wrong';
      const nowMs = clock.nowMs();
      failures = failures.filter((atMs) => nowMs - atMs < HOUR_MS);
      const used = tries.get(callId) ?? 0;
      if (used >= TRIES_PER_CALL || failures.length >= TRIES_PER_HOUR) return 'locked';
      // Counted before it is looked at: tries at the same time are tries all the same.
      tries.set(callId, used + 1);
      failures.push(nowMs);
      const found = await derive(digits, known.salt);
      if (found.length !== known.hash.length || !timingSafeEqual(found, known.hash)) return 'wrong';
      failures = [];
      tries.delete(callId);
      return 'right';
    },
    forget: (callId) => void tries.delete(callId),
  };
}

function derive(pin: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, HASH_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Gathers keys to a number: ended by `#`, or by a pause. */
export interface DigitCollector {
  press(digit: string): void;
  dispose(): void;
}

const PAUSE_MS = 3_000;
const MOST_DIGITS = 20;

export function createDigitCollector(clock: Pick<Clock, 'after'>, onDigits: (digits: string) => void): DigitCollector {
  let digits = '';
  let timer = clock.after(0, () => undefined);
  const finish = (): void => {
    timer.cancel();
    const collected = digits;
    digits = '';
    if (collected !== '') onDigits(collected);
  };
  return {
    press(digit) {
      timer.cancel();
      if (digit === '#') {
        finish();
        return;
      }
      if (digits.length < MOST_DIGITS) digits += digit;
      timer = clock.after(PAUSE_MS, finish);
    },
    dispose: () => timer.cancel(),
  };
}

const PIN_WORDS = /^(?:pins?|geheimzahl|kennwort)$/;
/** A recogniser of English hears a pen. Whose it is must be said: a parcel has a code, too. */
const OWN_PIN_WORDS = /^(?:pen|code)$/;
/** Without the word PIN more digits than these are a telephone number. */
const MOST_UNNAMED = 6;

/** Digits that were said one by one ("my PIN is one two three four"); undefined = there are none, or not as many as a PIN has. */
export function spokenPin(text: string): string | undefined {
  const { digits, isNamed, isOnlyDigits } = spokenDigits(text);
  return digits.length >= 4 && digits.length <= (isNamed ? 12 : MOST_UNNAMED) && (isNamed || isOnlyDigits) ? digits : undefined;
}

/** The text with points for the digits of a spoken PIN. `isUnfinished`: more may follow, so that fewer digits are hidden as well. */
export function withoutSpokenPin(text: string, isUnfinished: boolean): string {
  const { digits, isNamed, isOnlyDigits } = spokenDigits(text);
  const isBegun = isUnfinished && digits.length > 0 && digits.length <= MOST_UNNAMED && (isNamed || isOnlyDigits);
  if (!isBegun && spokenPin(text) === undefined) return text;
  return text
    .replaceAll(/[\p{L}\p{N}]+/gu, (word) => (digitsOf(word) === '' ? word : HIDDEN_PIN))
    .replaceAll(/•+(?:[^\p{L}\p{N}•]+•+)*/gu, HIDDEN_PIN);
}

/** Stands for a PIN that was said. */
export const HIDDEN_PIN = '••••';

function digitsOf(word: string): string {
  return /^\d+$/.test(word) ? word : (DIGIT_WORDS[word.toLowerCase()] ?? '');
}

function spokenDigits(text: string): { digits: string; isNamed: boolean; isOnlyDigits: boolean } {
  const words = text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  return {
    digits: words.map(digitsOf).join(''),
    isNamed: words.some(
      (word, index) => PIN_WORDS.test(word) || (OWN_PIN_WORDS.test(word) && /^(?:my|mein)$/.test(words[index - 1] ?? '')),
    ),
    isOnlyDigits: words.every((word) => digitsOf(word) !== ''),
  };
}
