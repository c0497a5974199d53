import { z } from 'zod';
import { AppError } from '../../../base/errors.ts';
import { phoneError } from '../telephony-errors.ts';

/** Where Asterisk's control interface is, and who we are to it. */
export interface AriAccess {
  /** `http://127.0.0.1:8088` */
  http: string;
  user: string;
  password: string;
}

type Query = Readonly<Record<string, string | number | undefined>>;

/** One request of the control interface. Parts of a path are encoded here and nowhere else. */
export interface AriRequests {
  /** The JSON of the answer, undefined for an empty one. Rejects with `phone.refused` or `phone.control-lost`. */
  send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: readonly string[], query?: Query, body?: unknown): Promise<unknown>;
  fetchBytes(path: readonly string[]): Promise<Uint8Array>;
}

/** Asterisk answers within milliseconds; what takes longer is lost. */
const PATIENCE_MS = 5_000;
const MAX_PROBLEM_CHARS = 300;

export function createAriRequests({ http, user, password }: AriAccess): AriRequests {
  const authorization = basicAuthorization(user, password);
  const ask = async (method: string, path: readonly string[], query: Query, body: unknown): Promise<Response> => {
    const url = new URL(`${http.replace(/\/$/, '')}/ari/${path.map(encodeURIComponent).join('/')}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
    // Asterisk reads a plus as a plus.
    url.search = url.search.replaceAll('+', '%20');
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
        redirect: 'error',
      });
    } catch (error) {
      throw phoneError('phone.control-lost', {}, error);
    }
    if (response.ok) return response;
    const problem = problemOf(await response.text().catch(() => ''));
    throw phoneError('phone.refused', { status: response.status, problem });
  };
  return {
    async send(method, path, query = {}, body) {
      const response = await ask(method, path, query, body);
      if (response.status === 204) return undefined;
      const text = await response.text().catch((error: unknown) => {
        throw phoneError('phone.control-lost', {}, error);
      });
      return text === '' ? undefined : (JSON.parse(text) as unknown);
    },
    async fetchBytes(path) {
      const response = await ask('GET', path, {}, undefined);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

/** True for what is simply not there any more: a channel that has hung up a moment before. */
export function isGone(error: unknown): boolean {
  return wasRefusedWith(error, 404, 409, 412);
}

export function wasRefusedWith(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof AppError && error.code === 'phone.refused' && statuses.includes(Number(error.details['status']));
}

const said = z.object({ message: z.string().optional(), error: z.string().optional() });

function problemOf(text: string): string {
  try {
    const { message, error } = said.parse(JSON.parse(text));
    return (message ?? error ?? '').slice(0, MAX_PROBLEM_CHARS);
  } catch {
    return '';
  }
}
