import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import type { Log } from '../../../../src-main/base/log.ts';
import { silentLog } from '../../../../src-main/base/log.ts';
import type { Handlers } from '../../../../src-main/platform/contract-host/index.ts';
import { createContractHost } from '../../../../src-main/platform/contract-host/index.ts';
import { createScriptedHandlers } from '../../../doubles/scripted-handlers.ts';

const caller = { door: 'browser', clientId: 'page_1' } as const;

function setUp(handlers: Partial<Handlers>, options: { checkResults?: boolean; log?: Log } = {}) {
  return createContractHost({
    handlers: createScriptedHandlers(handlers),
    log: options.log ?? silentLog,
    checkResults: options.checkResults ?? true,
  });
}

describe('createContractHost', () => {
  it('hands the parsed input and the caller to the handler and answers with its value', async () => {
    const seen: unknown[] = [];
    const host = setUp({
      'turn.send': (input, who) => {
        seen.push(input, who);
        return { conversationId: 'c', messageId: 'm' };
      },
    });
    const outcome = await host.answer('turn.send', { conversationId: null, text: '  hello  ', speak: false, extra: 'dropped' }, caller);
    expect(outcome).toEqual({ ok: true, value: { conversationId: 'c', messageId: 'm' } });
    expect(seen).toEqual([{ conversationId: null, text: 'hello', speak: false }, caller]);
  });

  it.each([['app.secret'], ['__proto__'], ['constructor'], [''], [undefined], [{}], [['app.snapshot']]])(
    'refuses the call %j',
    async (name) => {
      expect(await setUp({}).answer(name, {}, caller)).toMatchObject({ ok: false, error: { code: 'request.unknown-call' } });
    },
  );

  it.each([
    ['turn.send', { conversationId: null, text: '', speak: true }, 'text'],
    ['turn.send', { conversationId: null, text: 'x'.repeat(20_001), speak: true }, 'text'],
    ['app.openExternal', { url: 'file:///etc/passwd' }, 'url'],
    ['app.openExternal', { url: 'javascript:alert(1)' }, 'url'],
    ['store.restoreBackup', { fileName: '../../etc/passwd' }, 'fileName'],
    ['secrets.set', { name: 'other', value: 'x' }, 'name'],
    ['app.snapshot', { anything: true }, ''],
    ['app.snapshot', null, ''],
    ['session.press', 'down', ''],
  ])('refuses bad input to %s and names the field', async (name, input, field) => {
    expect(await setUp({}).answer(name, input, caller)).toMatchObject({
      ok: false,
      error: { code: 'request.bad-input', details: { call: name, field } },
    });
  });

  it('answers an AppError with its code and sentence, without its cause or stack', async () => {
    const error = new AppError('models.disk-full', 'The disk is full.', {
      cause: new Error('/home/me/secret'),
      details: { neededBytes: 5 },
    });
    const host = setUp({
      'models.download': () => {
        throw error;
      },
    });
    expect(await host.answer('models.download', { modelId: 'm' }, caller)).toEqual({
      ok: false,
      error: { code: 'models.disk-full', message: 'The disk is full.', details: { neededBytes: 5 } },
    });
  });

  it('keeps what went wrong unexpectedly in the log, and gives the page only a reference to it', async () => {
    const logged: unknown[] = [];
    const log: Log = { ...silentLog, error: (_message, fields) => logged.push(fields) };
    const host = setUp({ 'settings.list': () => Promise.reject(new TypeError('cannot read /home/me/key')) }, { log });
    const outcome = await host.answer('settings.list', {}, caller);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'internal.unexpected' } });
    expect(JSON.stringify(outcome)).not.toContain('/home/me');
    expect(logged).toMatchObject([{ call: 'settings.list', reference: expect.stringMatching(/^err_/) as string }]);
  });

  it('finds a result that breaks the contract where results are checked, and lets it pass elsewhere', async () => {
    const handlers = { 'voice.list': () => [{ id: 1 }] as never };
    expect(await setUp(handlers).answer('voice.list', {}, caller)).toMatchObject({ ok: false, error: { code: 'internal.unexpected' } });
    expect(await setUp(handlers, { checkResults: false }).answer('voice.list', {}, caller)).toEqual({ ok: true, value: [{ id: 1 }] });
  });
});
