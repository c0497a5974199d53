import { assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverAddress } from '../../../../src-main/inference/openai-compatible/server-address.ts';

describe('serverAddress', () => {
  it.each([
    ['http://127.0.0.1:11434', 'http://127.0.0.1:11434/v1'],
    ['http://127.0.0.1:11434/', 'http://127.0.0.1:11434/v1'],
    ['http://127.0.0.1:11434/v1', 'http://127.0.0.1:11434/v1'],
    ['  http://127.0.0.1:11434/v1/ \n', 'http://127.0.0.1:11434/v1'],
    ['http://localhost:1234/v1/chat/completions', 'http://localhost:1234/v1'],
    ['http://localhost:1234/v1/completions/', 'http://localhost:1234/v1'],
    ['http://localhost:1234/v1/models', 'http://localhost:1234/v1'],
    ['https://gateway.example/openai/v2', 'https://gateway.example/openai/v2'],
    ['https://gateway.example/models', 'https://gateway.example/v1'],
    ['HTTP://Box.Local:8080', 'http://box.local:8080/v1'],
    ['http://[::1]:8000', 'http://[::1]:8000/v1'],
  ])('makes of %j %s', (typed, address) => {
    expect(serverAddress(typed).href).toBe(address);
  });

  it.each([
    ['', 'not a web address'],
    ['my server', 'not a web address'],
    ['127.0.0.1:11434', 'not a web address'],
    ['localhost:11434', 'http:// or https://'],
    ['ftp://127.0.0.1/v1', 'http:// or https://'],
    ['file:///etc/passwd', 'http:// or https://'],
    ['http://ada:secret@127.0.0.1/v1', 'the key has its own field'],
    ['http://sk-secret@127.0.0.1/v1', 'the key has its own field'],
    ['http://127.0.0.1/v1?api_key=secret', '"?" or "#"'],
    ['http://127.0.0.1/v1#secret', '"?" or "#"'],
  ])('refuses %j and says why, without repeating a secret', (typed, why) => {
    let message = '';
    try {
      serverAddress(typed);
    } catch (error) {
      expect(error).toMatchObject({ code: 'language.bad-address' });
      message = String(error);
    }
    expect(message).toContain(why);
    expect(message).not.toContain('secret');
  });

  it('leaves an address that it has mended alone', () => {
    const host = constantFrom('http://127.0.0.1:11434', 'https://box.local', 'http://[::1]:8000');
    const path = constantFrom('', '/', '/v1', '/v1/', '/v1/models', '/api/v3/chat/completions', '/models/', '//');
    assert(
      property(host, path, (before, behind) => {
        const once = serverAddress(before + behind).href;
        expect(serverAddress(once).href).toBe(once);
      }),
    );
  });
});
