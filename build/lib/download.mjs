// @ts-check
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { requireSpace, sha256OfFile, sizeOfFile } from './files.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {object} DownloadOptions
 * @property {string} url
 * @property {string} file Where it lands once it is whole and its hash is right; `${file}.part` until then.
 * @property {string} sha256 Hex.
 * @property {string} what Its name in sentences.
 * @property {number} [connectTimeoutMs] How long the server may take to answer at all. Default 5 000; four times that once bytes have come.
 * @property {number} [stallTimeoutMs] How long it may then be silent. Default 20 000.
 * @property {number} [attempts] How many connections are tried in this run. Default 4; two where the server has never sent a byte.
 * @property {number} [pauseMs] Before the second connection after a failure; it grows with each. Default 1 000.
 * @property {(doneBytes: number, totalBytes: number) => void} [onProgress]
 * @property {(path: string) => number} [measureFreeBytes]
 */

/** A server that has sent part of the file exists: it may be slow, and giving it up would throw that part away. */
const KNOWN_SERVER_PATIENCE = 4;
/** Where nothing has ever come, the fallback must not wait long; one more try is for a line that stumbled once. */
const UNKNOWN_SERVER_ATTEMPTS = 2;

/**
 * Fetches a file over HTTP: goes on where an earlier attempt ended, checks space before and the hash after, lands by rename.
 * Rejects with `download.unreachable`, `download.refused`, `download.interrupted` (what is there is kept for the next run),
 * `download.corrupt` or `disk.no-space`.
 * @param {DownloadOptions} options
 */
export async function download(options) {
  const { file, sha256, what, attempts = 4, pauseMs = 1_000 } = options;
  if (sizeOfFile(file) >= 0 && (await sha256OfFile(file)) === sha256) return;
  await mkdir(dirname(file), { recursive: true });
  const part = `${file}.part`;
  for (let attempt = 1; ; attempt += 1) {
    const resumed = sizeOfFile(part) > 0;
    const outcome = await transfer(options, part);
    if (outcome instanceof SetupError) {
      if (attempt >= (resumed ? attempts : Math.min(attempts, UNKNOWN_SERVER_ATTEMPTS))) throw outcome;
      await wait(attempt * pauseMs);
      continue;
    }
    if (outcome === 'cut' && attempt < attempts) continue;
    if (outcome === 'cut')
      throw new SetupError(
        'download.interrupted',
        `The download of ${what} broke off; run the same command again and it goes on where it stopped.`,
      );
    if ((await sha256OfFile(part)) === sha256) break;
    await rm(part, { force: true });
    // An old part may belong to another build of the file: once more from the start before we give up.
    if (resumed && attempt < attempts) continue;
    throw new SetupError(
      'download.corrupt',
      `The download of ${what} does not have the expected checksum and was deleted: run it again, and do not use this network if it happens twice.`,
    );
  }
  await rename(part, file);
}

/**
 * One connection: 'whole' when the server has sent everything, 'cut' when it broke off, the error when it cannot be reached.
 * @param {DownloadOptions} options
 * @param {string} part
 */
async function transfer(options, part) {
  const { stallTimeoutMs = 20_000, onProgress = () => {} } = options;
  const offset = Math.max(0, sizeOfFile(part));
  const abort = new AbortController();
  const response = await connect(options, offset, abort);
  if (response instanceof SetupError) return response;
  if (response.status === 416) return 'whole';
  const start = response.status === 206 ? offset : 0;
  const announced = Number(response.headers.get('content-length') ?? Number.NaN);
  const total = Number.isNaN(announced) ? Number.NaN : start + announced;
  if (!Number.isNaN(announced)) requireSpace(options.file, announced, options.what, options.measureFreeBytes);
  const output = createWriteStream(part, { flags: start > 0 ? 'a' : 'w' });
  const written = finished(output);
  written.catch(() => {});
  let done = start;
  let stall = setTimeout(() => abort.abort(), stallTimeoutMs);
  try {
    for await (const chunk of bodyOf(response)) {
      clearTimeout(stall);
      stall = setTimeout(() => abort.abort(), stallTimeoutMs);
      if (!output.write(chunk)) await Promise.race([once(output, 'drain'), written]);
      done += chunk.length;
      onProgress(done, total);
    }
  } catch (error) {
    throwIfDiskFull(error, options);
    return 'cut';
  } finally {
    clearTimeout(stall);
    output.end();
    await written.catch((error) => throwIfDiskFull(error, options));
  }
  return Number.isNaN(total) || done >= total ? 'whole' : 'cut';
}

/** @param {DownloadOptions} options @param {number} offset @param {AbortController} abort */
async function connect({ url, what, connectTimeoutMs = 5_000 }, offset, abort) {
  const timer = setTimeout(() => abort.abort(), offset > 0 ? KNOWN_SERVER_PATIENCE * connectTimeoutMs : connectTimeoutMs);
  let response;
  try {
    response = await fetch(url, { signal: abort.signal, headers: offset > 0 ? { range: `bytes=${offset}-` } : {} });
  } catch (error) {
    return new SetupError(
      'download.unreachable',
      `The server of ${what} cannot be reached: check the network, set HTTPS_PROXY if you need a proxy, and run it again.`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
  }
  if (response.ok || (response.status === 416 && offset > 0)) return response;
  throw new SetupError(
    'download.refused',
    `The server of ${what} answers with status ${response.status}: try again later, or set a mirror if you use one.`,
  );
}

/** @param {Response} response @returns {AsyncIterable<Uint8Array>} */
function bodyOf(response) {
  return response.body ? Readable.fromWeb(/** @type {import('node:stream/web').ReadableStream} */ (response.body)) : Readable.from([]);
}

/** @param {unknown} error @param {DownloadOptions} options */
function throwIfDiskFull(error, { what, file }) {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT'))
    throw new SetupError(
      'disk.no-space',
      `The disk became full while ${what} was on its way to ${file}: make room and run it again; it goes on where it stopped.`,
      {
        cause: error,
      },
    );
}
