import { describe, expect, it } from 'vitest';
import { createEarlyLog, silentLog } from '../../../src-main/base/log.ts';
import { createRecordingLog } from '../../doubles/recording-log.ts';

describe('createEarlyLog', () => {
  it('keeps its lines until it knows where they belong, then passes them on in order and at once', () => {
    const early = createEarlyLog();
    const log = createRecordingLog();
    early.info('one', { part: 'store' });
    early.error('two');
    early.use(log);
    early.warn('three');
    early.debug('four');
    expect(log.lines).toEqual([
      { level: 'info', message: 'one', fields: { part: 'store' } },
      { level: 'error', message: 'two', fields: undefined },
      { level: 'warn', message: 'three', fields: undefined },
      { level: 'debug', message: 'four', fields: undefined },
    ]);
  });

  it('keeps the first 200 lines, and gives them to one log only', () => {
    const early = createEarlyLog();
    for (let index = 0; index < 300; index += 1) early.info(`line ${index}`);
    const [first, second] = [createRecordingLog(), createRecordingLog()];
    early.use(first);
    early.use(second);
    early.info('now');
    expect([first.lines.length, first.lines.at(-1)?.message]).toEqual([200, 'line 199']);
    expect(second.messages('info')).toEqual(['now']);
  });
});

describe('silentLog', () => {
  it('takes every line and says nothing', () => {
    for (const level of ['debug', 'info', 'warn', 'error'] as const) expect(silentLog[level]('x', { y: 1 })).toBeUndefined();
  });
});
