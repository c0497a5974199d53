import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { AUDIO_PATH, BRIDGE_PATH, EXCHANGE_PATH, isOnThisMachine, type AudioPortKind } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { createId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { AttachAudio, Caller } from './contract-host.ts';
import type { ContractHost } from './contract-host-service.ts';
import type { ExchangeTunnel } from './exchange-tunnel.ts';
import { handshakeHeaders } from './handshake-headers.ts';
import type { PageHub } from './page-hub.ts';
import type { Principal, Refusal, WebGate } from './web-gate.ts';
import { serveWebPage } from './web-page.ts';

export interface UpgraderOptions {
  gate: WebGate;
  /** Completes the handshakes of pages; those for sound are completed by a worker. */
  sockets: WebSocketServer;
  host: ContractHost;
  hub: PageHub;
  attachAudio: AttachAudio;
  exchange: Pick<ExchangeTunnel, 'join'>;
  clock: Clock;
  log: Log;
}

export type Upgrader = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

const MAX_PAGES = 32;

/** Checks first, upgrades then: a socket that may not come in gets a plain HTTP answer and never speaks WebSocket. */
export function createUpgrader(options: UpgraderOptions): Upgrader {
  const { gate, sockets } = options;
  /** Which browser a running session's sound, or a face's pictures, belong to. */
  const lines = new Map<string, { owner: Principal; kinds: readonly AudioPortKind[] }>();
  let pageCount = 0;

  /** Whoever reads the page's console sees no reason: browsers keep it to themselves. */
  const turnAway = (request: IncomingMessage, socket: Duplex, refusal: Refusal): void => {
    const { pathname } = requestAddress(request);
    options.log.warn('serve.socket-refused', { path: pathname, origin: request.headers.origin, reason: refusal.reason });
    refuseUpgrade(socket, refusal);
  };
  const servePage = (
    { principal, isProgram }: { principal: Principal; isProgram: boolean },
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): void => {
    const clientId = createId('page');
    /** One voice session, and the faces that it shows: those of before stay until the page is gone, for a page may show several. */
    let ownSessionId: string | undefined;
    const ownFaces = new Set<string>();
    pageCount += 1;
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const isRemote = !isOnThisMachine(hostName(request));
      const caller: Caller = { door: 'browser', clientId, ...(isProgram ? { isProgram } : {}), ...(isRemote ? { isRemote } : {}) };
      const page = serveWebPage({ socket: webSocket, caller, host: options.host, clock: options.clock, onGone: () => gone() });
      const gone = options.hub.add({
        caller,
        send: page.send,
        openAudio(sessionId, kinds) {
          if (kinds.includes('portrait')) ownFaces.add(sessionId);
          else {
            if (ownSessionId !== undefined) lines.delete(ownSessionId);
            ownSessionId = sessionId;
          }
          lines.set(sessionId, { owner: principal, kinds });
        },
      });
    });
    socket.once('close', () => {
      pageCount -= 1;
      for (const id of [ownSessionId ?? '', ...ownFaces]) lines.delete(id);
    });
  };

  const serveAudio = (principal: Principal, address: URL, request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const sessionId = address.searchParams.get('session') ?? '';
    const kind = address.searchParams.get('kind');
    const line = lines.get(sessionId);
    if (line?.owner !== principal) {
      refuseUpgrade(socket, { status: 403, reason: 'This session does not belong to this page.' });
    } else if (!isKind(kind) || !line.kinds.includes(kind)) {
      refuseUpgrade(socket, { status: 403, reason: 'The kind of line is capture, playback or portrait, and one that was opened.' });
    } else {
      options.attachAudio(kind, sessionId, {
        kind: 'socket',
        socket,
        upgrade: { headers: handshakeHeaders(request), head: new Uint8Array(head) },
      });
    }
  };

  /** A program has its own ways to the exchange; the telephone is a page that its owner sits at. */
  const serveExchange = (isProgram: boolean, request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const reason = isProgram ? "Only the owner's own page may be the telephone." : options.exchange.join(request, socket, head);
    if (reason !== undefined) turnAway(request, socket, { status: 403, reason });
  };

  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const address = requestAddress(request);
    const entry = gate.admitSocket(request.headers);
    if (!entry.granted) {
      turnAway(request, socket, entry.refusal);
    } else if (address.pathname === AUDIO_PATH) serveAudio(entry.principal, address, request, socket, head);
    else if (address.pathname === EXCHANGE_PATH) serveExchange(entry.isProgram, request, socket, head);
    else if (address.pathname !== BRIDGE_PATH) refuseUpgrade(socket, { status: 403, reason: 'There is no such connection.' });
    else if (pageCount >= MAX_PAGES) refuseUpgrade(socket, { status: 403, reason: 'Too many pages are open. Close some of them.' });
    else servePage(entry, request, socket, head);
  };
}

function isKind(kind: string | null): kind is AudioPortKind {
  return kind === 'capture' || kind === 'playback' || kind === 'portrait';
}

function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const title = refusal.status === 421 ? 'Misdirected Request' : 'Forbidden';
  const body = `${refusal.reason}\n`;
  socket.end(
    `HTTP/1.1 ${refusal.status} ${title}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** The name under which it reached us, as the page has it in its own address. */
function hostName({ headers }: IncomingMessage): string {
  const address = `http://${headers.host ?? ''}`;
  return URL.canParse(address) ? new URL(address).hostname : '';
}

/** The address a request asks for; one that cannot be read asks for nothing we have. */
export function requestAddress(request: IncomingMessage): URL {
  const address = `http://page${request.url ?? '/'}`;
  return URL.canParse(address) ? new URL(address) : new URL('http://page/unreadable');
}
