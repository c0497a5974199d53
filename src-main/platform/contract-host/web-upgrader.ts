import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { AUDIO_PATH, BRIDGE_PATH } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { createId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { AttachAudio } from './contract-host.ts';
import type { ContractHost } from './contract-host-service.ts';
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
  clock: Clock;
  log: Log;
}

export type Upgrader = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

const MAX_PAGES = 32;

/** Checks first, upgrades then: a socket that may not come in gets a plain HTTP answer and never speaks WebSocket. */
export function createUpgrader(options: UpgraderOptions): Upgrader {
  const { gate, sockets } = options;
  /** Which browser a running session's sound belongs to. */
  const sessionOwners = new Map<string, Principal>();
  let pageCount = 0;

  const servePage = (principal: Principal, request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const clientId = createId('page');
    let ownSessionId: string | undefined;
    pageCount += 1;
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const caller = { door: 'browser', clientId } as const;
      const page = serveWebPage({ socket: webSocket, caller, host: options.host, clock: options.clock, onGone: () => gone() });
      const gone = options.hub.add({
        caller,
        send: page.send,
        openAudio(sessionId) {
          if (ownSessionId !== undefined) sessionOwners.delete(ownSessionId);
          ownSessionId = sessionId;
          sessionOwners.set(sessionId, principal);
        },
      });
    });
    socket.once('close', () => {
      pageCount -= 1;
      if (ownSessionId !== undefined) sessionOwners.delete(ownSessionId);
    });
  };

  const serveAudio = (principal: Principal, address: URL, request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const sessionId = address.searchParams.get('session') ?? '';
    const kind = address.searchParams.get('kind');
    if (sessionOwners.get(sessionId) !== principal) {
      refuseUpgrade(socket, { status: 403, reason: 'This session does not belong to this page.' });
    } else if (kind !== 'capture' && kind !== 'playback') {
      refuseUpgrade(socket, { status: 403, reason: 'The kind of sound is capture or playback.' });
    } else {
      options.attachAudio(kind, sessionId, {
        kind: 'socket',
        socket,
        upgrade: { headers: handshakeHeaders(request), head: new Uint8Array(head) },
      });
    }
  };

  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const address = requestAddress(request);
    const entry = gate.admitSocket(request.headers);
    if (!entry.granted) {
      options.log.warn('serve.socket-refused', { path: address.pathname, origin: request.headers.origin, reason: entry.refusal.reason });
      refuseUpgrade(socket, entry.refusal);
    } else if (address.pathname === AUDIO_PATH) serveAudio(entry.principal, address, request, socket, head);
    else if (address.pathname !== BRIDGE_PATH) refuseUpgrade(socket, { status: 403, reason: 'There is no such connection.' });
    else if (pageCount >= MAX_PAGES) refuseUpgrade(socket, { status: 403, reason: 'Too many pages are open. Close some of them.' });
    else servePage(entry.principal, request, socket, head);
  };
}

function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const title = refusal.status === 421 ? 'Misdirected Request' : 'Forbidden';
  const body = `${refusal.reason}\n`;
  socket.end(
    `HTTP/1.1 ${refusal.status} ${title}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** What the worker needs to complete the handshake; cookies and tokens stay here. */
function handshakeHeaders(request: IncomingMessage): Record<string, string> {
  const wanted = Object.entries(request.headers).filter(
    ([name]) => name.startsWith('sec-websocket-') || name === 'upgrade' || name === 'connection',
  );
  return Object.fromEntries(wanted.map(([name, value]) => [name, String(value)]));
}

/** The address a request asks for; one that cannot be read asks for nothing we have. */
export function requestAddress(request: IncomingMessage): URL {
  const address = `http://page${request.url ?? '/'}`;
  return URL.canParse(address) ? new URL(address) : new URL('http://page/unreadable');
}
