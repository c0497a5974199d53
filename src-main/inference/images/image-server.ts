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
  /** Ends what is under way; its reason is then what everything rejects with. */
  shut: AbortSignal;
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
  const { shut } = options;
  const ending = AbortSignal.any([deadline.signal, shut]);
  /** Why it broke off: the stop, the time that is over, or something of the network. */
  const broken = (words: string): unknown => {
    if (shut.aborted) return shut.reason;
    return deadline.signal.aborted ? tooSlow(where, options.deadlineMs) : unreachable(where, words);
  };

  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    try {
      const response = await fetch(new URL(`${base.pathname.replace(/\/+$/, '')}${path}`, base), {
        ...init,
        // Where it sends us is not where its owner pointed us.
        redirect: 'manual',
        signal: ending,
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
      throw broken(reasonOf(error));
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
      throw broken('it broke off in the middle of its answer');
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
          reject(broken('it was given up'));
        };
        const pause = options.clock.after(ms, () => {
          ending.removeEventListener('abort', stop);
          resolve();
        });
        if (ending.aborted) stop();
        else ending.addEventListener('abort', stop, { once: true });
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
