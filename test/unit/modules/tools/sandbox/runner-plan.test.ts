import { describe, expect, it } from 'vitest';
import { encodeOrder } from '../../../../../src-main/modules/tools/sandbox/runner-plan.ts';
import type { PlannedProcess } from '../../../../../src-main/modules/tools/command-filter/command-verdict.ts';

const orderOf = (process: PlannedProcess, stdin?: string) =>
  encodeOrder({
    plan: { pipelines: [{ runs: 'always', processes: [process] }] },
    stdin,
    folder: '/workspace',
    seconds: 30,
    network: false,
  });

function wordsOf(order: Buffer): string[] {
  expect(order.readUInt32BE(0)).toBe(order.length - 4);
  const words: string[] = [];
  for (let at = 4; at < order.length;) {
    const length = order.readUInt32BE(at);
    words.push(order.subarray(at + 4, at + 4 + length).toString('utf8'));
    at += 4 + length;
  }
  return words;
}

describe('encodeOrder', () => {
  it('writes every word after its length, so that none can become two', () => {
    const order = orderOf(
      {
        argv: ['grep', "a b'; rm -rf /", 'ä*'],
        patterns: [2],
        env: { LC_ALL: 'C' },
        redirects: [
          { kind: 'read', descriptor: 0, path: 'in put' },
          { kind: 'duplicate', descriptor: 2, from: 1 },
          { kind: 'text', descriptor: 3, text: 'x\ny' },
        ],
      },
      'typed',
    );
    expect(wordsOf(order)).toEqual(
      [
        ['2', '30', '/workspace', '0', '1', 'typed', '1', 'always', '1'],
        ['3', 'grep', "a b'; rm -rf /", 'ä*', '1', '2', '0', '1', 'LC_ALL', 'C'],
        ['3', 'read', '0', 'in put', 'duplicate', '2', '1', 'text', '3', 'x\ny'],
      ].flat(),
    );
  });

  it('refuses a NUL character, which would end a word early, and a command without a program', () => {
    expect(() => orderOf({ argv: ['cat', 'a\0b'], env: {}, redirects: [] })).toThrow('NUL');
    expect(() => orderOf({ argv: ['cat'], env: {}, redirects: [{ kind: 'write', descriptor: 1, path: 'a\0' }] })).toThrow('NUL');
    expect(() => orderOf({ argv: [], env: {}, redirects: [] })).toThrow('without a program');
  });
});
