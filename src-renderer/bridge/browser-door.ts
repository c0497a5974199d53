import type { Bridge, CallOutcome, Connection, EventName, WireMessage, WireRequest } from '../../src-preload/contract/index.ts';
import { BRIDGE_PATH } from '../../src-preload/contract/wire-paths.ts';
import { openAudioSocket } from './audio-socket.ts';
import { CallError } from './call-error.ts';
import { socketUrl } from './socket-url.ts';

interface Pending {
  request: WireRequest;
  /** False while it waits for the connection. */
  sent: boolean;
  resolve: (outcome: CallOutcome) => void;
}

export interface BrowserDoorDeps {
  /** Address of the page, `http://127.0.0.1:…`. */
  pageUrl: string;
  createSocket: (url: string) => WebSocket;
  /** True when the core answers but does not know this page any more. Never rejects. */
  isLockedOut: () => Promise<boolean>;
}

const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 5000;
/** What the core's own limits do not end, ends here. Long enough for a test of a slow server. */
const CALL_TIMEOUT_MS = 90_000;

/**
 * The bridge of a page in a browser: one WebSocket for calls and events, reopened by itself for as long as the page lives.
 * Calls made while it is down wait for it; calls under way when it breaks fail with `bridge.lost`, because nobody knows whether they were done.
 */
export function createBrowserDoor({ pageUrl, createSocket, isLockedOut }: BrowserDoorDeps): Bridge {
  const listeners = new Map<EventName, Set<(payload: unknown) => void>>();
  const connectionListeners = new Set<(connection: Connection) => void>();
  const pending = new Map<number, Pending>();
  let connection: Connection = 'connecting';
  let socket: WebSocket;
  let nextId = 1;
  let retryMs = FIRST_RETRY_MS;

  const setConnection = (next: Connection): void => {
    if (next === connection) return;
    connection = next;
    for (const listener of connectionListeners) listener(next);
  };

  const send = (call: Pending): void => {
    if (call.sent || connection !== 'open') return;
    call.sent = true;
    socket.send(JSON.stringify(call.request));
  };

  const receive = (message: WireMessage): void => {
    if ('event' in message) {
      for (const listener of listeners.get(message.event as EventName) ?? []) listener(message.payload);
    } else if ('id' in message) {
      pending.get(message.id)?.resolve(message.outcome);
    } else {
      retryMs = FIRST_RETRY_MS;
      setConnection('open');
      for (const call of pending.values()) send(call);
    }
  };

  const connect = (): void => {
    const opened = createSocket(socketUrl(pageUrl, BRIDGE_PATH));
    socket = opened;
    opened.addEventListener('message', (event) => {
      // The core is the only one who can answer at this address, and it checks what it sends.
      if (typeof event.data === 'string') receive(JSON.parse(event.data) as WireMessage);
    });
    opened.addEventListener('close', () => {
      if (connection !== 'refused') setConnection('lost');
      void isLockedOut().then((lockedOut) => {
        if (lockedOut && socket === opened) setConnection('refused');
      });
      for (const call of pending.values()) if (call.sent) call.resolve(lost());
      setTimeout(connect, retryMs);
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 1.6);
    });
  };
  connect();

  return {
    door: 'browser',
    async call(name, input) {
      const id = nextId;
      nextId += 1;
      const outcome = await new Promise<CallOutcome>((resolve) => {
        const timer = setTimeout(() => call.resolve(lost()), CALL_TIMEOUT_MS);
        const call: Pending = {
          request: { id, call: name, input },
          sent: false,
          resolve(value) {
            clearTimeout(timer);
            pending.delete(id);
            resolve(value);
          },
        };
        pending.set(id, call);
        send(call);
      });
      if (!outcome.ok) throw new CallError(outcome.error);
      return outcome.value as never;
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      const untyped = listener as (payload: unknown) => void;
      set.add(untyped);
      return () => set.delete(untyped);
    },
    connection: () => connection,
    onConnection(listener) {
      connectionListeners.add(listener);
      return () => connectionListeners.delete(listener);
    },
    openAudioPort: (sessionId, kind, onPort) => openAudioSocket({ pageUrl, sessionId, kind, onPort }),
  };
}

function lost(): CallOutcome {
  return {
    ok: false,
    error: {
      code: 'bridge.lost',
      message: 'The connection to OpenClaw was interrupted. It comes back by itself; try again then.',
      details: {},
    },
  };
}
