import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createExistingExchange } from '../../../../../src-main/modules/telephony/asterisk/existing-exchange.ts';
import { neededModules, runningModules } from '../../../../doubles/asterisk-modules.ts';
import { createRecordingLog } from '../../../../doubles/recording-log.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

const MODULES = [...neededModules, ...runningModules('chan_websocket.so', 'res_websocket_client.so')];

describe('createExistingExchange', () => {
  it('finds the account of our telephone that was added while it is connected, and does not lose it to a moment without an answer', async () => {
    const answers = new Map<string, unknown>([
      ['/ari/asterisk/info?only=system', { system: { version: '22.10.1' } }],
      ['/ari/asterisk/modules', MODULES],
    ]);
    const server = createServer(({ url = '' }, response) => {
      const answer = answers.get(url);
      response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? { message: 'not found' }));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const exchange = createExistingExchange({
      clock: createVirtualClock(),
      log: createRecordingLog(),
      door: { url, user: 'u', password: 'p' },
      trunkIds: () => [],
      sipPort: 5060,
      mayStart: () => undefined,
    });
    onTestFinished(() => exchange.dispose());
    await exchange.setUp();
    expect([exchange.state().state, exchange.softphone()]).toEqual(['ready', undefined]);
    answers.set('/ari/endpoints/PJSIP/1000', { resource: '1000', state: 'offline' });
    await exchange.apply();
    expect(exchange.softphone()).toMatchObject({ url: `${url.replace('http', 'ws')}/ws`, user: '1000' });
    answers.clear();
    await exchange.apply();
    expect(exchange.softphone()).toBeDefined();
  });
});
