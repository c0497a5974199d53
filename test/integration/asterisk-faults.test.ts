import { once } from 'node:events';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { createAriClient } from '../../src-main/modules/telephony/ari/ari-client.ts';
import { createAudioSocketParser } from '../../src-main/modules/telephony/media/audiosocket-messages.ts';
import type { AriClient, AriEvent } from '../../src-main/modules/telephony/telephony.ts';
import { openExchangeRig, type ExchangeRig } from '../doubles/exchange-rig.ts';
import { noAsterisk, titled } from '../doubles/sandbox-rig.ts';

const PATIENCE = { timeout: 60_000, interval: 100 };
const TEST_MS = 120_000;

const pocket = { id: 'pocket', name: 'Pocket', extension: '1001', password: 'p' };
const line = {
  id: 'line',
  name: 'Line',
  preset: 'custom' as const,
  enabled: true,
  host: '127.0.0.1',
  port: 5060,
  transport: 'udp' as const,
  username: '',
  authUser: '',
  callerId: '',
  codecs: ['alaw' as const],
  registers: false,
  countryPrefix: '49',
  password: '',
};

describe.skipIf(noAsterisk !== undefined)(titled('an exchange in trouble', noAsterisk), () => {
  let rig: ExchangeRig;
  beforeAll(async () => {
    rig = await openExchangeRig();
    rig.wishes.mobiles = [pocket];
    await rig.exchange.setUp();
  }, 900_000);
  afterAll(() => rig?.close());

  const ready = () => {
    const state = rig.exchange.state();
    if (state.state !== 'ready') throw new Error(`the exchange is ${state.state}`);
    return state;
  };
  const stepsOf = (status: string) => rig.exchange.steps().filter((step) => step.status === status);
  /** States from now on. */
  const heardStates = (): string[] => {
    const heard: string[] = [];
    onTestFinished(rig.exchange.onState(({ state }) => void (heard.at(-1) !== state && heard.push(state))));
    return heard;
  };
  const isBack = async (heard: string[]): Promise<void> => {
    await expect.poll(() => heard, PATIENCE).toContain('starting');
    await expect.poll(() => rig.exchange.state().state, PATIENCE).toBe('ready');
    expect(await rig.console('pjsip list endpoints')).toContain('1001');
    expect(await rig.containers()).toHaveLength(1);
  };
  const control = async (): Promise<{ ari: AriClient; events: AriEvent[] }> => {
    const { http, ariUser: user, ariPassword: password } = ready().addresses;
    const ari = createAriClient({ access: { http, user, password }, subscriptions: () => [], clock: systemClock, log: silentLog });
    const events: AriEvent[] = [];
    ari.onEvent((event) => void events.push(event));
    onTestFinished(() => void ari.dispose());
    await expect.poll(() => ari.state(), PATIENCE).toBe('connected');
    return { ari, events };
  };

  /** Who the exchange says it is, and the first line of its answer to a stranger. */
  const phone = async (): Promise<string[]> => {
    const socket = connectTls({ port: ready().addresses.sipPort + 1, host: '127.0.0.1', rejectUnauthorized: false });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'secureConnect');
    const headers = [
      'Via: SIP/2.0/TLS 127.0.0.1:5;branch=z9hG4bK1',
      'From: <sip:x@y>;tag=1',
      'To: <sip:x@y>',
      'Call-ID: 1',
      'CSeq: 1 OPTIONS',
    ];
    socket.write(['OPTIONS sip:x@127.0.0.1 SIP/2.0', ...headers, 'Content-Length: 0', '', ''].join('\r\n'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return [String(socket.getPeerCertificate().subject.CN), String(answer).slice(0, 11)];
  };

  it(
    'is started anew when Asterisk is there and does not answer any more',
    async () => {
      const heard = heardStates();
      const [name = ''] = await rig.containers();
      // The hardest of its kind: what is frozen does not even die of a signal.
      await rig.docker.getContainer(name).pause();
      await isBack(heard);
      expect(await rig.containers()).not.toContain(name);
      expect(rig.log.lines).toContainEqual(expect.objectContaining({ message: 'phone.exchange-silent' }));
    },
    TEST_MS,
  );

  it(
    'cuts no call for a change that needs a new start: it says that it waits, and loses neither it nor a later one',
    async () => {
      const { ari, events } = await control();
      const { sipPort } = rig.wishes;
      const channelId = 'oc.test-waits.far';
      await ari.originate({ channelId, endpoint: 'Local/600@from-internal', args: ['test'] });
      await expect.poll(() => events.some(({ type }) => type === 'StasisStart'), PATIENCE).toBe(true);
      const before = await rig.containers();
      rig.wishes.sipPort = sipPort + 2;
      await rig.exchange.apply();
      expect(ready()).toMatchObject({ addresses: { sipPort }, trouble: { code: 'phone.restart-waits' } });
      rig.wishes.mobiles = [pocket, { ...pocket, id: 'second', extension: '1002' }];
      await rig.exchange.apply();
      expect((await ari.channels()).map(({ id }) => id)).toContain(channelId);
      expect(ready().trouble?.code).toBe('phone.restart-waits');
      expect(await rig.containers()).toEqual(before);
      await ari.hangUp(channelId);
      await expect.poll(() => rig.exchange.state(), PATIENCE).toMatchObject({ state: 'ready', addresses: { sipPort: sipPort + 2 } });
      expect(ready().trouble).toBeUndefined();
      expect(await rig.console('pjsip list endpoints')).toContain('1002');
      expect(await rig.containers()).not.toEqual(before);
    },
    TEST_MS,
  );

  it(
    'goes on as before when its new port is taken by the time that the call is over',
    async () => {
      const { ari, events } = await control();
      const { sipPort } = rig.wishes;
      await ari.originate({ channelId: 'oc.test-taken.far', endpoint: 'Local/600@from-internal', args: ['test'] });
      await expect.poll(() => events.some(({ type }) => type === 'StasisStart'), PATIENCE).toBe(true);
      rig.wishes.sipPort = sipPort + 2;
      await rig.exchange.apply();
      const other = createServer().listen(sipPort + 2, '127.0.0.1');
      await once(other, 'listening');
      onTestFinished(() => void other.close());
      const heard = heardStates();
      await ari.hangUp('oc.test-taken.far');
      await isBack(heard);
      expect(ready()).toMatchObject({ addresses: { sipPort }, trouble: { code: 'phone.port-taken', details: { port: sipPort + 2 } } });
      rig.wishes.sipPort = sipPort;
      await rig.exchange.apply();
      expect(ready().trouble).toBeUndefined();
    },
    TEST_MS,
  );

  it(
    'starts with what was good last when Asterisk does not take what is wished, damaged files or not, and says why',
    async () => {
      const folder = join(rig.folder, 'phone');
      await writeFile(join(rig.configuration, 'pjsip.conf'), '[global');
      await rm(join(rig.configuration, 'extensions.conf'));
      await writeFile(join(folder, 'image.json'), '{');
      await rig.exchange.stop();
      await writeFile(join(folder, 'state', 'astdb.sqlite3'), 'no database');
      // No Asterisk of ours has a driver for it.
      rig.wishes.dongle = { device: '/dev/ttyUSB7' };
      await rig.exchange.setUp();
      expect(ready().trouble).toMatchObject({ code: 'phone.no-dongle-driver' });
      expect(stepsOf('failed')).toMatchObject([{ id: 'configuration', error: { code: 'phone.no-dongle-driver' } }]);
      expect(stepsOf('done').map(({ id }) => id)).toEqual(['docker', 'image', 'container', 'control']);
      expect(await rig.console('pjsip list endpoints')).toContain('1001');
      const before = await rig.containers();
      await expect(rig.exchange.apply()).rejects.toMatchObject({ code: 'phone.no-dongle-driver' });
      rig.wishes.dongle = null;
      await rig.exchange.apply();
      expect(ready().trouble).toBeUndefined();
      expect(stepsOf('failed')).toEqual([]);
      expect(await rig.containers()).toEqual(before);
    },
    TEST_MS,
  );

  it(
    'does not start with what was never good',
    async () => {
      const fresh = await openExchangeRig({ wishes: { dongle: { device: '/dev/ttyUSB7' } } });
      onTestFinished(() => fresh.close());
      await expect(fresh.exchange.setUp()).rejects.toMatchObject({ code: 'phone.no-dongle-driver' });
      expect(fresh.exchange.state()).toMatchObject({ state: 'broken', error: { code: 'phone.no-dongle-driver' } });
      expect(await fresh.containers()).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'plays music of its own to whoever is on hold',
    async () => {
      const heard: Float32Array[] = [];
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        const parser = createAudioSocketParser();
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('data', (bytes) => {
          for (const message of parser.push(bytes)) if (message.type === 'sound') heard.push(message.samples);
        });
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      onTestFinished(() => {
        for (const socket of sockets) socket.destroy();
        server.close();
      });
      const address = server.address();
      const { ari, events } = await control();
      rig.wishes.trunks = [{ ...line, port: rig.wishes.sipPort }];
      await rig.exchange.apply();
      // Our call out comes in again by the same trunk: what its far end hears is heard by the socket.
      const far = 'oc.test-hold.far';
      await ari.originate({ channelId: far, endpoint: 'PJSIP/100@trunk-line', args: ['far'] });
      const arrived = () => events.find((event) => event.type === 'StasisStart' && event.args[0] === 'external');
      await expect.poll(arrived, PATIENCE).toBeDefined();
      const arrival = arrived();
      const here = arrival?.type === 'StasisStart' ? arrival.channel.id : '';
      await ari.answer(here);
      await ari.externalMedia({
        channelId: 'oc.test-hold.ear',
        transport: 'audiosocket',
        host: `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
        legId: '4d6c1a5e-0000-4000-8000-000000000001',
        format: 'slin16',
      });
      // As in a call of ours: the far end stays in the bridge of the call.
      for (const bridgeId of ['oc.test-hold', 'oc.test-hold-far']) await ari.createBridge(bridgeId);
      for (const channelId of [here, 'oc.test-hold.ear']) await ari.addToBridge('oc.test-hold', channelId);
      await ari.addToBridge('oc.test-hold-far', far);
      const loudest = () =>
        heard.splice(0).reduce((most, samples) => samples.reduce((top, each) => Math.max(top, Math.abs(each)), most), 0);
      expect(loudest()).toBeLessThan(0.01);
      await ari.hold(far, true);
      await expect.poll(loudest, PATIENCE).toBeGreaterThan(0.05);
      await ari.hold(far, false);
      await expect.poll(loudest, PATIENCE).toBeLessThan(0.01);
      await Promise.all([far, here, 'oc.test-hold.ear'].map((channelId) => ari.hangUp(channelId)));
      for (const bridgeId of ['oc.test-hold', 'oc.test-hold-far']) await ari.destroyBridge(bridgeId);
      rig.wishes.trunks = [];
      await rig.exchange.apply();
    },
    TEST_MS,
  );

  it(
    'lets phones of the network in by TLS, with a certificate of its own, only where the owner wants it',
    async () => {
      await expect(phone()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      rig.wishes.reachableFrom = 'network';
      await rig.exchange.apply();
      expect(await phone()).toEqual([hostname(), 'SIP/2.0 401']);
      expect(await rig.console('pjsip list transports')).toMatch(/tls\s+tls[\s\S]*wss/);
      rig.wishes.reachableFrom = 'loopback';
      await rig.exchange.apply();
      await expect(phone()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    },
    TEST_MS,
  );

  it.skipIf(process.getuid?.() !== 0)(
    'takes up a trunk by itself whose name nobody knew when it started',
    async () => {
      rig.wishes.trunks = [{ ...line, id: 'late', host: 'late-line.test' }];
      await rig.exchange.apply();
      const known = async () => (await rig.console('pjsip list identifies')).includes('trunk-late');
      expect(await known()).toBe(false);
      const [name = ''] = await rig.containers();
      const { HostsPath } = await rig.docker.getContainer(name).inspect();
      await appendFile(HostsPath, '127.0.0.9 late-line.test\n');
      await expect.poll(known, { timeout: 90_000, interval: 1_000 }).toBe(true);
      expect(await rig.console('pjsip show identifies')).toContain('127.0.0.9');
      expect(await rig.containers()).toEqual([name]);
    },
    TEST_MS,
  );

  it(
    'starts with the image of the recipe before, changes over when no call is going on, and takes the old one away',
    async () => {
      const folder = join(rig.folder, 'phone');
      const pinFile = join(folder, 'image.json');
      const pin = JSON.parse(await readFile(pinFile, 'utf8')) as { imageId: string };
      // The same with another label is what another recipe would have made.
      const parts = { container: (await rig.containers())[0] ?? '', repo: 'openclaw-asterisk-test', tag: `test-${process.pid}` };
      const recipe = 'e'.repeat(64);
      const changes = `LABEL openclaw.recipe=${recipe}`;
      const { Id: oldId } = (await rig.docker.getContainer(parts.container).commit({ ...parts, changes })) as { Id: string };
      onTestFinished(
        () =>
          void rig.docker
            .getImage(oldId)
            .remove({ force: true })
            .catch(() => undefined),
      );
      await rig.exchange.stop();
      await writeFile(pinFile, JSON.stringify({ ...pin, imageId: oldId, recipe }));
      const log = await readFile(rig.logFile, 'utf8');
      await writeFile(join(folder, 'spool', 'recording', 'kept.wav'), 'sound');
      const images: string[] = [];
      onTestFinished(
        rig.exchange.onState(({ state }) => {
          if (state === 'ready') void imageOf().then((id) => images.push(id));
        }),
      );
      const imageOf = async (): Promise<string> => {
        const [name = ''] = await rig.containers();
        return name === '' ? '' : (await rig.docker.getContainer(name).inspect()).Image;
      };
      await rig.exchange.setUp();
      await expect.poll(imageOf, PATIENCE).toBe(pin.imageId);
      await expect.poll(() => rig.exchange.state().state, PATIENCE).toBe('ready');
      expect(images[0]).toBe(oldId);
      await expect
        .poll(
          () =>
            rig.docker
              .getImage(oldId)
              .inspect()
              .then(
                () => true,
                () => false,
              ),
          PATIENCE,
        )
        .toBe(false);
      expect(await rig.docker.getImage(pin.imageId).inspect()).toMatchObject({ Id: pin.imageId });
      expect((await readFile(rig.logFile, 'utf8')).startsWith(log)).toBe(true);
      expect(await readFile(join(folder, 'spool', 'recording', 'kept.wav'), 'utf8')).toBe('sound');
      expect(ready().trouble).toBeUndefined();
    },
    TEST_MS,
  );
});
