import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { redactError, redactFields, scrubText } from '../../../../src-main/platform/observability/redaction.ts';

/** Pieces are joined here so that no scanner of sources takes them for real ones. */
const secrets: [string, string][] = [
  ['an OpenAI key', `sk-${'proj'}-Ab12Cd34Ef56Gh78Ij90Kl12`],
  ['an Anthropic key', `sk-${'ant'}-api03-x9Y8z7W6v5U4t3S2r1Q0`],
  ['a Hugging Face token', `hf_${'AbCdEfGhIjKlMnOpQrStUvWx'}`],
  ['a GitHub token', `ghp_${'0123456789abcdefABCDEF0123456789abcd'}`],
  ['a fine-grained GitHub token', `github_pat_${'11ABCDEFG0123456789_abcdefghij'}`],
  ['a Slack token', `xoxb-${'123456789012-abcdefGHIJKL'}`],
  ['an AWS key', `AKIA${'IOSFODNN7EXAMPLE'}`],
  ['a Google key', `AIza${'SyA1234567890abcdefghijklmnopqrstuv'}`],
  ['a Telegram token', `123456789:${'AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw'}`],
  ['a JSON web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc_DEF-123'],
  ['a hash', 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53'],
  ['random base64', 'Zm9vYmFyMTIzNDU2Nzg5MEFCQ0RFRkdISUpLTE1O+/=='],
];

const sentences: [string, string, string][] = [
  ['an authorization header', 'Authorization: Bearer abcdef123456', 'abcdef123456'],
  ['basic authorization', 'authorization=Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ['a password in JSON', '{"user":"a","password":"hunter2"}', 'hunter2'],
  ['a password of several words', '{"password": "correct horse battery"}', 'horse battery'],
  ['a password in a query', 'GET /x?token=abc123&y=1', 'abc123'],
  ['an api key in a header', 'x-api-key: 1234abcd', '1234abcd'],
  ['a German password', 'Passwort: geheim12', 'geheim12'],
  ['a cookie', 'Cookie: session=deadbeef; theme=dark7', 'deadbeef'],
  ['all of a cookie', 'Cookie: session=deadbeef; theme=dark7', 'dark7'],
  ['the password of an address', 'postgres://user:pa55word@host/db', 'pa55word'],
  ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----', 'MIIEvQ'],
  ['half a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBg', 'MIIEvQ'],
];

describe('scrubText', () => {
  it.each(secrets)('takes out %s wherever it stands', (_what, secret) => {
    for (const text of [secret, `before ${secret} after`, `url?x=${secret}`, `(${secret})`, `"${secret}"`]) {
      expect(scrubText(text)).not.toContain(secret);
      expect(scrubText(text)).toContain('[secret]');
    }
  });

  it.each(sentences)('takes out %s', (_what, text, secret) => {
    expect(scrubText(text)).not.toContain(secret);
  });

  it.each([
    'The model qwen3-4b-instruct-q4_k_m.gguf was loaded in 412 ms',
    'conversation_0mx1j8037c395c6c32578',
    '/home/someone/.local/share/openclaw-desktop/models/SmolLM2-135M-Instruct/model.gguf',
    'Sicherung history-20260301T120000000Z-daily.db angelegt',
    'at createStore (src-main/platform/store/history-store.ts:52:17)',
  ])('leaves what developers need: %s', (text) => {
    expect(scrubText(text)).toBe(text);
  });

  it('keeps one event on one line and bounds its length, whatever comes', () => {
    const clean = scrubText(`first\nsecond\u0000\u2028third\u001b[31m ${'x'.repeat(5000)}`);
    expect(clean).toMatch(/^first second third \[31m x+…$/);
    expect(clean.length).toBe(200);
    expect(scrubText(`${'word '.repeat(38)}sk-abcdefgh12345678`)).not.toMatch(/sk-a/);
  });

  it('takes no long time for a long text', () => {
    const fromMs = performance.now();
    for (let round = 0; round < 20; round += 1) scrubText('a1B'.repeat(100_000));
    expect(performance.now() - fromMs).toBeLessThan(1000);
  });
});

describe('redactFields', () => {
  it('passes numbers and named ids and states, and leaves out everything else by name only', () => {
    expect(
      redactFields({
        durationMs: 12,
        ok: true,
        nothing: null,
        missing: undefined,
        worker: 'language',
        conversationId: 'conversation_1',
        modelId: 'smollm2',
        file: '/data/history.db',
        kind: ['a', 1],
        text: 'what the user said',
        prompt: 'what the model was told',
        title: 'a title',
        question: ['words'],
        status: { nested: 'words' },
      }),
    ).toEqual({
      durationMs: 12,
      ok: true,
      nothing: null,
      worker: 'language',
      conversationId: 'conversation_1',
      modelId: 'smollm2',
      file: '/data/history.db',
      kind: ['a', 1],
      left_out: ['text', 'prompt', 'title', 'question', 'status'],
    });
  });

  it('scrubs allowed fields too', () => {
    expect(redactFields({ key: 'sk-abcdefgh12345678', name: 'token=abc' })).toEqual({ key: '[secret]', name: '[secret]' });
  });

  it('cannot be used to forge the level, the time or the message of a line', () => {
    expect(redactFields({ level: 'fatal', time: 1, message: 'x', left_out: [], worker: 'w' })).toEqual({ worker: 'w' });
  });

  it('passes the output of native libraries only when asked to', () => {
    expect(redactFields({ line: 'loaded "secret words" token=abc' })).toEqual({ left_out: ['line'] });
    expect(redactFields({ line: 'loaded "secret words" token=abc' }, true)).toEqual({ line: 'loaded […] [secret]' });
  });

  it('passes errors as data with code and scrubbed message', () => {
    expect(redactFields({ error: { code: 'store.busy', message: 'Held by "my private note" now.', details: { text: 'x' } } })).toEqual({
      error: { code: 'store.busy', message: 'Held by […] now.' },
    });
    expect(redactFields({ error: 'what was said' })).toEqual({ left_out: ['error'] });
  });
});

describe('redactError', () => {
  it('keeps our own sentences, names in quotes included, but no quoted sentence', () => {
    const error = new AppError('model.missing', 'The model "smollm2" was not found for "please call my mother".');
    expect(redactError(error)).toMatchObject({
      name: 'AppError',
      code: 'model.missing',
      message: 'The model "smollm2" was not found for […].',
    });
  });

  it.each([
    [new SyntaxError(`Unexpected token 'h', "hello my dear" is not valid JSON`), 'Unexpected token […], […] is not valid JSON'],
    [new Error('Cannot parse `my words` or „meine Worte“ or “these words”'), 'Cannot parse […] or […] or […]'],
    [new Error("It doesn't work"), "It doesn't work"],
    [new Error('cut off: "and what was said'), 'cut off: […]'],
  ])('takes every quotation out of the errors of others', (error, message) => {
    expect(redactError(error).message).toBe(message);
  });

  it('keeps where it happened and what caused it, without the words of the message', () => {
    const cause = Object.assign(new Error('inner "words"'), { code: 'ENOENT' });
    const redacted = redactError(new Error('outer "words"', { cause }));
    expect(redacted.cause).toMatchObject({ code: 'ENOENT', message: 'inner […]' });
    expect(redacted.stack?.length).toBeGreaterThan(0);
    expect(redacted.stack?.length).toBeLessThanOrEqual(8);
    expect(JSON.stringify(redacted)).not.toContain('words');
  });

  it('ends a chain of causes that goes round', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(redactError(error)).match(/"message"/g)?.length).toBe(4);
  });
});
