import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, type Redactor } from '../../../../src-main/platform/redaction/index.ts';
import { harmlessTokens } from '../../../bench/harmless-tokens.ts';
import { encodings, plantSecrets } from '../../../bench/planted-secrets.ts';

const STORED = 'My Canary/Secret+Value=42';
const redactor = createRedactor({ knownSecrets: [STORED], ownPatterns: 'EMP-\\d{6}' });
/** Pieces are joined here so that no scanner of sources takes them for real ones. */
const token = `ghp_${'aB3dE5gH7jK9mN1pQ3sT5vX7zA9cE1gI3kM5'}`;

/** Texts as they come: talk, log lines, credentials in all disguises, half ones, things that look like them. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(...plantSecrets().flatMap(({ text }) => Object.values(encodings).map((encode) => encode(text)))),
      fc.constantFrom(...harmlessTokens(40)),
      fc.constantFrom(
        'password: ',
        'Authorization: ',
        'Bearer ',
        '://',
        '@',
        '-----BEGIN PRIVATE KEY-----\n',
        'token=',
        '"',
        '\\"',
        '%3D',
        '\n',
        ' ',
        '[secret:',
        ']',
        'EMP-123456',
        STORED,
      ),
      fc.string({ maxLength: 30 }),
    ),
    { maxLength: 6 },
  )
  .map((pieces) => pieces.join(' '));

function streamed(text: string, cuts: readonly number[], by: Redactor = redactor): string {
  const stream = by.stream();
  let out = '';
  let from = 0;
  for (const cut of [...cuts].sort((left, right) => left - right)) {
    const at = Math.min(cut, text.length);
    out += stream.push(text.slice(from, at));
    from = Math.max(from, at);
  }
  return out + stream.push(text.slice(from)) + stream.end();
}

describe('createRedactor', () => {
  it.each(Object.entries(encodings))('takes out every kind of credential: %s', (_name, encode) => {
    for (const { kind, text, secret } of plantSecrets()) {
      const { text: clean, findings } = redactor.redact(`before ${encode(text)} after`);
      expect(findings.length, `${kind}: ${text}`).toBeGreaterThan(0);
      expect(clean, kind).not.toContain(secret);
      expect([clean.startsWith('before '), clean.endsWith(' after') || kind.includes('cookie')], `${kind}: ${clean}`).toEqual([true, true]);
    }
  });

  it('leaves alone what only looks random: hashes, ids, phone numbers, calls, sound, names of models, paths, code', () => {
    const wrong = harmlessTokens(4000).filter((harmless) => redactor.redact(harmless).findings.length > 0);
    expect(wrong).toEqual([]);
  });

  it('takes no stretch of base64 for the key of a wallet', () => {
    const key = `5K${'BN8fXhvnTCg7VR7eepsaJRheeL3txi3uqYLDmH7r2XcZmCyWmtz'.slice(0, 49)}`;
    expect(redactor.redact(`wiFOZxwKQW13JHQugZ/${key}/A2UBqFaz`).findings).toEqual([]);
    expect(redactor.redact(`wif: ${key}`).findings).toMatchObject([{ rule: 'wallet-key' }]);
  });

  it('says what it found and where', () => {
    expect(redactor.redact(`use ${token}, password: hunter2x`)).toEqual({
      text: 'use [secret:github-token], password: [secret:password]',
      findings: [
        { rule: 'github-token', start: 4, end: 44 },
        { rule: 'password', start: 56, end: 64 },
      ],
    });
  });

  it.each([
    ['as it is', STORED],
    ['in base64, at each alignment', ['', 'x', 'xy'].map((before) => Buffer.from(before + STORED).toString('base64')).join(' ')],
    ['in base64url', Buffer.from(`ab${STORED}`).toString('base64url')],
    ['in hexadecimal digits', `${Buffer.from(STORED).toString('hex')} ${Buffer.from(STORED).toString('hex').toUpperCase()}`],
    ['in an address', `https://example.org/?q=${encodeURIComponent(STORED)}`],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ STORED }))],
  ])('knows a stored secret %s', (_how, text) => {
    const { text: clean, findings } = redactor.redact(text);
    expect(findings.every(({ rule }) => rule === 'known-secret')).toBe(true);
    expect(clean).not.toMatch(/Canary|Q2FuYXJ5|43616e617279/i);
  });

  it('learns and forgets stored secrets while it runs; too short ones would be everywhere', () => {
    const learning = createRedactor();
    expect(learning.redact('open sesame now').text).toBe('open sesame now');
    learning.setKnownSecrets(['open sesame', 'abc', '12345']);
    expect(learning.redact('say open sesame, abc, 12345, 9123456').text).toBe(
      'say [secret:known-secret], abc, [secret:known-secret], 9123456',
    );
    learning.setKnownSecrets([]);
    expect(learning.redact('open sesame now').text).toBe('open sesame now');
  });

  it('takes the patterns of the owner, and tells in a sentence which line cannot be used', () => {
    const own = createRedactor();
    expect(own.setOwnPatterns('# staff\nEMP-\\d{6}\n(?i)project\\s[a-z]{3,9}\n([a-z\n(a+)+b\n.*')).toEqual([
      expect.stringMatching(/^Line 4 is no regular expression \(.+\)\. Correct it/),
      expect.stringMatching(/^Line 5 repeats something that repeats itself/),
      expect.stringMatching(/^Line 6 also matches nothing at all/),
    ]);
    expect(own.redact('EMP-123456 works on Project Falcon').text).toBe('[secret:own-1] works on [secret:own-2]');
  });

  it('gives the same in a stream as at once, wherever the text is cut', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(3000), { maxLength: 12 }), (text, cuts) => {
        expect(streamed(text, cuts)).toBe(redactor.redact(text).text);
      }),
      { numRuns: 120 },
    );
  });

  it('gives the same character by character', () => {
    for (const { text } of plantSecrets().slice(-40)) {
      const whole = `Here: ${text} and on it goes for a while.`;
      expect(
        streamed(
          whole,
          Array.from(whole, (_character, index) => index),
        ),
      ).toBe(redactor.redact(whole).text);
    }
  });

  it('lets plain speech through a stream word by word: it must not wait for the end', () => {
    const stream = createRedactor().stream();
    const spoken = 'The key is under the mat, and the password is nowhere to be found. Nobody knows where it went today.';
    let heard = '';
    let longestWait = 0;
    for (const [index, character] of [...spoken].entries()) {
      heard += stream.push(character);
      longestWait = Math.max(longestWait, index + 1 - heard.length);
    }
    expect(heard + stream.end()).toBe(spoken);
    expect(longestWait).toBeLessThan(80);
  });

  it('finds nothing new in what it has cleaned, never throws, and never makes a text much longer', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { text: clean, findings } = redactor.redact(text);
        expect(clean.length).toBeLessThanOrEqual(text.length + findings.length * 40);
        const again = redactor.redact(clean);
        for (const mark of clean.match(/\[secret:[a-z0-9-]+\]/g) ?? []) expect(again.text).toContain(mark);
      }),
      { numRuns: 120 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => void redactor.redact(text)));
  });

  it('finds secrets in long texts without blanks, and in streams of them', () => {
    const filler = 'abcdefghi,'.repeat(3000);
    const sound = Buffer.alloc(30_000, 0x9c).toString('base64');
    for (const text of [
      `${filler}"${token}"${filler}`,
      `${sound} ${token} ${sound}`,
      `%41${filler}${encodeURIComponent(`://a:${'b7'.repeat(5)}@host`)}${filler}`,
    ]) {
      const { text: clean } = redactor.redact(text);
      expect(clean).toMatch(/\[secret:/);
      expect(clean.length).toBeGreaterThan(text.length - 400);
      expect(streamed(text, [1, 5000, 9000, 9001, 12_345, 31_000, 40_010])).toBe(clean);
    }
  });
});

describe('redactValue', () => {
  it('cleans every string in plain data, keys too, and leaves the rest as it is', () => {
    const bytes = new Uint8Array([1]);
    const value = { list: [token, 5, null], nested: { [token]: true, password: 'hunter2', note: 'no secret' }, bytes, token: 'next_token' };
    expect(redactor.redactValue(value)).toEqual({
      list: ['[secret:github-token]', 5, null],
      nested: { '[secret:github-token]': true, password: '[secret:field]', note: 'no secret' },
      bytes,
      token: 'next_token',
    });
    expect(value.nested.password).toBe('hunter2');
  });

  it('ends with data that goes round, and makes no prototype of a key', () => {
    const round: Record<string, unknown> = { name: token };
    round['self'] = round;
    const clean = redactor.redactValue(round);
    expect([clean['name'], clean['self'] === clean]).toEqual(['[secret:github-token]', true]);
    const evil = redactor.redactValue(JSON.parse('{"__proto__":{"polluted":true}}') as object);
    expect([Object.getPrototypeOf(evil) === Object.prototype, 'polluted' in {}]).toEqual([true, false]);
  });
});
