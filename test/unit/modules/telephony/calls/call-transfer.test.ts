import { describe, expect, it } from 'vitest';
import { createDeferred } from '../../../../../src-main/base/deferred.ts';
import { createCallsRig, rigMobile, talkingRig } from '../../../../doubles/calls-rig.ts';

const SOMEBODY = '030 555666';

describe('handing a call on', () => {
  it('gives the assistant’s call on with a briefing, and keeps the pair as its own to end', async () => {
    const { calls, callId, channelId, server, media, bridge, ended, states, notes } = await talkingRig('assistant');
    await calls.transfer(callId, { number: SOMEBODY, kind: 'attended', briefing: 'It is about the invoice.' });
    expect(bridge()).toEqual(['far', 'guest']);
    expect(media.said.at(-1)).toMatchObject({ kind: 'briefing', text: 'It is about the invoice.' });
    await ended();
    expect(states().at(-1)).toBe('ended transferred');
    expect(notes).toEqual([{ kind: 'handed-on', number: '+4930555666' }]);
    expect(media.legs.size).toBe(0);
    expect(await calls.stopAll()).toEqual(['transferred call']);
    expect(server.channels.has(channelId)).toBe(false);
    await expect.poll(() => server.bridges.size).toBe(0);
  });

  it('ends the other half of a pair when one hangs up', async () => {
    const { calls, callId, channelId, server, until } = await talkingRig('owner');
    await calls.transfer(callId, { number: SOMEBODY, kind: 'blind' });
    server.hangUp(channelId);
    await until(() => server.channels.size === 0 && server.bridges.size === 0);
  });

  it.each(['owner', 'assistant'] as const)('goes on as before, held and recorded, when nobody answers: by %s', async (by) => {
    const { calls, callId, channelId, server, bridge, voice, notes, recordings, media, until } = await talkingRig(by);
    const live = calls.get(callId);
    await live.record(true);
    await live.hold(true);
    const before = { state: live.view().state, bridge: bridge(), paused: voice.paused.get(callId) };
    server.phones.set('PJSIP/sipgate', 'busy');
    for (const kind of ['blind', 'attended'] as const) {
      await expect(calls.transfer(callId, { number: SOMEBODY, kind })).rejects.toMatchObject({
        code: 'phone.transfer-failed',
        details: { number: '+4930555666' },
      });
      expect({ state: live.view().state, bridge: bridge(), paused: voice.paused.get(callId) }).toEqual(before);
      expect(server.channels.get(channelId)).toMatchObject({ held: true, rings: false });
    }
    expect(notes.at(-1)).toEqual({ kind: 'not-handed-on', number: '+4930555666' });
    // The waiting was not recorded, and they were not told a second time that it goes on.
    await until(() => recordings.length === 2);
    expect(media.said.filter(({ kind }) => kind === 'recording')).toHaveLength(1);
  });

  it('lets the owner talk with the third, who is not recorded, while the other end hears music, and then joins both', async () => {
    const { calls, callId, channelId, server, bridge, states, notes } = await talkingRig('owner');
    await calls.get(callId).record(true);
    const { state } = await calls.transfer(callId, { number: SOMEBODY, kind: 'attended' });
    expect(state).toMatchObject({ by: 'owner', recording: false, consulting: { number: '+4930555666', answered: true } });
    expect(bridge()).toEqual(['guest', 'owner']);
    expect(server.channels.get(channelId)).toMatchObject({ held: true, rings: false });
    await calls.get(callId).sendDigits('1');
    expect([server.byRole('guest')?.digits, server.channels.get(channelId)?.digits]).toEqual(['1', '']);
    const joined = await calls.finishTransfer(callId, 'join');
    expect(joined.state).toEqual({ state: 'ended', reason: 'transferred' });
    expect(bridge()).toEqual(['far', 'guest']);
    expect(server.channels.get(channelId)?.held).toBe(false);
    expect(states().slice(-4)).toEqual([
      'talking by owner',
      'talking by owner calls a guest',
      'talking by owner with a guest',
      'ended transferred',
    ]);
    expect(notes.map(({ kind }) => kind)).toEqual(['consults', 'handed-on']);
  });

  it('comes back from the third, by the owner’s wish or because they hang up', async () => {
    const { calls, callId, channelId, server, bridge, until, notes } = await talkingRig('owner');
    await calls.transfer(callId, { number: SOMEBODY, kind: 'attended' });
    await calls.finishTransfer(callId, 'return');
    expect(bridge()).toEqual(['far', 'owner']);
    expect(server.channels.get(channelId)?.held).toBe(false);
    expect(server.byRole('guest')).toBeUndefined();
    await expect(calls.finishTransfer(callId, 'join')).rejects.toMatchObject({ code: 'phone.not-now' });
    await calls.transfer(callId, { number: SOMEBODY, kind: 'attended' });
    server.hangUp(server.byRole('guest')?.id ?? '');
    await until(() => calls.get(callId).view().state.state === 'talking' && bridge().join() === 'far,owner');
    await until(() => notes.filter(({ kind }) => kind === 'came-back').length === 2);
    await calls.get(callId).hold(true);
  });

  it('comes back at once while it still rings there, and without a complaint', async () => {
    const { calls, callId, server, bridge, until, states, notes } = await talkingRig('owner');
    server.phones.set('PJSIP/sipgate', 'rings');
    const handing = calls.transfer(callId, { number: SOMEBODY, kind: 'attended' });
    await until(() => server.byRole('guest')?.state === 'Ringing');
    expect(states().at(-1)).toBe('talking by owner calls a guest');
    await calls.finishTransfer(callId, 'return');
    expect((await handing).state).toMatchObject({ by: 'owner', consulting: undefined });
    expect(bridge()).toEqual(['far', 'owner']);
    expect(notes.map(({ kind }) => kind)).toEqual(['consults', 'came-back']);
  });

  it('lets nobody else in while the owner asks, and no second call be answered', async () => {
    const { calls, callId, ringing, bridge } = await talkingRig('owner');
    await calls.transfer(callId, { number: SOMEBODY, kind: 'attended' });
    const live = calls.get(callId);
    const second = await ringing({ number: '+4930999' });
    for (const act of [live.handOver(), live.hold(true), live.record(true), calls.answer(second.callId, 'owner')])
      await expect(act).rejects.toMatchObject({ code: 'phone.not-now', details: { state: 'consulting' } });
    expect(bridge()).toEqual(['guest', 'owner']);
    expect(calls.get(second.callId).view().state.state).toBe('ringing');
    await live.mute(true);
  });

  it('joins both when the owner’s phone hangs up on the third', async () => {
    const { calls, callId, server, ended, bridge } = await talkingRig('owner');
    await calls.transfer(callId, { number: SOMEBODY, kind: 'attended' });
    server.hangUp(server.byRole('owner')?.id ?? '');
    expect((await ended(callId)).state).toEqual({ state: 'ended', reason: 'transferred' });
    expect(bridge()).toEqual(['far', 'guest']);
  });

  it('notices that a listening owner leaves while the assistant hands the call on', async () => {
    const { calls, callId, server, until } = await talkingRig('assistant');
    await calls.get(callId).listenIn(true);
    server.phones.set('PJSIP/sipgate', 'rings');
    const handing = calls.transfer(callId, { number: SOMEBODY, kind: 'attended' });
    const guest = await until(() => server.byRole('guest'));
    server.hangUp(server.byRole('owner')?.id ?? '');
    await expect.poll(() => calls.get(callId).view().state).toMatchObject({ by: 'assistant', listening: false });
    server.hangUp(guest.id, 17);
    await expect(handing).rejects.toMatchObject({ code: 'phone.transfer-failed' });
  });

  it('takes the silence on hold for no fault of the line: the leg does not listen meanwhile, and does afterwards', async () => {
    const { calls, callId, server, media, until } = await talkingRig('assistant');
    const listens = (): boolean[] => [...media.legs.values()].map((leg) => leg.listens);
    server.phones.set('PJSIP/sipgate', 'rings');
    const handing = calls.transfer(callId, { number: SOMEBODY, kind: 'blind' });
    const guest = await until(() => server.byRole('guest'));
    expect(listens()).toEqual([false]);
    server.hangUp(guest.id, 17);
    await expect(handing).rejects.toMatchObject({ code: 'phone.transfer-failed' });
    expect(listens()).toEqual([true]);
  });

  it('leaves nobody alone: who is about to be joined with somebody that hangs up is back with the assistant', async () => {
    const { calls, callId, channelId, server, bridge, until } = await talkingRig('assistant');
    server.delayMs = 20;
    const handing = calls.transfer(callId, { number: SOMEBODY, kind: 'attended', briefing: '' });
    const refused = expect(handing).rejects.toMatchObject({ code: 'phone.transfer-failed' });
    await until(() => server.requests.some((request) => /^DELETE .*\/hold$/.test(request)));
    server.hangUp(server.byRole('guest')?.id ?? '');
    await refused;
    expect(bridge()).toEqual(['far', 'media']);
    expect(calls.get(callId).view().state).toMatchObject({ state: 'talking', by: 'assistant' });
    expect(server.channels.has(channelId)).toBe(true);
  });

  it('comes back to the owner when the third hangs up while both are being joined', async () => {
    const { calls, callId, server, bridge, until, notes } = await talkingRig('owner');
    await calls.transfer(callId, { number: SOMEBODY, kind: 'attended' });
    server.delayMs = 20;
    const joining = calls.finishTransfer(callId, 'join');
    const refused = expect(joining).rejects.toMatchObject({ code: 'phone.transfer-failed' });
    await until(() => server.requests.some((request) => /^DELETE .*\/hold$/.test(request)));
    server.hangUp(server.byRole('guest')?.id ?? '');
    await refused;
    await until(() => bridge().join() === 'far,owner' && notes.at(-1)?.kind === 'came-back');
    expect(await calls.stopAll()).toEqual(['incoming call']);
  });

  it('hands nothing on to emergency numbers, whoever asks', async () => {
    const { calls, callId, server } = await talkingRig('owner');
    for (const number of ['112', '0-110', '*31#112', '+49 112'])
      await expect(calls.transfer(callId, { number, kind: 'blind' })).rejects.toMatchObject({ code: 'phone.emergency-transfer' });
    expect(server.byRole('guest')).toBeUndefined();
  });

  it('calls nobody while a recording cannot be stopped, says so, keeps nothing of it, and tries anew the next time', async () => {
    const { calls, callId, server, until, recordings, untold } = await talkingRig('owner');
    const live = calls.get(callId);
    await live.record(true);
    const [runsOn = ''] = server.recordings;
    server.refuses = new RegExp(`${runsOn}/stop$`);
    for (let tries = 0; tries < 2; tries += 1) {
      await expect(calls.transfer(callId, { number: SOMEBODY, kind: 'blind' })).rejects.toMatchObject({ code: 'phone.recording-runs-on' });
      expect([live.view().trouble?.code, [...untold]]).toEqual(['phone.recording-runs-on', [runsOn]]);
    }
    expect(server.requests.filter((request) => request.includes('.guest.') && request.startsWith('POST'))).toEqual([]);
    server.refuses = undefined;
    await calls.transfer(callId, { number: SOMEBODY, kind: 'blind' });
    await until(() => !server.recordings.has(runsOn) && untold.size === 0);
    expect(recordings.map(({ name }) => name)).not.toContain(runsOn);
  });

  it('does not begin to record while a third is called, but when it has come back from there', async () => {
    const { calls, voice, server, settings, until } = await createCallsRig();
    settings.records = true;
    const begun = createDeferred<{ conversationId: string; characterId: string }>();
    voice.begin = () => begun.promise;
    const { id } = calls.dial({ number: '030111222', by: 'assistant' });
    await until(() => calls.get(id).view().state.state === 'talking');
    server.phones.set('PJSIP/sipgate', 'rings');
    const handing = calls.transfer(id, { number: SOMEBODY, kind: 'blind' });
    const refused = expect(handing).rejects.toMatchObject({ code: 'phone.transfer-failed' });
    const guest = await until(() => server.byRole('guest'));
    begun.resolve({ conversationId: 'conversation', characterId: 'default' });
    await until(() => calls.get(id).view().conversationId);
    expect(server.recordings.size).toBe(0);
    server.hangUp(guest.id, 17);
    await refused;
    expect(calls.get(id).view().state).toMatchObject({ recording: true });
  });

  it.each(['owner', 'mobile'] as const)('leaves whoever speaks with an emergency centre there: %s', async (by) => {
    const { calls, server, voice, mobiles, until } = await createCallsRig();
    mobiles.push(rigMobile);
    const phone = by === 'mobile' ? server.incoming({ number: '1001', way: 'internal', args: ['internal', '112'] }) : undefined;
    if (phone === undefined) calls.dial({ number: '112', by: 'owner' });
    const { id } = await until(() => calls.active().find(({ state }) => state.state === 'talking'));
    const refused = { code: 'phone.emergency-call', details: { number: '112' } };
    for (const kind of ['blind', 'attended'] as const)
      await expect(calls.transfer(id, { number: SOMEBODY, kind })).rejects.toMatchObject(refused);
    await expect(calls.get(id).handOver()).rejects.toMatchObject(refused);
    if (phone !== undefined) {
      server.refer(phone, '030555666');
      await until(() => server.progress.at(-1)?.states === 'channel_declined');
    }
    expect([server.byRole('guest'), server.byRole('media'), voice.begun]).toEqual([undefined, undefined, []]);
    expect(calls.get(id).view().state).toMatchObject({ state: 'talking', by });
  });
});

describe('handing on a call whose automatic recording is being told of', () => {
  it('cuts the notice, keeps nothing of what was recorded under it, and says it again before it records on', async () => {
    const { calls, server, media, settings, ringing, until, recordings, untold } = await createCallsRig();
    settings.records = true;
    const first = createDeferred<boolean>();
    const legs: string[] = [];
    media.say = (legId, notice) => {
      media.said.push(notice);
      legs.push(legId);
      return media.said.length === 1 ? first.promise : Promise.resolve(true);
    };
    const { close } = media;
    media.close = (legId) => {
      if (legId === legs[0]) first.resolve(false);
      return close(legId);
    };
    const { callId } = await ringing();
    await calls.answer(callId, 'owner');
    await until(() => media.said.length === 1);
    const [piece = ''] = server.recordings;
    expect([...untold]).toEqual([piece]);
    server.phones.set('PJSIP/sipgate', 'rings');
    const refused = expect(calls.transfer(callId, { number: SOMEBODY, kind: 'attended' })).rejects.toMatchObject({
      code: 'phone.transfer-failed',
    });
    const guest = await until(() => server.byRole('guest'));
    // It is not for the ears of whoever comes in.
    expect([server.byRole('media'), media.said.length]).toEqual([undefined, 1]);
    server.hangUp(guest.id, 17);
    await refused;
    expect(media.said).toEqual([{ kind: 'recording' }, { kind: 'recording' }]);
    expect(calls.get(callId).view()).toMatchObject({ state: { recording: true }, trouble: null });
    await until(() => !server.recordings.has(piece) && untold.size === 0);
    await calls.get(callId).end('hung-up-here');
    await until(() => recordings.length === 1);
    expect(recordings[0]?.name).not.toBe(piece);
  });

  it('says nothing to whoever comes in where the notice was not yet to be heard', async () => {
    const { calls, server, media, settings, ringing, until } = await createCallsRig();
    settings.records = true;
    const opened = createDeferred<Awaited<ReturnType<typeof media.open>>>();
    let asked = 0;
    const { open } = media;
    media.open = (leg) => ((asked += 1) === 1 ? opened.promise : open(leg));
    const { callId } = await ringing();
    await calls.answer(callId, 'owner');
    await until(() => asked === 1);
    await calls.transfer(callId, { number: SOMEBODY, kind: 'attended' });
    opened.resolve({ transport: 'audiosocket', host: '127.0.0.1:9092', format: 'slin16' });
    await until(() => server.requests.some((request) => /^DELETE channels\/.*\.media\./.test(request)));
    expect(media.said).toEqual([]);
    expect(calls.get(callId).view().state).toMatchObject({ consulting: { answered: true } });
  });
});

async function onMobile() {
  const rig = await createCallsRig();
  rig.mobiles.push(rigMobile);
  rig.server.phones.set('PJSIP/1001', 'answers');
  const { callId, channelId } = await rig.ringing();
  await rig.until(() => rig.states().at(-1) === 'talking by mobile');
  const mobile = rig.server.byRole('mobile-1001')?.id ?? '';
  return { ...rig, callId, channelId, mobile };
}

describe('a phone that hands its call on by its own key', () => {
  it('is told that it rings and that they answered, and its hanging up meanwhile ends nothing', async () => {
    const { server, mobile, until, ended, callId, channelId } = await onMobile();
    server.phones.set('PJSIP/sipgate', 'rings');
    server.refer(mobile, '030555666');
    const guest = await until(() => server.byRole('guest'));
    await until(() => guest.state === 'Ringing');
    expect(server.channels.get(channelId)?.rings).toBe(true);
    server.hangUp(mobile);
    server.pickUp(guest.id);
    expect((await ended(callId)).state).toEqual({ state: 'ended', reason: 'transferred' });
    expect(server.bridges.get(`oc.${callId}`)?.channels).toEqual(new Set([channelId, guest.id]));
  });

  it.each([
    ['112', 'channel_declined'],
    ['nobody', 'channel_declined'],
    ['', 'channel_declined'],
    ['030555666', 'channel_unavailable'],
  ])('talks on when %j cannot be reached', async (destination, last) => {
    const { server, mobile, until, calls, callId } = await onMobile();
    server.phones.set('PJSIP/sipgate', 'busy');
    server.refer(mobile, destination);
    await until(() => server.progress.at(-1)?.states === last);
    expect(server.progress[0]).toEqual({ channelId: mobile, states: 'channel_progress' });
    expect(calls.get(callId).view().state).toMatchObject({ by: 'mobile' });
  });

  it('is refused from outside: no caller places calls at the owner’s cost', async () => {
    const { server, channelId, until } = await onMobile();
    const before = server.requests.length;
    server.refer(channelId, '0900555666');
    await until(() => server.progress.length > 0);
    expect(server.progress).toEqual([{ channelId, states: 'channel_declined' }]);
    expect(server.requests.slice(before).filter((request) => request.includes('guest'))).toEqual([]);
  });
});

/** The mobile phone talks with a caller, and with somebody that it has called itself meanwhile. */
async function inTwoCalls() {
  const rig = await onMobile();
  const { server, until, calls, callId } = rig;
  const second = server.incoming({ number: '1001', way: 'internal', args: ['internal', '030555666'] });
  const other = await until(() => calls.active().find(({ id, state }) => id !== callId && state.state === 'talking'));
  const otherFar = server.byRole('far')?.id ?? '';
  const bridges = () => [callId, other.id].map((id) => [...(server.bridges.get(`oc.${id}`)?.channels ?? [])].toSorted());
  return { ...rig, second, other, otherFar, bridges };
}

describe('a phone that joins its two calls by its own key', () => {
  it('leaves their other ends with each other, unrecorded, and is out of both', async () => {
    const { server, mobile, second, other, otherFar, callId, channelId, calls, ended, until, notes, bridges, recordings } =
      await inTwoCalls();
    for (const id of [callId, other.id]) await calls.get(id).record(true);
    server.refer(second, '', mobile);
    for (const id of [callId, other.id]) expect((await ended(id)).state).toEqual({ state: 'ended', reason: 'transferred' });
    await until(() => server.channels.size === 2 && recordings.length === 2);
    expect(bridges()).toEqual([[], [otherFar, channelId].toSorted()]);
    expect([...server.bridges.values()].filter(({ recording }) => recording)).toEqual([]);
    expect(server.progress.map(({ states }) => states)).toEqual(['channel_progress', 'channel_answered']);
    expect(notes).toEqual([
      { kind: 'handed-on', number: '+4930111222' },
      { kind: 'handed-on', number: '+4930555666' },
    ]);
    server.hangUp(otherFar);
    await until(() => server.channels.size === 0 && server.bridges.size === 0);
  });

  it('may hang up before they are joined', async () => {
    const { server, mobile, second, other, callId, ended, until } = await inTwoCalls();
    server.delayMs = 20;
    server.refer(mobile, '', second);
    await until(() => server.progress.some(({ states }) => states === 'channel_answered'));
    server.hangUp(mobile);
    server.hangUp(second);
    for (const id of [callId, other.id]) expect((await ended(id)).state).toEqual({ state: 'ended', reason: 'transferred' });
    expect(server.channels.size).toBe(2);
  });

  it.each(['the first', 'the second'])(
    'leaves the other call as it was when %s other end hangs up while they are being joined',
    async (who) => {
      const { server, mobile, second, other, otherFar, callId, channelId, calls, until, bridges } = await inTwoCalls();
      const [goes, stays] = who === 'the first' ? [channelId, otherFar] : [otherFar, channelId];
      const id = who === 'the first' ? other.id : callId;
      const before = bridges()[who === 'the first' ? 1 : 0];
      server.delayMs = 20;
      server.refer(mobile, '', second);
      await until(() => bridges().some((inside) => inside.includes(channelId) && inside.includes(otherFar)));
      server.hangUp(goes);
      await until(() => server.requests.filter((request) => request.endsWith('/transfer_progress')).length === 3);
      await until(() => bridges()[who === 'the first' ? 1 : 0]?.join() === before?.join());
      expect(server.channels.has(stays)).toBe(true);
      expect(calls.active().map((call) => [call.id, call.state.state])).toEqual([[id, 'talking']]);
    },
  );

  it('talks on in both when they cannot be joined', async () => {
    const { server, mobile, second, other, callId, calls, until, bridges } = await inTwoCalls();
    for (const id of [callId, other.id]) await calls.get(id).record(true);
    const before = [bridges(), calls.get(callId).view().state, calls.get(other.id).view().state];
    server.refuses = /DELETE .*\.far\..*\/hold/;
    server.refer(mobile, '', second);
    await until(() => server.progress.at(-1)?.states === 'channel_declined');
    await until(() => calls.active().every(({ state }) => state.state === 'talking' && state.recording));
    expect([bridges(), calls.get(callId).view().state, calls.get(other.id).view().state]).toEqual(before);
  });

  it.each(['a caller', 'a phone whose other call is not the owner’s'])('joins nothing for %s', async (who) => {
    const { server, mobile, channelId, otherFar, until, bridges } = await inTwoCalls();
    const before = bridges();
    server.refer(...((who === 'a caller' ? [channelId, '', mobile] : [mobile, '', otherFar]) as [string, string, string]));
    await until(() => server.progress.length > 0);
    expect(server.progress.map(({ states }) => states)).toEqual(['channel_declined']);
    expect(bridges()).toEqual(before);
  });

  it('joins nobody with an emergency number', async () => {
    const { server, mobile, until, calls, callId, ended } = await onMobile();
    const second = server.incoming({ number: '1001', way: 'internal', args: ['internal', '112'] });
    const other = await until(() => calls.active().find(({ id, state }) => id !== callId && state.state === 'talking'));
    server.refer(mobile, '', second);
    await until(() => server.progress.at(-1)?.states === 'channel_declined');
    expect(calls.active()).toHaveLength(2);
    await calls.get(other.id).end('hung-up-here');
    await ended(other.id);
  });
});
