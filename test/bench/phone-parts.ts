import { setTimeout as sleep } from 'node:timers/promises';
import { PHONE_RATE_HZ } from '../doubles/baresip.ts';
import type { AskedCore } from '../doubles/open-trunk.ts';
import type { HeardSound } from '../doubles/phone-ear.ts';
import { toneDecibels } from '../doubles/tones.ts';

/*
 * What the benches of the telephone have in common. Times are `performance.now()` of this process.
 */

/** Whoever calls, and the number that belongs to the owner. */
export const CALLER = '+4930901820';
export const PATIENCE_MS = 60_000;
/** -40 dBFS. */
const AUDIBLE = 0.01;

/** Looks until there is something. Rejects with `what` was awaited. */
export async function until<Value>(
  look: () => Value | undefined | Promise<Value | undefined>,
  what: string,
  { everyMs = 5 }: { everyMs?: number } = {},
): Promise<Value> {
  for (const endMs = performance.now() + PATIENCE_MS; performance.now() < endMs; await sleep(everyMs)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`no ${what} within ${PATIENCE_MS / 1000} s`);
}

/** Until no call is under way. */
export async function allOver(core: AskedCore): Promise<void> {
  const isOver = async (): Promise<true | undefined> => ((await core.call('phone.active', {})).length === 0 ? true : undefined);
  await until(isOver, 'end of the calls', { everyMs: 50 });
}

/** When the first sound from this moment on came, or nothing yet. */
export function audibleFrom(heard: readonly HeardSound[], fromMs: number): number | undefined {
  return heard.find(({ atMs, samples }) => atMs >= fromMs && isAudible(samples))?.atMs;
}

/** When the last sound before this moment came. */
export function audibleUntil(heard: readonly HeardSound[], beforeMs: number): number | undefined {
  return heard.findLast(({ atMs, samples }) => atMs < beforeMs && isAudible(samples))?.atMs;
}

function isAudible(samples: Float32Array): boolean {
  return samples.some((sample) => Math.abs(sample) > AUDIBLE);
}

/** A vowel may have a frequency for a moment; a tone keeps it. */
const TONE_MS = 60;
const TONE_SHARE = 0.6;

/** When a tone of this frequency began that lasts, from this moment on, with nothing much beside it; nothing yet: undefined. */
export function toneFrom(heard: readonly HeardSound[], frequencyHz: number, fromMs: number): number | undefined {
  let beganMs: number | undefined;
  for (const { atMs, samples } of heard) {
    if (atMs < fromMs) continue;
    if (!isTone(samples, frequencyHz)) beganMs = undefined;
    else if (atMs - (beganMs ??= atMs) >= TONE_MS) return beganMs;
  }
  return undefined;
}

function isTone(samples: Float32Array, frequencyHz: number): boolean {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  if (Math.sqrt(power) < AUDIBLE) return false;
  return 10 ** (toneDecibels(samples, frequencyHz, PHONE_RATE_HZ) / 10) > TONE_SHARE * power;
}
