import { open, readFile, type FileHandle } from 'node:fs/promises';
import { errorCode, writeFileAtomically } from '../../base/atomic-file.ts';
import { auditHeadSchema, type AuditHead } from './audit-chain.ts';

const PIECE_BYTES = 64 * 1024;
const NEWLINE = 10;

/** Complete lines from the first to the last, in bounded memory. Half a line at the end is no line. Nothing when there is no file. */
export async function* linesForward(file: string): AsyncGenerator<string> {
  const handle = await openToRead(file);
  if (!handle) return;
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (let position = 0; ;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      let from = 0;
      for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, from)) {
        yield rest.toString('utf8', from, end);
        from = end + 1;
      }
      rest = rest.subarray(from);
    }
  } finally {
    await handle.close();
  }
}

/** Complete lines from the last to the first: whoever wants the latest ones reads only the end of the file. */
export async function* linesBackward(file: string): AsyncGenerator<string> {
  const handle = await openToRead(file);
  if (!handle) return;
  try {
    let start = (await handle.stat()).size;
    let held: Buffer = Buffer.alloc(0);
    let isCutOff = false;
    while (start > 0) {
      const length = Math.min(PIECE_BYTES, start);
      start -= length;
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, start);
      held = Buffer.concat([buffer, held]);
      if (!isCutOff) {
        const last = held.lastIndexOf(NEWLINE);
        if (last < 0) continue;
        held = held.subarray(0, last);
        isCutOff = true;
      }
      for (let end = held.lastIndexOf(NEWLINE); end >= 0; end = held.lastIndexOf(NEWLINE)) {
        yield held.toString('utf8', end + 1);
        held = held.subarray(0, end);
      }
    }
    if (isCutOff) yield held.toString('utf8');
  } finally {
    await handle.close();
  }
}

/** Where the last complete line ends; 0 when there is no file. */
export async function completeBytes(file: string): Promise<{ complete: number; size: number }> {
  const handle = await openToRead(file);
  if (!handle) return { complete: 0, size: 0 };
  try {
    const { size } = await handle.stat();
    for (let end = size; end > 0;) {
      const length = Math.min(PIECE_BYTES, end);
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, end - length);
      const last = buffer.lastIndexOf(NEWLINE);
      if (last >= 0) return { complete: end - length + last + 1, size };
      end -= length;
    }
    return { complete: 0, size };
  } finally {
    await handle.close();
  }
}

/** `damaged`: there, but not what we write. */
export async function readHead(file: string): Promise<AuditHead | 'absent' | 'damaged'> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'absent';
    throw error;
  }
  try {
    return auditHeadSchema.parse(JSON.parse(text));
  } catch {
    return 'damaged';
  }
}

async function openToRead(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Always as many, so that it can be written in place. */
const HEAD_CHARS = 400;

/**
 * Written over in place and without waiting for the disk: it happens with every line, and after a power cut an end that lags behind is as good, because
 * lines behind it are chained. So short a text lies in one sector and is there as a whole or not at all.
 */
export async function writeHead(file: string, head: AuditHead): Promise<void> {
  const text = `${JSON.stringify(head).padEnd(HEAD_CHARS)}\n`;
  let handle: FileHandle;
  try {
    handle = await open(file, 'r+');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return writeFileAtomically(file, text);
  }
  try {
    const { size } = await handle.stat();
    await handle.write(text, 0);
    if (size > text.length) await handle.truncate(text.length);
  } finally {
    await handle.close();
  }
}
