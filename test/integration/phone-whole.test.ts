import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Caller } from '../../src-main/platform/contract-host/index.ts';
import type { PhoneCall } from '../../src-preload/contract/index.ts';
import { noBaresip, PHONE_RATE_HZ, startBaresip, type Baresip } from '../doubles/baresip.ts';
import { openTrunk } from '../doubles/open-trunk.ts';
import { startOwnersMobile } from '../doubles/phone-mobile.ts';
import { startPhoneServer, type PhoneServer } from '../doubles/phone-server.ts';
import { noAsterisk, titled } from '../doubles/sandbox-rig.ts';
import { noSipp, startSipp, type SippOptions } from '../doubles/sipp.ts';
import { tone } from '../doubles/tones.ts';
import { sendTorture } from '../doubles/torture-messages.ts';

/*
 * The telephone as compose joins it, with a real exchange: set-up, programs that call, and what comes from outside or goes wrong. Nobody speaks: see
 * test/models/phone-call.test.ts for that.
 */

const missing = noAsterisk ?? noSipp ?? noBaresip;
const PROGRAM: Caller = { door: 'browser', clientId: 'program', isProgram: true };
const PATIENCE = { timeout: 45_000, interval: 50 };
const CALLER = '+4930901820';
/** A line without any sound would be found to be one. */
const hum = { samples: tone(440, 60_000, PHONE_RATE_HZ, -20), sampleRateHz: PHONE_RATE_HZ };

const isStopped = (state: PhoneCall['state']): boolean => state.state === 'ended' && state.reason === 'stopped';

const scenario = async (options: SippOptions) => {
  const sipp = await startSipp({ timeoutMs: 60_000, ...options });
  onTestFinished(() => sipp.dispose());
  return sipp;
};

describe.skipIf(missing !== undefined)(titled('the whole telephone', missing), () => {
  let core: PhoneServer;
  beforeAll(async () => {
    core = await startPhoneServer();
    await core.set('phone.whenNobodyAnswers', 'nothing');
  }, 900_000);
  afterAll(() => core?.close(), 60_000);

  const active = (): Promise<PhoneCall[]> => core.call('phone.active', {});
  /** Somebody in the network with a telephone that hums. */
  const caller = async (): Promise<Baresip> => {
    const far = await startBaresip({ server: { port: core.sipPort, user: CALLER, password: '', registers: false }, says: hum });
    onTestFinished(() => far.dispose());
    await openTrunk(core, far.sipPort);
    return far;
  };
  const rings = async (): Promise<PhoneCall> => {
    const sinceMs = performance.now();
    const ringer = await scenario({
      scenario: 'ring-and-cancel',
      target: core.sipPort,
      number: CALLER,
      caller: { number: CALLER, name: 'Anna' },
    });
    const { call } = await core.untilCall(({ state }) => state.state === 'ringing', { sinceMs, timeoutMs: PATIENCE.timeout });
    onTestFinished(() => ringer.dispose());
    return call;
  };

  it('is set up with a test call at the end, through which sound has arrived', async () => {
    const steps = async () => (await core.call('phone.status', {})).steps.map(({ id, status, error }) => [id, status, error]);
    await expect
      .poll(steps, PATIENCE)
      .toEqual(['docker', 'image', 'configuration', 'container', 'control', 'test-call'].map((id) => [id, 'done', null]));
    expect(await active()).toEqual([]);
    expect(await core.call('phone.log', { limit: 5 })).toEqual([]);
  });

  it('lets a program call when a person has said yes to this very call, and not otherwise', async () => {
    const wish = { number: '030555666', by: 'assistant', purpose: 'a table for two' } as const;
    await expect(core.call('phone.dial', wish, PROGRAM)).rejects.toMatchObject({ code: 'phone.no-way-out' });
    const called = await scenario({ scenario: 'busy' });
    await openTrunk(core, called.port);
    const ask = async () => {
      let outcome: unknown = 'it waits';
      const calling = core
        .call('phone.dial', wish, PROGRAM)
        .then(
          (call) => ({ call }),
          (error: unknown) => ({ error }),
        )
        .then((ended) => (outcome = ended));
      await expect.poll(async () => [outcome, (await core.call('tools.approvals', {}, PROGRAM)).length], PATIENCE).toEqual(['it waits', 1]);
      const [approval] = await core.call('tools.approvals', {}, PROGRAM);
      expect(approval).toMatchObject({ tool: 'phone_permission', asker: { channel: 'api' }, canRemember: false });
      expect(approval?.plan.details).toContainEqual({ name: 'number', text: '+4930555666' });
      return { calling, approvalId: approval?.id ?? '' };
    };
    const first = await ask();
    const own = { approvalId: first.approvalId, answer: 'once' } as const;
    await expect(core.call('tools.answer', own, PROGRAM)).rejects.toMatchObject({ code: 'approval.person-only' });
    // Nor may it take the question away.
    const loosened = core.call('tools.setPolicy', { tool: 'phone_permission', policy: 'allow' }, PROGRAM);
    await expect(loosened).rejects.toMatchObject({ code: 'request.person-only' });
    await core.call('tools.answer', { ...own, answer: 'no' });
    expect(await first.calling).toMatchObject({ error: { code: 'approval.refused' } });
    expect(await active()).toEqual([]);

    const second = await ask();
    const sinceMs = performance.now();
    await core.call('tools.answer', { approvalId: second.approvalId, answer: 'once' });
    expect(await second.calling).toMatchObject({ call: { direction: 'out', party: { number: '+4930555666' }, purpose: wish.purpose } });
    const { call } = await core.untilCall(({ state }) => state.state === 'ended', { sinceMs, timeoutMs: PATIENCE.timeout });
    expect(call.state).toEqual({ state: 'ended', reason: 'busy' });
    expect(await called.done).toMatchObject({ successful: 1, failed: 0 });
  });

  it('lives through torture from its trunk, and rings for the next caller', async () => {
    await openTrunk(core, 9);
    // What comes from there counts as a call: refused, so that none of them rings on for minutes.
    await core.call('phone.setQuiet', { untilMs: Date.now() + 3_600_000 });
    expect(await sendTorture(core.sipPort, CALLER)).toBeGreaterThan(30);
    await core.call('phone.setQuiet', { untilMs: null });
    await expect.poll(active, PATIENCE).toEqual([]);
    expect(await rings()).toMatchObject({ direction: 'in', party: { number: CALLER }, way: 'box' });
    expect(await core.call('phone.status', {})).toMatchObject({ state: 'ready', error: null });
    await expect.poll(active, PATIENCE).toEqual([]);
  });

  it('is hung up at both ends by the off-switch, whether it rings, dials or is talked, and calls again when that is lifted', async () => {
    const far = await caller();
    const stop = async (): Promise<void> => {
      const sinceMs = performance.now();
      await core.call('killswitch.engage', { level: 3 });
      await far.until('CALL_CLOSED', { sinceMs, timeoutMs: PATIENCE.timeout });
      await expect.poll(active, PATIENCE).toEqual([]);
      await expect(core.call('phone.dial', { number: CALLER, by: 'assistant' })).rejects.toMatchObject({ code: 'killswitch.engaged' });
      const { token } = await core.call('killswitch.prepareLift', {});
      await core.call('killswitch.lift', { token, phrase: 'start again' });
    };
    const becomes = (fits: (state: PhoneCall['state']) => boolean, sinceMs: number) =>
      core.untilCall(({ state }) => fits(state), { sinceMs, timeoutMs: PATIENCE.timeout });

    let sinceMs = performance.now();
    await far.dial(CALLER);
    await becomes(({ state }) => state === 'ringing', sinceMs);
    await stop();
    await becomes(isStopped, sinceMs);

    sinceMs = performance.now();
    await core.call('phone.dial', { number: CALLER, by: 'assistant' });
    await becomes((state) => state.state === 'dialing' && state.ringing, sinceMs);
    await stop();
    await becomes(isStopped, sinceMs);

    const mobile = await startOwnersMobile(core, hum);
    sinceMs = performance.now();
    await far.dial(CALLER);
    await becomes(({ state }) => state === 'talking', sinceMs);
    await stop();
    await becomes(isStopped, sinceMs);
    await mobile.phone.until('CALL_CLOSED', { sinceMs, timeoutMs: PATIENCE.timeout });
    await mobile.dispose();
  });

  it('says so when Asterisk dies in the middle of a talk, keeps the call with what is known of it, and is back by itself', async () => {
    // Given back without a goodbye, and its number given to the next.
    await (await startOwnersMobile(core)).dispose();
    const mobile = await startOwnersMobile(core, hum);
    onTestFinished(() => mobile.dispose());
    const far = await caller();
    const dialledMs = performance.now();
    await far.dial(CALLER);
    const talking = await core.untilCall(({ state }) => state.state === 'talking', { sinceMs: dialledMs, timeoutMs: PATIENCE.timeout });
    expect(talking.call.state).toMatchObject({ by: 'mobile' });
    const { id } = talking.call;
    for (const end of [far, mobile.phone]) await end.hearsSound(PATIENCE.timeout);

    const sinceMs = await core.killExchange();
    const lost = await core.untilCall((call) => call.id === id && call.state.state === 'ended', { sinceMs, timeoutMs: PATIENCE.timeout });
    expect(lost.call.state).toEqual({ state: 'ended', reason: 'engine-lost' });
    await expect.poll(() => core.told('app.notice').map(({ payload }) => payload.code), PATIENCE).toContain('phone.engine-lost');
    await expect.poll(async () => (await core.call('phone.status', {})).state, PATIENCE).toBe('ready');
    const entry = async () => (await core.call('phone.log', { limit: 9 })).find(({ call }) => call.id === id);
    await expect.poll(entry, PATIENCE).toMatchObject({
      answeredBy: 'mobile',
      durationMs: expect.any(Number) as number,
      call: { state: lost.call.state, party: { number: CALLER }, answeredAtMs: talking.call.answeredAtMs },
    });
    expect((await entry())?.durationMs).toBeGreaterThan(0);
    await far.hangUp().catch(() => undefined);
    expect((await rings()).id).not.toBe(id);
    // It can be read afterwards what has happened, until the owner has.
    const notices = async () => (await core.call('app.snapshot', {})).notices.filter(({ code }) => code.endsWith('-lost'));
    await expect.poll(notices, PATIENCE).toMatchObject([{ code: 'phone.engine-lost' }]);
    for (const { id: noticeId } of await notices()) await core.call('app.dismissNotice', { noticeId });
    expect(await notices()).toEqual([]);
  });
});
