import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { AppError } from '../../base/errors.ts';
import type { Keyring } from './keyring.ts';

/**
 * A sealed file of any size that can be read from the middle: header (format, key id, salt, size) and pieces of 64 KiB, each AES-256-GCM with a key of this
 * file alone and its number as nonce. Header, number and context are authenticated with every piece: a file that was cut, joined, renamed or
 * moved does not open.
 */
const FORMAT = Buffer.from('OCB1');
const SALT_BYTES = 16;
const SIZE_START = FORMAT.length + 4 + SALT_BYTES;
const HEADER_BYTES = SIZE_START + 8;
const PIECE_BYTES = 65_536;
const TAG_BYTES = 16;
const PIECES_PER_TURN = 64;
const OPTIONS = { authTagLength: TAG_BYTES } as const;

type FileKeys = Pick<Keyring, 'derive' | 'activeKeyId' | 'has'>;

/** An open sealed file. Close it, or read `pieces` to the end, which closes it. */
export interface SealedBytes {
  readonly sizeBytes: number;
  readonly keyId: string;
  /** The bytes from `start` up to `end` (not included), in order. Rejects with `secrets.tampered` where a piece does not open. */
  pieces(start: number, end: number): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

/** Seals the bytes under the active key into a file, atomically. `context` says what it is and must be given again to open it. */
export async function writeSealedBytes(file: string, content: Uint8Array, context: string, keys: FileKeys): Promise<void> {
  const keyId = keys.activeKeyId();
  const salt = randomBytes(SALT_BYTES);
  const header = Buffer.concat([FORMAT, Buffer.from(keyId, 'hex'), salt, Buffer.alloc(8)]);
  header.writeBigUInt64BE(BigInt(content.byteLength), SIZE_START);
  const key = fileKey(keys, keyId, salt);
  const parts: Uint8Array[] = [header];
  for (let index = 0; index * PIECE_BYTES < content.byteLength; index += 1) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(index), OPTIONS);
    cipher.setAAD(boundTo(header, context));
    parts.push(cipher.update(content.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES)));
    cipher.final();
    parts.push(cipher.getAuthTag());
    // An hour of sound takes a tenth of a second: other work gets its turn.
    if (index % PIECES_PER_TURN === PIECES_PER_TURN - 1) await nextTurn();
  }
  await writeFileAtomically(file, parts);
}

/** Rejects with the file system's error, `secrets.tampered` (none of ours) or `secrets.key-missing`. */
export async function openSealedBytes(file: string, context: string, keys: FileKeys): Promise<SealedBytes> {
  const handle = await open(file, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    const { bytesRead } = await handle.read(header, 0, HEADER_BYTES, 0);
    if (bytesRead < HEADER_BYTES || !header.subarray(0, FORMAT.length).equals(FORMAT)) throw tampered();
    const keyId = header.toString('hex', FORMAT.length, FORMAT.length + 4);
    if (!keys.has(keyId))
      throw new AppError(
        'secrets.key-missing',
        'This file was sealed with a key that is not here any more. Put back the keys of that time.',
      );
    const key = fileKey(keys, keyId, header.subarray(FORMAT.length + 4, SIZE_START));
    const sizeBytes = Number(header.readBigUInt64BE(SIZE_START));
    return {
      sizeBytes,
      keyId,
      pieces: (start, end) => readPieces({ handle, header, key, context, sizeBytes }, start, Math.min(end, sizeBytes)),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

interface Source {
  handle: FileHandle;
  header: Buffer;
  key: KeyObject;
  context: string;
  sizeBytes: number;
}

async function* readPieces(source: Source, start: number, end: number): AsyncGenerator<Uint8Array> {
  const { handle, sizeBytes } = source;
  try {
    for (let index = Math.floor(start / PIECE_BYTES); index * PIECE_BYTES < end; index += 1) {
      const length = Math.min(PIECE_BYTES, sizeBytes - index * PIECE_BYTES) + TAG_BYTES;
      const sealed = Buffer.alloc(length);
      const { bytesRead } = await handle.read(sealed, 0, length, HEADER_BYTES + index * (PIECE_BYTES + TAG_BYTES));
      if (bytesRead < length) throw tampered();
      const piece = openPiece(source, sealed, index);
      yield piece.subarray(Math.max(0, start - index * PIECE_BYTES), end - index * PIECE_BYTES);
    }
  } finally {
    await handle.close();
  }
}

function openPiece({ header, key, context }: Source, sealed: Buffer, index: number): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(index), OPTIONS);
  decipher.setAAD(boundTo(header, context));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const piece = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    throw tampered();
  }
  return piece;
}

function fileKey(keys: FileKeys, keyId: string, salt: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', keys.derive('sealed-bytes', keyId), salt, 'openclaw-desktop/sealed-bytes', 32)));
}

/** Never the same twice under one key: the key belongs to one file that is written once. */
function nonceOf(index: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 8);
  return nonce;
}

function boundTo(header: Buffer, context: string): Buffer {
  return Buffer.concat([header, Buffer.from(context)]);
}

function tampered(): AppError {
  return new AppError('secrets.tampered', 'An encrypted file was changed, cut or moved and was not opened. It stays as it is.');
}
