import type { AudioPortKind } from './bridge.ts';

/* The addresses of wire.ts without its schemas: the page opens its sockets before the first paint and must not load zod. */

/** Path of the WebSocket for calls and events. */
export const BRIDGE_PATH = '/bridge';
/** Path of the WebSocket for sound. */
export const AUDIO_PATH = '/audio';
/** Path of the WebSocket to the telephone exchange, for a page in a browser: the window goes there straight. */
export const EXCHANGE_PATH = '/exchange';
/** `POST`: a file for a call to come; answers `{uploadId}`. */
export const UPLOADS_PATH = '/uploads';
/** `GET <path>/<id>/<revision>/<file>`: the files of a character. */
export const CHARACTERS_PATH = '/characters';
/** `GET <path>/<token>/<file name>`: what a call has made for the owner to keep. */
export const DOWNLOADS_PATH = '/downloads';
/** Query parameter of the one-time link. */
export const TOKEN_PARAMETER = 'token';

/** Names of this machine in an address: by another one a page is reached from elsewhere. */
const LOOPBACK_NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether a page with this host name (`location.hostname`) is opened on the machine that the core runs on: the exchange and its sound are reached there alone. */
export function isOnThisMachine(hostName: string): boolean {
  return LOOPBACK_NAMES.includes(hostName);
}

/** Where a session's sound is opened, relative to the page's own address. */
export function audioPath(sessionId: string, kind: AudioPortKind): string {
  return `${AUDIO_PATH}?${new URLSearchParams({ session: sessionId, kind }).toString()}`;
}
