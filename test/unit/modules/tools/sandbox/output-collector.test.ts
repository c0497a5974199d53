import { describe, expect, it } from 'vitest';
import { createOutputCollector } from '../../../../../src-main/modules/tools/sandbox/output-collector.ts';

function frame(stream: 1 | 2, text: string | Buffer): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

describe('createOutputCollector', () => {
  it('sorts the two outputs, however the stream is cut', () => {
    const bytes = Buffer.concat([frame(1, 'out ä\n'), frame(2, 'error\n'), frame(1, 'more')]);
    for (let size = 1; size < bytes.length; size += 1) {
      const collector = createOutputCollector({ maxBytes: 1000 });
      for (let at = 0; at < bytes.length; at += size) collector.push(bytes.subarray(at, at + size));
      expect(collector.result()).toEqual({ stdout: 'out ä\nmore', stderr: 'error\n', truncated: false });
    }
  });

  it('keeps what came first and counts the rest', () => {
    const pieces: string[] = [];
    const collector = createOutputCollector({ maxBytes: 10, onOutput: (piece) => void pieces.push(piece) });
    for (let round = 0; round < 100; round += 1) collector.push(frame(1, '0123456'));
    expect(collector.result()).toEqual({ stdout: '0123456012', stderr: '', truncated: true });
    expect(collector.totalBytes()).toBe(700);
    expect(pieces.join('')).toBe('0123456012');
  });
});
