import type { IncomingHttpHeaders } from 'node:http';
import type { AudioPortKind, CallInput, CallName, CallResult, EventName, EventPayload } from '../../../src-preload/contract/index.ts';
import type { MediaConnection } from '../workers/index.ts';

/** Who calls: one window or one browser page; or a telephone call, which makes no calls here and is told what a page is told. */
export interface Caller {
  door: 'window' | 'browser' | 'phone';
  /** Stable while the page lives; one voice session per client. */
  clientId: string;
  /** It came in by the token of serve.json, or by a link that was made with it, instead of a link of the owner's: no person need sit there, and what only the owner may do is not for it. */
  isProgram?: true;
  /** Its page was opened by another name than those of this machine: it cannot be a telephone. */
  isRemote?: true;
}

/** The core's side of the contract. Input has passed its schema; a thrown `AppError` becomes the call's `ErrorData`. */
export type Handlers = {
  [Name in CallName]: (input: CallInput<Name>, caller: Caller) => Promise<CallResult<Name>> | CallResult<Name>;
};

/** A module contributes its part; compose merges the parts, and the type checker finds what is missing. */
export type HandlersFor<Names extends CallName> = Pick<Handlers, Names>;

/** Sends an event to every page at every door, or to one client's page alone (its session, its playback). Never throws, never waits. */
export type Tell = <Name extends EventName>(name: Name, payload: EventPayload<Name>, clientId?: string) => void;

/**
 * Lets the caller's page reach the workers' audio directly. Window: makes two MessageChannels, one end to the worker, one to the page.
 * Browser: allows this client to open `/audio?session=…&kind=…`; the socket is handed to the worker process after the checks.
 * Called again for a session whose worker was restarted: a new line takes the place of the old one. `kinds`: both ends of a voice session, or `portrait`
 * for the pictures of a face, whose id takes the place of the session's.
 */
export type OpenAudio = (caller: Caller, sessionId: string, kinds?: readonly AudioPortKind[]) => void;

/** What a voice session opens. */
export const SOUND_KINDS: readonly AudioPortKind[] = ['capture', 'playback'];

/** Hands one end of a session's sound to the worker that hears (`capture`) or speaks (`playback`), or that paints (`portrait`). Doors call it; compose joins it to the workers. */
export type AttachAudio = (kind: AudioPortKind, sessionId: string, media: MediaConnection) => void;

/** Called by a door when a page has gone away; its session must end. */
export type ClientGone = (clientId: string) => void;

/** A path that answers programs. Host and Origin are checked before; who may ask is its own affair. */
export interface ProgramRoute {
  /** `/mcp` */
  path: string;
  handle(request: ProgramRequest): Promise<ProgramAnswer>;
}

export interface ProgramRequest {
  method: string;
  /** Whole address. */
  url: string;
  headers: IncomingHttpHeaders;
  body: AsyncIterable<Uint8Array>;
  /** It bears the token of serve.json. */
  isOwner: boolean;
  /** Aborted when whoever asks has hung up. */
  signal: AbortSignal;
}

export interface ProgramAnswer {
  status: number;
  headers: Record<string, string>;
  body: AsyncIterable<Uint8Array> | null;
}
