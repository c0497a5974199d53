import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { MobilePhone, PhoneCall, TrunkView } from '../../src-preload/contract/index.ts';
import { noBaresip, PHONE_RATE_HZ, startBaresip, type Baresip, type BaresipOptions } from '../doubles/baresip.ts';
import { rigTrunk } from '../doubles/calls-rig.ts';
import { openExchangeRig, type ExchangeRig } from '../doubles/exchange-rig.ts';
import { asteriskImage, startProvider, type Provider } from '../doubles/provider-asterisk.ts';
import { PROVIDER_NUMBERS, PROVIDER_USERS } from '../doubles/provider-configuration.ts';
import { openRealCalls, PATIENCE, type RealCalls } from '../doubles/real-calls.ts';
import { startRtpPhone } from '../doubles/rtp-phone.ts';
import { noAsterisk, titled } from '../doubles/sandbox-rig.ts';
import { noSipp, startSipp } from '../doubles/sipp.ts';
import { tone, toneDecibels } from '../doubles/tones.ts';
import { createVirtualClock } from '../doubles/virtual-clock.ts';

/*
 * Calls that go wrong, and calls that are handed on: the product's call control on a real Asterisk, with real telephones at its ends. Nobody speaks; tones say who
 * hears whom.
 */

const missing = noAsterisk ?? noBaresip ?? noSipp;
const CALLER = '+4930901820';
/** What the provider and the phones of the owner's own are called. */
const net = { ...rigTrunk, id: 'net', host: '127.0.0.1', registers: false, status: 'unknown', callerId: '' } satisfies TrunkView;
const provider = {
  ...net,
  id: 'provider',
  username: PROVIDER_USERS.customer.user,
  registers: true,
  status: 'registered',
} satisfies TrunkView;
const mobile = { id: 'pocket', name: 'Pocket', extension: '1001', rings: true, registered: true } satisfies MobilePhone;
const kitchen = { ...mobile, id: 'kitchen', name: 'Kitchen', extension: '1002', rings: false } satisfies MobilePhone;
const hum = (frequencyHz: number) => ({ samples: tone(frequencyHz, 60_000, PHONE_RATE_HZ, -15), sampleRateHz: PHONE_RATE_HZ });
const CALLER_HZ = 600;
const KITCHEN_HZ = 900;

const telephone = async (options: BaresipOptions): Promise<Baresip> => {
  const phone = await startBaresip(options);
  onTestFinished(() => phone.dispose());
  return phone;
};
const isRinging = ({ state }: PhoneCall): boolean => state.state === 'ringing';
const isTalking = ({ state }: PhoneCall): boolean => state.state === 'talking';
const callIn = async ({ until }: RealCalls, caller: Baresip): Promise<PhoneCall> => {
  await caller.dial(CALLER);
  return until(isRinging);
};
const hears = async (phone: Baresip, frequencyHz: number): Promise<void> => {
  const latest = async () => (await phone.heard()).slice(-PHONE_RATE_HZ / 2);
  await expect.poll(async () => toneDecibels(await latest(), frequencyHz, PHONE_RATE_HZ), PATIENCE).toBeGreaterThan(-30);
};

describe.skipIf(missing !== undefined)(titled('calls on a real Asterisk that go wrong or elsewhere', missing), () => {
  let rig: ExchangeRig;
  let network: Provider;
  beforeAll(async () => {
    rig = await openExchangeRig();
    network = await startProvider({ image: (await asteriskImage()) ?? '' });
    rig.wishes.mobiles = [
      { ...mobile, password: 'pocket1' },
      { ...kitchen, password: 'kitchen1' },
    ];
    rig.wishes.trunks = [
      { ...provider, port: network.sipPort, password: PROVIDER_USERS.customer.password },
      { ...net, port: 9, password: '' },
    ];
    await rig.exchange.setUp();
  }, 900_000);
  afterAll(async () => {
    await network?.dispose();
    await rig?.close();
  });

  const own = async ({ id, extension }: MobilePhone, options: BaresipOptions = {}): Promise<Baresip> => {
    const phone = await telephone({ server: { port: rig.wishes.sipPort, user: extension, password: `${id}1` }, answers: true, ...options });
    await phone.registered(PATIENCE.timeout);
    return phone;
  };
  const outside = (options: BaresipOptions = {}): Promise<Baresip> =>
    telephone({ server: { port: rig.wishes.sipPort, user: CALLER, password: '', registers: false }, ...options });
  const open = (options: Partial<Parameters<typeof openRealCalls>[1]> = {}): Promise<RealCalls> =>
    openRealCalls(rig.exchange.state(), { trunks: [provider, net], mobiles: [], ...options });
  const trunkState = async (): Promise<string | undefined> => (await rig.exchange.registrations()).get(provider.id);
  const nothingIsLeft = (): Promise<void> =>
    expect.poll(() => rig.console('core show channels count'), PATIENCE).toContain('0 active channels');

  /** Somebody from outside has called, and the owner speaks with them on the phone in the pocket; another one lies in the kitchen. */
  const pocketTalks = async () => {
    const real = await open({ mobiles: [mobile, kitchen] });
    const [pocket, there, caller] = await Promise.all([
      own(mobile),
      own(kitchen, { says: hum(KITCHEN_HZ) }),
      outside({ says: hum(CALLER_HZ) }),
    ]);
    const { id } = await callIn(real, caller);
    await real.until(isTalking);
    await hears(pocket, CALLER_HZ);
    return { real, pocket, there, caller, id };
  };

  it('carries what a phone hands on by its own key through our rules, and not what they forbid', async () => {
    const { real, pocket, there, caller, id } = await pocketTalks();
    await pocket.transfer('112');
    await pocket.transfer('nobody');
    await pocket.transfer(kitchen.extension);
    await real.until((call) => call.id === id && call.state.state === 'ended' && call.state.reason === 'transferred');
    await hears(there, CALLER_HZ);
    await hears(caller, KITCHEN_HZ);
    expect(real.notes).toEqual([{ kind: 'handed-on', number: '1002' }]);
    await caller.hangUp();
    await there.until('CALL_CLOSED', { sinceMs: 0, timeoutMs: PATIENCE.timeout });
    await nothingIsLeft();
  }, 120_000);

  it('leaves the other ends of two calls to each other when the phone that speaks with both joins them by its own key', async () => {
    const { real, pocket, there, caller, id } = await pocketTalks();
    await pocket.dial(kitchen.extension);
    const second = await real.until((call) => call.id !== id && isTalking(call));
    await hears(pocket, KITCHEN_HZ);
    const first = (await real.ari.channels()).find((channel) => channel.id.startsWith(`oc.${id}.mobile-`))?.id ?? '';
    const [dialog, local, remote] = await Promise.all(
      ['call-id', 'local_tag', 'remote_tag'].map((what) => real.ari.variable(first, `CHANNEL(pjsip,${what})`)),
    );
    await pocket.transfer(CALLER, `${dialog};to-tag=${local};from-tag=${remote}`);
    for (const each of [id, second.id])
      await real.until((call) => call.id === each && call.state.state === 'ended' && call.state.reason === 'transferred');
    await hears(there, CALLER_HZ);
    await hears(caller, KITCHEN_HZ);
    // The phone is out of both.
    await expect.poll(() => rig.console('core show channels count'), PATIENCE).toContain('2 active channels');
    expect(new Set(real.notes)).toEqual(
      new Set([
        { kind: 'handed-on', number: '1002' },
        { kind: 'handed-on', number: CALLER },
      ]),
    );
    await caller.hangUp();
    await there.until('CALL_CLOSED', { sinceMs: 0, timeoutMs: PATIENCE.timeout });
    await nothingIsLeft();
  }, 120_000);

  it('names one-way sound in a call that is recorded, where Asterisk sends silence for what does not come', async () => {
    const real = await open();
    const line = { lossShare: 0, jitterMs: 0, keepsOrder: true };
    const caller = await startRtpPhone({ target: rig.wishes.sipPort, user: CALLER, network: line });
    onTestFinished(() => caller.dispose());
    const dialling = caller.dial(CALLER);
    const { id } = await real.until(isRinging);
    await real.calls.answer(id, 'assistant');
    await dialling;
    const live = real.calls.get(id);
    await live.record(true);
    const trouble = () => live.view().trouble?.code;
    // It sends silence, and that is no trouble.
    await new Promise((resolve) => void setTimeout(resolve, 8_000));
    expect(trouble()).toBeUndefined();
    line.lossShare = 1;
    await expect.poll(trouble, PATIENCE).toBe('phone.one-way-sound');
    line.lossShare = 0;
    await expect.poll(trouble, PATIENCE).toBeUndefined();
    await live.end('hung-up-here');
  }, 120_000);

  it('lets the other end hear music while the owner asks a third, rings a second caller softly, and joins both', async () => {
    const mobiles = [mobile, kitchen];
    const real = await open({ mobiles });
    const [pocket, there, caller] = await Promise.all([own(mobile), own(kitchen, { says: hum(KITCHEN_HZ) }), outside()]);
    const { id } = await callIn(real, caller);
    await real.until(isTalking);
    await caller.hearsQuiet(300, PATIENCE.timeout);
    await real.calls.get(id).hold(true);
    await caller.hearsSound(PATIENCE.timeout);
    await real.calls.get(id).hold(false);
    await caller.hearsQuiet(300, PATIENCE.timeout);
    // Its own phone takes every call at once, and is not called for the second.
    const second = await outside();
    await second.dial(CALLER);
    expect((await real.until((call) => call.id !== id && isRinging(call))).state).toMatchObject({ quietly: true });
    await second.hangUp();
    await real.until((call) => call.id !== id && call.state.state === 'ended');
    await real.calls.transfer(id, { number: kitchen.extension, kind: 'attended' });
    await hears(pocket, KITCHEN_HZ);
    await caller.hearsSound(PATIENCE.timeout);
    await real.calls.finishTransfer(id, 'join');
    await hears(caller, KITCHEN_HZ);
    await pocket.until('CALL_CLOSED', { sinceMs: 0, timeoutMs: PATIENCE.timeout });
    await caller.hangUp();
    await there.until('CALL_CLOSED', { sinceMs: 0, timeoutMs: PATIENCE.timeout });
    await nothingIsLeft();
  }, 120_000);

  it('rings for two at once, lets one talk while the other goes on to ring, and hangs up on a fax', async () => {
    const real = await open();
    const [first, fax] = await Promise.all([outside(), outside({ says: hum(1_100) })]);
    await Promise.all([first.dial(CALLER), fax.dial(CALLER)]);
    await expect.poll(() => real.calls.active().map(({ state }) => state.state), PATIENCE).toEqual(['ringing', 'ringing']);
    const [one, two] = real.calls.active().map(({ id }) => id);
    await real.calls.answer(one ?? '', 'assistant');
    expect(real.calls.get(two ?? '').view().state).toMatchObject({ state: 'ringing' });
    await real.calls.answer(two ?? '', 'assistant');
    const ended = await real.until(({ state }) => state.state === 'ended');
    expect(ended.state).toEqual({ state: 'ended', reason: 'fax' });
    await fax.until('CALL_CLOSED', { sinceMs: 0, timeoutMs: PATIENCE.timeout });
    expect(real.calls.active()).toHaveLength(1);
  }, 120_000);

  it('ends a caller who never stops at the limit, after the assistant was told to come to an end', async () => {
    const clock = createVirtualClock();
    const real = await open({ clock });
    const caller = await outside({ says: hum(CALLER_HZ) });
    const { id } = await callIn(real, caller);
    await real.calls.answer(id, 'assistant');
    await clock.advance(570_000);
    expect(real.voice.hints).toEqual([{ kind: 'little-time' }]);
    await clock.advance(30_000);
    expect(real.told.at(-1)?.state).toEqual({ state: 'ended', reason: 'limit' });
    await caller.until('CALL_CLOSED', { sinceMs: 0, timeoutMs: PATIENCE.timeout });
  }, 120_000);

  it('goes on with the calls that are still there when the control was away, and ends the others', async () => {
    const real = await open();
    const [stays, goes] = await Promise.all([outside(), outside()]);
    const first = await callIn(real, stays);
    await real.calls.answer(first.id, 'assistant');
    await goes.dial(CALLER);
    const second = await real.until((call) => call.id !== first.id && isRinging(call));
    await real.calls.answer(second.id, 'assistant');
    real.cable.cut();
    await goes.hangUp();
    await real.until(({ trouble }) => trouble?.code === 'phone.control-lost');
    real.cable.mend();
    const lost = await real.until(({ state }) => state.state === 'ended');
    expect(lost).toMatchObject({ id: second.id, state: { reason: 'engine-lost' } });
    await expect.poll(() => real.calls.get(first.id).view(), PATIENCE).toMatchObject({ state: { by: 'assistant' }, trouble: null });
    await real.calls.get(first.id).hold(true);
    await real.calls.get(first.id).end('hung-up-here');
    await stays.until('CALL_CLOSED', { sinceMs: 0, timeoutMs: PATIENCE.timeout });
  }, 120_000);

  it('shows a caller’s name as plain words, whatever is put into it', async () => {
    const real = await open();
    const name = '<img src=x onerror=alert(1)>Eve\u202Egpj {x}\u0007';
    const caller = await startSipp({
      scenario: 'ring-and-cancel',
      target: rig.wishes.sipPort,
      number: CALLER,
      caller: { number: CALLER, name },
    });
    onTestFinished(() => caller.dispose());
    const { party } = await real.until(isRinging).catch(async () => expect.fail((await caller.done).output));
    expect(party).toMatchObject({ number: CALLER, name: 'Eve gpj x' });
    await real.until(({ state }) => state.state === 'ended');
  }, 120_000);

  it('says to the phone that has dialled why a number cannot be had, and lets the assistant dial no emergency number', async () => {
    const real = await open({ mobiles: [mobile] });
    const pocket = await own(mobile);
    for (const [number, reason] of [
      [PROVIDER_NUMBERS.forbidden, 'rejected'],
      [PROVIDER_NUMBERS.unknown, 'unknown-number'],
      [PROVIDER_NUMBERS.busy, 'busy'],
    ] as const) {
      const sinceMs = performance.now();
      await pocket.dial(number);
      const { state } = await real.until((call) => call.party.number === number && call.state.state === 'ended');
      expect(state).toEqual({ state: 'ended', reason });
      await pocket.until('CALL_CLOSED', { sinceMs, timeoutMs: PATIENCE.timeout });
    }
    expect(() => real.calls.dial({ number: '112', by: 'assistant', purpose: 'x' })).toThrow(
      expect.objectContaining({ code: 'phone.emergency-refused' }),
    );
  }, 120_000);

  it('ends a call that rings, one that talks and one that is being dialled when everything is stopped: here at once, then at the telephones', async () => {
    // One that rings along would take the first call before it is answered here.
    const real = await open({ mobiles: [{ ...mobile, rings: false }] });
    const [pocket, talks, rings] = await Promise.all([own(mobile), outside(), outside()]);
    const first = await callIn(real, talks);
    await real.calls.answer(first.id, 'assistant');
    await rings.dial(CALLER);
    await real.until((call) => call.id !== first.id && isRinging(call));
    await pocket.dial(PROVIDER_NUMBERS.ringsForEver);
    await real.until(({ state }) => state.state === 'dialing' && state.ringing);
    const sinceMs = performance.now();
    real.gate.shut('call');
    const stopping = real.calls.stopAll();
    expect(real.calls.active()).toEqual([]);
    expect(real.told.slice(-3).map(({ state }) => state)).toEqual(Array.from({ length: 3 }, () => ({ state: 'ended', reason: 'stopped' })));
    expect((await stopping).toSorted()).toEqual(['incoming call', 'incoming call', 'outgoing call']);
    const ends = await Promise.all(
      [pocket, talks, rings].map((phone) => phone.until('CALL_CLOSED', { sinceMs, timeoutMs: PATIENCE.timeout })),
    );
    console.log(`ended at the telephones after ${ends.map(({ atMs }) => `${Math.round(atMs - sinceMs)} ms`).join(', ')}`);
    await nothingIsLeft();
  }, 120_000);

  it('tells of a provider that falls silent, and of its coming back', async () => {
    const states = { timeout: 90_000, interval: 500 };
    await expect.poll(trunkState, states).toBe('registered');
    await network.freeze(true);
    await expect.poll(trunkState, states).toBe('unreachable');
    await network.freeze(false);
    await expect.poll(trunkState, states).toBe('registered');
  }, 300_000);
});
