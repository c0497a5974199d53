import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { AudioPortMessage } from '../../../../src-preload/contract/index.ts';
import { encodeAudioFrame } from '../../../../src-preload/contract/index.ts';
import { tunnelSocket, tunnelStream } from '../../../../src-main/platform/workers/socket-tunnel.ts';
import { acceptUpgrade } from '../../../../src-main/platform/workers/socket-upgrade.ts';

describe('tunnelSocket and tunnelStream', () => {
  it('carry a WebSocket through a MessagePort, from the handshake to the close', async () => {
    const { port1, port2 } = new MessageChannel();
    const heard: AudioPortMessage[] = [];
    const ends: string[] = [];
    const server = createServer();
    server.on('upgrade', async (request, socket, head) => {
      tunnelSocket(socket, port1);
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const port = await acceptUpgrade(tunnelStream(port2), { headers, head });
      port?.onMessage((message) => {
        heard.push(message);
        port.post(message);
      });
      port?.onClose(() => ends.push('worker'));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;

    const client = new WebSocket(`ws://127.0.0.1:${port}/audio`);
    const echoed: number[] = [];
    client.on('message', (data: Buffer) => echoed.push(data.length));
    client.on('close', () => ends.push('page'));
    await new Promise((resolve) => void client.once('open', resolve));
    const message: AudioPortMessage = { type: 'capture', samples: new Float32Array(100_000).fill(0.5) };
    client.send(encodeAudioFrame(message));
    await expect.poll(() => [heard.length, echoed]).toEqual([1, [encodeAudioFrame(message).length]]);
    expect(heard).toEqual([message]);
    client.close();
    await expect.poll(() => ends.toSorted()).toEqual(['page', 'worker']);
    server.close();
  });

  it('end the stream when the connection breaks off, and the other way round', async () => {
    for (const side of ['near', 'far'] as const) {
      const { port1, port2 } = new MessageChannel();
      const near = tunnelStream(port1);
      const far = tunnelStream(port2);
      for (const stream of [near, far]) stream.resume();
      const closed = new Promise<void>((resolve) => void (side === 'near' ? far : near).once('close', resolve));
      (side === 'near' ? near : far).destroy();
      await closed;
    }
  });
});

describe('acceptUpgrade', () => {
  it('gives nothing for a handshake that is none', async () => {
    const { port1, port2 } = new MessageChannel();
    const far = tunnelStream(port2);
    const answer: Buffer[] = [];
    far.on('data', (bytes: Buffer) => answer.push(bytes));
    expect(await acceptUpgrade(tunnelStream(port1), { headers: { upgrade: 'websocket' }, head: new Uint8Array(0) })).toBeUndefined();
    await expect.poll(() => Buffer.concat(answer).toString()).toMatch(/^HTTP\/1\.1 400/);
  });
});
