import { execFile, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { createAuditLog } from '../../src-main/platform/observability/index.ts';
import { createKeyring } from '../../src-main/platform/secrets/index.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

const root = join(import.meta.dirname, '..', '..');
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const token = `ghp_${'aB3dE5gH7jK9mN1pQ3sT5vX7zA9cE1gI3kM5'}`;

function filter(
  input: string,
  args: readonly string[],
  dataDirectory: string,
): Promise<{ code: number | null; output: string; errors: string }> {
  return new Promise((resolve) => {
    const child = spawn(node, [join(root, 'src-main', 'redact.node.ts'), ...args], {
      env: { ...process.env, OPENCLAW_DATA_DIR: dataDirectory },
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (piece: Buffer) => void (output += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => void (errors += piece.toString()));
    child.on('close', (code) => resolve({ code, output, errors }));
    child.stdin.end(input);
  });
}

async function verify(dataDirectory: string): Promise<{ code: number; output: string }> {
  const run = promisify(execFile)(node, [join(root, 'src-main', 'audit-verify.node.ts'), '--json'], {
    env: { ...process.env, OPENCLAW_DATA_DIR: dataDirectory },
  });
  return run.then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, output: error.stdout }),
  );
}

describe('redact', () => {
  it('cleans a text on its way from input to output, with the patterns of the settings and of a file', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ version: 1, values: { 'privacy.redactionPatterns': 'EMP-\\d{6}' } }));
    writeFileSync(join(folder, 'more.txt'), 'case [A-Z]{3}\n');
    const text = `${'a line\n'.repeat(20_000)}use ${token} of EMP-123456 in case ABC, Grüße\n`;
    const { code, output } = await filter(text, ['--patterns', join(folder, 'more.txt')], folder);
    expect([code, output]).toEqual([
      0,
      text.replace(token, '[secret:github-token]').replace('EMP-123456', '[secret:own-1]').replace('case ABC', '[secret:own-2]'),
    ]);
  });

  it('prints its findings as JSON, and refuses a pattern that is wrong', async () => {
    const folder = await temporaryFolder();
    const found = await filter(`one\ntwo ${token}\n`, ['--json'], folder);
    expect(JSON.parse(found.output)).toEqual({ rule: 'github-token', start: 8, end: 48, line: 2 });
    writeFileSync(join(folder, 'bad.txt'), '(a+)+$');
    const refused = await filter('text', ['--patterns', join(folder, 'bad.txt')], folder);
    expect([refused.code, refused.output, refused.errors]).toEqual([
      2,
      '',
      expect.stringContaining('repeats something that repeats itself'),
    ]);
  });
});

describe('audit verify', () => {
  it('says whether the record is whole, with 1 as exit code when it is not, and changes nothing', async () => {
    const dataDirectory = await temporaryFolder();
    expect(await verify(dataDirectory)).toEqual({ code: 0, output: '{"state":"intact","count":0,"atLine":null}\n' });
    const keys = await createKeyring({ dataDirectory, clock: systemClock, log: silentLog });
    const audit = createAuditLog({ dataDirectory, keys, clock: systemClock, log: silentLog });
    for (const subject of ['a', 'b', 'c']) await audit.record({ action: 'tool.run', subject });
    expect(await verify(dataDirectory)).toEqual({ code: 0, output: '{"state":"intact","count":3,"atLine":null}\n' });
    const file = join(dataDirectory, 'audit.jsonl');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.replace('"b"', '"x"'));
    expect(await verify(dataDirectory)).toEqual({ code: 1, output: '{"state":"broken","count":3,"atLine":2}\n' });
    const cut = `${whole.split('\n').slice(0, 2).join('\n')}\n`;
    writeFileSync(file, cut);
    expect(await verify(dataDirectory)).toEqual({ code: 1, output: '{"state":"cut","count":2,"atLine":3}\n' });
    expect(readFileSync(file, 'utf8')).toBe(cut);
  });
});
