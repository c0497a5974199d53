import { describe, expect, it } from 'vitest';
import { mobileSetUp } from '../../../../src-renderer/features/phone/mobile-schemes.ts';

const ACCESS = {
  mobile: { id: 'm1', name: 'Kitchen <& hall>', extension: '1003', rings: true, registered: false },
  server: '192.168.1.20',
  port: 5060,
  user: '1003',
  password: 'a:b@c',
};

describe('mobileSetUp', () => {
  it('writes an address with a password whose signs do not end it', () => {
    expect(mobileSetUp('sip', ACCESS)).toBe('sip:1003:a%3Ab%40c@192.168.1.20:5060;transport=udp');
    expect(mobileSetUp('sip', { ...ACCESS, server: 'fd00::1' })).toContain('@[fd00::1]:5060;');
  });

  it('writes an account file in which names stay names', () => {
    const file = mobileSetUp('wave', ACCESS);
    expect(file).toContain('<RegisterServer>192.168.1.20:5060</RegisterServer><UserID>1003</UserID>');
    expect(file).toContain('<DisplayName>Kitchen &lt;&amp; hall&gt;</DisplayName>');
  });
});
