import type { CallInput, CallName, CallResult } from './calls.ts';
import type { EventName, EventPayload } from './events.ts';
import type { ErrorData } from './system.ts';

/** How every call ends on the wire. */
export type CallOutcome<Value = unknown> = { ok: true; value?: Value } | { ok: false; error: ErrorData };

/** What the preload puts on `window.openclaw`; in a browser the renderer builds the same over the WebSocket. */
export interface PreloadApi {
  call(name: CallName, input: unknown): Promise<CallOutcome>;
  on(name: EventName, listener: (payload: unknown) => void): () => void;
}

/** How the page asks for its sound: which end of the session; and for the pictures of a face, by its portrait's id. In Electron a MessagePort arrives by `window.postMessage({channel: PORT_CHANNEL, sessionId, kind}, [port])`. */
export type AudioPortKind = 'capture' | 'playback' | 'portrait';

/**
 * Whether the page reaches the core. A window always does; a browser page may lose its socket and gets it back by itself, unless the core was started
 * anew and knows it no longer (`refused`): then it needs a fresh link.
 */
export type Connection = 'connecting' | 'open' | 'lost' | 'refused';

/** The typed client that all features use. Rejections carry {@link ErrorData}. */
export interface Bridge {
  readonly door: 'window' | 'browser';
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallResult<Name>>;
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
  connection(): Connection;
  onConnection(listener: (connection: Connection) => void): () => void;
  /**
   * Calls `onPort` with one end of the session's sound (objects of `AudioPortMessage`, to be transferred to a worklet), and again with a fresh one
   * whenever the worker behind it was started anew. Ends with the returned function.
   */
  openAudioPort(sessionId: string, kind: AudioPortKind, onPort: (port: MessagePort) => void): () => void;
}
