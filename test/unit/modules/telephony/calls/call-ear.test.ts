import { describe, expect, it } from 'vitest';
import { createDeferred } from '../../../../../src-main/base/deferred.ts';
import type { CallEar } from '../../../../../src-main/modules/telephony/calls/call-ports.ts';
import { talkingRig } from '../../../../doubles/calls-rig.ts';

/** An ear that notes what it is asked. */
function earDouble(fails = false): { ear: CallEar; asked: string[] } {
  const asked: string[] = [];
  const ear: CallEar = {
    async open() {
      asked.push('open');
      if (fails) throw new Error('no recogniser');
      return { transport: 'audiosocket', host: '127.0.0.1:1', format: 'slin16' };
    },
    talking: (_callId, who, on) => void asked.push(`${who} ${on ? 'speaks' : 'is silent'}`),
    close: async () => void asked.push('close'),
  };
  return { ear, asked };
}

describe('reading along while people speak', () => {
  it('begins with the recording, by a leg that nobody hears, and pauses while the call is held', async () => {
    const { ear, asked } = earDouble();
    const { calls, callId, bridge, server, until } = await talkingRig('owner', { ear });
    expect([asked, bridge()]).toEqual([[], ['far', 'owner']]);
    const live = calls.get(callId);
    await live.record(true);
    await until(() => bridge().join(' ') === 'ear far owner');
    expect(server.byRole('ear')?.muted).toBe('in');
    expect(asked.slice(0, 2)).toEqual(['notice speaks', 'notice is silent']);
    await live.hold(true);
    await until(() => asked.at(-1) === 'close' && bridge().join(' ') === 'far');
    await live.hold(false);
    await until(() => bridge().join(' ') === 'ear far owner');
  });

  it('ends when the assistant speaks on, and with the call', async () => {
    const { ear, asked } = earDouble();
    const { calls, callId, bridge, server, until, ended } = await talkingRig('owner', { ear });
    const live = calls.get(callId);
    await live.record(true);
    await until(() => bridge().includes('ear'));
    await live.handOver();
    await until(() => bridge().join(' ') === 'far media');
    await calls.takeOver(callId);
    await until(() => bridge().includes('ear'));
    await live.end('hung-up-here');
    await ended();
    await until(() => asked.filter((what) => what === 'close').length === 2);
    expect([...server.channels.keys()].filter((id) => id.includes('.ear.'))).toEqual([]);
  });

  it('opens once when the call is held and taken up again while it is being opened', async () => {
    const { ear, asked } = earDouble();
    const isOpen = createDeferred<void>();
    const slow: CallEar = {
      ...ear,
      async open(call, legId) {
        const place = await ear.open(call, legId);
        await isOpen.promise;
        return place;
      },
    };
    const { calls, callId, bridge, server, until } = await talkingRig('owner', { ear: slow });
    const live = calls.get(callId);
    await live.record(true);
    await until(() => asked.includes('open'));
    await live.hold(true);
    await live.hold(false);
    isOpen.resolve();
    await until(() => bridge().join(' ') === 'ear far owner');
    await live.hold(true);
    await until(() => asked.includes('close') && bridge().join(' ') === 'far');
    expect(asked.filter((what) => what === 'open')).toHaveLength(1);
    expect([...server.channels.keys()].filter((id) => id.includes('.ear.'))).toEqual([]);
  });

  it('is no condition of a call', async () => {
    const { ear, asked } = earDouble(true);
    const { calls, callId, bridge, until, log } = await talkingRig('owner', { ear });
    await calls.get(callId).record(true);
    await until(() => asked.includes('close'));
    expect(bridge()).toEqual(['far', 'owner']);
    expect(calls.get(callId).view().state).toMatchObject({ by: 'owner', recording: true });
    expect(log.messages('warn')).toContain('call.not-read-along');
  });

  it('has Asterisk tell when the other end speaks, from the recording on', async () => {
    const { ear, asked } = earDouble();
    const talks: string[] = [];
    const { calls, callId, channelId, server, clock, until } = await talkingRig('owner', {
      ear,
      talks: (_callId, who, on, atMs) => void talks.push(`${who} ${on} ${atMs}`),
    });
    await calls.get(callId).record(true);
    await until(() => server.requests.some((request) => request.includes('/variable') && request.startsWith('POST')));
    await clock.advance(2_000);
    const channel = { id: channelId, name: 'x', state: 'Up', caller: {}, connected: {}, dialplan: { context: '', exten: '', priority: 1 } };
    server.send({ type: 'ChannelTalkingStarted', channel });
    await until(() => asked.includes('caller speaks'));
    await clock.advance(3_000);
    server.send({ type: 'ChannelTalkingFinished', channel, duration: 2_500 });
    await until(() => asked.includes('caller is silent'));
    expect(talks.slice(-2)).toEqual(['caller true 2000', 'caller false 4500']);
  });
});
