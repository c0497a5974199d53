import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { checkCommands } from '../../../../../src-main/modules/tools/command-filter/check-commands.ts';

async function check(chunks: readonly (string | Buffer)[], isJson = false): Promise<unknown[]> {
  const output = new PassThrough();
  const printed = text(output);
  await checkCommands(Readable.from(chunks), output, { isJson, shell: 'posix' });
  output.end();
  return (await printed)
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

describe('checkCommands', () => {
  it('answers one line for one line, in their order, with nothing but verdict, obfuscated and reason', async () => {
    expect(await check(['ls -la\n', "r''m -rf /\n", '\n', 'touch x'])).toEqual([
      { verdict: 'allow', obfuscated: false, reason: expect.any(String) as string },
      { verdict: 'deny', obfuscated: true, reason: expect.any(String) as string },
      { verdict: 'deny', obfuscated: false, reason: expect.any(String) as string },
      { verdict: 'ask', obfuscated: false, reason: expect.any(String) as string },
    ]);
  });

  it('reads lines that are cut anywhere, even inside a letter, and lines that end like those of Windows', async () => {
    const bytes = Buffer.from('ls Büro\r\npwd\r\n');
    expect(await check([bytes.subarray(0, 5), bytes.subarray(5, 9), bytes.subarray(9)])).toMatchObject([
      { verdict: 'allow' },
      { verdict: 'allow' },
    ]);
  });

  it('takes JSON strings with line breaks, and refuses a line that is none', async () => {
    expect(await check([`${JSON.stringify("cat <<'E'\nx\nE\n")}\n`, 'ls\n', '{"a":1}\n', '""\n'], true)).toMatchObject([
      { verdict: 'allow' },
      { verdict: 'deny' },
      { verdict: 'deny' },
      { verdict: 'deny' },
    ]);
  });
});
