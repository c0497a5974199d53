import { randomBytes } from 'node:crypto';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTemporaryKeyring, openSealedBytes, writeSealedBytes } from '../../../../src-main/platform/secrets/index.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const keyring = createTemporaryKeyring(createVirtualClock());
const PIECE = 65_536;

async function sealed(content: Uint8Array, context = 'a') {
  const file = join(await temporaryFolder(), 'sealed');
  await writeSealedBytes(file, content, context, keyring);
  return file;
}

async function read(file: string, start = 0, end = Number.MAX_SAFE_INTEGER, context = 'a'): Promise<Buffer> {
  const opened = await openSealedBytes(file, context, keyring);
  const pieces: Uint8Array[] = [];
  for await (const piece of opened.pieces(start, end)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('sealed bytes', () => {
  it.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 77])('give back %i bytes, whole and from anywhere', async (size) => {
    const content = randomBytes(size);
    const file = await sealed(content);
    expect((await read(file)).equals(content)).toBe(true);
    for (const [start, end] of [
      [0, 1],
      [size - 1, size],
      [PIECE - 3, PIECE + 3],
      [PIECE, 2 * PIECE],
      [5, size - 5],
    ] as const)
      if (start >= 0 && start < end) expect((await read(file, start, end)).equals(content.subarray(start, end))).toBe(true);
  });

  it('show nothing of what is in them, and never the same twice', async () => {
    const content = Buffer.from('canary '.repeat(1000));
    const [first, second] = [await readFile(await sealed(content)), await readFile(await sealed(content))];
    expect([first.includes('canary'), first.equals(second)]).toEqual([false, false]);
  });

  it('refuse what was changed, cut, put together anew or belongs elsewhere', async () => {
    const content = randomBytes(3 * PIECE);
    const file = await sealed(content);
    const bytes = await readFile(file);
    await expect(read(file, 0, 9, 'b')).rejects.toMatchObject({ code: 'secrets.tampered' });
    for (const place of [6, 12, 30, 60, PIECE + 200, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      await writeFile(file, changed);
      await expect(read(file), String(place)).rejects.toMatchObject({ code: expect.stringMatching(/^secrets\.(tampered|key-missing)$/) });
    }
    const whole = PIECE + 16;
    const swapped = Buffer.concat([
      bytes.subarray(0, 32),
      bytes.subarray(32 + whole, 32 + 2 * whole),
      bytes.subarray(32, 32 + whole),
      bytes.subarray(32 + 2 * whole),
    ]);
    await writeFile(file, swapped);
    await expect(read(file)).rejects.toMatchObject({ code: 'secrets.tampered' });
    await writeFile(file, bytes);
    await truncate(file, bytes.length - whole);
    await expect(read(file)).rejects.toMatchObject({ code: 'secrets.tampered' });
    await writeFile(file, 'RIFF something else that is long enough to be read');
    await expect(read(file)).rejects.toMatchObject({ code: 'secrets.tampered' });
  });

  it('stay readable after a change of keys, and tell under which they lie', async () => {
    const own = createTemporaryKeyring(createVirtualClock());
    const file = join(await temporaryFolder(), 'sealed');
    await writeSealedBytes(file, Buffer.from('before'), 'a', own);
    const former = own.activeKeyId();
    await own.rotate();
    const opened = await openSealedBytes(file, 'a', own);
    expect(opened.keyId).toBe(former);
    for await (const piece of opened.pieces(0, 6)) expect(Buffer.from(piece).toString()).toBe('before');
    await expect(openSealedBytes(file, 'a', keyring)).rejects.toMatchObject({ code: 'secrets.key-missing' });
  });
});
