import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import { reasonOf } from '../remote/reach.ts';
import { badAnswer, busy, failed, refused, timedOut, unauthorized, unreachable } from './face-server-errors.ts';

/** What a renderer outside the app is to make: this face saying this sound. */
export interface RenderOrder {
  renderer: 'sadtalker' | 'wav2lip';
  portrait: { bytes: Uint8Array<ArrayBuffer>; contentType: 'image/png' | 'image/jpeg' | 'image/webp' };
  /** A WAV file. */
  sound: Uint8Array<ArrayBuffer>;
  fps: number;
  /** Height of the clip, pixels. */
  height: number;
  /** 0..1. */
  expressiveness: number;
}

/** A renderer outside the app, as `docs/face-server.md` describes it. */
export interface FaceServer {
  /**
   * Resolves with an MP4. Rejects with a `film.…` error, or with the signal's reason; the server is then told to stop. `onProgress` gets shares
   * 0..1 that never fall.
   */
  render(order: RenderOrder, options?: { signal?: AbortSignal; onProgress?: (share: number) => void }): Promise<Uint8Array<ArrayBuffer>>;
}

export interface FaceServerOptions {
  /** Checked by `faceServerAddress`. */
  address: URL;
  token?: string | undefined;
  clock: Clock;
  limits?: Partial<FaceServerLimits>;
}

export interface FaceServerLimits {
  /** For each single answer, ms. @default 20 000 */
  answerMs: number;
  /** For the order to be taken, with its picture and sound, and for the clip to be fetched, ms. @default 120 000 */
  transferMs: number;
  /** Between two looks at a job, ms. @default 1 000 */
  pollMs: number;
  /** A job that has not come on for so long counts as hung, ms. Such programs work for minutes on seconds of sound. @default 600 000 */
  stalledMs: number;
  /** @default 512 MiB */
  clipBytes: number;
}

const DEFAULT_LIMITS: FaceServerLimits = {
  answerMs: 20_000,
  transferMs: 120_000,
  pollMs: 1_000,
  stalledMs: 600_000,
  clipBytes: 512 * 1024 ** 2,
};

const ANSWER_BYTES = 64 * 1024;

const takenSchema = z.object({ job: z.string().regex(/^[\w.-]{1,128}$/) });
const jobSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('waiting') }),
  z.object({ state: z.literal('running'), progress: z.number().min(0).max(1) }),
  z.object({ state: z.literal('done') }),
  // Its own words are for its own log.
  z.object({ state: z.literal('failed') }),
]);

export function createFaceServer({ address, token, clock, limits: given }: FaceServerOptions): FaceServer {
  const limits = { ...DEFAULT_LIMITS, ...given };
  const where = address.host;

  /** One request, whole with its body, within `limitMs`. */
  async function ask<T>(
    path: string,
    init: RequestInit,
    { limitMs, signal, read }: { limitMs: number; signal: AbortSignal | undefined; read: (response: Response) => Promise<T> },
  ): Promise<T> {
    const late = new AbortController();
    const timer = clock.after(limitMs, () => late.abort());
    try {
      const response = await fetch(new URL(`${address.pathname.replace(/\/$/, '')}${path}`, address), {
        ...init,
        // Where it sends us is not where its owner pointed us.
        redirect: 'error',
        signal: signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]),
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      });
      if (response.ok) return await read(response);
      await response.body?.cancel();
      throw ofStatus(response.status);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof AppError) throw error;
      throw late.signal.aborted ? timedOut(where, limitMs) : unreachable(where, reasonOf(error));
    } finally {
      timer.cancel();
    }
  }

  function ofStatus(status: number): AppError {
    if (status === 401 || status === 403) return unauthorized(where);
    return status === 429 || status === 503 ? busy(where) : refused(where, status);
  }

  async function bytesOf(response: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of response.body ?? []) {
      size += piece.byteLength;
      if (size > most) throw badAnswer(where, 'its answer is far too large');
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  }

  async function answerOf<T>(schema: z.ZodType<T>, response: Response): Promise<T> {
    const text = new TextDecoder().decode(await bytesOf(response, ANSWER_BYTES));
    const parsed = schema.safeParse(jsonOf(text));
    if (!parsed.success) throw badAnswer(where, 'its answer does not follow the contract');
    return parsed.data;
  }

  function jsonOf(text: string): unknown {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw badAnswer(where, 'its answer is not JSON');
    }
  }

  async function clipOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
    const type = response.headers.get('content-type')?.split(';')[0]?.trim();
    if (type !== 'video/mp4') {
      await response.body?.cancel();
      throw badAnswer(where, 'what it calls the clip is not MP4');
    }
    const clip = await bytesOf(response, limits.clipBytes);
    // ISO/IEC 14496-12: a file begins with the box of its type.
    if (new TextDecoder('latin1').decode(clip.subarray(4, 8)) !== 'ftyp') throw badAnswer(where, 'what it calls the clip is not MP4');
    return clip;
  }

  function pause(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        timer.cancel();
        reject(signal?.reason instanceof Error ? signal.reason : new AppError('request.aborted', 'The request was cancelled.'));
      };
      const timer = clock.after(limits.pollMs, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      if (signal?.aborted) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });
  }

  /** Until it is done. Nothing is known of a job that waits, so waiting does not count as coming on. */
  async function follow(path: string, signal: AbortSignal | undefined, onProgress: (share: number) => void): Promise<void> {
    let furthest = 0;
    let movedAtMs = clock.nowMs();
    for (;;) {
      const read = (response: Response): Promise<z.infer<typeof jobSchema>> => answerOf(jobSchema, response);
      const job = await ask(path, {}, { limitMs: limits.answerMs, signal, read });
      if (job.state === 'done') return;
      if (job.state === 'failed') throw failed(where);
      if (job.state === 'running' && job.progress > furthest) {
        furthest = job.progress;
        movedAtMs = clock.nowMs();
        onProgress(furthest);
      }
      if (clock.nowMs() - movedAtMs > limits.stalledMs) throw timedOut(where, limits.stalledMs);
      await pause(signal);
    }
  }

  return {
    async render(order, { signal, onProgress = () => undefined } = {}) {
      signal?.throwIfAborted();
      const { job } = await ask(
        '/render',
        { method: 'POST', body: formOf(order) },
        {
          limitMs: limits.transferMs,
          signal,
          read: (response) => answerOf(takenSchema, response),
        },
      );
      const path = `/jobs/${encodeURIComponent(job)}`;
      try {
        await follow(path, signal, onProgress);
        const clip = await ask(`${path}/result`, {}, { limitMs: limits.transferMs, signal, read: clipOf });
        onProgress(1);
        return clip;
      } finally {
        // Done, failed or given up: the server need not keep it. What it answers changes nothing.
        void ask(
          path,
          { method: 'DELETE' },
          { limitMs: limits.answerMs, signal: undefined, read: async (response) => response.body?.cancel() },
        ).catch(() => undefined);
      }
    },
  };
}

function formOf({ renderer, portrait, sound, fps, height, expressiveness }: RenderOrder): FormData {
  const form = new FormData();
  form.set('options', JSON.stringify({ renderer, fps, height, expressiveness }));
  form.set('portrait', new Blob([portrait.bytes], { type: portrait.contentType }), 'portrait');
  form.set('sound', new Blob([sound], { type: 'audio/wav' }), 'sound.wav');
  return form;
}
