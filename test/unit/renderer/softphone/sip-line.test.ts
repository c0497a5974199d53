import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CallMedia } from '../../../../src-renderer/softphone/call-media.ts';
import { openSipLine, type SipInvitation } from '../../../../src-renderer/softphone/sip-line.ts';
import { createSipRegistrar, type SipRegistrar } from '../../../doubles/sip-registrar.ts';

const noMedia = (): CallMedia & { remote: string[]; closed: number } => {
  const media = {
    remote: [] as string[],
    closed: 0,
    setRemote: async (sdp: string) => void media.remote.push(sdp),
    local: async () => 'v=0\r\ns=ours\r\n',
    rollBack: async () => undefined,
    send: () => undefined,
    sendDigits: () => false,
    count: async () => ({ atMs: 0, received: 0, sent: 0, microphoneEnergy: null, here: 0, there: 0 }),
    hasPlayed: () => false,
    close: () => void (media.closed += 1),
  };
  return media;
};

/** As long as a busy machine may take. */
const seen = (look: () => void): Promise<void> => vi.waitFor(look, { timeout: 15_000 });

async function openLine(registrar: SipRegistrar, password = 'secret') {
  const told: string[] = [];
  const invitations: SipInvitation[] = [];
  const line = openSipLine({
    access: { url: registrar.url, user: '1000', password, realm: 'asterisk' },
    onRegistered: () => told.push('registered'),
    onLost: (why) => told.push(why),
    onInvite: (invitation) => invitations.push(invitation),
  });
  onTestFinished(line.close);
  return { line, told, invitations };
}

async function openRegistered() {
  const registrar = await createSipRegistrar();
  const opened = await openLine(registrar);
  await seen(() => expect(opened.told).toEqual(['registered']));
  return { registrar, ...opened };
}

describe('openSipLine', () => {
  it('registers with its password', async () => {
    const { registrar } = await openRegistered();
    expect(registrar.registered()).toBe(1);
  });

  it('tells a wrong password from an exchange that is not there', async () => {
    const registrar = await createSipRegistrar();
    const wrong = await openLine(registrar, 'forged');
    await seen(() => expect(wrong.told).toEqual(['refused']));
    await registrar.close();
    const nobody = await openLine(registrar);
    await seen(() => expect(nobody.told).toEqual(['unreachable']));
  });

  it('says once that the connection is lost', async () => {
    const { registrar, told } = await openRegistered();
    registrar.drop();
    await seen(() => expect(told).toEqual(['registered', 'unreachable']));
  });

  it('rings without answering, and answers with our description when it is told to', async () => {
    const { registrar, invitations } = await openRegistered();
    const call = registrar.invite({ 'X-OpenClaw-Call': 'call_7' });
    await seen(() => expect(invitations).toHaveLength(1));
    expect(invitations[0]).toMatchObject({ callId: 'call_7', answersAtOnce: false });
    const media = noMedia();
    await invitations[0]?.accept(media);
    await seen(() => expect(call.statuses.at(-1)).toBe(200));
    expect([call.body, media.remote.length]).toEqual(['v=0\r\ns=ours\r\n', 1]);
    let ends = 0;
    invitations[0]?.onEnd(() => void (ends += 1));
    call.hangUp();
    await seen(() => expect([ends, media.closed]).toEqual([1, 1]));
  });

  it('knows which call is to be answered at once, and turns away what is no call of the core’s', async () => {
    const { registrar, invitations } = await openRegistered();
    const stray = registrar.invite();
    await seen(() => expect(stray.statuses.at(-1)).toBe(480));
    registrar.invite({ 'X-OpenClaw-Call': 'a', 'X-OpenClaw-Answer': 'now' });
    await seen(() => expect(invitations).toMatchObject([{ callId: 'a', answersAtOnce: true }]));
  });

  it('declines what rings and hangs up what talks', async () => {
    const { registrar, invitations } = await openRegistered();
    const first = registrar.invite({ 'X-OpenClaw-Call': 'a' });
    await seen(() => expect(invitations).toHaveLength(1));
    invitations[0]?.end();
    await seen(() => expect(first.statuses.at(-1)).toBe(603));
    const second = registrar.invite({ 'X-OpenClaw-Call': 'b' });
    await seen(() => expect(invitations).toHaveLength(2));
    await invitations[1]?.accept(noMedia());
    await seen(() => expect(second.requests.map(({ method }) => method)).toEqual([]));
    invitations[1]?.sendInfoDigit('5');
    invitations[1]?.end();
    await seen(() => expect(second.requests.map(({ method }) => method)).toEqual(['INFO', 'BYE']));
    expect(second.requests[0]?.body).toContain('Signal=5');
  });

  it('hears that the exchange has taken a call back', async () => {
    const { registrar, invitations } = await openRegistered();
    const call = registrar.invite({ 'X-OpenClaw-Call': 'a' });
    await seen(() => expect(invitations).toHaveLength(1));
    let ends = 0;
    invitations[0]?.onEnd(() => void (ends += 1));
    call.cancel();
    await seen(() => expect(ends).toBe(1));
    await expect(invitations[0]?.accept(noMedia())).rejects.toThrow();
  });

  it('stays up when it is sent nonsense', async () => {
    const { registrar, invitations } = await openRegistered();
    for (const text of [
      '',
      '\r\n\r\n',
      'INVITE',
      'INVITE sip:x SIP/2.0\r\n\r\n',
      `SIP/2.0 200 OK\r\nCSeq: ${'9'.repeat(400)} REGISTER\r\n\r\n`,
      'OPTIONS sip:1000@x SIP/7.0\r\nVia: ,,;;\r\nContent-Length: -999\r\n\r\n',
      `INVITE sip:1000@x SIP/2.0\r\n${'X-A: '.repeat(5000)}\r\n\r\n`,
      '\u0000\u0001\u0002',
    ])
      registrar.send(text);
    registrar.invite({ 'X-OpenClaw-Call': 'after' });
    await seen(() => expect(invitations).toMatchObject([{ callId: 'after' }]));
  });

  it('takes its registration back when it is closed', async () => {
    const { registrar, line, told } = await openRegistered();
    line.close();
    await seen(() => expect(registrar.registered()).toBe(0));
    expect(told).toEqual(['registered']);
  });
});
