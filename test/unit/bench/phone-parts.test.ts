import { describe, expect, it } from 'vitest';
import { audibleFrom, audibleUntil, toneFrom } from '../../bench/phone-parts.ts';
import { PHONE_RATE_HZ } from '../../doubles/baresip.ts';
import type { HeardSound } from '../../doubles/phone-ear.ts';
import { tone } from '../../doubles/tones.ts';

const PACKET_MS = 20;
const OWNER_HZ = 700;
const silence = new Float32Array(160);
const owner = tone(OWNER_HZ, PACKET_MS, PHONE_RATE_HZ, -20);
const assistant = tone(430, PACKET_MS, PHONE_RATE_HZ, -14);
const both = owner.map((sample, index) => sample + (assistant[index] ?? 0));

/** Packets one after the other, the first of them there at 20 ms. */
const packets = (...parts: readonly [sound: Float32Array, count: number][]): HeardSound[] =>
  parts
    .flatMap(([samples, count]) => Array.from({ length: count }, () => samples))
    .map((samples, index) => ({ atMs: (index + 1) * PACKET_MS, samples }));

describe('what a bench hears at a telephone', () => {
  it('knows the owner’s tone when it lasts and is alone, and not a moment of it or the assistant under it', () => {
    const heard = packets([assistant, 5], [owner, 2], [assistant, 5], [both, 5], [owner, 10]);
    expect(toneFrom(heard, OWNER_HZ, 0)).toBe(18 * PACKET_MS);
    expect(toneFrom(heard.slice(0, 19), OWNER_HZ, 0)).toBeUndefined();
    expect(toneFrom(packets([silence, 3], [owner, 10]), OWNER_HZ, 200)).toBe(200);
  });

  it('finds the ends of a silence between two voices', () => {
    const heard = packets([assistant, 5], [silence, 4], [owner, 5]);
    expect(audibleUntil(heard, 10 * PACKET_MS)).toBe(5 * PACKET_MS);
    expect(audibleFrom(heard, 6 * PACKET_MS)).toBe(10 * PACKET_MS);
    expect(audibleFrom(packets([silence, 5]), 0)).toBeUndefined();
  });
});
