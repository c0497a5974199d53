import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConfig } from '../../../../../src-main/platform/config/index.ts';
import { avrDialplan, avrSettings, createAvrService, type AvrEngines } from '../../../../../src-main/modules/telephony/avr/index.ts';
import { createRecordingLog } from '../../../../doubles/recording-log.ts';
import { temporaryFolder } from '../../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

const noEngines: AvrEngines = {
  async *transcribe() {
    // Hears nothing.
  },
  async *prompt() {
    // Says nothing.
  },
  async *speak() {
    // Is silent.
  },
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => void server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
}

async function rig() {
  const log = createRecordingLog();
  const config = createConfig({ dataDirectory: await temporaryFolder(), definitions: avrSettings, clock: createVirtualClock(), log });
  const problems: string[] = [];
  const service = createAvrService({
    config,
    engines: noEngines,
    token: () => Promise.resolve('token'),
    admit: () => undefined,
    onProblem: ({ code }) => void problems.push(code),
    log,
  });
  onTestFinished(() => service.dispose());
  return { config, service, problems };
}

const health = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

describe('createAvrService', () => {
  it('is closed until it is switched on, follows its port, and closes with the switch and the app', async () => {
    const { config, service } = await rig();
    const [first, second] = [await freePort(), await freePort()];
    await config.set('phone.avrPort', first);
    service.begin();
    await service.whenSettled();
    expect([service.port(), await health(first)]).toEqual([undefined, false]);
    await config.set('phone.avrEnabled', true);
    await service.whenSettled();
    expect([service.port(), await health(first)]).toEqual([first, true]);
    await config.set('phone.avrPort', second);
    await service.whenSettled();
    expect([await health(first), await health(second)]).toEqual([false, true]);
    await config.set('phone.avrEnabled', false);
    await service.whenSettled();
    expect(await health(second)).toBe(false);
    await config.set('phone.avrEnabled', true);
    await service.dispose();
    expect(await health(second)).toBe(false);
  });

  it('tells a port that is taken, and opens when another one is chosen', async () => {
    const { config, service, problems } = await rig();
    const rival = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => void rival.once('listening', resolve));
    onTestFinished(() => void rival.close());
    await config.set('phone.avrPort', (rival.address() as AddressInfo).port);
    await config.set('phone.avrEnabled', true);
    await service.whenSettled();
    expect([service.port(), service.problem()?.code, problems]).toEqual([undefined, 'avr.port-taken', ['avr.port-taken']]);
    await config.set('phone.avrPort', await freePort());
    await service.whenSettled();
    expect([service.problem(), await health(service.port() ?? 0)]).toEqual([undefined, true]);
  });
});

describe('avrDialplan', () => {
  it('names the server in both forms, at the rate that each can carry', () => {
    const text = avrDialplan({ port: 5099 });
    expect(text).toContain('AudioSocket(${OPENCLAW_ID},127.0.0.1:5099)');
    expect(text).toContain('Dial(AudioSocket/127.0.0.1:5099/${UUID()}/c(slin16))');
    expect(avrDialplan()).toContain('127.0.0.1:5001');
  });
});
