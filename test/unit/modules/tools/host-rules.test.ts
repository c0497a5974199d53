import { describe, expect, it } from 'vitest';
import { isHostAllowed, normalHost, normalRule, parseHosts } from '../../../../src-main/modules/tools/host-rules.ts';

describe('isHostAllowed', () => {
  it.each([
    ['example.org', ['example.org'], true],
    ['EXAMPLE.org.', ['example.org'], true],
    ['a.example.org', ['example.org'], false],
    ['a.b.example.org', ['*.example.org'], true],
    ['example.org', ['*.example.org'], false],
    ['evilexample.org', ['*.example.org'], false],
    ['example.org.evil.net', ['example.org'], false],
    ['example.org', [], false],
    ['127.0.0.1', ['127.0.0.1'], false],
    ['2130706433', ['2130706433'], false],
    ['localhost', ['localhost'], false],
    ['a.org', ['*.org', '*'], false],
    ['example.org@evil.net', ['example.org'], false],
    ['evil.net#.example.org', ['*.example.org'], false],
    ['[::1]', ['[::1]'], false],
  ])('%s under %j is %s', (host, rules, allowed) => expect(isHostAllowed(host, 443, rules)).toBe(allowed));

  it.each([
    [80, ['example.org'], true],
    [22, ['example.org'], false],
    [8443, ['example.org'], false],
    [8443, ['example.org:8443'], true],
    [443, ['example.org:8443'], false],
    [8443, ['*.org:8443', 'example.org:084430', 'example.org:0'], false],
  ])('port %i under %j is %s', (port, rules, allowed) => expect(isHostAllowed('example.org', port, rules)).toBe(allowed));

  it('compares names as the network does', () => {
    expect(normalHost('Bücher.example')).toBe('xn--bcher-kva.example');
    expect(normalRule('*.Example.ORG')).toBe('*.example.org');
    expect(normalRule('*.*.org')).toBeUndefined();
    expect(normalRule('example.org:0443')).toBe('example.org:443');
    expect(normalRule('example.org:70000')).toBeUndefined();
    expect(normalHost('0x7f.1')).toBeUndefined();
  });
});

describe('parseHosts', () => {
  it('reads one rule a line; what is no host name is left out', () => {
    expect(parseHosts('Example.org\n *.wiki.org \nhttps://x/\n\nlocal:8080, b.de:8080; 127.0.0.1\nexample.org')).toEqual([
      'example.org',
      '*.wiki.org',
      'b.de:8080',
    ]);
  });
});
