import { AppError, toErrorData } from '../../base/errors.ts';

/** A request of a page that was let in: for what is not a file of the built page. */
export interface ResourceRequest {
  method: string;
  /** Path of the address, not decoded. */
  pathname: string;
  /** The raw body; empty for GET. */
  body: AsyncIterable<Uint8Array>;
  /** It comes from our own page or a program of the owner's, not from another page that a browser has open: only then may it change something. */
  isOwn: boolean;
  /** As the sender says; undefined = unknown. */
  contentLength: number | undefined;
  /** The header `Range`: a player asks for a part. */
  range?: string | undefined;
}

/** Bytes that are made as they are sent, for sizes that must not lie in memory. `close`: nobody wants them (any more). */
export interface ResourcePieces {
  pieces: AsyncIterable<Uint8Array>;
  sizeBytes: number;
  close: () => void;
}

/** What goes back: bytes, a file of this machine that is streamed, or pieces. */
export interface ResourceAnswer {
  status: number;
  contentType: string;
  cacheControl: string;
  body: Uint8Array | { path: string; sizeBytes: number } | ResourcePieces;
  /** Further headers, such as those of a part. */
  headers?: Readonly<Record<string, string>>;
  /** Makes a browser save it under the address' last part instead of showing it. */
  attachment?: boolean;
}

/** Answers what it knows; undefined = not found. May throw an `AppError`. */
export type ResourceHandler = (request: ResourceRequest) => Promise<ResourceAnswer | undefined>;

/** Uploads, files of characters, downloads: the same behind both doors. Never rejects; undefined = the door looks among the page's own files. */
export type PageResources = (request: ResourceRequest) => Promise<ResourceAnswer | undefined>;

const REFUSED = new AppError('request.refused', 'Only the page of OpenClaw Desktop itself may ask for that.');
const UNEXPECTED = new AppError('internal.unexpected', 'Something unexpected went wrong. Try again.');

/** What is answered under one first part of a path: one method, or several that each have an answer of their own. */
export type ResourceRoute =
  | { method: ResourceMethod; answer: ResourceHandler }
  | Readonly<Partial<Record<ResourceMethod, ResourceHandler>>>;
export type ResourceMethod = 'GET' | 'POST' | 'DELETE';

/** `routes` by the first part of the path, with its slash: `/uploads`. Whatever is not asked with GET must come from our own page or program. */
export function createPageResources(routes: Readonly<Record<string, ResourceRoute>>): PageResources {
  return async (request) => {
    const route = routes[/^\/[a-z]+/.exec(request.pathname)?.[0] ?? ''];
    if (!route) return undefined;
    const answers: ReadonlyMap<string, ResourceHandler> = new Map(
      'method' in route ? [[route.method, route.answer]] : Object.entries(route),
    );
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const answer = answers.get(method);
    if (!answer) return failure(405, new AppError('request.bad-method', `Only ${[...answers.keys()].join(' and ')} is answered here.`));
    if (method !== 'GET' && !request.isOwn) return failure(403, REFUSED);
    try {
      return (await answer(request)) ?? failure(404, new AppError('request.not-found', 'There is nothing here.'));
    } catch (error) {
      return error instanceof AppError ? failure(400, error) : failure(500, UNEXPECTED);
    }
  };
}

/** An answer as data. */
export function jsonAnswer(value: unknown, status = 200): ResourceAnswer {
  return { status, contentType: 'application/json; charset=utf-8', cacheControl: 'no-store', body: Buffer.from(JSON.stringify(value)) };
}

function failure(status: number, error: AppError): ResourceAnswer {
  return jsonAnswer(toErrorData(error), status);
}
