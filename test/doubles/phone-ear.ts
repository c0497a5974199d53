import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Sound as it came to a telephone, 8 kHz mono, and when its last sample was there: `performance.now()`. */
export interface HeardSound {
  atMs: number;
  samples: Float32Array;
}

/** Listens to one call of a telephone from its first packet on, with the time of each. */
export interface PhoneEar {
  readonly heard: readonly HeardSound[];
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 5;
const HEADER_BYTES = 44;

/** Listens to the next call whose decoder writes into this folder; files that lie there are of calls before it. */
export async function openPhoneEar(folder: string): Promise<PhoneEar> {
  const heard: HeardSound[] = [];
  const before = new Set(await readdir(folder));
  const closing = new AbortController();
  const listening = listen();
  // Told to whoever closes it.
  listening.catch(() => undefined);

  async function listen(): Promise<void> {
    let file: FileHandle | undefined;
    try {
      const piece = Buffer.alloc(65_536);
      for (let place = HEADER_BYTES; !closing.signal.aborted; await pause(LOOK_EVERY_MS)) {
        if (file === undefined) {
          const name = (await readdir(folder)).find((each) => /^dump-.*-dec\.wav$/.test(each) && !before.has(each));
          if (name === undefined) continue;
          file = await open(join(folder, name), 'r');
        }
        const { bytesRead } = await file.read(piece, 0, piece.length, place);
        const samples = new Float32Array(bytesRead >> 1);
        for (const index of samples.keys()) samples[index] = piece.readInt16LE(2 * index) / 32_768;
        place += 2 * samples.length;
        if (samples.length > 0) heard.push({ atMs: performance.now(), samples });
      }
    } finally {
      await file?.close();
    }
  }

  return {
    heard,
    async close() {
      closing.abort();
      await listening;
    },
  };
}
