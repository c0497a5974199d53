import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { EXCHANGE_LABEL } from '../../src-main/modules/telephony/asterisk/container-spec.ts';
import { readEnvironment } from '../../src-main/platform/config/index.ts';
import type { Caller } from '../../src-main/platform/contract-host/index.ts';
import type { PhoneCall } from '../../src-preload/contract/index.ts';
import { startPhoneServer, type PhoneServer } from '../doubles/phone-server.ts';
import { noAsterisk, titled } from '../doubles/sandbox-rig.ts';
import { noSipp, startSipp, type SippOptions } from '../doubles/sipp.ts';
import { sendTorture } from '../doubles/torture-messages.ts';

/*
 * The telephone as compose joins it, with a real exchange: set-up, programs that call, and what comes from outside or goes wrong. Nobody speaks: see
 * test/models/phone-call.test.ts for that.
 */

const missing = noAsterisk ?? noSipp;
const PROGRAM: Caller = { door: 'browser', clientId: 'program', isProgram: true };
const PATIENCE = { timeout: 45_000, interval: 50 };
const CALLER = '+4930901820';

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
  /** A trunk that knows its provider by this address. */
  let trunkId: string | undefined;
  const trunkTo = async (port: number): Promise<void> => {
    const saved = await core.call('phone.saveTrunk', {
      ...(trunkId === undefined ? {} : { id: trunkId }),
      name: 'Box',
      preset: 'custom',
      enabled: true,
      host: '127.0.0.1',
      port,
      transport: 'udp',
      username: '',
      authUser: '',
      callerId: '',
      codecs: ['alaw'],
      registers: false,
      countryPrefix: '49',
    });
    trunkId = saved.id;
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
    await trunkTo(called.port);
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
    await trunkTo(9);
    // What comes from there counts as a call: refused, so that none of them rings on for minutes.
    await core.call('phone.setQuiet', { untilMs: Date.now() + 3_600_000 });
    expect(await sendTorture(core.sipPort, CALLER)).toBeGreaterThan(30);
    await core.call('phone.setQuiet', { untilMs: null });
    await expect.poll(active, PATIENCE).toEqual([]);
    expect(await rings()).toMatchObject({ direction: 'in', party: { number: CALLER }, way: 'box' });
    expect(await core.call('phone.status', {})).toMatchObject({ state: 'ready', error: null });
    await expect.poll(active, PATIENCE).toEqual([]);
  });

  it('says so when Asterisk dies in the middle of a call, keeps the call, and is back by itself', async () => {
    const { id } = await rings();
    const docker = new Docker({ socketPath: readEnvironment().dockerHost?.replace('unix://', '') ?? '/var/run/docker.sock' });
    const containers = await docker.listContainers({ filters: { label: [EXCHANGE_LABEL] } });
    const ours = containers.find(({ Mounts }) => Mounts.some(({ Source }) => Source.startsWith(core.dataDirectory)));
    const sinceMs = performance.now();
    await docker.getContainer(ours?.Id ?? '').kill();
    const lost = await core.untilCall((call) => call.id === id && call.state.state === 'ended', { sinceMs, timeoutMs: PATIENCE.timeout });
    expect(lost.call.state).toEqual({ state: 'ended', reason: 'engine-lost' });
    const { notices } = await core.call('app.snapshot', {});
    await expect.poll(async () => (await core.call('phone.status', {})).state, PATIENCE).toBe('ready');
    console.log(`told after ${Math.round(lost.atMs - sinceMs)} ms, back after ${Math.round(performance.now() - sinceMs)} ms`);
    expect(notices).toContainEqual(expect.objectContaining({ code: 'phone.engine-lost' }));
    await expect.poll(async () => (await core.call('phone.log', { limit: 9 })).map(({ call }) => call.id), PATIENCE).toContain(id);
    expect((await rings()).id).not.toBe(id);
  });
});
