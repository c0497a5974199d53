import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../../src-main/base/lines.ts';

const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('readLines', () => {
  it('gives each line once, however the bytes come', async () => {
    const stream = new PassThrough();
    const lines: string[] = [];
    readLines(stream, (line) => lines.push(line));
    for (const byte of Buffer.from('grüß\r\ndich\n\nlast')) stream.write(Buffer.of(byte));
    stream.end();
    await settle();
    expect(lines).toEqual(['grüß', 'dich', '', 'last']);
  });

  it('stops at a line without end', async () => {
    const stream = new PassThrough();
    const lines: string[] = [];
    let tooLong = 0;
    readLines(stream, (line) => lines.push(line), { maxLength: 10, onTooLong: () => (tooLong += 1) });
    stream.write('short\n');
    stream.write('0123456789x');
    stream.write('more\nshort\n');
    await settle();
    expect([lines, tooLong]).toEqual([['short'], 1]);
  });
});
