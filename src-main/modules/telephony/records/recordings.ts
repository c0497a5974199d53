import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../../base/atomic-file.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Disposable } from '../../../base/dispose.ts';
import type { Log } from '../../../base/log.ts';
import { toErrorData } from '../../../base/errors.ts';
import { openSealedBytes, writeSealedBytes, type Keyring, type SealedBytes } from '../../../platform/secrets/index.ts';
import { phoneError } from '../telephony-errors.ts';
import { appendSound, durationMsOf, HEADER_BYTES, placeOf, readWav, sampleRateOf, samplesOf, writeWav } from './wav-sound.ts';

/** The sound of calls, each in a sealed file of its own: `recordings/<call>.sealed` in the data folder. */
export interface Recordings extends Disposable {
  /** Adds sound that begins `startsAtMs` after the answer, behind what is there already. Rejects with `phone.recording-failed` or the disk's error. */
  add(callId: string, wav: Uint8Array, startsAtMs: number): Promise<{ durationMs: number; bytes: number }>;
  /** Undefined when there is none. Rejects with `secrets.tampered` or `secrets.key-missing`. */
  open(callId: string): Promise<SealedBytes | undefined>;
  /** A stretch of it, from the moment of answering on, mono -1..1; shorter where the sound ends. Undefined when there is none. Rejects like `open`. */
  part(callId: string, startMs: number, endMs: number): Promise<{ samples: Float32Array; sampleRateHz: number } | undefined>;
  remove(callId: string): Promise<void>;
  /** Takes away files of calls that nobody knows and that are older than `days`: a backup that is restored may bring younger ones back. */
  sweep(isKnown: (callId: string) => boolean, days: number): Promise<number>;
  /** Seals again what lies under an old key, one file at a time; resolves with how many. Happens by itself after a change of keys. */
  renew(): Promise<number>;
}

const SUFFIX = '.sealed';
const DAY_MS = 24 * 3_600_000;

export function createRecordings(deps: {
  dataDirectory: string;
  keyring: Pick<Keyring, 'derive' | 'activeKeyId' | 'has' | 'protection' | 'onRotated'>;
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
}): Recordings {
  const { keyring, clock, log } = deps;
  const folder = join(deps.dataDirectory, 'recordings');
  const fileOf = (callId: string): string => join(folder, `${Buffer.from(callId).toString('base64url')}${SUFFIX}`);
  /** One change after the other: a file is read whole before it is written anew. */
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const run = queue.then(work);
    queue = run.catch(() => undefined);
    return run;
  };
  const open = async (callId: string): Promise<SealedBytes | undefined> => {
    try {
      return await openSealedBytes(fileOf(callId), contextOf(callId), keyring);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  };
  const callIds = async (): Promise<string[]> => {
    const names = await readdir(folder).catch(() => []);
    return names.filter((name) => name.endsWith(SUFFIX)).map((name) => Buffer.from(name.slice(0, -SUFFIX.length), 'base64url').toString());
  };
  const renewOne = async (callId: string): Promise<boolean> => {
    const sealed = await open(callId);
    if (sealed === undefined) return false;
    if (sealed.keyId === keyring.activeKeyId()) {
      await sealed.close();
      return false;
    }
    await writeSealedBytes(fileOf(callId), await readWhole(sealed), contextOf(callId), keyring);
    return true;
  };

  let disposed = false;
  let renewing: Promise<number> = Promise.resolve(0);
  const renewAll = async (): Promise<number> => {
    let renewed = 0;
    for (const callId of await callIds()) {
      if (disposed) break;
      const done = await inTurn(() => renewOne(callId)).catch((error: unknown) => {
        log.warn('phone.recording-not-renewed', { callId, code: toErrorData(error).code });
        return false;
      });
      if (done) renewed += 1;
    }
    return renewed;
  };
  const renew = (): Promise<number> => {
    renewing = renewing.then(renewAll);
    return renewing;
  };
  const unsubscribe = keyring.onRotated(() => void renew());

  return {
    add: (callId, wav, startsAtMs) =>
      inTurn(async () => {
        // With keys that are gone tomorrow it could never be heard again.
        if (keyring.protection === 'none') throw phoneError('phone.recording-failed');
        const next = readWav(wav);
        const sealed = await open(callId);
        const former = sealed && readWav(await readWhole(sealed));
        const sound = appendSound(former, next, startsAtMs);
        const file = writeWav(sound);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeSealedBytes(fileOf(callId), file, contextOf(callId), keyring);
        return { durationMs: Math.round(durationMsOf(sound)), bytes: file.byteLength };
      }),
    open,
    part: (callId, startMs, endMs) =>
      inTurn(async () => {
        const header = await open(callId);
        const sampleRateHz = header && sampleRateOf(await readBytes(header, 0, HEADER_BYTES));
        const sealed = sampleRateHz === undefined ? undefined : await open(callId);
        if (sealed === undefined || sampleRateHz === undefined) return undefined;
        const from = placeOf(Math.max(0, startMs), sampleRateHz);
        return { samples: samplesOf(await readBytes(sealed, from, Math.max(from, placeOf(endMs, sampleRateHz)))), sampleRateHz };
      }),
    remove: (callId) => inTurn(() => rm(fileOf(callId), { force: true })),
    sweep: (isKnown, days) =>
      inTurn(async () => {
        let removed = 0;
        for (const callId of await callIds()) {
          if (isKnown(callId)) continue;
          const { mtimeMs } = await stat(fileOf(callId));
          if (mtimeMs > clock.wallMs() - days * DAY_MS) continue;
          await rm(fileOf(callId), { force: true });
          removed += 1;
        }
        return removed;
      }),
    renew,
    async dispose() {
      disposed = true;
      unsubscribe();
      await renewing;
      await queue;
    },
  };
}

/** Sealed along with the sound: that of one call is not played for another. */
function contextOf(callId: string): string {
  return `recording|${callId}`;
}

function readWhole(sealed: SealedBytes): Promise<Buffer> {
  return readBytes(sealed, 0, sealed.sizeBytes);
}

async function readBytes(sealed: SealedBytes, start: number, end: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of sealed.pieces(start, end)) pieces.push(piece);
  return Buffer.concat(pieces);
}
