import type { AppError } from '../../base/errors.ts';
import {
  badAnswer,
  busy,
  cutOff,
  modelMissing,
  refused,
  serverError,
  tooLong,
  unauthorized,
  unreachable,
} from '../language/language-errors.ts';
import { codeOf, reasonOf } from './reach.ts';

export interface RemoteErrorContext {
  where: string;
  model: string;
  contextTokens: number;
  received: { characters: number; began: boolean };
}

/** Codes of a connection that had been open. */
const BROKEN = /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_BODY_TIMEOUT|ERR_STREAM_PREMATURE_CLOSE)$/;
const TOO_LONG = /context|too long|too large|maximum.{0,40}tokens|prompt.{0,20}tokens/i;
const CERTIFICATE = /CERT|SELF_SIGNED|TLS|SSL/;

/** A key with characters that no HTTP header can hold, such as typographic quotes; `fetch` refuses it before anything is sent. */
const UNSENDABLE = /ByteString|header value/i;

/** Kinds of failure that servers name inside a stream that had begun well, and the status each has outside of one. */
const STATUS_OF_KIND: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  invalid_api_key: 401,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  context_length_exceeded: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  overloaded_error: 529,
};

/**
 * What went wrong, told from what the clients throw: both have an error class with `status`, undefined for the network's and the stream's own
 * failures. The original is not kept as a cause, since it carries what the server said, which may quote the key.
 */
export function toRemoteError(error: unknown, context: RemoteErrorContext): AppError {
  const { where, received } = context;
  const status = statusOf(error) ?? (received.characters === 0 ? toldStatus(error) : undefined);
  if (status !== undefined) return ofStatus(status, error instanceof Error ? error.message : '', context);
  if (error instanceof SyntaxError) return badAnswer(where, 'a piece of it is not valid JSON');
  if (error instanceof TypeError && UNSENDABLE.test(error.message)) return unauthorized(where);
  const code = codeOf(error);
  if (received.began || isBroken(error, code)) return cutOff(where, received.characters);
  if (code !== undefined || isConnectionError(error)) return unreachable(where, reasonOf(error));
  return badAnswer(where, 'it does not follow the protocol');
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}

/** The status that fits a failure told inside a stream: both clients then keep what they were told as `error`, with its `type` and `code`. */
function toldStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('error' in error) || error.error === undefined) return undefined;
  const { type, code } = error as { type?: unknown; code?: unknown };
  if (typeof code === 'number' && code >= 400 && code < 600) return code;
  return STATUS_OF_KIND[String(type)] ?? STATUS_OF_KIND[String(code)] ?? 500;
}

function ofStatus(status: number, message: string, { where, model, contextTokens }: RemoteErrorContext): AppError {
  if (status === 401 || status === 403) return unauthorized(where);
  if (status === 404)
    return /model/i.test(message) ? modelMissing(where, model) : badAnswer(where, 'nothing answers chats at this address');
  if (status === 429 || status === 503 || status === 529) return busy(where);
  if (status >= 500) return serverError(where, status);
  if (status === 413 || TOO_LONG.test(message)) return tooLong(contextTokens, contextTokens);
  return refused(where, status);
}

function isBroken(error: unknown, code: string | undefined): boolean {
  if (code !== undefined) return BROKEN.test(code);
  return error instanceof Error && /terminated|premature|aborted/i.test(error.message);
}

function isConnectionError(error: unknown): boolean {
  return error instanceof Error && (error.constructor.name.endsWith('ConnectionError') || CERTIFICATE.test(error.message));
}
