import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import type { WireRequest } from '../../../../src-preload/contract/index.ts';
import { createBrowserDoor } from '../../../../src-renderer/bridge/browser-door.ts';

/** A core of three lines on a real loopback socket. */
interface Core {
  server: WebSocketServer;
  pageUrl: string;
  requests: WireRequest[];
  sockets: ServerSocket[];
}

const servers: WebSocketServer[] = [];

async function createCore(answer: (request: WireRequest, socket: ServerSocket) => void = () => undefined): Promise<Core> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/bridge' });
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const core: Core = { server, pageUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests: [], sockets: [] };
  server.on('connection', (socket) => {
    core.sockets.push(socket);
    socket.on('message', (data) => {
      const request = JSON.parse(String(data)) as WireRequest;
      core.requests.push(request);
      answer(request, socket);
    });
    socket.send(JSON.stringify({ hello: { clientId: 'page' } }));
  });
  return core;
}

const door = (core: Core, isLockedOut = false) =>
  createBrowserDoor({ pageUrl: core.pageUrl, createSocket: (url) => new WebSocket(url), isLockedOut: async () => isLockedOut });

afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
});

describe('createBrowserDoor', () => {
  it('returns the value of a call that was made before the connection stood', async () => {
    const core = await createCore((request, socket) => socket.send(JSON.stringify({ id: request.id, outcome: { ok: true, value: [] } })));
    await expect(door(core).call('conversations.list', {})).resolves.toEqual([]);
    expect(core.requests).toEqual([{ id: 1, call: 'conversations.list', input: {} }]);
  });

  it('rejects with code, sentence and details when the core refuses', async () => {
    const error = { code: 'store.disk-full', message: 'The disk is full.', details: { freeBytes: 0 } };
    const core = await createCore((request, socket) => socket.send(JSON.stringify({ id: request.id, outcome: { ok: false, error } })));
    await expect(door(core).call('turn.stop', {})).rejects.toMatchObject(error);
  });

  it('hands events to those who listen and to nobody else', async () => {
    const core = await createCore();
    const bridge = door(core);
    const notices: unknown[] = [];
    const stop = bridge.on('conversations.changed', (payload) => notices.push(payload));
    await vi.waitFor(() => expect(bridge.connection()).toBe('open'));
    const tell = (payload: unknown): void => core.sockets[0]?.send(JSON.stringify({ event: 'conversations.changed', payload }));
    tell({ conversationId: 'c1' });
    await vi.waitFor(() => expect(notices).toEqual([{ conversationId: 'c1' }]));
    stop();
    tell({ conversationId: 'c2' });
    core.sockets[0]?.send(JSON.stringify({ event: 'app.notice', payload: {} }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(notices).toHaveLength(1);
  });

  it('says that it is locked out when the core does not know it any more, and keeps trying', async () => {
    const core = await createCore();
    const bridge = door(core, true);
    await vi.waitFor(() => expect(bridge.connection()).toBe('open'));
    core.sockets[0]?.terminate();
    await vi.waitFor(() => expect(bridge.connection()).toBe('refused'));
    await vi.waitFor(() => expect(bridge.connection()).toBe('open'));
  });

  it('fails what was under way when the connection breaks, and comes back by itself', async () => {
    const core = await createCore((request, socket) => {
      if (request.call === 'turn.stop') socket.terminate();
      else socket.send(JSON.stringify({ id: request.id, outcome: { ok: true, value: [] } }));
    });
    const bridge = door(core);
    const states: string[] = [];
    bridge.onConnection((connection) => states.push(connection));
    await expect(bridge.call('turn.stop', {})).rejects.toMatchObject({ code: 'bridge.lost' });
    // Made while it is down: waits and is sent once.
    await expect(bridge.call('conversations.list', {})).resolves.toEqual([]);
    expect(states).toEqual(['open', 'lost', 'open']);
    expect(core.requests.map((request) => request.call)).toEqual(['turn.stop', 'conversations.list']);
  });
});
