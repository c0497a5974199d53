import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { createServer, Socket, type AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createExchangeTunnel } from '../../../../src-main/platform/contract-host/exchange-tunnel.ts';

describe('createExchangeTunnel', () => {
  it('says why it takes nobody along: no exchange, one that is elsewhere, too many at once', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    let url: string | undefined;
    const tunnel = createExchangeTunnel(() => url);
    onTestFinished(() => void tunnel.dispose());
    const join = () => tunnel.join(new IncomingMessage(new Socket()), new PassThrough(), Buffer.alloc(0));
    expect(join()).toMatch(/is not running/);
    url = 'ws://192.0.2.1:8088/ws';
    expect(join()).toMatch(/not at 127\.0\.0\.1/);
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
    expect(Array.from({ length: 8 }, join)).toEqual(Array.from({ length: 8 }, () => undefined));
    expect(join()).toMatch(/Too many/);
  });
});
