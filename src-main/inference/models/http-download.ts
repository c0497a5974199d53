import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, isAbort } from '../../base/errors.ts';
import type { Clock } from '../../base/clock.ts';
import { createRunningDigest } from './file-digest.ts';
import type { ExpectedDigest, RunningDigest } from './file-digest.ts';
import { connectionLost, fromWriteError, noNetwork, sourceRefused, truncated, wrongHash } from './model-errors.ts';

/** One file to fetch. */
export interface HttpDownload {
  url: string;
  /** Its name in messages. */
  what: string;
  /** Grows while bytes arrive and stays when the download stops: the next call goes on where this one ended. */
  partialPath: string;
  sizeBytes: number;
  digest: ExpectedDigest;
}

export interface HttpOptions {
  signal: AbortSignal;
  clock: Clock;
  /** Bytes on disk so far. */
  onBytes: (receivedBytes: number) => void;
  /** Longest silence of the server before the connection counts as broken. Default 30 000. */
  stallTimeoutMs?: number;
  /** First wait before another attempt; doubles each time. Default 500. */
  retryDelayMs?: number;
}

/** Attempts in a row that brought nothing before the download gives up. */
const MAX_FRUITLESS_ATTEMPTS = 4;
const STATUS_RANGE_NOT_SATISFIABLE = 416;
const RETRIED_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);

/** A failed attempt that is worth another one; `cause` is what the network said. */
class AttemptFailed extends Error {}

/** The digest of what lies in the partial file. Kept from attempt to attempt, so that gigabytes are not read again after each broken connection. */
interface Seen {
  digest: RunningDigest;
  bytes: number;
}

/**
 * Fetches a file over HTTP with resume, and checks size and hash while the bytes pass. Resolves with the sha256 when the partial file is complete
 * and right; the caller moves it into place. Rejects with `model.no-network` (never got through), `model.connection-lost` (partial kept),
 * `model.truncated` (the server has a file of another size), `model.wrong-hash` (partial deleted), `model.source-refused`, `model.disk-full`, or
 * the signal's reason (partial kept).
 */
export async function downloadOverHttp(request: HttpDownload, options: HttpOptions): Promise<string> {
  let fruitless = 0;
  let furthest = 0;
  let cleanRetryLeft = true;
  const seen: Seen = { digest: freshDigest(request), bytes: 0 };
  for (;;) {
    options.signal.throwIfAborted();
    const before = await partialSize(request.partialPath);
    furthest = Math.max(furthest, before);
    try {
      await attempt(request, before, seen, options);
      const { sha256, matches, actual } = seen.digest.finish();
      if (matches) return sha256;
      await discard(request.partialPath);
      restart(seen, request);
      // A partial file of an earlier run may have been the culprit (another version on the server): once more from the first byte.
      if (before === 0 || !cleanRetryLeft) throw wrongHash(request.what, request.digest.hex, actual);
      cleanRetryLeft = false;
    } catch (error) {
      if (!(error instanceof AttemptFailed)) throw fromWriteError(error, dirname(request.partialPath), request.sizeBytes - before);
      const after = await partialSize(request.partialPath);
      // Measured against the furthest point ever, so that a server which throws us back each time comes to an end.
      fruitless = after > furthest ? 1 : fruitless + 1;
      furthest = Math.max(furthest, after);
      if (fruitless >= MAX_FRUITLESS_ATTEMPTS) throw givingUp(request, furthest, error.cause);
      await pause((options.retryDelayMs ?? 500) * 2 ** (fruitless - 1), options);
    }
  }
}

/** A server that answered, if only to send us away, says more than that nothing came. */
function givingUp(request: HttpDownload, receivedBytes: number, cause: unknown): AppError {
  if (receivedBytes > 0) return connectionLost(request.what, receivedBytes, request.sizeBytes, cause);
  return cause instanceof AppError ? cause : noNetwork(request.what, cause);
}

/** One connection: from what is on disk to the end of the file. Afterwards `seen` covers all of it. */
async function attempt(request: HttpDownload, haveBytes: number, seen: Seen, options: HttpOptions): Promise<void> {
  const keep = haveBytes <= request.sizeBytes ? haveBytes : 0;
  // Before the connection is opened: reading a large partial file may take longer than a server waits.
  await catchUp(request, keep, seen, options.signal);
  if (keep === request.sizeBytes) return;
  const watch = stallWatch(options);
  try {
    const response = await ask(request, keep, watch.signal);
    const resumes = response.status === 206 && startsAt(response, keep);
    checkAnnouncedSize(request, response, resumes ? keep : 0);
    await writeFile(validatorPath(request.partialPath), response.headers.get('etag') ?? '');
    if (!resumes) restart(seen, request);
    await receive(request, response, seen, watch, options);
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    // fetch reports a refused or broken connection as a TypeError, our own watch as an abort.
    if (error instanceof TypeError || isAbort(error)) throw new AttemptFailed(request.url, { cause: error });
    throw error;
  } finally {
    watch.end();
  }
}

function freshDigest(request: HttpDownload): RunningDigest {
  return createRunningDigest(request.digest, request.sizeBytes);
}

function restart(seen: Seen, request: HttpDownload): void {
  seen.digest = freshDigest(request);
  seen.bytes = 0;
}

/** Reads the partial file into the digest, unless it has just passed through it. */
async function catchUp(request: HttpDownload, bytes: number, seen: Seen, signal: AbortSignal): Promise<void> {
  if (seen.bytes === bytes) return;
  restart(seen, request);
  if (bytes === 0) return;
  for await (const chunk of createReadStream(request.partialPath, { end: bytes - 1, highWaterMark: 1 << 20, signal })) {
    seen.digest.update(chunk);
    seen.bytes += chunk.length;
  }
}

async function ask(request: HttpDownload, from: number, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (from > 0) {
    headers['range'] = `bytes=${from}-`;
    const validator = await readFile(validatorPath(request.partialPath), 'utf8').catch(() => '');
    // Only a strong tag may guard a range; without one the hash at the end decides.
    if (validator !== '' && !validator.startsWith('W/')) headers['if-range'] = validator;
  }
  const response = await fetch(request.url, { headers, signal });
  if (response.ok && response.body) return response;
  await response.body?.cancel();
  if (response.status === STATUS_RANGE_NOT_SATISFIABLE) {
    await discard(request.partialPath);
    throw new AttemptFailed(request.url, { cause: new Error('the server refused to resume') });
  }
  if (RETRIED_STATUSES.has(response.status)) throw new AttemptFailed(request.url, { cause: sourceRefused(request.url, response.status) });
  throw sourceRefused(request.url, response.status);
}

function startsAt(response: Response, from: number): boolean {
  return response.headers.get('content-range')?.startsWith(`bytes ${from}-`) ?? false;
}

/** A server that announces another size has another file: no need to fetch it to know. */
function checkAnnouncedSize(request: HttpDownload, response: Response, from: number): void {
  const length = response.headers.get('content-length');
  if (length !== null && from + Number(length) !== request.sizeBytes)
    throw truncated(request.what, request.sizeBytes, from + Number(length));
}

async function receive(request: HttpDownload, response: Response, seen: Seen, watch: StallWatch, options: HttpOptions): Promise<void> {
  if (!response.body) throw new AttemptFailed(request.url);
  const file = await openAt(request.partialPath, seen.bytes);
  options.onBytes(seen.bytes);
  try {
    for await (const chunk of response.body) {
      watch.touch();
      if (seen.bytes + chunk.byteLength > request.sizeBytes)
        throw truncated(request.what, request.sizeBytes, seen.bytes + chunk.byteLength);
      await file.writeFile(chunk);
      seen.digest.update(chunk);
      seen.bytes += chunk.byteLength;
      options.onBytes(seen.bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (seen.bytes < request.sizeBytes)
    throw new AttemptFailed(request.url, { cause: truncated(request.what, request.sizeBytes, seen.bytes) });
}

async function openAt(path: string, from: number): Promise<FileHandle> {
  const file = await open(path, from === 0 ? 'w' : 'a');
  if (from > 0) await file.truncate(from);
  return file;
}

interface StallWatch {
  signal: AbortSignal;
  touch(): void;
  end(): void;
}

/** Aborts a connection on which nothing comes; also carries the caller's own abort. */
function stallWatch(options: HttpOptions): StallWatch {
  const stalled = new AbortController();
  const delayMs = options.stallTimeoutMs ?? 30_000;
  const start = () => options.clock.after(delayMs, () => stalled.abort());
  let timer = start();
  return {
    signal: AbortSignal.any([options.signal, stalled.signal]),
    touch() {
      timer.cancel();
      timer = start();
    },
    end: () => timer.cancel(),
  };
}

async function pause(delayMs: number, options: HttpOptions): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = options.clock.after(delayMs, done);
    function done(): void {
      options.signal.removeEventListener('abort', done);
      timer.cancel();
      resolve();
    }
    options.signal.addEventListener('abort', done, { once: true });
  });
}

/** The server's tag of the version that the partial file belongs to. */
function validatorPath(partialPath: string): string {
  return `${partialPath}.etag`;
}

async function partialSize(path: string): Promise<number> {
  return stat(path).then(
    (status) => status.size,
    () => 0,
  );
}

async function discard(partialPath: string): Promise<void> {
  await Promise.all([rm(partialPath, { force: true }), rm(validatorPath(partialPath), { force: true })]);
}
