import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Disposable } from '../../base/dispose.ts';
import { handshakeHeaders } from './handshake-headers.ts';
import { exchangeAddress } from './page-policy.ts';

/**
 * The way of a page in a browser to the telephone exchange, through our own door: so its policy names no address but ours, and a port that changes with
 * each start of the exchange is no matter of the page's. Signalling only, a few messages a call: sound goes straight between page and exchange.
 */
export interface ExchangeTunnel extends Disposable {
  /** Takes over a socket whose request was let in. Returns why not, and the socket is untouched then; undefined = it is on its way. */
  join(request: IncomingMessage, socket: Duplex, head: Buffer): string | undefined;
}

/** One page is the telephone; the others of a moment are those that were loaded anew. */
const MAX_TUNNELS = 8;
/** It listens on this machine: what takes longer does not come. */
const CONNECT_TIMEOUT_MS = 5000;

/** `exchangeUrl`: where the exchange waits for softphones, asked anew for each socket. */
export function createExchangeTunnel(exchangeUrl: () => string | undefined): ExchangeTunnel {
  const open = new Set<Duplex>();
  return {
    join(request, socket, head) {
      const url = exchangeUrl();
      if (url === undefined) return 'The telephone exchange is not running, or has no account for this page.';
      const target = exchangeAddress(url);
      if (target === undefined) return 'The telephone exchange is not at 127.0.0.1, and a page speaks through one on this computer alone.';
      if (open.size >= MAX_TUNNELS) return 'Too many pages are connected to the telephone exchange. Close some of them.';
      const exchange = connect({ host: target.hostname, port: Number(target.port || 80), timeout: CONNECT_TIMEOUT_MS });
      const close = (): void => {
        open.delete(socket);
        socket.destroy();
        exchange.destroy();
      };
      open.add(socket);
      exchange.once('connect', () => {
        exchange.setTimeout(0);
        exchange.write(handshake(request, target));
        exchange.write(head);
        exchange.pipe(socket).pipe(exchange);
      });
      for (const end of [exchange, socket]) end.on('error', close).once('close', close);
      exchange.once('timeout', close);
      return undefined;
    },
    dispose() {
      for (const socket of open) socket.destroy();
    },
  };
}

/** The page's own, with another address: cookies and origin stay here. */
function handshake(request: IncomingMessage, { host, pathname }: URL): string {
  const headers = Object.entries(handshakeHeaders(request)).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${pathname} HTTP/1.1\r\nhost: ${host}\r\n${headers.join('')}\r\n`;
}
