import { describe, expect, it } from 'vitest';
import { createCallsRig, rigMobile, talkingRig } from '../../../../doubles/calls-rig.ts';

/*
 * What Asterisk refuses in the middle of an act leaves the call as it was.
 */

const ADDED = /\/addChannel$/;

describe('an act that fails', () => {
  it.each([
    ['owner', true, 'music', /^POST channels\/[^/]*\/hold$/],
    ['owner', true, 'leaving the bridge', /\/removeChannel$/],
    ['assistant', true, 'music', /^POST channels\/[^/]*\/hold$/],
    ['owner', false, 'the end of the music', /^DELETE channels\/[^/]*\/hold$/],
    ['assistant', false, 'coming into the bridge', ADDED],
  ] as const)('leaves a call of the %s’s as it was: hold %s, but Asterisk refuses %s', async (by, on, _what, refuses) => {
    const { calls, callId, channelId, server, bridge, voice } = await talkingRig(by);
    const live = calls.get(callId);
    if (!on) await live.hold(true);
    const look = () => ({
      state: live.view().state,
      bridge: bridge(),
      held: server.channels.get(channelId)?.held,
      paused: voice.paused.get(callId),
    });
    const before = look();
    server.refuses = refuses;
    const failing = live.hold(on);
    await expect(failing).rejects.toMatchObject({ code: 'phone.refused' });
    expect(look()).toEqual(before);
    server.refuses = undefined;
    await live.hold(on);
    expect(live.view().state).toMatchObject({ held: on });
  });

  it.each([false, true])('leaves the assistant in the call when the owner cannot be let in (held: %s)', async (held) => {
    const { calls, callId, channelId, server, bridge } = await talkingRig('assistant');
    if (held) await calls.get(callId).hold(true);
    const before = { state: calls.get(callId).view().state, bridge: bridge() };
    server.refuses = ADDED;
    await expect(calls.takeOver(callId)).rejects.toMatchObject({ code: 'phone.refused' });
    expect({ state: calls.get(callId).view().state, bridge: bridge() }).toEqual(before);
    expect(server.channels.get(channelId)?.held).toBe(held);
    expect(server.byRole('owner')).toBeUndefined();
  });

  it('leaves a listening owner listening, and unheard', async () => {
    const { calls, callId, server, bridge } = await talkingRig('assistant');
    await calls.get(callId).listenIn(true);
    server.refuses = /^DELETE channels\/[^/]*\/mute$/;
    await expect(calls.takeOver(callId)).rejects.toMatchObject({ code: 'phone.refused' });
    expect(calls.get(callId).view().state).toMatchObject({ by: 'assistant', listening: true });
    expect(server.byRole('owner')?.muted).toBe('in');
    expect(bridge()).toEqual(['far', 'media', 'owner']);
  });

  it('leaves a held call of the owner’s held when the conversation cannot begin', async () => {
    const { calls, callId, channelId, server, bridge, voice, media } = await talkingRig('owner');
    await calls.get(callId).hold(true);
    voice.failure = new Error('no model');
    await expect(calls.get(callId).handOver()).rejects.toThrow('no model');
    expect(calls.get(callId).view().state).toMatchObject({ by: 'owner', held: true });
    expect(server.channels.get(channelId)?.held).toBe(true);
    expect(bridge()).toEqual(['far']);
    expect(media.legs.size).toBe(0);
    expect(voice.paused.get(callId)).toBe(true);
  });

  it.each([
    ['owner', /^POST channels\/[^/]*\/answer$/],
    ['owner', ADDED],
    ['assistant', /^POST channels\/[^/]*\/answer$/],
  ] as const)('lets a call ring on that the %s could not take (%s), and be taken by whoever tries next', async (by, refuses) => {
    const { calls, ringing, server, states, media, clock, until } = await createCallsRig();
    const { callId, channelId } = await ringing();
    server.refuses = refuses;
    await expect(calls.answer(callId, by)).rejects.toMatchObject({ code: expect.stringMatching(/^phone\.(?:refused|no-assistant)$/) });
    expect(states()).toEqual(['ringing']);
    expect(server.channels.get(channelId)?.rings).toBe(true);
    expect([server.byRole('owner'), media.legs.size]).toEqual([undefined, 0]);
    server.refuses = undefined;
    // The time until nobody has answered runs on.
    await clock.advance(20_000);
    await until(() => states().at(-1) === 'talking by message');
  });

  it('lets the window ring on when a mobile phone could not be let in', async () => {
    const { calls, ringing, server, states, mobiles, until } = await createCallsRig();
    mobiles.push(rigMobile);
    server.phones.set('PJSIP/1001', 'rings');
    const { callId } = await ringing();
    const mobile = await until(() => server.byRole('mobile-1001'));
    server.refuses = ADDED;
    server.pickUp(mobile.id);
    await until(() => server.byRole('mobile-1001') === undefined);
    server.refuses = undefined;
    expect(states()).toEqual(['ringing']);
    await calls.answer(callId, 'owner');
    expect(states().at(-1)).toBe('talking by owner');
  });
});
