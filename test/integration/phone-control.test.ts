import { createServer, type Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { PhoneCall, TrunkView } from '../../src-preload/contract/index.ts';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { createAriClient } from '../../src-main/modules/telephony/ari/ari-client.ts';
import type { Calls } from '../../src-main/modules/telephony/calls/calls-service.ts';
import type { AriClient, AriEvent } from '../../src-main/modules/telephony/telephony.ts';
import { createMediaDouble, createVoiceDouble, rigTrunk } from '../doubles/calls-rig.ts';
import { openExchangeRig, type ExchangeRig } from '../doubles/exchange-rig.ts';
import { createPlainCalls } from '../doubles/plain-calls.ts';
import { noAsterisk, titled } from '../doubles/sandbox-rig.ts';

/*
 * Control and calls on a real Asterisk in a real container, configured by the product itself: what the doubled server of the unit tests promises.
 */

/** The trunk leads to this very Asterisk: what goes out comes in again. */
const loopTrunk = { ...rigTrunk, id: 'loop', host: '127.0.0.1', registers: false, status: 'unknown', callerId: '' } satisfies TrunkView;
let rig: ExchangeRig;

beforeAll(async () => {
  if (noAsterisk !== undefined) return;
  rig = await openExchangeRig();
  rig.wishes.trunks = [{ ...loopTrunk, port: rig.wishes.sipPort, password: '' }];
  await rig.exchange.setUp();
}, 900_000);
afterAll(() => rig?.close());

function access(): { http: string; user: string; password: string } {
  const state = rig.exchange.state();
  if (state.state !== 'ready') throw new Error(`the exchange is ${state.state}`);
  return { http: state.addresses.http, user: state.addresses.ariUser, password: state.addresses.ariPassword };
}

async function connect(): Promise<{ ari: AriClient; events: AriEvent[]; id: (name: string) => string }> {
  const ari = createAriClient({ access: access(), subscriptions: () => ['endpoint:PJSIP/1000'], clock: systemClock, log: silentLog });
  const events: AriEvent[] = [];
  ari.onEvent((event) => void events.push(event));
  onTestFinished(() => void ari.dispose());
  await expect.poll(() => ari.state(), { timeout: 10_000 }).toBe('connected');
  const test = randomUUID().slice(0, 8);
  return { ari, events, id: (name) => `oc.test-${test}.${name}` };
}

/** An AudioSocket server that sends silence and counts what comes. */
async function soundServer(): Promise<{ host: string; bytes: () => number }> {
  let received = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (data) => void (received += data.length));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return { host: `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, bytes: () => received };
}

const startOf = (events: readonly AriEvent[], channelId: string): boolean =>
  events.some((event) => event.type === 'StasisStart' && event.channel.id === channelId);

describe.skipIf(noAsterisk !== undefined)(titled('the control client on a real Asterisk', noAsterisk), () => {
  it('brings a channel up, mutes and holds it, sends digits, and hangs it up', async () => {
    const { ari, events, id } = await connect();
    const channelId = id('far.1');
    await ari.originate({
      channelId,
      endpoint: 'Local/600@from-internal',
      args: ['leg', 'ü x'],
      callerId: '"Ä, B" <+4930>',
      timeoutSeconds: 10,
      variables: { OPENCLAW_X: 'a=b,c' },
    });
    await expect.poll(() => startOf(events, channelId), { timeout: 5_000 }).toBe(true);
    const started = events.find((event) => event.type === 'StasisStart' && event.channel.id === channelId);
    expect(started).toMatchObject({ args: ['leg', 'ü x'] });
    expect(await ari.variable(channelId, 'OPENCLAW_X')).toBe('a=b,c');
    for (const on of [true, false]) {
      await ari.mute(channelId, 'in', on);
      await ari.hold(channelId, on);
      await ari.ring(channelId, on);
    }
    await ari.sendDigits(channelId, '12w#');
    expect((await ari.channels()).some((channel) => channel.id === channelId)).toBe(true);
    await ari.hangUp(channelId);
    await expect
      .poll(() => events.some((event) => event.type === 'ChannelDestroyed' && event.channel.id === channelId), { timeout: 5_000 })
      .toBe(true);
    await ari.hangUp(channelId);
  });

  it('carries sound from a bridge to a leg of the media worker, and records the bridge', async () => {
    const { ari, events, id } = await connect();
    const { host, bytes } = await soundServer();
    const [bridge, far, media] = [id('bridge'), id('far.1'), id('media.1')];
    await ari.createBridge(bridge);
    onTestFinished(async () => {
      for (const channelId of [far, media]) await ari.hangUp(channelId);
      await ari.destroyBridge(bridge);
    });
    await ari.originate({ channelId: far, endpoint: 'Local/600@from-internal', args: ['leg'] });
    await ari.externalMedia({ channelId: media, transport: 'audiosocket', host, legId: randomUUID(), format: 'slin16' });
    await expect.poll(() => startOf(events, far) && startOf(events, media), { timeout: 5_000 }).toBe(true);
    await ari.addToBridge(bridge, far);
    await ari.addToBridge(bridge, media);
    expect((await ari.bridges()).find((each) => each.id === bridge)?.channels.toSorted()).toEqual([far, media].toSorted());
    const name = `oc-${id('r').replaceAll('.', '-')}`;
    await ari.startRecording(bridge, name);
    await expect.poll(ari.storedRecordings, { timeout: 5_000 }).toContain(name);
    expect(await ari.isRecording(name)).toBe(true);
    await ari.removeFromBridge(bridge, far);
    await ari.addToBridge(bridge, far);
    expect(bytes()).toBeGreaterThanOrEqual(0);
    await ari.stopRecording(name);
    await expect
      .poll(() => events.some((event) => event.type === 'RecordingFinished' && event.recordingName === name), { timeout: 5_000 })
      .toBe(true);
    expect([await ari.isRecording(name), await ari.storedRecordings()]).toEqual([false, expect.arrayContaining([name])]);
    const sound = await ari.fetchRecording(name);
    expect(Buffer.from(sound.subarray(0, 4)).toString()).toBe('RIFF');
    await ari.removeRecording(name);
    expect(await ari.storedRecordings()).not.toContain(name);
  });

  it('tells what Asterisk refuses', async () => {
    const { ari, id } = await connect();
    await expect(ari.originate({ channelId: id('x'), endpoint: 'PJSIP/nobody-there', args: [] })).rejects.toMatchObject({
      code: 'phone.refused',
    });
    await expect(
      ari.externalMedia({ channelId: id('m'), transport: 'audiosocket', host: '127.0.0.1:1', legId: randomUUID(), format: 'slin16' }),
    ).rejects.toMatchObject({ code: 'phone.refused' });
    await expect(ari.answer(id('gone'))).rejects.toMatchObject({ code: 'phone.refused', details: { status: 404 } });
    expect((await ari.endpoints()).some(({ endpoint }) => endpoint === 'PJSIP/1000')).toBe(true);
  });
});

/** The calls with real control and real sound legs; only the conversation is doubled. */
async function callsOn(
  ari: AriClient,
  trunks: TrunkView[] = [],
): Promise<{ calls: Calls; told: PhoneCall[]; bytes: () => number; voice: ReturnType<typeof createVoiceDouble> }> {
  const { host, bytes } = await soundServer();
  const media = createMediaDouble();
  const voice = createVoiceDouble();
  const told: PhoneCall[] = [];
  const calls = createPlainCalls({
    media: { ...media, open: () => Promise.resolve({ transport: 'audiosocket', host, format: 'slin16' }) },
    voice,
    settings: { ringMs: () => 5_000, maxMs: () => 60_000 },
    lines: { trunks: () => trunks },
  });
  calls.onCall((call) => void told.push(call));
  calls.attach(ari);
  onTestFinished(() => calls.dispose());
  return { calls, told, bytes, voice };
}

/** Somebody calls an extension of the exchange and plays a tone. */
async function callIn(extension: string): Promise<void> {
  const query = new URLSearchParams({
    endpoint: `Local/${extension}@from-internal`,
    context: 'test',
    extension: 'tone',
    priority: '1',
    callerId: '"Eve <b>" <030111>',
  });
  const { http, user, password } = access();
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const answer = await fetch(`${http}/ari/channels?${query}`, { method: 'POST', headers: { authorization } });
  expect(answer.status).toBe(200);
}

async function ownChannels(ari: AriClient): Promise<string[]> {
  return (await ari.channels()).filter(({ id, name }) => id.startsWith('oc.call') || name.startsWith('Local/10')).map(({ name }) => name);
}

describe.skipIf(noAsterisk !== undefined)(titled('calls on a real Asterisk', noAsterisk), () => {
  it('lets the assistant answer at once at extension 100, with sound, hold, recording and an end that leaves nothing', async () => {
    const { ari } = await connect();
    const { calls, told, bytes, voice } = await callsOn(ari);
    await callIn('100');
    await expect.poll(() => told.at(-1)?.state.state, { timeout: 5_000 }).toBe('talking');
    await expect.poll(bytes, { timeout: 5_000 }).toBeGreaterThan(20_000);
    const callId = told.at(-1)?.id ?? '';
    expect(voice.begun).toMatchObject([{ callId, role: { by: 'assistant' } }]);
    const live = calls.get(callId);
    await live.hold(true);
    await live.hold(false);
    await live.record(true);
    expect(live.view().state).toMatchObject({ by: 'assistant', held: false, recording: true });
    await expect(calls.takeOver(callId)).rejects.toMatchObject({ code: expect.stringMatching(/^phone\.no-s/) });
    expect(live.view().state).toMatchObject({ by: 'assistant' });
    await live.end('hung-up-here');
    expect(told.at(-1)?.state).toEqual({ state: 'ended', reason: 'hung-up-here' });
    await expect.poll(() => ownChannels(ari), { timeout: 5_000 }).toEqual([]);
    // Asterisk takes one away a moment after its last channel.
    await expect.poll(async () => (await ari.bridges()).some(({ id }) => id.includes(callId)), { timeout: 5_000 }).toBe(false);
  });

  it('rings at extension 1000, is refused, rings again and is stopped with everything else', async () => {
    const { ari } = await connect();
    const { calls, told } = await callsOn(ari);
    await callIn('1000');
    await expect.poll(() => told.at(-1)?.state.state, { timeout: 5_000 }).toBe('ringing');
    await calls.reject(told.at(-1)?.id ?? '', 'busy');
    expect(told.at(-1)?.state).toEqual({ state: 'ended', reason: 'rejected' });
    await Promise.all([callIn('1000'), callIn('100')]);
    await expect
      .poll(
        () =>
          calls
            .active()
            .map(({ state }) => state.state)
            .toSorted(),
        { timeout: 5_000 },
      )
      .toEqual(['ringing', 'talking']);
    expect(await calls.stopAll()).toHaveLength(2);
    await expect.poll(() => ownChannels(ari), { timeout: 5_000 }).toEqual([]);
    expect(calls.active()).toEqual([]);
  });

  it('places a call over a trunk that comes in again, talks, and hears why it came to nothing when it is refused', async () => {
    const { ari } = await connect();
    const { calls, told } = await callsOn(ari, [loopTrunk]);
    const out = calls.dial({ number: '030 555666', by: 'assistant', purpose: 'a test' });
    const incoming = (): PhoneCall | undefined => told.findLast(({ direction, state }) => direction === 'in' && state.state === 'ringing');
    await expect.poll(incoming, { timeout: 5_000 }).toBeDefined();
    await expect.poll(() => calls.get(out.id).view().state, { timeout: 5_000 }).toEqual({ state: 'dialing', ringing: true });
    await calls.answer(incoming()?.id ?? '', 'assistant');
    await expect.poll(() => calls.get(out.id).view().state.state, { timeout: 5_000 }).toBe('talking');
    await calls.get(out.id).end('hung-up-here');
    await expect.poll(() => calls.active(), { timeout: 5_000 }).toEqual([]);
    const ends = told
      .filter(({ state }) => state.state === 'ended')
      .map(({ direction, state }) => [direction, state.state === 'ended' && state.reason]);
    expect(ends.toSorted()).toEqual([
      ['in', 'hung-up-there'],
      ['out', 'hung-up-here'],
    ]);

    const second = calls.dial({ number: '030 555667', by: 'assistant', purpose: 'a test' });
    await expect.poll(() => calls.active().some(({ direction }) => direction === 'in'), { timeout: 5_000 }).toBe(true);
    await calls.reject(incoming()?.id ?? '', 'busy');
    await expect
      .poll(() => told.find(({ id, state }) => id === second.id && state.state === 'ended')?.state, { timeout: 5_000 })
      .toEqual({ state: 'ended', reason: 'busy' });
    await expect.poll(() => ownChannels(ari), { timeout: 5_000 }).toEqual([]);
  });
});
