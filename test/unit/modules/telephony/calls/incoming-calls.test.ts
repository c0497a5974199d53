import { describe, expect, it } from 'vitest';
import { createDeferred } from '../../../../../src-main/base/deferred.ts';
import { createCallsRig, rigMobile } from '../../../../doubles/calls-rig.ts';

describe('a call that comes in', () => {
  it('rings, is answered by the owner, and ends when the caller hangs up', async () => {
    const { server, calls, ringing, states, ended, media } = await createCallsRig();
    const { callId, channelId } = await ringing({ number: '030 111222', name: 'Alice' });
    expect(calls.active()[0]?.party).toEqual({ number: '+4930111222', name: 'Alice', contactId: null, standing: 'unknown' });

    const call = await calls.answer(callId, 'owner');

    expect(call.state).toEqual({ state: 'talking', by: 'owner', held: false, muted: false, listening: false, recording: false });
    const owner = server.byRole('owner');
    expect(owner?.variables).toEqual({ 'PJSIP_HEADER(add,X-OpenClaw-Call)': callId, 'PJSIP_HEADER(add,X-OpenClaw-Answer)': 'now' });
    expect(server.bridges.get(`oc.${callId}`)?.channels).toEqual(new Set([channelId, owner?.id]));
    expect(server.channels.get(channelId)?.state).toBe('Up');
    expect(media.legs.size).toBe(0);

    server.hangUp(channelId);
    await ended();
    expect(states()).toEqual(['ringing', 'talking by owner', 'ended hung-up-there']);
    await expect.poll(() => [server.channels.size, server.bridges.size]).toEqual([0, 0]);
    expect(calls.active()).toEqual([]);
  });

  it('rings on when the owner’s phone hangs up again before the caller is there', async () => {
    const { server, ari, calls, ringing, until, states } = await createCallsRig();
    const { callId, channelId } = await ringing();
    const { addToBridge } = ari;
    ari.addToBridge = async (bridgeId, joining) => {
      await addToBridge(bridgeId, joining);
      if (joining === channelId) return;
      server.hangUp(joining);
      await until(() => !calls.get(callId).hasOwner());
    };
    await expect(calls.answer(callId, 'owner')).rejects.toMatchObject({ code: 'phone.no-sound-here' });
    expect(states(callId)).toEqual(['ringing']);
    expect(server.channels.get(channelId)?.rings).toBe(true);
  });

  it('is taken by the assistant, whose leg meets the caller in the bridge and greets', async () => {
    const { server, calls, ringing, voice, media, states } = await createCallsRig();
    const { callId, channelId } = await ringing();
    const call = await calls.answer(callId, 'assistant');
    expect(call).toMatchObject({ state: { state: 'talking', by: 'assistant' }, conversationId: `conv_${callId}`, characterId: 'default' });
    const leg = server.byRole('media');
    expect(media.legs.get(leg?.data ?? '')).toEqual({ callId, listens: true });
    expect(server.bridges.get(`oc.${callId}`)?.channels).toEqual(new Set([channelId, leg?.id]));
    expect(voice.begun).toEqual([{ callId, role: { by: 'assistant', purpose: '' } }]);
    await calls.get(callId).end('hung-up-here');
    expect(states()).toEqual(['ringing', 'talking by assistant', 'ended hung-up-here']);
    expect(media.legs.size).toBe(0);
    expect(voice.ended).toEqual([callId]);
  });

  it('goes to the assistant for a message when nobody answers', async () => {
    const { clock, ringing, until, states, voice } = await createCallsRig();
    await ringing();
    await clock.advance(20_000);
    await until(() => voice.begun.length === 1);
    expect(states()).toEqual(['ringing', 'talking by message']);
  });

  it('ends unanswered when nobody shall take it', async () => {
    const { clock, ringing, settings, ended, server } = await createCallsRig();
    settings.whenNobodyAnswers = 'nothing';
    const { channelId } = await ringing();
    await clock.advance(20_000);
    expect((await ended()).state).toEqual({ state: 'ended', reason: 'not-answered' });
    await expect.poll(() => server.finalCauses.get(channelId)).toBe(19);
  });

  it('rings on mobile phones as well; the first to answer has it, and the others are silent', async () => {
    const { server, mobiles, ringing, until, states } = await createCallsRig();
    mobiles.push(
      rigMobile,
      { ...rigMobile, id: 'tablet', extension: '1002' },
      { ...rigMobile, id: 'off', extension: '1003', registered: false },
    );
    for (const phone of ['1001', '1002', '1003']) server.phones.set(`PJSIP/${phone}`, 'rings');
    const { callId, channelId } = await ringing();
    await until(() => server.byRole('mobile-1001') && server.byRole('mobile-1002'));
    expect(server.byRole('mobile-1003')).toBeUndefined();
    const winner = server.byRole('mobile-1002')?.id ?? '';
    server.pickUp(winner);
    await until(() => states().at(-1) === 'talking by mobile');
    await until(() => server.byRole('mobile-1001') === undefined);
    expect(server.bridges.get(`oc.${callId}`)?.channels).toEqual(new Set([channelId, winner]));
  });

  it('does not ring at a phone that somebody speaks at already, in whichever call, and does again afterwards', async () => {
    const { server, calls, mobiles, ringing, until, states } = await createCallsRig();
    mobiles.push(rigMobile, { ...rigMobile, id: 'two', extension: '1002' });
    server.phones.set('PJSIP/1001', 'rings').set('PJSIP/1002', 'rings');
    const rings = (callId: string): string[] =>
      [...server.channels.keys()].flatMap((id) => (id.startsWith(`oc.${callId}.`) ? (/mobile-(\d+)/.exec(id)?.[1] ?? []) : []));
    const first = await ringing();
    const second = await ringing({ number: '+4930222333' });
    await until(() => rings(first.callId).length === 2 && rings(second.callId).length === 2);
    server.pickUp([...server.channels.keys()].find((id) => id.startsWith(`oc.${first.callId}.mobile-1001`)) ?? '');
    await until(() => states(first.callId).at(-1) === 'talking by mobile' && rings(second.callId).join() === '1002');
    const third = await ringing({ number: '+4930333444' });
    await until(() => rings(third.callId).length > 0);
    expect(rings(third.callId)).toEqual(['1002']);
    await calls.get(first.callId).end('hung-up-here');
    await until(() => rings(first.callId).length === 0);
    const fourth = await ringing({ number: '+4930444555' });
    await until(() => rings(fourth.callId).length === 2);
  });

  it('rings when the assistant cannot ask who it is, and says no more that it asks', async () => {
    const { server, calls, settings, until, voice, media } = await createCallsRig();
    settings.screensUnknown = true;
    voice.failure = new Error('no recogniser');
    const channelId = server.incoming({ number: '+4930111222' });
    await until(() => server.requests.includes(`POST channels/${channelId}/ring`) && media.legs.size === 0);
    expect(calls.active()[0]?.state).toEqual({ state: 'ringing', screening: false });
  });

  it('is not cut off when it is answered while a refusal is being said', async () => {
    const { server, calls, settings, until, voice, media } = await createCallsRig();
    settings.screensUnknown = true;
    server.incoming({ number: '+4930111222' });
    const { callId } = await until(() => voice.begun[0]);
    const said = createDeferred<boolean>();
    media.say = () => said.promise;
    const refused = expect(calls.reject(callId, 'declined')).rejects.toMatchObject({ code: 'phone.not-now' });
    await calls.answer(callId, 'owner');
    said.resolve(true);
    await refused;
    expect(calls.get(callId).view().state).toMatchObject({ state: 'talking', by: 'owner' });
  });

  it('waits for nothing more when the caller hangs up while the question is being begun', async () => {
    const { server, settings, until, voice, clock, ended } = await createCallsRig();
    settings.screensUnknown = true;
    // What is looked at after each connection.
    await until(() => clock.pendingTimers() === 2);
    const begun = createDeferred<{ conversationId: null; characterId: null }>();
    let isAsked = false;
    voice.begin = () => {
      isAsked = true;
      return begun.promise;
    };
    const channelId = server.incoming({ number: '+4930111222' });
    await until(() => isAsked);
    server.hangUp(channelId);
    await ended();
    begun.resolve({ conversationId: null, characterId: null });
    await new Promise((resolve) => void setTimeout(resolve, 20));
    expect(clock.pendingTimers()).toBe(2);
  });

  it('rings after a screening at the phones that are free by then', async () => {
    const { server, calls, mobiles, settings, until, voice } = await createCallsRig();
    settings.screensUnknown = true;
    mobiles.push(rigMobile);
    server.phones.set('PJSIP/1001', 'rings');
    const channelId = server.incoming({ number: '+4930111222' });
    await until(() => voice.begun.length === 1);
    server.incoming({ number: '1001', way: 'internal', args: ['internal', '030555666'] });
    await until(() => calls.active().length === 2);
    voice.tell({ type: 'screened', callId: voice.begun[0]?.callId ?? '', text: 'It is Eve' });
    await until(() => server.requests.includes(`POST channels/${channelId}/ring`));
    await new Promise((resolve) => void setTimeout(resolve, 30));
    expect(server.byRole('mobile-1001')).toBeUndefined();
  });

  it('keeps ringing in the window when a mobile phone is busy', async () => {
    const { server, mobiles, ringing, calls } = await createCallsRig();
    mobiles.push(rigMobile);
    server.phones.set('PJSIP/1001', 'busy');
    const { callId } = await ringing();
    expect((await calls.answer(callId, 'owner')).state).toMatchObject({ state: 'talking', by: 'owner' });
  });

  it.each([
    ['busy', 17, 'rejected'],
    ['declined', 16, 'rejected'],
    ['blocked', 21, 'blocked'],
  ] as const)('is refused as %s with cause %i', async (reason, cause, end) => {
    const { calls, ringing, ended, server, blocked } = await createCallsRig();
    const { callId, channelId } = await ringing();
    await calls.reject(callId, reason);
    expect((await ended()).state).toEqual({ state: 'ended', reason: end });
    expect(server.finalCauses.get(channelId)).toBe(cause);
    expect(blocked.has('+4930111222')).toBe(reason === 'blocked');
    await expect(calls.answer(callId, 'owner')).rejects.toMatchObject({ code: 'phone.no-call' });
  });

  it('goes on ringing when the softphone does not answer', async () => {
    const { server, calls, ringing, clock, until } = await createCallsRig();
    server.phones.set('PJSIP/1000', 'rings');
    const { callId } = await ringing();
    const answering = calls.answer(callId, 'owner');
    answering.catch(() => undefined);
    await until(() => server.byRole('owner'));
    await clock.advance(10_000);
    await expect(answering).rejects.toMatchObject({ code: 'phone.no-sound-here' });
    expect(calls.active()[0]?.state).toEqual({ state: 'ringing', screening: false });
    server.phones.delete('PJSIP/1000');
    await expect(calls.answer(callId, 'owner')).rejects.toMatchObject({ code: 'phone.no-softphone' });
  });

  it('stops ringing when the caller gives up', async () => {
    const { server, ringing, ended, states, mobiles, until } = await createCallsRig();
    mobiles.push(rigMobile);
    server.phones.set('PJSIP/1001', 'rings');
    const { channelId } = await ringing();
    await until(() => server.byRole('mobile-1001'));
    server.hangUp(channelId);
    await ended();
    expect(states()).toEqual(['ringing', 'ended hung-up-there']);
    await until(() => server.channels.size === 0);
  });

  it('is refused without a ring when the number is blocked, the house is full, or everything is stopped', async () => {
    const { server, blocked, told, ended, settings, gate } = await createCallsRig();
    blocked.add('+4930111222');
    server.incoming({ number: '+4930111222' });
    expect((await ended()).state).toEqual({ state: 'ended', reason: 'blocked' });
    expect(told).toHaveLength(1);
    settings.maxCallsAtOnce = 0;
    const full = server.incoming({ number: '+4930111333' });
    await expect.poll(() => told.at(-1)?.state).toEqual({ state: 'ended', reason: 'limit' });
    await expect.poll(() => server.finalCauses.get(full)).toBe(17);
    gate.shut('call');
    server.incoming({ number: '+4930111333' });
    await expect.poll(() => told.at(-1)?.state).toEqual({ state: 'ended', reason: 'stopped' });
  });

  it('does not ring in quiet hours, save for favourites', async () => {
    const { server, settings, contacts, told, until, ringing } = await createCallsRig();
    settings.isQuiet = true;
    server.incoming({ number: '+4930111222' });
    await until(() => told.at(-1)?.state.state === 'talking');
    expect(told.every(({ state }) => state.state !== 'ringing')).toBe(true);
    contacts.push({
      id: 'mum',
      name: 'Mum',
      numbers: ['+4930999'],
      language: '',
      blocked: false,
      isFavourite: true,
      mayAsk: false,
      note: '',
    });
    const { callId } = await ringing({ number: '+4930999', name: 'liar' });
    expect(told.find(({ id }) => id === callId)?.party).toEqual({ number: '+4930999', name: 'Mum', contactId: 'mum', standing: 'known' });
  });

  it('cleans what the network says about the caller', async () => {
    const { ringing, told } = await createCallsRig();
    const { callId } = await ringing({ number: 'anonymous', name: '<b onclick=x>Eve</b>\u0007\u202E "CEO"' });
    expect(told.find(({ id }) => id === callId)?.party).toMatchObject({ number: '', name: 'Eve CEO' });
  });

  it('hangs up what nobody has asked for', async () => {
    const { server, until, told } = await createCallsRig();
    server.incoming({ number: '1', args: [] });
    await until(() => server.channels.size === 0);
    expect(told).toEqual([]);
  });
});
