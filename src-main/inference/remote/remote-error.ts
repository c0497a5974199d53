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

/**
 * What went wrong, told from what the clients throw: both have an error class with `status`, undefined for the network's and the stream's own
 * failures. The original is not kept as a cause, since it carries what the server said, which may quote the key.
 */
export function toRemoteError(error: unknown, context: RemoteErrorContext): AppError {
  const { where, received } = context;
  const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  if (status !== undefined) return ofStatus(status, error instanceof Error ? error.message : '', context);
  if (error instanceof SyntaxError) return badAnswer(where, 'a piece of it is not valid JSON');
  const code = codeOf(error);
  if (received.began || isBroken(error, code)) return cutOff(where, received.characters);
  if (code !== undefined || isConnectionError(error)) return unreachable(where, reasonOf(error));
  return badAnswer(where, 'it does not follow the protocol');
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
