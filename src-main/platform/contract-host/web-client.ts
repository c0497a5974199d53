import { WebSocket } from 'ws';
import type { AudioPort, AudioPortKind, Bridge, ErrorData, WireMessage } from '../../../src-preload/contract/index.ts';
import {
  audioPath,
  BRIDGE_PATH,
  MAX_AUDIO_FRAME_BYTES,
  MAX_WIRE_MESSAGE_BYTES,
  wireMessageSchema,
} from '../../../src-preload/contract/index.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import { AppError, fromErrorData } from '../../base/errors.ts';
import { webSocketAudio } from '../workers/index.ts';

/** A page without a browser: calls, events and sound of a running core, for the terminal, benches and tests. */
export interface WebClient extends Disposable, Pick<Bridge, 'call' | 'on'> {
  readonly clientId: string;
  /** Sound of a session that this client has started; rejects with `bridge.refused` when it has not. */
  openAudio(sessionId: string, kind: AudioPortKind): Promise<AudioPort>;
  onClosed(listener: () => void): Unsubscribe;
}

interface PendingCall {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/**
 * Connects to a running core with the address and token of its serve.json. Rejects with `bridge.refused` (its message says what the core
 * answered). A connection that is lost is not made again: calls reject with `bridge.lost`.
 */
export async function connectBridge({ url, token }: { url: string; token: string }): Promise<WebClient> {
  const headers = { authorization: `Bearer ${token}` };
  const pending = new Map<number, PendingCall>();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const closeListeners = new Set<() => void>();
  let lastId = 0;

  const socket = new WebSocket(socketUrl(url, BRIDGE_PATH), { headers, maxPayload: MAX_WIRE_MESSAGE_BYTES, perMessageDeflate: false });
  let greeted: (clientId: string) => void;
  const hello = new Promise<string>((resolve) => (greeted = resolve));

  const settle = (id: number, outcome: { ok: true; value?: unknown } | { ok: false; error: ErrorData }): void => {
    const call = pending.get(id);
    pending.delete(id);
    if (outcome.ok) call?.resolve(outcome.value);
    else call?.reject(fromErrorData(outcome.error));
  };
  socket.on('message', (data) => {
    const message = readMessage(String(data));
    if (message === undefined) socket.close();
    else if ('hello' in message) greeted(message.hello.clientId);
    else if ('id' in message) settle(message.id, message.outcome);
    else for (const listener of listeners.get(message.event) ?? []) listener(message.payload);
  });
  socket.on('close', () => {
    for (const call of pending.values()) call.reject(connectionLost());
    pending.clear();
    for (const listener of closeListeners) listener();
  });
  await opened(socket);
  const clientId = await hello;

  return {
    clientId,
    call(name, input) {
      return new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) {
          reject(connectionLost());
          return;
        }
        lastId += 1;
        pending.set(lastId, { resolve: resolve as (value: unknown) => void, reject });
        socket.send(JSON.stringify({ id: lastId, call: name, input }));
      });
    },
    on(name, listener) {
      const own = (payload: unknown): void => listener(payload as never);
      const known = listeners.get(name) ?? new Set();
      listeners.set(name, known.add(own));
      return () => void known.delete(own);
    },
    async openAudio(sessionId, kind) {
      const audio = new WebSocket(socketUrl(url, audioPath(sessionId, kind)), {
        headers,
        maxPayload: MAX_AUDIO_FRAME_BYTES,
        perMessageDeflate: false,
      });
      await opened(audio);
      return webSocketAudio(audio);
    },
    onClosed(listener) {
      closeListeners.add(listener);
      return () => void closeListeners.delete(listener);
    },
    async dispose() {
      if (socket.readyState === socket.CLOSED) return;
      const closed = new Promise((resolve) => void socket.once('close', resolve));
      socket.close();
      await closed;
    },
  };
}

/** Asks a running core for a fresh one-time link to its page. */
export async function requestLink({ url, token }: { url: string; token: string }): Promise<string> {
  const response = await fetch(new URL('/link', url), { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  const text = (await response.text()).trim();
  if (!response.ok) throw connectionRefused(text);
  return text;
}

/** Undefined for what a core would never say. */
function readMessage(text: string): WireMessage | undefined {
  try {
    return wireMessageSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function socketUrl(url: string, path: string): URL {
  const address = new URL(path, url);
  address.protocol = 'ws:';
  return address;
}

/** Resolves when the handshake is done; rejects with what the other side answered instead. */
function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.on('error', (error) => reject(connectionRefused(error.message)));
    socket.once('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (piece: Buffer) => (text += piece.toString()));
      response.on('end', () => reject(connectionRefused(text.trim())));
      response.on('close', () => socket.terminate());
    });
  });
}

function connectionRefused(reason: string): AppError {
  return new AppError('bridge.refused', `OpenClaw Desktop did not let this program in: ${reason}`, { details: { reason } });
}

function connectionLost(): AppError {
  return new AppError('bridge.lost', 'The connection to OpenClaw Desktop was lost. Start it again, or try once more.');
}
