import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { noBaresip, PHONE_RATE_HZ, startBaresip, type Baresip, type BaresipOptions } from '../doubles/baresip.ts';
import { asteriskImage, startProvider, type Provider } from '../doubles/provider-asterisk.ts';
import { PROVIDER_NUMBERS, PROVIDER_USERS } from '../doubles/provider-configuration.ts';
import { noAsterisk } from '../doubles/sandbox-rig.ts';
import { noSipp, startSipp, type SippOptions } from '../doubles/sipp.ts';
import { gapsIn, soundingPart, strongestFrequency, tone, toneDecibels } from '../doubles/tones.ts';
import { sendTorture } from '../doubles/torture-messages.ts';

/*
 * The telephones and the provider that other tests of the telephone stand on: each is real, and what it measures is true.
 */

const image = noAsterisk === undefined ? await asteriskImage() : undefined;
const missing = noAsterisk ?? (image === undefined ? 'no image of Asterisk' : undefined) ?? noBaresip ?? noSipp;
const titled = missing === undefined ? 'peers of the telephone' : `peers of the telephone (skipped: ${missing})`;
const sine = (frequencyHz: number, durationMs: number, decibels: number) => ({
  samples: tone(frequencyHz, durationMs, PHONE_RATE_HZ, decibels),
  sampleRateHz: PHONE_RATE_HZ,
});
/** The middle second: neither the beginning of the sound nor its end is in it. */
const middle = (samples: Float32Array): Float32Array => samples.subarray(PHONE_RATE_HZ, 2 * PHONE_RATE_HZ);

const telephone = async (options: BaresipOptions = {}): Promise<Baresip> => {
  const phone = await startBaresip(options);
  onTestFinished(() => phone.dispose());
  return phone;
};

const scenario = async (options: SippOptions) => {
  const sipp = await startSipp(options);
  onTestFinished(() => sipp.dispose());
  return sipp;
};

describe.skipIf(missing !== undefined)(titled, () => {
  let provider: Provider;
  beforeAll(async () => {
    provider = await startProvider({ image: image ?? '' });
  });
  afterAll(() => provider.dispose());

  const as = (name: keyof typeof PROVIDER_USERS, change: Partial<BaresipOptions> = {}): Promise<Baresip> =>
    telephone({ server: { port: provider.sipPort, ...PROVIDER_USERS[name] }, ...change });
  const allGone = () => expect.poll(provider.channels, { timeout: 10_000 }).toBe(0);

  it('a telephone registers, calls the echo, and hears its own tone as loud as it sent it, without a gap', async () => {
    const phone = await as('phone', { says: sine(697, 8_000, -15) });
    await phone.registered();
    expect(await provider.hasRegistered('phone')).toBe(true);
    const sinceMs = performance.now();
    await phone.dial(PROVIDER_NUMBERS.echo);
    await phone.until('CALL_ESTABLISHED', { sinceMs });
    await pause(3_500);
    await phone.hangUp();
    await phone.until('CALL_CLOSED', { sinceMs });
    const heard = await phone.heard();
    expect(strongestFrequency(middle(heard), PHONE_RATE_HZ)).toBe(697);
    expect(Math.abs(toneDecibels(middle(heard), 697, PHONE_RATE_HZ) + 15)).toBeLessThan(0.5);
    expect(gapsIn(heard, PHONE_RATE_HZ)).toEqual([]);
    expect(soundingPart(heard, PHONE_RATE_HZ)?.endMs).toBeGreaterThan(2_500);
    await allGone();
  });

  it('two telephones talk through the provider, each hears the other and not itself, and digits arrive', async () => {
    const customer = await as('customer', { says: sine(941, 20_000, -20), answers: true, codec: 'PCMU' });
    const phone = await as('phone', { says: sine(1_477, 20_000, -12) });
    await Promise.all([customer.registered(), phone.registered()]);
    const sinceMs = performance.now();
    await phone.dial('+4930123456');
    const taken = await customer.until('CALL_ESTABLISHED', { sinceMs });
    expect(taken.peeruri).toContain('sip:phone@');
    await phone.until('CALL_ESTABLISHED', { sinceMs });
    await pause(3_000);
    const atCustomer = middle(await customer.heard());
    const atPhone = middle(await phone.heard());
    expect([strongestFrequency(atCustomer, PHONE_RATE_HZ), strongestFrequency(atPhone, PHONE_RATE_HZ)]).toEqual([1_477, 941]);
    expect(Math.abs(toneDecibels(atCustomer, 1_477, PHONE_RATE_HZ) + 12)).toBeLessThan(0.5);
    expect(Math.abs(toneDecibels(atPhone, 941, PHONE_RATE_HZ) + 20)).toBeLessThan(0.5);
    expect(toneDecibels(atPhone, 1_477, PHONE_RATE_HZ)).toBeLessThan(-50);
    await phone.sendDigits('4#');
    await expect
      .poll(() => customer.events.filter(({ type }) => type === 'CALL_DTMF_START').map(({ param }) => param), { timeout: 5_000 })
      .toEqual(['4', '#']);
    await customer.hangUp();
    await phone.until('CALL_CLOSED', { sinceMs });
    await allGone();
  });

  it('says why a call does not come about: busy, unknown, forbidden; and a caller may give up', async () => {
    const phone = await as('phone');
    await phone.registered();
    for (const [number, status] of [
      [PROVIDER_NUMBERS.busy, '486'],
      [PROVIDER_NUMBERS.unknown, '404'],
      [PROVIDER_NUMBERS.forbidden, '403'],
    ] as const) {
      const sinceMs = performance.now();
      await phone.dial(number);
      expect((await phone.until('CALL_CLOSED', { sinceMs })).param).toContain(status);
    }
    const sinceMs = performance.now();
    await phone.dial(PROVIDER_NUMBERS.ringsForEver);
    await phone.until('CALL_RINGING', { sinceMs });
    await phone.hangUp();
    await phone.until('CALL_CLOSED', { sinceMs });
    await allGone();
  });

  it('refuses a wrong password, and is silent while its line is cut', async () => {
    const stranger = await telephone({ server: { port: provider.sipPort, user: 'phone', password: 'wrong' } });
    await expect(stranger.registered()).rejects.toThrow(/40[13]/);
    await provider.freeze(true);
    const early = await telephone({ server: { port: provider.sipPort, ...PROVIDER_USERS.phone } });
    await expect(early.registered(1_500)).rejects.toThrow(/in time/);
    await provider.freeze(false);
    await early.registered(40_000);
  });

  it('sipp calls many times, gives up, and plays whoever is called', async () => {
    const many = await scenario({
      scenario: 'call-and-hang-up',
      target: provider.sipPort,
      number: PROVIDER_NUMBERS.echo,
      calls: 10,
      perSecond: 5,
    });
    expect(await many.done).toMatchObject({ successful: 10, failed: 0 });
    const impatient = await scenario({ scenario: 'ring-and-cancel', target: provider.sipPort, number: PROVIDER_NUMBERS.ringsForEver });
    expect(await impatient.done).toMatchObject({ successful: 1, failed: 0 });
    for (const [name, end] of [
      ['busy', '486'],
      ['decline', '603'],
      ['no-answer', 'Connection reset'],
      ['answer', 'Connection reset'],
      ['ring-then-answer', 'Connection reset'],
    ] as const) {
      const called = await scenario({ scenario: name });
      const phone = await telephone();
      await phone.dial(`sip:somebody@127.0.0.1:${called.port}`);
      if (name === 'no-answer') await phone.until('CALL_RINGING', { sinceMs: 0 });
      if (name.endsWith('answer') && name !== 'no-answer') await phone.until('CALL_ESTABLISHED', { sinceMs: 0 });
      if (name.endsWith('answer')) await phone.hangUp();
      expect((await phone.until('CALL_CLOSED', { sinceMs: 0 })).param, name).toContain(end);
      expect(await called.done, name).toMatchObject({ successful: 1, failed: 0 });
      await phone.dispose();
    }
    await allGone();
  });

  it('lives through torture, and serves the next caller', async () => {
    expect(await sendTorture(provider.sipPort, PROVIDER_NUMBERS.busy)).toBeGreaterThan(30);
    const after = await scenario({ scenario: 'call-and-hang-up', target: provider.sipPort, number: PROVIDER_NUMBERS.echo });
    expect(await after.done).toMatchObject({ successful: 1, failed: 0 });
    await allGone();
  });
});
