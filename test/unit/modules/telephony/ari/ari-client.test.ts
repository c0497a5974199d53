import { onTestFinished, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../../src-main/base/clock.ts';
import { silentLog } from '../../../../../src-main/base/log.ts';
import { createAriClient } from '../../../../../src-main/modules/telephony/ari/ari-client.ts';
import type { AriClient, AriEvent } from '../../../../../src-main/modules/telephony/telephony.ts';
import { ariLogin, createAriServer, type AriServer } from '../../../../doubles/ari-server.ts';

async function connected(
  password = ariLogin.password,
): Promise<{ server: AriServer; ari: AriClient; events: AriEvent[]; states: string[] }> {
  const server = await createAriServer();
  const ari = createAriClient({
    access: { http: server.url, user: ariLogin.user, password },
    subscriptions: () => ['endpoint:PJSIP/1000'],
    clock: systemClock,
    log: silentLog,
  });
  onTestFinished(() => void ari.dispose());
  const events: AriEvent[] = [];
  const states: string[] = [];
  ari.onEvent((event) => void events.push(event));
  ari.onState((state) => void states.push(state));
  if (password === ariLogin.password) await expect.poll(() => ari.state()).toBe('connected');
  return { server, ari, events, states };
}

describe('createAriClient', () => {
  it('writes every part of an address safely', async () => {
    const { server, ari } = await connected();
    server.phones.set('PJSIP/+49 30/1?x=1&y=2#z', 'answers');
    const channelId = 'oc/../x y?&#ä';
    const channel = await ari.originate({
      channelId,
      endpoint: 'PJSIP/+49 30/1?x=1&y=2#z',
      args: ['leg', 'a'],
      callerId: '"Ä & Co" <+49>',
      variables: { 'A(b)': 'c=d,e' },
    });
    expect(channel.id).toBe(channelId);
    expect(server.channels.get(channelId)).toMatchObject({
      callerId: '"Ä & Co" <+49>',
      args: ['leg', 'a'],
      variables: { 'A(b)': 'c=d,e' },
    });
    await ari.hangUp(channelId);
    expect(server.channels.size).toBe(0);
  });

  it('rejects with what Asterisk said, and takes what is gone already for hung up', async () => {
    const { ari } = await connected();
    await expect(ari.answer('nobody')).rejects.toMatchObject({
      code: 'phone.refused',
      details: { status: 404, problem: 'Channel not found' },
    });
    await ari.hangUp('nobody');
    await ari.destroyBridge('nowhere');
  });

  it('stays out with a wrong password and says so at each request', async () => {
    const { ari } = await connected('wrong');
    await expect.poll(() => ari.state()).toBe('lost');
    await expect(ari.channels()).rejects.toMatchObject({ code: 'phone.refused', details: { status: 401 } });
  });

  it('drops events that it does not know or that are malformed, and doubles of the same one', async () => {
    const { server, events } = await connected();
    for (const text of [
      '',
      '{',
      '[]',
      '{"type":"Weird"}',
      '{"type":"StasisStart","channel":{}}',
      '{"type":"ChannelDestroyed","cause":"x"}',
    ])
      server.sendText(text);
    const channelId = server.incoming({ number: '1', name: 'A' });
    const again = JSON.stringify({ type: 'PlaybackFinished', playback: { id: 'p' }, timestamp: 't' });
    server.sendText(again);
    server.sendText(again);
    server.press(channelId, '5');
    await expect.poll(() => events.length).toBe(3);
    expect(events[0]).toMatchObject({
      type: 'StasisStart',
      args: ['external', 'sipgate', '49301234'],
      channel: { id: channelId, isOurs: true, caller: { name: 'A', number: '1' } },
    });
    expect(events.slice(1)).toMatchObject([
      { type: 'PlaybackFinished', playbackId: 'p' },
      { type: 'ChannelDtmfReceived', digit: '5', durationMs: 100 },
    ]);
  });

  it('connects again by itself and subscribes again', async () => {
    const { server, ari, states } = await connected();
    await expect.poll(() => server.requests.filter((request) => request.includes('subscription')).length).toBe(1);
    server.drop();
    await expect.poll(() => ari.state()).toBe('lost');
    await expect.poll(() => ari.state()).toBe('connected');
    await expect.poll(() => server.requests.filter((request) => request.includes('subscription')).length).toBe(2);
    expect(states).toEqual(['connected', 'lost', 'connected']);
  });

  it('says that the control is lost when nobody answers', async () => {
    const { server, ari } = await connected();
    await server.kill();
    await expect(ari.channels()).rejects.toMatchObject({ code: 'phone.control-lost' });
    await server.revive();
    await expect.poll(() => ari.state(), { timeout: 5_000 }).toBe('connected');
  });

  it('opens media legs, bridges and recordings', async () => {
    const { server, ari, events } = await connected();
    await ari.externalMedia({ channelId: 'm', transport: 'audiosocket', host: '127.0.0.1:9', legId: 'uuid', format: 'slin16' });
    await expect.poll(() => events.some(({ type }) => type === 'StasisStart')).toBe(true);
    await ari.createBridge('b');
    await ari.addToBridge('b', 'm');
    expect(await ari.bridges()).toEqual([{ id: 'b', channels: ['m'] }]);
    await ari.startRecording('b', 'r');
    expect([await ari.storedRecordings(), await ari.isRecording('r')]).toEqual([['r'], true]);
    await ari.stopRecording('r');
    await expect.poll(() => events.at(-1)).toEqual({ type: 'RecordingFinished', recordingName: 'r' });
    expect((await ari.fetchRecording('r')).length).toBeGreaterThan(0);
    expect(await ari.isRecording('r')).toBe(false);
    await ari.removeRecording('r');
    expect(await ari.storedRecordings()).toEqual([]);
    server.phones.set('PJSIP/1001', 'answers');
    expect(await ari.endpoints()).toEqual([{ endpoint: 'PJSIP/1001', isOnline: true }]);
    expect((await ari.channels()).map(({ id }) => id)).toEqual(['m']);
  });
});
