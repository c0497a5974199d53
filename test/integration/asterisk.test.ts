import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { AppError } from '../../src-main/base/errors.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { renderConfiguration } from '../../src-main/modules/telephony/asterisk/configuration.ts';
import type { ContainerExchangeDeps } from '../../src-main/modules/telephony/asterisk/container-exchange.ts';
import { createExistingExchange } from '../../src-main/modules/telephony/asterisk/existing-exchange.ts';
import { freeTcpPort } from '../../src-main/modules/telephony/asterisk/ports.ts';
import type { Exchange, ExchangeAddresses } from '../../src-main/modules/telephony/telephony.ts';
import { openExchangeRig, type ExchangeRig } from '../doubles/exchange-rig.ts';
import { noAsterisk, titled } from '../doubles/sandbox-rig.ts';

const PATIENCE_MS = 60_000;

const addressesOf = (exchange: Exchange): ExchangeAddresses => {
  const state = exchange.state();
  if (state.state !== 'ready') throw new Error(`the exchange is ${state.state}`);
  return state.addresses;
};

/** Asks ARI as control does. */
async function ask(exchange: Exchange, path: string): Promise<unknown> {
  const { http, ariUser, ariPassword } = addressesOf(exchange);
  const authorization = `Basic ${Buffer.from(`${ariUser}:${ariPassword}`).toString('base64')}`;
  return (await fetch(`${http}/ari/${path}`, { headers: { authorization } })).json();
}
/** Endpoints by the console: ARI goes on to tell of those that were removed. */
const endpoints = async (of: ExchangeRig): Promise<string[]> =>
  [...(await of.console('pjsip list endpoints')).matchAll(/Endpoint:\s+([\w-]+)[/\s]/g)].map(([, name]) => name ?? '').toSorted();

const box = (port: number) => ({
  id: 'box',
  name: 'Box',
  preset: 'custom' as const,
  enabled: true,
  host: '127.0.0.1',
  port,
  transport: 'udp' as const,
  username: 'line1',
  authUser: '',
  callerId: '',
  codecs: ['alaw' as const],
  registers: true,
  countryPrefix: '49',
  password: 'a;b\\c "d"',
});

describe.skipIf(noAsterisk !== undefined)(titled('createContainerExchange', noAsterisk), () => {
  let rig: ExchangeRig;
  /** What is done to the files on their way, to have Asterisk judge what our own code would never write. */
  let spoil: ((text: string) => string) | undefined;
  const render: NonNullable<ContainerExchangeDeps['render']> = (settings) => {
    const files = new Map(renderConfiguration(settings));
    if (spoil) files.set('pjsip.conf', spoil(files.get('pjsip.conf') ?? ''));
    return files;
  };
  // The first time the image is built.
  beforeAll(async () => {
    rig = await openExchangeRig({ render });
    await rig.exchange.setUp();
  }, 900_000);
  afterAll(() => rig.close());

  it('comes up with every step done and not one warning in its log', async () => {
    expect(rig.exchange.steps().map(({ id, status }) => `${id} ${status}`)).toEqual(
      ['docker', 'image', 'configuration', 'container', 'control'].map((id) => `${id} done`),
    );
    expect(rig.exchange.state()).toMatchObject({ state: 'ready', version: expect.stringMatching(/^2\d\./) });
    expect(await ask(rig.exchange, 'endpoints/PJSIP/1000')).toMatchObject({ resource: '1000' });
    expect(await endpoints(rig)).toEqual(['1000']);
    const log = await readFile(rig.logFile, 'utf8');
    expect(log).toContain('modules will be loaded');
    expect(log.split('\n').filter((line) => /WARNING|ERROR/.test(line))).toEqual([]);
  });

  it('has no rights, writes nothing but its own folders, and is on the list of the watchdog', async () => {
    const [name = ''] = await rig.containers();
    const { Id, Config, HostConfig, State } = await rig.docker.getContainer(name).inspect();
    expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'], Privileged: false });
    expect(Config.User).not.toMatch(/^0:/);
    expect(State.Running).toBe(true);
    expect([...rig.watched]).toEqual([Id]);
    const status = await readFile(`/proc/${State.Pid}/status`, 'utf8');
    expect(status).toMatch(/^CapEff:\s+0+$/m);
  });

  it('keeps passwords from everybody but the owner and the log', async () => {
    const { ariPassword } = addressesOf(rig.exchange);
    expect(JSON.stringify(rig.log.lines)).not.toContain(ariPassword);
    expect(await readFile(join(rig.configuration, 'ari.conf'), 'utf8')).toContain(ariPassword);
  });

  it('takes over a trunk and a phone without a new start, and tells how the trunk is', async () => {
    const before = await rig.containers();
    rig.wishes.trunks = [box(await freeTcpPort())];
    rig.wishes.mobiles = [{ id: 'pocket', name: 'Jörg "x"; [y]', extension: '1001', password: 'p;q' }];
    await rig.exchange.apply();
    expect(await endpoints(rig)).toEqual(['1000', '1001', 'trunk-box']);
    expect(await rig.containers()).toEqual(before);
    await expect
      .poll(() => rig.exchange.registrations(), { timeout: PATIENCE_MS, interval: 1_000 })
      .toEqual(new Map([['box', 'unreachable']]));
    rig.wishes.trunks = [];
    await rig.exchange.apply();
    expect(await endpoints(rig)).toEqual(['1000', '1001']);
  }, 120_000);

  it.each([
    ['an unknown option', (text: string) => text.replace('aors = 1000\n', 'aors = 1000\nno_such_option = 1\n'), /no_such_option/],
    ['a codec that nobody has', (text: string) => text.replace('opus,ulaw', 'no-codec'), /codec|format|allow/i],
    ['a transport that cannot be', (text: string) => text.replace('protocol = udp', 'protocol = pigeon'), /transport|protocol|pigeon/i],
  ])(
    'refuses %s with the words of Asterisk, and the last good configuration stays',
    async (_what, change, words) => {
      const file = join(rig.configuration, 'pjsip.conf');
      const before = await readFile(file, 'utf8');
      spoil = change;
      onTestFinished(() => {
        spoil = undefined;
      });
      await expect(rig.exchange.apply()).rejects.toMatchObject({ code: 'phone.bad-configuration', message: expect.stringMatching(words) });
      expect(await readFile(file, 'utf8')).toBe(before);
      expect(await endpoints(rig)).toEqual(['1000', '1001']);
      expect(await rig.containers()).toHaveLength(1);
      expect(rig.watched.size).toBe(1);
    },
    120_000,
  );

  it('names the port that is taken and who has it', async () => {
    const second = await openExchangeRig({ wishes: { sipPort: rig.wishes.sipPort } });
    onTestFinished(() => second.close());
    const error = { code: 'phone.port-taken', details: { port: rig.wishes.sipPort, program: expect.stringContaining('asterisk') } };
    await expect(second.exchange.setUp()).rejects.toMatchObject(error);
    expect(second.exchange.state()).toMatchObject({ state: 'broken', error: { code: 'phone.port-taken' } });
    expect(second.exchange.steps().find(({ status }) => status === 'failed')).toMatchObject({ id: 'configuration', error });
    expect(await second.containers()).toEqual([]);
  }, 120_000);

  it('runs beside another one, which ends for itself', async () => {
    const second = await openExchangeRig();
    onTestFinished(() => second.close());
    await second.exchange.setUp();
    expect(await endpoints(second)).toEqual(['1000']);
    expect(addressesOf(second.exchange)).not.toEqual(addressesOf(rig.exchange));
    await second.exchange.stop();
    expect(second.exchange.state()).toEqual({ state: 'off' });
    expect(await second.containers()).toEqual([]);
    expect(await endpoints(rig)).toEqual(['1000', '1001']);
  }, 120_000);

  it('registers with a provider, whose call comes in under the name of the trunk', async () => {
    const provider = await openExchangeRig();
    onTestFinished(() => provider.close());
    provider.wishes.mobiles = [{ id: 'line', name: 'Line', extension: '1001', password: 'line;1' }];
    await provider.exchange.setUp();
    const trunk = { ...box(provider.wishes.sipPort), username: '1001', password: 'wrong' };
    rig.wishes.trunks = [trunk];
    await rig.exchange.apply();
    const registration = { timeout: PATIENCE_MS, interval: 1_000 };
    await expect.poll(() => rig.exchange.registrations(), registration).toEqual(new Map([['box', 'rejected']]));
    rig.wishes.trunks = [{ ...trunk, password: 'line;1' }];
    await rig.exchange.apply();
    await expect.poll(() => rig.exchange.registrations(), registration).toEqual(new Map([['box', 'registered']]));

    const { http, ariUser, ariPassword } = addressesOf(rig.exchange);
    const events = new WebSocket(`${http.replace('http', 'ws')}/ari/events?app=openclaw&api_key=${ariUser}:${ariPassword}`);
    onTestFinished(() => events.close());
    const heard: { type: string; args?: string[] }[] = [];
    events.on('message', (data) => void heard.push(JSON.parse(String(data)) as { type: string }));
    await once(events, 'open');
    await provider.console('channel originate PJSIP/1001 extension 600@from-internal');
    await expect
      .poll(() => heard.find(({ type }) => type === 'StasisStart')?.args, { timeout: PATIENCE_MS })
      .toEqual(['external', 'box', '1001']);
    rig.wishes.trunks = [];
    // The call goes on over it.
    await rig.exchange.apply();
    expect(heard.some(({ type }) => type === 'StasisEnd')).toBe(false);
  }, 240_000);

  it('is back by itself when somebody takes the container away', async () => {
    const [name = ''] = await rig.containers();
    const states: string[] = [];
    onTestFinished(rig.exchange.onState(({ state }) => void states.push(state)));
    const softphone = rig.exchange.softphone();
    await rig.docker.getContainer(name).remove({ force: true });
    await expect.poll(() => rig.exchange.state().state, { timeout: PATIENCE_MS }).toBe('starting');
    await expect.poll(() => rig.exchange.state().state, { timeout: PATIENCE_MS, interval: 50 }).toBe('ready');
    expect(await endpoints(rig)).toEqual(['1000', '1001']);
    expect(await rig.containers()).not.toContain(name);
    // A page that is registered finds everything where it was.
    expect(rig.exchange.softphone()).toEqual(softphone);
  }, 120_000);

  it('starts anew with other sockets when the port changes, and keeps its log', async () => {
    const { size } = { size: (await readFile(rig.logFile)).length };
    const [before] = await rig.containers();
    rig.wishes.sipPort += 2;
    await rig.exchange.apply();
    expect(addressesOf(rig.exchange).sipPort).toBe(rig.wishes.sipPort);
    expect(await rig.containers()).not.toContain(before);
    expect((await readFile(rig.logFile)).length).toBeGreaterThan(size);
  }, 120_000);

  it('lets an Asterisk that is there already be used, and says why not', async () => {
    const { http, ariUser, ariPassword, sipPort } = addressesOf(rig.exchange);
    const open = (door: Partial<{ url: string; password: string }>): Exchange =>
      createExistingExchange({
        clock: systemClock,
        log: silentLog,
        door: { url: http, user: ariUser, password: ariPassword, ...door },
        trunkIds: () => ['none'],
        sipPort,
        mayStart: () => undefined,
      });
    const exchange = open({ url: `${http}/ari/` });
    onTestFinished(() => exchange.dispose());
    await exchange.setUp();
    expect(exchange.state()).toMatchObject({ state: 'ready', addresses: { http } });
    expect(exchange.softphone()).toMatchObject({ url: `${http.replace('http', 'ws')}/ws`, user: '1000' });
    expect(await exchange.registrations()).toEqual(new Map([['none', 'unregistered']]));
    expect(await exchange.kill()).toEqual([]);
    await expect(open({ password: 'wrong' }).setUp()).rejects.toMatchObject({ code: 'phone.existing-refused' });
    await expect(open({ url: `http://127.0.0.1:${await freeTcpPort()}` }).setUp()).rejects.toMatchObject({
      code: 'phone.existing-unreachable',
    });
  });

  it('ends at once when it is killed, and starts nothing while the gate is shut', async () => {
    const names = await rig.containers();
    expect(await rig.exchange.kill()).toEqual(names);
    expect(rig.exchange.state()).toEqual({ state: 'off' });
    expect(rig.exchange.softphone()).toBeUndefined();
    await expect.poll(rig.containers, { timeout: PATIENCE_MS }).toEqual([]);
    expect(rig.watched.size).toBe(0);
    const shut = await openExchangeRig({
      mayStart: () => {
        throw new AppError('killswitch.engaged', 'stopped');
      },
    });
    onTestFinished(() => shut.close());
    await expect(shut.exchange.setUp()).rejects.toMatchObject({ code: 'killswitch.engaged' });
    expect(shut.exchange.state()).toEqual({ state: 'off' });
    expect(await shut.containers()).toEqual([]);
  });
});
