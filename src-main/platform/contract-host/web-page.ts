import type { RawData, WebSocket } from 'ws';
import type { EventName, WireMessage } from '../../../src-preload/contract/index.ts';
import { CLOSED_FOR_MISUSE, wireRequestSchema } from '../../../src-preload/contract/index.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { ContractHost } from './contract-host-service.ts';
import type { Caller } from './contract-host.ts';

/** What a page may still take in; beyond it the connection is given up and the page comes back with fresh snapshots. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024;
const MAX_CALLS_UNDER_WAY = 64;
/** A page reports its playback ten times a second; people add a few calls. The bucket leaves room for a burst at start. */
const CALLS_PER_SECOND = 50;
const BURST_CALLS = 200;
/** Refused calls that are still answered politely before the connection is closed. */
const MAX_REFUSED_CALLS = 500;
const HEARTBEAT_MS = 20_000;

/** One browser page (or program) on its WebSocket. */
export interface WebPage {
  send(name: EventName, payload: unknown): void;
}

export interface WebPageOptions {
  socket: WebSocket;
  caller: Caller;
  host: ContractHost;
  clock: Clock;
  /** Exactly once. */
  onGone: () => void;
}

/** Speaks wire.ts with one page until its socket closes, which also happens when the page floods, stops reading, or falls silent. */
export function serveWebPage({ socket, caller, host, clock, onGone }: WebPageOptions): WebPage {
  const meter = createCallMeter(clock);
  let underWay = 0;

  const send = (message: WireMessage): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_UNSENT_BYTES) socket.terminate();
    else socket.send(JSON.stringify(message));
  };

  const onMessage = async (data: RawData, isBinary: boolean): Promise<void> => {
    const request = isBinary ? undefined : parseRequest(data);
    if (request === undefined) {
      socket.close(CLOSED_FOR_MISUSE, 'not a request');
      return;
    }
    const { id } = request;
    if (!meter.take() || underWay >= MAX_CALLS_UNDER_WAY) {
      if (meter.refused() > MAX_REFUSED_CALLS) socket.close(CLOSED_FOR_MISUSE, 'too many calls');
      send({
        id,
        outcome: { ok: false, error: { code: 'request.too-many', message: 'Too many requests at once. Wait a moment.', details: {} } },
      });
      return;
    }
    underWay += 1;
    const outcome = await host.answer(request.call, request.input, caller);
    underWay -= 1;
    send({ id, outcome });
  };

  const stopHeartbeat = keepAlive(socket, clock);
  socket.on('message', (data, isBinary) => void onMessage(data, isBinary));
  socket.on('error', () => socket.terminate());
  socket.once('close', () => {
    stopHeartbeat();
    onGone();
  });
  send({ hello: { clientId: caller.clientId } });
  return { send: (name, payload) => send({ event: name, payload }) };
}

function parseRequest(data: RawData): { id: number; call: string; input: unknown } | undefined {
  try {
    const parsed = wireRequestSchema.safeParse(JSON.parse(String(data)));
    return parsed.success ? { ...parsed.data, input: parsed.data.input } : undefined;
  } catch {
    return undefined;
  }
}

/** A bucket that refills: `take` says whether one more call may pass. */
function createCallMeter(clock: Clock): { take(): boolean; refused(): number } {
  let tokens = BURST_CALLS;
  let filledAtMs = clock.nowMs();
  let refused = 0;
  return {
    take() {
      const nowMs = clock.nowMs();
      tokens = Math.min(BURST_CALLS, tokens + ((nowMs - filledAtMs) / 1000) * CALLS_PER_SECOND);
      filledAtMs = nowMs;
      if (tokens < 1) {
        refused += 1;
        return false;
      }
      tokens -= 1;
      return true;
    },
    refused: () => refused,
  };
}

/** A page whose machine fell asleep or whose tab died without a word does not answer pings; its session must not live on. */
function keepAlive(socket: WebSocket, clock: Clock): () => void {
  let answered = true;
  let timer: Timer;
  const beat = (): void => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
    timer = clock.after(HEARTBEAT_MS, beat);
  };
  socket.on('pong', () => (answered = true));
  timer = clock.after(HEARTBEAT_MS, beat);
  return () => timer.cancel();
}
