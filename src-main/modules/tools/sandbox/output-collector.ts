import { cleanOutput, createOutputCleaner } from './output-cleaning.ts';

/** Head of each piece in the engine's stream: one byte that names the stream, three of nothing, four of length. */
const HEAD_BYTES = 8;

/** Sorts the engine's stream into the two outputs, keeps the first part of each and counts the rest. */
export interface OutputCollector {
  push(chunk: Buffer): void;
  /** Cleaned. Complete pieces only. */
  result(): { stdout: string; stderr: string; truncated: boolean };
  /** All bytes of both outputs so far, kept or not. */
  totalBytes(): number;
}

export interface CollectorOptions {
  /** Kept of each output. */
  maxBytes: number;
  /** Cleaned pieces of both outputs as they come, up to the bound. */
  onOutput?: (piece: string) => void;
}

/** Never holds more than a chunk beyond the two bounds, whatever comes. */
export function createOutputCollector({ maxBytes, onOutput }: CollectorOptions): OutputCollector {
  const streams = { 1: createStream(maxBytes, onOutput), 2: createStream(maxBytes, onOutput) };
  let head = Buffer.alloc(0);
  let current: ReturnType<typeof createStream> | undefined;
  let left = 0;
  let total = 0;
  const push = (chunk: Buffer): void => {
    let rest = chunk;
    while (rest.length > 0) {
      if (left === 0) {
        const missing = HEAD_BYTES - head.length;
        head = Buffer.concat([head, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (head.length < HEAD_BYTES) return;
        current = head[0] === 2 ? streams[2] : streams[1];
        left = head.readUInt32BE(4);
        head = Buffer.alloc(0);
        continue;
      }
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.length);
      left -= piece.length;
      total += piece.length;
      current?.push(piece);
    }
  };
  return {
    push,
    totalBytes: () => total,
    result: () => ({
      stdout: streams[1].text(),
      stderr: streams[2].text(),
      truncated: streams[1].truncated() || streams[2].truncated(),
    }),
  };
}

function createStream(maxBytes: number, onOutput: ((piece: string) => void) | undefined) {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let truncated = false;
  const decoder = new TextDecoder();
  const cleaner = createOutputCleaner();
  return {
    push(piece: Buffer) {
      const part = piece.subarray(0, maxBytes - keptBytes);
      truncated ||= part.length < piece.length;
      if (part.length === 0) return;
      // The chunk is the socket's: a copy does not hold all of it.
      kept.push(Buffer.from(part));
      keptBytes += part.length;
      if (!onOutput) return;
      const text = cleaner.push(decoder.decode(part, { stream: true }));
      if (text !== '') onOutput(text);
    },
    text: () => cleanOutput(Buffer.concat(kept)),
    truncated: () => truncated,
  };
}
