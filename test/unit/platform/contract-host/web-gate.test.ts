import { describe, expect, it } from 'vitest';
import { createWebGate } from '../../../../src-main/platform/contract-host/web-gate.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const HOST = '127.0.0.1:4000';
const ORIGIN = `http://${HOST}`;

function setUp() {
  const clock = createVirtualClock();
  const gate = createWebGate({ clock, allowedHosts: () => new Set([HOST, 'localhost:4000']), port: () => 4000 });
  const signIn = (): string => gate.redeemLinkToken(gate.issueLinkToken())?.split(';')[0] ?? 'refused';
  return { clock, gate, signIn };
}

describe('createWebGate', () => {
  it('exchanges a link token once for a cookie that scripts cannot read', () => {
    const { gate } = setUp();
    const token = gate.issueLinkToken();
    expect(gate.redeemLinkToken(token)).toMatch(/^openclaw_4000=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(gate.redeemLinkToken(token)).toBeUndefined();
    expect(gate.redeemLinkToken('guess')).toBeUndefined();
  });

  it('takes a page whose link a program had made for a program, and lets it open no socket without our origin', () => {
    const { gate, signIn } = setUp();
    const owner = signIn();
    const program = gate.redeemLinkToken(gate.issueLinkToken({ forProgram: true }))?.split(';')[0] ?? 'refused';
    expect(gate.admitRequest({ host: HOST, cookie: owner })).toMatchObject({ granted: true, isProgram: false });
    expect(gate.admitRequest({ host: HOST, cookie: program })).toMatchObject({ granted: true, isProgram: true });
    expect(gate.admitSocket({ host: HOST, cookie: program, origin: ORIGIN })).toMatchObject({ granted: true, isProgram: true });
    expect(gate.admitSocket({ host: HOST, cookie: program }).granted).toBe(false);
  });

  it('refuses a link token after ten minutes', async () => {
    const { gate, clock } = setUp();
    const token = gate.issueLinkToken();
    await clock.advance(10 * 60_000 + 1);
    expect(gate.redeemLinkToken(token)).toBeUndefined();
  });

  it('admits requests with the cookie or the bearer token, and nothing else', () => {
    const { gate, signIn } = setUp();
    const cookie = signIn();
    const granted = (headers: Record<string, string>): boolean => gate.admitRequest({ host: HOST, ...headers }).granted;
    expect(granted({ cookie: `other=1; ${cookie}; more=2` })).toBe(true);
    expect(granted({ authorization: `Bearer ${gate.bearerToken}` })).toBe(true);
    expect(granted({})).toBe(false);
    expect(granted({ cookie: `${cookie}x` })).toBe(false);
    expect(granted({ cookie: cookie.replace('4000', '4001') })).toBe(false);
    expect(granted({ authorization: `Bearer ${gate.bearerToken}x` })).toBe(false);
    expect(granted({ authorization: gate.bearerToken })).toBe(false);
    expect(granted({ authorization: 'Bearer ', cookie })).toBe(true);
  });

  it('refuses other host names with a good cookie, so that a name pointed at this machine is of no use', () => {
    const { gate, signIn } = setUp();
    const cookie = signIn();
    for (const host of ['evil.example:4000', '127.0.0.1:4001', '127.0.0.1', '', undefined]) {
      expect(gate.admitRequest({ ...(host === undefined ? {} : { host }), cookie })).toMatchObject({
        granted: false,
        refusal: { status: 421 },
      });
    }
    expect(gate.admitRequest({ host: 'LOCALHOST:4000', cookie }).granted).toBe(true);
  });

  it.each(['http://evil.example', 'https://127.0.0.1:4000', 'http://localhost:4000', 'http://127.0.0.1:4001', 'null', '', 'file://'])(
    'refuses a socket opened by the origin "%s"',
    (origin) => {
      const { gate, signIn } = setUp();
      expect(gate.admitSocket({ host: HOST, origin, cookie: signIn() }).granted).toBe(false);
      expect(gate.admitSocket({ host: HOST, origin, authorization: `Bearer ${gate.bearerToken}` }).granted).toBe(false);
    },
  );

  it('admits a socket of our own page, and one without an origin only with the bearer token', () => {
    const { gate, signIn } = setUp();
    const cookie = signIn();
    expect(gate.admitSocket({ host: HOST, origin: ORIGIN, cookie }).granted).toBe(true);
    expect(gate.admitSocket({ host: HOST, cookie }).granted).toBe(false);
    expect(gate.admitSocket({ host: HOST, origin: ORIGIN }).granted).toBe(false);
    expect(gate.admitSocket({ host: HOST, authorization: `Bearer ${gate.bearerToken}` }).granted).toBe(true);
  });

  it('tells browsers apart and keeps pages of one browser together', () => {
    const { gate, signIn } = setUp();
    const [one, two] = [signIn(), signIn()];
    const principal = (cookie: string) => gate.admitSocket({ host: HOST, origin: ORIGIN, cookie });
    expect(principal(one)).toEqual(principal(one));
    expect(principal(one)).not.toEqual(principal(two));
  });
});
