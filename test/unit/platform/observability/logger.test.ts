import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLogger, type LogLevel } from '../../../../src-main/platform/observability/index.ts';
import { createRedactor } from '../../../../src-main/platform/redaction/index.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

async function setUp(level: LogLevel = 'info', redact?: (line: string) => string) {
  const dataDirectory = await temporaryFolder();
  const printed: string[] = [];
  const logger = createLogger({ dataDirectory, level, terminal: { write: (text) => printed.push(text) }, ...(redact ? { redact } : {}) });
  onTestFinished(() => logger.dispose());
  const raw = (): string => readFileSync(join(dataDirectory, 'logs', 'openclaw.log'), 'utf8');
  const lines = (): Record<string, unknown>[] =>
    raw()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { logger, printed, raw, lines };
}

describe('createLogger', () => {
  it('writes one JSON object a line, at once', async () => {
    const { logger, lines } = await setUp();
    logger.info('worker.exit', { worker: 'language', code: 1 });
    logger.error('broken', { error: new Error('why') });
    expect(lines()).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), message: 'worker.exit', worker: 'language', code: 1 },
      expect.objectContaining({ level: 'error', message: 'broken', error: expect.objectContaining({ message: 'why' }) }),
    ]);
  });

  it('writes neither secrets nor words, whatever it is handed at any level', async () => {
    const { logger, raw, printed } = await setUp('debug');
    const secret = 'sk-ant-api03-x9Y8z7W6v5U4t3S2r1Q0';
    const words = 'my grandmother lives in Quedlinburg';
    for (const level of ['debug', 'info', 'warn', 'error'] as const) {
      logger[level](`key ${secret}`, {
        text: words,
        key: secret,
        nested: { apiKey: secret },
        error: new Error(`refused "${words}" for ${secret}`, { cause: new Error(`token=${secret}`) }),
        [secret]: words,
      });
    }
    for (const output of [raw(), printed.join('')]) expect(output).not.toMatch(/x9Y8z7|grandmother|Quedlinburg/);
    expect(raw().trimEnd().split('\n').length).toBe(4);
  });

  it('takes out a secret by its value wherever it stands, and each line stays one JSON object', async () => {
    const redactor = createRedactor({ knownSecrets: ['violet lantern 42'] });
    const { logger, raw, lines } = await setUp('debug', (line) => redactor.redact(line).text);
    const error = new Error('refused violet lantern 42', { cause: new Error('violet lantern 42') });
    error.stack = 'Error: x\n    at violet lantern 42 (/tmp/violet lantern 42.ts:1:2)';
    logger.error('with violet lantern 42', {
      file: '/tmp/violet lantern 42.txt',
      error,
      name: Buffer.from('violet lantern 42').toString('hex'),
    });
    logger.info('password: "a\\"b" -----BEGIN PRIVATE KEY----- MIIE', { name: 'x' });
    expect(raw()).not.toMatch(/violet|MIIE/);
    expect(lines().length).toBe(2);
  });

  it('gives up a line that redaction has torn apart, but for its level and time', async () => {
    const { logger, lines } = await setUp('info', (line) => line.slice(0, 20));
    logger.warn('torn');
    expect(lines()).toEqual([{ level: 'warn', time: expect.any(String), message: '[secret]' }]);
  });

  it('keeps to its level, which can change at any time', async () => {
    const { logger, lines } = await setUp('warn');
    logger.info('no');
    logger.warn('yes');
    logger.setLevel('debug');
    logger.debug('now', { line: 'native output' });
    logger.setLevel('error');
    logger.warn('no more');
    expect(lines().map(({ message }) => message)).toEqual(['yes', 'now']);
    expect(lines()[1]).toMatchObject({ line: 'native output' });
  });

  it('prints the same for developers, readable', async () => {
    const { logger, printed } = await setUp();
    logger.warn('worker.exit', { worker: 'language', code: 1, kind: ['a', 'b'] });
    expect(printed).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d warn {2}worker\.exit worker=language code=1 kind=\["a","b"\]\n$/)]);
  });
});
