import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import { isLoopback, reasonOf } from '../remote/reach.ts';
import { badAddress, badAnswer, refused, remoteNotAllowed, tooSlow, unreachable } from './image-errors.ts';
import type { ImageServer } from './image-generator.ts';

export interface ImageServerOptions {
  /** Base address as its owner typed it. */
  address: string;
  /** Other machines may be asked. */
  remoteAllowed: boolean;
  apiKey: string | undefined;
  model: string;
  /** For everything together: a large model on a small card paints for minutes. */
  deadlineMs: number;
  clock: Clock;
}

/** Four pictures as base64 in one answer. */
const MAX_ANSWER_BYTES = 96 * 1024 ** 2;

/** Opens no connection yet. Throws `images.bad-address` and `images.remote`. The timer runs from here on until `end`. */
export function openImageServer(options: ImageServerOptions): ImageServer & { end(): void } {
  const base = parseAddress(options.address);
  const where = base.host;
  if (!isLoopback(base) && !options.remoteAllowed) throw remoteNotAllowed(where);
  const deadline = new AbortController();
  const timer = options.clock.after(options.deadlineMs, () => deadline.abort());
  const late = (): AppError => tooSlow(where, options.deadlineMs);

  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    try {
      const response = await fetch(new URL(`${base.pathname.replace(/\/+$/, '')}${path}`, base), {
        ...init,
        // Where it sends us is not where its owner pointed us.
        redirect: 'manual',
        signal: deadline.signal,
        headers: {
          accept: '*/*',
          ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
        },
      });
      if (response.ok) return response;
      await response.body?.cancel();
      throw refused(where, response.status);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw deadline.signal.aborted ? late() : unreachable(where, reasonOf(error));
    }
  };
  const read = async (response: Response): Promise<Uint8Array> => {
    const pieces: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const piece of response.body ?? []) {
        size += piece.byteLength;
        if (size > MAX_ANSWER_BYTES) throw badAnswer(where, 'it is far too large');
        pieces.push(piece);
      }
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw deadline.signal.aborted ? late() : unreachable(where, 'it broke off in the middle of its answer');
    }
    return Buffer.concat(pieces);
  };

  return {
    model: options.model,
    async json(path, body) {
      const answer = await read(await ask(path, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }));
      try {
        return JSON.parse(new TextDecoder().decode(answer)) as unknown;
      } catch {
        throw badAnswer(where, 'it is not JSON');
      }
    },
    bytes: async (path) => read(await ask(path, {})),
    wait: (ms) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          pause.cancel();
          reject(late());
        };
        const pause = options.clock.after(ms, () => {
          deadline.signal.removeEventListener('abort', stop);
          resolve();
        });
        if (deadline.signal.aborted) stop();
        else deadline.signal.addEventListener('abort', stop, { once: true });
      }),
    end: () => timer.cancel(),
  };
}

function parseAddress(typed: string): URL {
  const text = typed.trim();
  if (!URL.canParse(text)) throw badAddress('it is not a web address');
  const address = new URL(text);
  if (address.protocol !== 'http:' && address.protocol !== 'https:') throw badAddress('it does not begin with http:// or https://');
  if (address.username !== '' || address.password !== '') throw badAddress('a name or password does not belong into it');
  return address;
}
