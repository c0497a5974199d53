import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  AUDIO_PATH,
  audioPath,
  BRIDGE_PATH,
  EXCHANGE_PATH,
  MAX_AUDIO_FRAME_BYTES,
  MAX_WIRE_MESSAGE_BYTES,
} from '../../src-preload/contract/index.ts';
import type { AudioPortMessage, SessionSnapshot } from '../../src-preload/contract/index.ts';
import { systemClock } from '../../src-main/base/clock.ts';
import { createDisposeBag } from '../../src-main/base/dispose.ts';
import type { DisposeBag } from '../../src-main/base/dispose.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { readChildEnvironment } from '../../src-main/platform/config/environment.ts';
import {
  createContractHost,
  createPageHub,
  createPageResources,
  createUploads,
  jsonAnswer,
} from '../../src-main/platform/contract-host/index.ts';
import type { PageHub, PageResources } from '../../src-main/platform/contract-host/index.ts';
import type { WebDoor } from '../../src-main/platform/contract-host/door-web.ts';
import { openWebDoor } from '../../src-main/platform/contract-host/door-web.ts';
import { readServeFile } from '../../src-main/platform/contract-host/serve-file.ts';
import type { WebClient } from '../../src-main/platform/contract-host/web-client.ts';
import { connectBridge, requestLink } from '../../src-main/platform/contract-host/web-client.ts';
import { createSupervisedWorker } from '../../src-main/platform/workers/index.ts';
import { createNodeLauncher } from '../../src-main/platform/workers/launcher-node.ts';
import type { ProbeEvent, ProbeMethods } from '../fixtures/workers/probe-methods.ts';
import { openEchoExchange } from '../doubles/echo-exchange.ts';
import { createRecordingLog } from '../doubles/recording-log.ts';
import { createScriptedHandlers } from '../doubles/scripted-handlers.ts';

let bag: DisposeBag;
let folder: string;
let door: WebDoor;
let hub: PageHub;
let gone: string[];
let workerEvents: string[];
let exchangeUrl: string | undefined;
let log: ReturnType<typeof createRecordingLog>;

const session: SessionSnapshot = {
  sessionId: null,
  characterId: 'default',
  conversationId: null,
  talk: { state: 'ready' },
  mode: 'hands-free',
  muted: false,
  pressed: false,
};

beforeEach(async () => {
  bag = createDisposeBag();
  folder = mkdtempSync(join(tmpdir(), 'doors-'));
  bag.add(() => rmSync(folder, { recursive: true }));
  const pageDirectory = join(folder, 'renderer');
  mkdirSync(join(pageDirectory, 'assets'), { recursive: true });
  writeFileSync(join(pageDirectory, 'index.html'), '<p>the page</p>');
  writeFileSync(join(folder, 'secret.json'), '{}');

  const launch = createNodeLauncher({ environment: readChildEnvironment(), log: silentLog });
  const spec = {
    name: 'recognition',
    entry: new URL('../fixtures/workers/probe.worker.ts', import.meta.url),
    memoryLimitBytes: 1e9,
  } as const;
  const worker = createSupervisedWorker<ProbeMethods, ProbeEvent>(spec, { launch, clock: systemClock, log: silentLog });
  bag.add(worker);
  workerEvents = [];
  worker.onEvent(({ text }) => workerEvents.push(text));

  exchangeUrl = undefined;
  hub = createPageHub({ log: silentLog, checkEvents: true });
  gone = [];
  hub.onGone((clientId) => gone.push(clientId));
  const handlers = createScriptedHandlers({
    'session.start': (_input, caller) => {
      hub.openAudio(caller, `ses_${caller.clientId}`);
      return { ...session, sessionId: `ses_${caller.clientId}` };
    },
    'conversations.list': () => [],
  });
  door = await openWebDoor({
    host: createContractHost({ handlers, log: silentLog, checkResults: true }),
    hub,
    attachAudio: (_kind, sessionId, media) => worker.attachPort(sessionId, media),
    resources: await openResources(),
    exchangeUrl: () => exchangeUrl,
    clock: systemClock,
    log: (log = createRecordingLog()),
    pageDirectory,
    dataDirectory: folder,
    port: 0,
    extraHosts: ['far.example:80'],
  });
  bag.add(door);
});

afterEach(() => bag.dispose());

/** Real uploads, which can be fetched again at `/downloads/<uploadId>`. */
async function openResources(): Promise<PageResources> {
  const uploads = bag.add(await createUploads({ folder: join(folder, 'uploads'), clock: systemClock }));
  return createPageResources({
    '/uploads': {
      method: 'POST',
      answer: async ({ body, contentLength }) => jsonAnswer({ uploadId: await uploads.receive(body, contentLength) }),
    },
    '/downloads': {
      method: 'GET',
      answer: async ({ pathname }) => ({
        status: 200,
        contentType: 'application/octet-stream',
        cacheControl: 'no-store',
        attachment: true,
        body: await uploads.locate(pathname.split('/')[2] ?? ''),
      }),
    },
  });
}

/** A door to a core that does nothing. */
function plainDoor() {
  const host = createContractHost({ handlers: createScriptedHandlers({}), log: silentLog, checkResults: true });
  return {
    host,
    hub,
    attachAudio: () => undefined,
    resources: async () => undefined,
    clock: systemClock,
    log: silentLog,
    pageDirectory: folder,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function connectProgram(): Promise<WebClient> {
  const info = await readServeFile(folder);
  if (info === undefined) throw new Error('No serve.json');
  const client = await connectBridge(info);
  bag.add(client);
  return client;
}

/** Opens the one-time link as a browser does and returns the cookie. */
async function signIn(): Promise<string> {
  const response = await fetch(door.issueLink(), { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** Sends a file to the door. */
function sendPicture(headers: Record<string, string>): Promise<Response> {
  return fetch(`${door.url}/uploads`, { method: 'POST', body: 'a picture', headers });
}

/** How an attempt to open a WebSocket ends: 'open', or the status it was refused with. */
function trySocket(path: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${door.url.replace('http', 'ws')}${path}`, { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)));
    socket.on('error', (error) => resolve(error.message));
  });
}

/** Sends bytes as they are and returns the first line of the answer. */
function rawRequest(text: string): Promise<string> {
  const port = Number(new URL(door.url).port);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text.replaceAll('HOST', `127.0.0.1:${port}`)));
    let answer = '';
    socket.on('data', (data: Buffer) => (answer += data.toString()));
    socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''));
    socket.on('error', reject);
  });
}

describe('the web door: pages', () => {
  it('shows the page to the browser that opened the one-time link, and to no other', async () => {
    expect((await fetch(door.url)).status).toBe(403);
    const link = door.issueLink();
    const first = await fetch(link, { redirect: 'manual' });
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict$/);
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(403);

    const page = await fetch(door.url, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect([page.status, await page.text()]).toEqual([200, '<p>the page</p>']);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('content-security-policy')).toContain(`connect-src 'self' ${door.url.replace('http', 'ws')};`);
    expect(page.headers.get('content-security-policy')).not.toMatch(/script-src[^;]*'unsafe/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('leaves a used link harmless in the browser that used it', async () => {
    const cookie = await signIn();
    const again = await fetch(`${door.url}/?token=used`, { redirect: 'manual', headers: { cookie } });
    expect(again.status).toBe(303);
  });

  it.each(['/../secret.json', '/%2e%2e/secret.json', '/..%2fsecret.json', '/assets/..%2f..%2fsecret.json', '//secret.json'])(
    'gives nothing outside the page for %s',
    async (path) => {
      const cookie = await signIn();
      expect(await rawRequest(`GET ${path} HTTP/1.1\r\nHost: HOST\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`)).toBe(
        'HTTP/1.1 404 Not Found',
      );
    },
  );

  it('refuses another host name with a good cookie', async () => {
    const cookie = await signIn();
    const status = await rawRequest(`GET / HTTP/1.1\r\nHost: evil.example\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`);
    expect(status).toBe('HTTP/1.1 421 Misdirected Request');
  });

  it('answers nothing but GET to a page', async () => {
    const cookie = await signIn();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await fetch(door.url, { method, headers: { cookie } })).status).toBe(405);
    expect((await fetch(`${door.url}/link`, { method: 'POST', headers: { cookie } })).status).toBe(405);
  });

  it('takes a file of its own page, or of a program, and of nobody else', async () => {
    const cookie = await signIn();
    const { token } = (await readServeFile(folder)) ?? { token: '' };
    const statuses = [
      await sendPicture({}),
      await sendPicture({ cookie }),
      await sendPicture({ cookie, origin: 'http://evil.example' }),
      await sendPicture({ authorization: 'Bearer wrong' }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([403, 403, 403, 403]);
    for (const headers of [{ cookie, origin: door.url }, { authorization: `Bearer ${token}` }]) {
      const answer = await sendPicture(headers);
      const { uploadId } = (await answer.json()) as { uploadId: string };
      const back = await fetch(`${door.url}/downloads/${uploadId}/a.png`, { headers: { cookie } });
      expect([answer.status, back.headers.get('content-disposition'), await back.text()]).toEqual([200, 'attachment', 'a picture']);
      expect((await fetch(`${door.url}/downloads/${uploadId}/a.png`)).status).toBe(403);
    }
  });

  it('answers a page that sends too much, and reads no byte of one that may not send', async () => {
    const cookie = await signIn();
    const large = await fetch(`${door.url}/uploads`, {
      method: 'POST',
      body: new Uint8Array(70_000_000),
      headers: { cookie, origin: door.url },
    });
    expect([large.status, await large.json()]).toMatchObject([400, { code: 'upload.too-large' }]);
    const uninvited = 'POST /uploads HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1000000\r\nConnection: close\r\n\r\n';
    expect(await rawRequest(uninvited)).toBe('HTTP/1.1 403 Forbidden');
  });

  it('survives requests that cannot be read', async () => {
    for (const text of [
      'GET // HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n',
      'GET http://[ HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n',
      '\0\0\0\r\n\r\n',
    ]) {
      expect(await rawRequest(text)).toMatch(/^HTTP\/1\.1 4\d\d/);
    }
    const upgrade = 'GET //[ HTTP/1.1\r\nHost: HOST\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
    expect(await rawRequest(upgrade)).toBe('HTTP/1.1 403 Forbidden');
    expect((await fetch(door.url)).status).toBe(403);
  });
});

describe('the web door: sockets', () => {
  it('refuses a page from another origin, with or without the cookie', async () => {
    const cookie = await signIn();
    expect(await trySocket(BRIDGE_PATH, { origin: 'http://evil.example', cookie })).toBe('403');
    expect(await trySocket(BRIDGE_PATH, { origin: 'null', cookie })).toBe('403');
    expect(await trySocket(BRIDGE_PATH, { cookie })).toBe('403');
    expect(await trySocket(BRIDGE_PATH, { origin: door.url, cookie })).toBe('open');
  });

  it('refuses a missing or wrong token, and a wrong host', async () => {
    expect(await trySocket(BRIDGE_PATH, { origin: door.url })).toBe('403');
    expect(await trySocket(BRIDGE_PATH, { origin: door.url, cookie: `openclaw_${new URL(door.url).port}=guess` })).toBe('403');
    expect(await trySocket(BRIDGE_PATH, { authorization: 'Bearer guess' })).toBe('403');
    const token = (await readServeFile(folder))?.token ?? '';
    expect(await trySocket(BRIDGE_PATH, { authorization: `Bearer ${token}`, host: 'evil.example' })).toBe('421');
    expect(await trySocket('/other', { authorization: `Bearer ${token}` })).toBe('403');
    expect(await trySocket(BRIDGE_PATH, { authorization: `Bearer ${token}` })).toBe('open');
  });

  it('knows a page that was opened from another machine', async () => {
    const cookie = await signIn();
    const come = (headers: Record<string, string>) =>
      once(new WebSocket(door.url.replace('http', 'ws') + BRIDGE_PATH, { headers }), 'open');
    await come({ origin: door.url, cookie });
    await come({ origin: 'http://far.example:80', host: 'far.example:80', cookie });
    expect(hub.callers().map(({ isRemote }) => isRemote)).toEqual([undefined, true]);
  });

  it('leads its own page to the telephone exchange, wherever that is now, and takes nothing of the page along but the handshake', async () => {
    const headers = { origin: door.url, cookie: await signIn() };
    expect(await trySocket(EXCHANGE_PATH, headers)).toBe('403');
    for (const name of ['first', 'second']) {
      const exchange = bag.add(await openEchoExchange(name));
      exchangeUrl = exchange.url;
      const socket = new WebSocket(`${door.url.replace('http', 'ws')}${EXCHANGE_PATH}`, ['sip'], { headers });
      await once(socket, 'open');
      socket.send('REGISTER');
      expect([socket.protocol, String((await once(socket, 'message'))[0])]).toEqual(['sip', `${name} heard REGISTER`]);
      expect(exchange.asked).toEqual([{ path: '/ws', host: new URL(exchange.url).host, cookie: undefined, origin: undefined }]);
      exchange.dispose();
      await once(socket, 'close');
    }
  });

  it('leads nobody else there, nowhere but to this machine, and ends with its tunnels', async () => {
    const headers = { origin: door.url, cookie: await signIn() };
    const exchange = bag.add(await openEchoExchange('only'));
    exchangeUrl = exchange.url;
    const { token } = (await readServeFile(folder)) ?? { token: '' };
    expect(await trySocket(EXCHANGE_PATH, { origin: door.url })).toBe('403');
    expect(await trySocket(EXCHANGE_PATH, { ...headers, origin: 'http://evil.example' })).toBe('403');
    expect(await trySocket(EXCHANGE_PATH, { authorization: `Bearer ${token}` })).toBe('403');
    exchangeUrl = 'ws://192.0.2.1:8088/ws';
    expect(await trySocket(EXCHANGE_PATH, headers)).toBe('403');
    expect(log.lines.at(-1)?.fields).toMatchObject({ path: EXCHANGE_PATH, reason: expect.stringContaining('not at 127.0.0.1') });
    expect(exchange.asked).toEqual([]);
    exchangeUrl = exchange.url;
    const socket = new WebSocket(`${door.url.replace('http', 'ws')}${EXCHANGE_PATH}`, { headers });
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await door.dispose();
    await closed;
  });

  it('keeps its token in a file that only the owner can read, and removes it when it closes', async () => {
    const file = join(folder, 'serve.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ url: door.url, pid: process.pid });
    await door.dispose();
    expect(await readServeFile(folder)).toBeUndefined();
  });

  it('answers calls, tells events, and says when the page is gone', async () => {
    const client = await connectProgram();
    expect(await client.call('conversations.list', {})).toEqual([]);
    await expect(client.call('turn.stop', {})).rejects.toMatchObject({ code: 'test.not-implemented' });
    await expect(client.call('turn.send', { conversationId: null, text: '', speak: false })).rejects.toMatchObject({
      code: 'request.bad-input',
    });
    await expect(client.call('nope' as never, {} as never)).rejects.toMatchObject({ code: 'request.unknown-call' });
    const told: unknown[] = [];
    client.on('models.changed', (payload) => told.push(payload));
    hub.tell('models.changed', { modelId: 'm' });
    await expect.poll(() => told).toEqual([{ modelId: 'm' }]);
    await client.dispose();
    await expect.poll(() => gone).toEqual([client.clientId]);
    await expect(client.call('turn.stop', {})).rejects.toMatchObject({ code: 'bridge.lost' });
  });

  it('serves several pages at once, each for itself', async () => {
    const [one, two] = [await connectProgram(), await connectProgram()];
    const told: string[] = [];
    one.on('models.changed', () => told.push('one'));
    two.on('models.changed', () => told.push('two'));
    hub.tell('models.changed', { modelId: null }, two.clientId);
    await expect.poll(() => told).toEqual(['two']);
  });

  it('closes on messages that are too large, binary or no requests', async () => {
    const token = (await readServeFile(folder))?.token ?? '';
    const closeCode = (message: string | Uint8Array): Promise<number> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${door.url.replace('http', 'ws')}${BRIDGE_PATH}`, { headers: { authorization: `Bearer ${token}` } });
        socket.on('open', () => socket.send(message));
        socket.on('close', resolve);
        socket.on('error', () => undefined);
      });
    expect(await closeCode('x'.repeat(MAX_WIRE_MESSAGE_BYTES + 1))).toBe(1009);
    expect(await closeCode(new Uint8Array(4))).toBe(1008);
    expect(await closeCode('not json')).toBe(1008);
    expect(await closeCode('{"id": "one", "call": "turn.stop"}')).toBe(1008);
  });

  it('refuses calls beyond the limit, and closes on a flood', async () => {
    const client = await connectProgram();
    const closed = new Promise<void>((resolve) => void client.onClosed(resolve));
    const callAtOnce = (count: number): Promise<unknown[]> =>
      Promise.all(
        Array.from({ length: count }, () => client.call('conversations.list', {}).catch((error: { code: string }) => error.code)),
      );
    expect(new Set((await callAtOnce(200)).map(String))).toEqual(new Set(['', 'request.too-many']));
    expect(new Set(await callAtOnce(1500))).toContain('bridge.lost');
    await closed;
  });

  it('gives up a page that falls too far behind', async () => {
    const client = await connectProgram();
    const payload = { conversationId: 'c', messageId: 'm', text: 'x'.repeat(500_000), heardChars: null, done: false };
    for (let count = 0; count < 100; count += 1) hub.tell('answer.progress', payload);
    await expect.poll(() => gone).toEqual([client.clientId]);
  });
});

describe('the web door: sound', () => {
  it('leads a session of this page to the worker, both ways, without passing through this process', async () => {
    const client = await connectProgram();
    const { sessionId } = await client.call('session.start', { conversationId: null, mode: 'hands-free' });
    const port = await client.openAudio(sessionId ?? '', 'capture');
    const heard: AudioPortMessage[] = [];
    port.onMessage((message) => heard.push(message));
    port.post({ type: 'capture', samples: Float32Array.of(0.25, -0.5) });
    await expect.poll(() => heard).toEqual([{ type: 'capture', samples: Float32Array.of(0.25, -0.5) }]);
    port.close();
    await expect.poll(() => workerEvents).toEqual([`port ${sessionId} opened`, `port ${sessionId} closed`]);
  });

  it('refuses a session that was not started, that belongs to another browser, or that has ended', async () => {
    const client = await connectProgram();
    await expect(client.openAudio('ses_guess', 'capture')).rejects.toMatchObject({ code: 'bridge.refused' });
    const { sessionId } = await client.call('session.start', { conversationId: null, mode: 'hands-free' });
    const path = audioPath(sessionId ?? '', 'playback');
    const cookie = await signIn();
    expect(await trySocket(path, { origin: door.url, cookie })).toBe('403');
    const token = (await readServeFile(folder))?.token ?? '';
    expect(await trySocket(path, { authorization: `Bearer ${token}`, origin: 'http://evil.example' })).toBe('403');
    expect(await trySocket(`${AUDIO_PATH}?session=${sessionId}&kind=other`, { authorization: `Bearer ${token}` })).toBe('403');
    await client.dispose();
    await expect.poll(() => gone).toEqual([client.clientId]);
    expect(await trySocket(path, { authorization: `Bearer ${token}` })).toBe('403');
  });

  it('drops malformed frames and closes on oversized ones, while the worker lives on', async () => {
    const client = await connectProgram();
    const { sessionId } = await client.call('session.start', { conversationId: null, mode: 'hands-free' });
    const token = (await readServeFile(folder))?.token ?? '';
    const address = `${door.url.replace('http', 'ws')}${audioPath(sessionId ?? '', 'capture')}`;
    const socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` } });
    const closed = new Promise<number>((resolve) => void socket.on('close', resolve));
    await new Promise((resolve) => void socket.on('open', resolve));
    for (const bytes of [0, 3, 16, 1000]) socket.send(new Uint8Array(bytes).fill(0x4f));
    socket.send('text');
    socket.send(new Uint8Array(MAX_AUDIO_FRAME_BYTES + 1));
    expect(await closed).toBe(1009);
    const port = await client.openAudio(sessionId ?? '', 'capture');
    const heard: AudioPortMessage[] = [];
    port.onMessage((message) => heard.push(message));
    port.post({ type: 'speech.cancelled', utteranceId: 'u' });
    await expect.poll(() => heard).toEqual([{ type: 'speech.cancelled', utteranceId: 'u' }]);
  });
});

describe('readServeFile and requestLink', () => {
  it('give a fresh one-time link to a program of the owner', async () => {
    const info = await readServeFile(folder);
    const link = await requestLink(info ?? { url: '', token: '' });
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(303);
    await expect(requestLink({ url: door.url, token: 'guess' })).rejects.toMatchObject({ code: 'bridge.refused' });
  });

  it('know no server when its process is gone, and report a damaged file', async () => {
    const file = join(folder, 'serve.json');
    writeFileSync(file, JSON.stringify({ url: door.url, token: 'x'.repeat(30), pid: 2 ** 30 }));
    expect(await readServeFile(folder)).toBeUndefined();
    writeFileSync(file, '{"url":');
    await expect(readServeFile(folder)).rejects.toMatchObject({ code: 'serve.damaged' });
  });

  it('leave no port open when the address cannot be written down', async () => {
    const port = await freePort();
    const opening = openWebDoor({ ...plainDoor(), dataDirectory: join(folder, 'missing'), port });
    await expect(opening).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it('refuse a port that is taken', async () => {
    const taken = Number(new URL(door.url).port);
    const opening = openWebDoor({ ...plainDoor(), dataDirectory: folder, port: taken });
    await expect(opening).rejects.toMatchObject({ code: 'serve.port-taken', details: { port: taken } });
  });
});
