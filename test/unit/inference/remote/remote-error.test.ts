import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { toRemoteError, type RemoteErrorContext } from '../../../../src-main/inference/remote/remote-error.ts';

const KEY = 'sk-secret-0123456789';
const context = (characters = 0, began = characters > 0): RemoteErrorContext => ({
  where: 'box:1234',
  model: 'qwen3',
  contextTokens: 8192,
  received: { characters, began },
});

/** What both clients throw for an answer with this status. */
function answered(status: number, message: string): Error[] {
  const headers = new Headers();
  return [
    OpenAI.APIError.generate(status, { error: { message } }, message, headers),
    Anthropic.APIError.generate(status, { type: 'error', error: { type: 'x', message } }, message, headers),
  ];
}

/** What both clients throw for a failure that is told inside a stream. */
function told(kind: string, message: string): Error[] {
  const headers = new Headers();
  return [
    new OpenAI.APIError(undefined, { message, type: kind, code: kind }, undefined, headers),
    new Anthropic.APIError(undefined, { type: 'error', error: { type: kind, message } }, undefined, headers),
  ];
}

const network = (code: string): Error[] => {
  const cause = new TypeError('fetch failed', { cause: Object.assign(new Error('socket'), { code }) });
  return [new OpenAI.APIConnectionError({ cause }), new Anthropic.APIConnectionError({ cause })];
};

describe('toRemoteError', () => {
  it.each([
    [400, 'bad parameter', 'language.refused'],
    [400, 'prompt is too long: 9000 tokens > 8192 maximum', 'language.too-long'],
    [401, `Incorrect API key provided: ${KEY}`, 'language.unauthorized'],
    [403, `forbidden for ${KEY}`, 'language.unauthorized'],
    [404, 'The model `qwen3` does not exist', 'language.model-missing'],
    [404, 'Not Found', 'language.bad-answer'],
    [413, 'payload', 'language.too-long'],
    [418, 'teapot', 'language.refused'],
    [429, 'quota', 'language.busy'],
    [500, `boom ${KEY}`, 'language.server-error'],
    [503, 'starting', 'language.busy'],
    [529, 'overloaded', 'language.busy'],
  ])('turns an answer with %i "%s" into %s, without its words', (status, message, code) => {
    for (const error of answered(status, message)) {
      const result = toRemoteError(error, context());
      expect(result.code).toBe(code);
      expect(JSON.stringify([result.message, result.details, result.cause])).not.toContain(KEY);
      expect(result.cause).toBeUndefined();
    }
  });

  it('counts a status also when part of the answer had come', () => {
    for (const error of answered(500, 'boom')) expect(toRemoteError(error, context(12)).code).toBe('language.server-error');
  });

  it.each([
    ['overloaded_error', 'language.busy'],
    ['rate_limit_exceeded', 'language.busy'],
    ['invalid_api_key', 'language.unauthorized'],
    ['context_length_exceeded', 'language.too-long'],
    ['something_else', 'language.server-error'],
  ])('takes a failure %s told before the first word for %s, and for a broken answer after it', (kind, code) => {
    for (const error of told(kind, KEY)) {
      expect(toRemoteError(error, context(0, true))).toMatchObject({ code });
      expect(toRemoteError(error, context(9))).toMatchObject({ code: 'language.cut-off', details: { received: 9 } });
    }
  });

  it('takes the status that a server tells inside a stream', () => {
    const error = new OpenAI.APIError(undefined, { message: 'no', code: 429 }, undefined, new Headers());
    expect(toRemoteError(error, context()).code).toBe('language.busy');
  });

  it.each([
    ['ECONNREFUSED', 'language.unreachable'],
    ['ENOTFOUND', 'language.unreachable'],
    ['CERT_HAS_EXPIRED', 'language.unreachable'],
    ['ECONNRESET', 'language.cut-off'],
    ['UND_ERR_SOCKET', 'language.cut-off'],
  ])('turns %s of the network into %s', (code, expected) => {
    for (const error of network(code)) expect(toRemoteError(error, context()).code).toBe(expected);
  });

  it('calls everything a cut-off once the answer had begun', () => {
    for (const error of [...network('ETIMEDOUT'), new Error('terminated'), new Error('what')])
      expect(toRemoteError(error, context(5))).toMatchObject({ code: 'language.cut-off', details: { received: 5 } });
  });

  it('blames the key when it cannot be sent, and does not repeat it', () => {
    const messages = ['Cannot convert argument to a ByteString because …', `Headers.append: "Bearer ${KEY}" is an invalid header value.`];
    for (const message of messages) {
      const result = toRemoteError(new TypeError(message), context());
      expect(result.code).toBe('language.unauthorized');
      expect(result.message).not.toContain(KEY);
    }
  });

  it('calls what it cannot explain a bad answer', () => {
    for (const error of [new SyntaxError(`Unexpected token ${KEY}`), new TypeError('x is not a function'), 'text', undefined]) {
      const result = toRemoteError(error, context());
      expect(result.code).toBe('language.bad-answer');
      expect(result.message).not.toContain(KEY);
    }
  });
});
