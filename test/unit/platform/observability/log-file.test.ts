import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLogFile } from '../../../../src-main/platform/observability/log-file.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

async function setUp(maxBytes = 100, keepCount = 2) {
  const folder = join(await temporaryFolder(), 'logs');
  const file = join(folder, 'app.log');
  const open = () => {
    const log = createLogFile({ file, maxBytes, keepCount });
    onTestFinished(() => log.close());
    return log;
  };
  return { folder, file, open, text: (name = 'app.log') => readFileSync(join(folder, name), 'utf8') };
}

describe('createLogFile', () => {
  it('goes on where it ended, in a file for its owner only', async () => {
    const { open, text, file } = await setUp();
    const first = open();
    first.write('one\n');
    first.close();
    first.close();
    open().write('two\n');
    expect(text()).toBe('one\ntwo\n');
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('never grows beyond its bounds, and keeps the latest lines whole', async () => {
    const { open, folder, text } = await setUp(100, 2);
    const log = open();
    for (let index = 0; index < 200; index += 1) log.write(`line ${String(index).padStart(3, '0')}\n`);
    expect(readdirSync(folder).toSorted()).toEqual(['app.log', 'app.log.1', 'app.log.2']);
    const kept = ['app.log.2', 'app.log.1', 'app.log'].map((name) => text(name));
    for (const part of kept) expect(part.length).toBeLessThanOrEqual(100);
    const numbers = kept.join('').match(/\d{3}/g)?.map(Number) ?? [];
    expect(numbers).toEqual(numbers.map((_number, index) => 200 - numbers.length + index));
    expect(numbers.length).toBeGreaterThan(20);
  });

  it('counts bytes, also those of before, and puts one line that is too long into a file of its own', async () => {
    const { open, folder, text } = await setUp(20, 1);
    mkdirSync(folder);
    writeFileSync(join(folder, 'app.log'), 'ääääääää\n');
    const log = open();
    log.write('öö\n');
    expect([text('app.log.1'), text()]).toEqual(['ääääääää\n', 'öö\n']);
    log.write(`${'x'.repeat(50)}\n`);
    log.write('y\n');
    expect([text('app.log.1').length, text()]).toEqual([51, 'y\n']);
  });

  it('loses lines, never the app, while it cannot write, and goes on when it can', async () => {
    const { open, folder, file, text } = await setUp();
    writeFileSync(folder, 'in the way');
    const log = open();
    expect(() => log.write('lost\n')).not.toThrow();
    rmSync(folder);
    log.write('kept\n');
    expect(text()).toBe('kept\n');
    log.close();
    rmSync(file);
    mkdirSync(file);
    expect(() => log.write('lost\n')).not.toThrow();
  });
});
