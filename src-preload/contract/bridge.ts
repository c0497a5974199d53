import type { AudioPort } from './audio-port.ts';
import type { CallInput, CallName, CallResult } from './calls.ts';
import type { EventName, EventPayload } from './events.ts';
import type { ErrorData } from './system.ts';

/** How every call ends on the wire. */
export type CallOutcome<Value = unknown> = { ok: true; value: Value } | { ok: false; error: ErrorData };

/** What the preload puts on `window.openclaw`; in a browser the renderer builds the same over the WebSocket. */
export interface PreloadApi {
  call(name: CallName, input: unknown): Promise<CallOutcome>;
  on(name: EventName, listener: (payload: unknown) => void): () => void;
}

/** How the page asks for its sound: which end of the session. In Electron a MessagePort arrives by `window.postMessage({channel: PORT_CHANNEL, sessionId, kind}, [port])`. */
export type AudioPortKind = 'capture' | 'playback';

/** The typed client that all features use. Rejections carry {@link ErrorData}. */
export interface Bridge {
  readonly door: 'window' | 'browser';
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallResult<Name>>;
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
  /** Resolves with the port of the session that `session.start` has opened. */
  openAudioPort(sessionId: string, kind: AudioPortKind): Promise<AudioPort>;
}
