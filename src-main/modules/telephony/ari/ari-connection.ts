import { WebSocket } from 'ws';
import type { Clock, Timer } from '../../../base/clock.ts';
import type { Disposable } from '../../../base/dispose.ts';
import type { Log } from '../../../base/log.ts';
import { basicAuthorization, type AriAccess } from './ari-requests.ts';

export type AriConnectionState = 'connecting' | 'connected' | 'lost';

export interface AriConnection extends Disposable {
  state(): AriConnectionState;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const HANDSHAKE_MS = 3_000;
/** A dead connection that nobody has closed is found by an unanswered ping. */
const PING_EVERY_MS = 2_000;
/** Larger than any event of Asterisk's. */
const MAX_MESSAGE_BYTES = 1_048_576;
/** An event that is subscribed to twice comes twice, word for word, one right after the other. */
const REMEMBERED_MESSAGES = 32;

/** The stream of events. It begins to connect at once, and connects again by itself until it is disposed of. */
export function createAriConnection(deps: {
  access: AriAccess;
  application: string;
  clock: Clock;
  log: Log;
  onState: (state: AriConnectionState) => void;
  onMessage: (text: string) => void;
}): AriConnection {
  const { access, application, clock, log } = deps;
  const url = new URL(`${access.http.replace(/^http/, 'ws').replace(/\/$/, '')}/ari/events`);
  url.searchParams.set('app', application);
  let state: AriConnectionState = 'connecting';
  let socket: WebSocket | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  let timer: Timer | undefined;
  let isDisposed = false;
  let recent: string[] = [];

  const set = (next: AriConnectionState): void => {
    if (isDisposed || state === next) return;
    state = next;
    deps.onState(next);
  };
  const receive = (text: string): void => {
    if (recent.includes(text)) return;
    recent = [...recent.slice(-REMEMBERED_MESSAGES), text];
    deps.onMessage(text);
  };
  const watch = (watched: WebSocket): void => {
    let answered = true;
    watched.on('pong', () => void (answered = true));
    const ping = (): void => {
      if (watched !== socket || watched.readyState !== WebSocket.OPEN) return;
      if (!answered) {
        log.warn('ari.no-pong');
        watched.terminate();
        return;
      }
      answered = false;
      watched.ping();
      timer = clock.after(PING_EVERY_MS, ping);
    };
    timer = clock.after(PING_EVERY_MS, ping);
  };
  const connect = (): void => {
    const fresh = new WebSocket(url, {
      headers: { authorization: basicAuthorization(access.user, access.password) },
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    socket = fresh;
    fresh.on('open', () => {
      pauseMs = FIRST_PAUSE_MS;
      watch(fresh);
      set('connected');
    });
    fresh.on('message', (data, isBinary) => {
      if (!isBinary && !isDisposed) receive(textOf(data));
    });
    fresh.on('error', (error) => log.debug('ari.connection-error', { problem: error.message }));
    fresh.on('close', () => {
      timer?.cancel();
      if (isDisposed || fresh !== socket) return;
      set('lost');
      timer = clock.after(pauseMs, connect);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    });
  };
  connect();

  return {
    state: () => state,
    dispose() {
      isDisposed = true;
      timer?.cancel();
      socket?.terminate();
    },
  };
}

function textOf(data: WebSocket.RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8');
}
