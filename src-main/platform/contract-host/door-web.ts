import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { MAX_WIRE_MESSAGE_BYTES, TOKEN_PARAMETER } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import { AppError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { AttachAudio, ProgramRoute } from './contract-host.ts';
import type { ContractHost } from './contract-host-service.ts';
import { createExchangeTunnel } from './exchange-tunnel.ts';
import type { PageHub } from './page-hub.ts';
import { readPageFile } from './page-files.ts';
import { pageHeaders } from './page-policy.ts';
import type { PageResources, ResourceAnswer } from './page-resources.ts';
import type { ServeInfo } from './serve-file.ts';
import { removeServeFile, writeServeFile } from './serve-file.ts';
import type { WebGate } from './web-gate.ts';
import { createWebGate } from './web-gate.ts';
import { createUpgrader, requestAddress } from './web-upgrader.ts';

/** The page at a loopback address, for machines without a screen, browsers, and programs of the owner. */
export interface WebDoor extends Disposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The address with a fresh one-time token; good for one browser within ten minutes. */
  issueLink(): string;
}

export interface WebDoorOptions {
  host: ContractHost;
  hub: PageHub;
  attachAudio: AttachAudio;
  resources: PageResources;
  /** Where the telephone exchange waits for softphones; undefined = there is none now. */
  exchangeUrl?: () => string | undefined;
  clock: Clock;
  log: Log;
  /** The built page, `out/renderer`. */
  pageDirectory: string;
  /** Where `serve.json` goes. */
  dataDirectory: string;
  /** 0 = any free port. */
  port: number;
  /** Address to listen on; loopback unless a container's own network needs more. Default 127.0.0.1. */
  listenAddress?: string;
  /** What programs reach by tokens of its own, beside the page. */
  program?: ProgramRoute;
  /** Further `host:port` names that browsers may use, for a port that a container maps to another. */
  extraHosts?: readonly string[];
}

/** A large file over a slow line; whoever has no business here is answered, and cut off, before a body is read. */
const UPLOAD_TIMEOUT_MS = 300_000;

/** Opens the door. Rejects with `serve.port-taken` when the port is in use. */
export async function openWebDoor(options: WebDoorOptions): Promise<WebDoor> {
  const { clock, log } = options;
  // Loaded only where the door is opened: the window does without it.
  const { WebSocketServer } = await import('ws');
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_WIRE_MESSAGE_BYTES, perMessageDeflate: false });
  const server = createServer({ requestTimeout: UPLOAD_TIMEOUT_MS, headersTimeout: 10_000 });
  await listen(server, options.port, options.listenAddress ?? '127.0.0.1');
  const { port } = server.address() as AddressInfo;
  const allowedHosts = new Set(['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`).concat(options.extraHosts ?? []));
  const gate = createWebGate({ clock, allowedHosts: () => allowedHosts, port: () => port });
  const url = `http://127.0.0.1:${port}`;
  const link = (asked: { forProgram: boolean }): string => `${url}/?${TOKEN_PARAMETER}=${gate.issueLinkToken(asked)}`;

  server.on('request', (request, response) => {
    const { program } = options;
    const isProgram = program !== undefined && requestAddress(request).pathname === program.path;
    const answer = isProgram
      ? answerProgram({ gate, program, url }, request, response)
      : answerRequest(
          { gate, pageDirectory: options.pageDirectory, resources: options.resources, programLink: () => link({ forProgram: true }) },
          request,
          response,
        );
    answer.catch((error: unknown) => {
      log.error('serve.request-failed', { error });
      response.destroy();
    });
  });
  const exchange = createExchangeTunnel(options.exchangeUrl ?? (() => undefined));
  server.on('upgrade', createUpgrader({ ...options, gate, sockets, exchange }));

  const info: ServeInfo = { url, token: gate.bearerToken, pid: process.pid };
  const close = (): void => {
    exchange.dispose();
    server.close();
    server.closeAllConnections();
  };
  await writeServeFile(options.dataDirectory, info).catch((error: unknown) => {
    close();
    throw error;
  });
  log.info('serve.open', { url });
  return {
    url,
    issueLink: () => link({ forProgram: false }),
    async dispose() {
      await removeServeFile(options.dataDirectory, info);
      for (const socket of sockets.clients) socket.terminate();
      close();
    },
  };
}

function listen(server: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      const message = `Port ${port} cannot be used (${error.code ?? error.message}). Close the program that uses it, or choose another port.`;
      reject(taken ? new AppError('serve.port-taken', message, { cause: error, details: { port } }) : error);
    });
    server.listen(port, address, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

interface RequestContext {
  gate: WebGate;
  pageDirectory: string;
  resources: PageResources;
  /** A link whose page may not do what only the owner may. */
  programLink: () => string;
}

async function answerRequest(
  { gate, pageDirectory, resources, programLink }: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { headers, method } = request;
  const address = requestAddress(request);
  const entry = gate.admitRequest(headers);

  const linkToken = address.pathname === '/' ? address.searchParams.get(TOKEN_PARAMETER) : null;
  if (linkToken !== null && method === 'GET' && gate.checkHost(headers) === undefined) {
    // A link that was used before is harmless in a browser that is in already. One that a program had let in becomes the owner's by a link of the owner's.
    const cookie = entry.granted && !entry.isProgram ? undefined : gate.redeemLinkToken(linkToken);
    if (cookie !== undefined) response.setHeader('set-cookie', cookie);
    if (cookie !== undefined || entry.granted) {
      response.writeHead(303, { location: '/', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end();
      return;
    }
  }
  if (!entry.granted) {
    sendText(response, entry.refusal.status, entry.refusal.reason);
    return;
  }
  if (method === 'POST' && address.pathname === '/link' && entry.principal === 'bearer') {
    sendText(response, 200, programLink());
    return;
  }
  // Browsers let every page post to anywhere: the checks of a socket tell our own page from the others.
  const resource = await resources(resourceRequest(request, address, gate.admitSocket(headers).granted));
  if (resource !== undefined) {
    await sendResource(request, response, resource);
    return;
  }
  if (method !== 'GET' && method !== 'HEAD') {
    sendText(response, 405, 'Only GET is answered here.');
    return;
  }
  const file = await readPageFile(pageDirectory, address.pathname);
  if (file === undefined) {
    sendText(response, 404, 'There is nothing here.');
    return;
  }
  response.writeHead(200, {
    ...pageHeaders(`ws://${headers.host ?? ''}`),
    'content-type': file.contentType,
    'content-length': file.body.length,
    'cache-control': file.cacheControl,
  });
  response.end(method === 'HEAD' ? undefined : file.body);
}

async function answerProgram(
  { gate, program, url }: { gate: WebGate; program: ProgramRoute; url: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { headers } = request;
  const refusal = gate.checkProgram(headers);
  if (refusal !== undefined) {
    sendText(response, refusal.status, refusal.reason);
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const entry = gate.admitRequest(headers);
  const answer = await program.handle({
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', url).href,
    headers,
    body: request.iterator({ destroyOnReturn: false }),
    isOwner: entry.granted && entry.principal === 'bearer',
    signal: gone.signal,
  });
  response.writeHead(answer.status, { ...answer.headers, 'x-content-type-options': 'nosniff' });
  // Streams of events say nothing for minutes: whoever waits for them should see that they have begun.
  response.flushHeaders();
  request.resume();
  if (answer.body === null) response.end();
  else await pipeline(answer.body, response).catch(() => response.destroy());
}

function resourceRequest(request: IncomingMessage, { pathname }: URL, isOwn: boolean): Parameters<PageResources>[0] {
  const length = Number(request.headers['content-length']);
  return {
    method: request.method ?? 'GET',
    pathname,
    isOwn,
    contentLength: Number.isFinite(length) ? length : undefined,
    range: request.headers.range,
    // A body that is refused halfway leaves the connection open for the answer.
    body: request.iterator({ destroyOnReturn: false }),
  };
}

async function sendResource(request: IncomingMessage, response: ServerResponse, answer: ResourceAnswer): Promise<void> {
  const { body } = answer;
  response.writeHead(answer.status, {
    ...pageHeaders(),
    'content-type': answer.contentType,
    'content-length': body instanceof Uint8Array ? body.byteLength : body.sizeBytes,
    'cache-control': answer.cacheControl,
    ...answer.headers,
    ...(answer.attachment === true ? { 'content-disposition': 'attachment' } : {}),
  });
  // A sender in the middle of its body hears the answer only when the rest is taken from it.
  request.resume();
  if (request.method === 'HEAD') response.end();
  else if (body instanceof Uint8Array) response.end(body);
  // A player that jumps hangs up in the middle: no error, but what was opened for it is closed.
  else if ('pieces' in body) await pipeline(body.pieces, response).catch(() => response.destroy());
  else await pipeline(createReadStream(body.path), response);
  if ('pieces' in body) body.close();
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...pageHeaders(), 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${text}\n`);
}
