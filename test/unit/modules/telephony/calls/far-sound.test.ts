import { describe, expect, it } from 'vitest';
import { talkingRig } from '../../../../doubles/calls-rig.ts';

/** An assistant's call that is recorded; `pass` lets seconds go by, in each of which so many packets come from the other end. */
async function recorded() {
  const rig = await talkingRig('assistant');
  const { calls, callId, channelId, server, clock, until } = rig;
  // What is looked at after each connection has been looked at.
  await clock.advance(6_000);
  const live = calls.get(callId);
  await live.record(true);
  const far = server.channels.get(channelId);
  if (far === undefined) throw new Error('there is no caller');
  const asked = (): number => server.requests.filter((request) => request.endsWith('/rtp_statistics')).length;
  const pass = async (seconds: number, packets: number, more: Record<string, number> = {}): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      far.rtp = { ...far.rtp, ...more, rxcount: (far.rtp['rxcount'] ?? 0) + packets };
      const [before, timers] = [asked(), clock.pendingTimers()];
      await clock.advance(1_000);
      await until(() => asked() > before && clock.pendingTimers() >= timers);
    }
  };
  const trouble = (): string | undefined => live.view().trouble?.code;
  return { ...rig, live, far, pass, trouble, asked };
}

describe('createFarSound', () => {
  it('names one-way sound while a recording has Asterisk send silence in its place, and takes it back', async () => {
    const { pass, trouble, live, media, server, asked, clock } = await recorded();
    const legId = server.byRole('media')?.data ?? '';
    await pass(5, 0);
    expect(trouble()).toBeUndefined();
    await pass(2, 0);
    expect(trouble()).toBe('phone.one-way-sound');
    // That is Asterisk's own silence.
    media.tell({ type: 'leg.sound', legId, what: 'comes-again' });
    expect(trouble()).toBe('phone.one-way-sound');
    await pass(1, 50);
    expect(trouble()).toBeUndefined();
    await pass(7, 0);
    expect(trouble()).toBe('phone.one-way-sound');
    // From now on the leg tells it by itself again.
    await live.record(false);
    expect(trouble()).toBeUndefined();
    const before = asked();
    await clock.advance(20_000);
    expect(asked()).toBe(before);
  });

  it('takes nobody for cut off who sends silence, leaves out pauses or has put the call on hold', async () => {
    const { pass, trouble, channelId, server } = await recorded();
    await pass(10, 50);
    for (let report = 0; report < 5; report += 1) await pass(4, 0, { rtt: 0.01 + report / 1000 });
    expect(trouble()).toBeUndefined();
    server.sendHold(channelId, true);
    await pass(20, 0);
    expect(trouble()).toBeUndefined();
    server.sendHold(channelId, false);
    await pass(14, 0);
    expect(trouble()).toBeUndefined();
    await pass(2, 0);
    expect(trouble()).toBe('phone.one-way-sound');
  });

  it('waits for the next report of a telephone that leaves out pauses, also where it has sent no sound yet', async () => {
    const { pass, trouble } = await recorded();
    await pass(6, 0);
    expect(trouble()).toBe('phone.one-way-sound');
    await pass(1, 0, { rtt: 0.01 });
    expect(trouble()).toBeUndefined();
    await pass(5, 0);
    expect(trouble()).toBeUndefined();
    await pass(4, 0, { rtt: 0.02 });
    expect(trouble()).toBe('phone.one-way-sound');
    await pass(1, 50);
    for (let report = 0; report < 3; report += 1) await pass(8, 0, { rtt: 0.03 + report / 1000 });
    expect(trouble()).toBeUndefined();
  });

  it('asks nothing while nobody records, on hold, and after the end', async () => {
    const { live, asked, clock } = await recorded();
    for (const act of [() => live.hold(true), () => live.end('hung-up-here')]) {
      await act();
      const before = asked();
      await clock.advance(10_000);
      expect(asked()).toBe(before);
      if (live.view().state.state === 'talking') await live.hold(false);
    }
  });
});
