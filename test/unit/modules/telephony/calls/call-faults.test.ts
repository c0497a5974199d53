import { describe, expect, it, vi } from 'vitest';
import { createCallsRig, rigMobile, talkingRig } from '../../../../doubles/calls-rig.ts';

describe('faults of calls', () => {
  it('screens an unknown caller, shows the answer, then rings; known ones ring at once', async () => {
    const { server, settings, calls, until, voice, media, states, contacts, ringing } = await createCallsRig();
    settings.screensUnknown = true;
    const channelId = server.incoming({ number: '+4930111222' });
    await until(() => voice.begun.length === 1);
    const [{ id: callId } = { id: '' }] = calls.active();
    expect(voice.begun[0]?.role.by).toBe('screening');
    expect(states()).toEqual(['screening']);
    voice.tell({ type: 'screened', callId, text: 'Bob, about the car' });
    await until(() => states().at(-1) === 'ringing' && server.channels.get(channelId)?.rings);
    expect(calls.get(callId).view().screeningText).toBe('Bob, about the car');
    expect(media.said).toEqual([{ kind: 'one-moment' }]);
    await calls.answer(callId, 'owner');
    expect(server.channels.get(channelId)?.rings).toBe(false);
    expect(media.legs.size).toBe(0);
    contacts.push({
      id: 'bob',
      name: 'Bob',
      numbers: ['+4930999'],
      language: '',
      blocked: false,
      isFavourite: false,
      mayAsk: false,
      note: '',
    });
    const known = await ringing({ number: '+4930999' });
    expect(states(known.callId)).toEqual(['ringing quietly']);
  });

  it('rings after a while for a caller who does not say who they are, and when the assistant cannot ask', async () => {
    const { server, settings, until, states, clock, voice } = await createCallsRig();
    settings.screensUnknown = true;
    server.incoming({ number: '+4930111222' });
    await until(() => voice.begun.length === 1);
    await clock.advance(45_000);
    await until(() => states().at(-1) === 'ringing');
    server.mediaIsDown = true;
    const second = server.incoming({ number: '+4930111333' });
    await until(() => server.channels.get(second)?.rings);
  });

  it('takes a message after a screened call that nobody answers', async () => {
    const { server, settings, until, states, clock, voice, calls } = await createCallsRig();
    settings.screensUnknown = true;
    server.incoming({ number: '+4930111222' });
    await until(() => voice.begun.length === 1);
    voice.tell({ type: 'screened', callId: calls.active()[0]?.id ?? '', text: 'Bob' });
    await until(() => states().at(-1) === 'ringing');
    await clock.advance(20_000);
    await until(() => states().at(-1) === 'talking by message');
    expect(voice.begun.at(-1)?.role.by).toBe('message');
  });

  it('lets two calls ring at once and answers each by itself', async () => {
    const { ringing, calls } = await createCallsRig();
    const first = await ringing({ number: '+4930111222' });
    const second = await ringing({ number: '+4930111333' });
    await Promise.all([calls.answer(first.callId, 'assistant'), calls.answer(second.callId, 'owner')]);
    expect(calls.get(first.callId).view().state).toMatchObject({ by: 'assistant' });
    expect(calls.get(second.callId).view().state).toMatchObject({ by: 'owner' });
  });

  it('answers once when two ask at the same time', async () => {
    const { ringing, calls, server } = await createCallsRig();
    const { callId } = await ringing();
    const results = await Promise.allSettled([calls.answer(callId, 'owner'), calls.answer(callId, 'assistant')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(server.byRole('media')).toBeUndefined();
  });

  it('ends cleanly when the caller hangs up while it is being answered', async () => {
    const { ringing, calls, server, ended, until, states } = await createCallsRig();
    server.phones.set('PJSIP/1000', 'rings');
    const { callId, channelId } = await ringing();
    const answering = calls.answer(callId, 'owner');
    answering.catch(() => undefined);
    const owner = await until(() => server.byRole('owner'));
    await until(() => owner.state === 'Ringing');
    server.hangUp(channelId);
    await ended();
    server.pickUp(owner.id);
    await expect(answering).rejects.toMatchObject({ code: 'phone.no-call' });
    expect(states()).toEqual(['ringing', 'ended hung-up-there']);
    await until(() => server.channels.size === 0 && server.bridges.size === 0);
  });

  it('hangs up when the conversation cannot begin', async () => {
    const { ringing, calls, voice, ended } = await createCallsRig();
    voice.failure = new Error('no model');
    const { callId } = await ringing();
    await expect(calls.answer(callId, 'assistant')).rejects.toThrow('no model');
    expect((await ended()).state).toEqual({ state: 'ended', reason: 'failed' });
  });

  it('brings the assistant’s leg back when it breaks in the middle', async () => {
    const { ringing, calls, server, until, voice, media } = await createCallsRig();
    const { callId } = await ringing();
    await calls.answer(callId, 'assistant');
    const first = server.byRole('media')?.id ?? '';
    server.hangUp(first);
    await until(() => voice.begun.length === 2);
    expect(server.byRole('media')?.id).not.toBe(first);
    expect(media.legs.size).toBe(1);
  });

  it('keeps calls over a short loss of the control connection, and ends those that have gone meanwhile', async () => {
    const { ringing, calls, server, until, ari, ended, troubles, clock } = await createCallsRig();
    const stays = await ringing({ number: '+4930111222' });
    const goes = await ringing({ number: '+4930111333' });
    await calls.answer(stays.callId, 'owner');
    await calls.answer(goes.callId, 'assistant');
    server.drop();
    await until(() => ari.state() === 'lost');
    await clock.advance(1_500);
    expect(troubles.at(-1)?.code).toBe('phone.control-lost');
    expect(calls.get(stays.callId).view().trouble?.code).toBe('phone.control-lost');
    server.channels.delete(goes.channelId);
    expect((await ended(goes.callId)).state).toEqual({ state: 'ended', reason: 'engine-lost' });
    await until(() => troubles.at(-1) === null);
    expect(calls.get(stays.callId).view()).toMatchObject({ state: { by: 'owner' }, trouble: null });
  });

  it('compares again what it could not compare after a loss of the control connection', async () => {
    const { calls, server, until, ari, clock, ringing, log, ended } = await createCallsRig();
    const { callId, channelId } = await ringing();
    await calls.answer(callId, 'owner');
    server.refuses = /^GET bridges/;
    server.drop();
    await until(() => ari.state() === 'lost');
    server.channels.delete(channelId);
    await until(() => ari.state() === 'connected' && log.messages('warn').includes('call.not-compared'));
    expect(calls.active()).toHaveLength(1);
    server.refuses = undefined;
    await clock.advance(2_000);
    expect((await ended(callId)).state).toEqual({ state: 'ended', reason: 'engine-lost' });
  });

  it('calls a phone again whose call has ended here, also where news of its end never came', async () => {
    const { calls, callId, server, ari, ringing, until, mobiles } = await talkingRig('owner');
    mobiles.push(rigMobile);
    server.incoming({ number: '1001', way: 'internal', args: ['internal', '030555666'] });
    const { id } = await until(() => calls.active().find((call) => call.id !== callId && call.state.state === 'talking'));
    vi.spyOn(ari, 'hangUp').mockRejectedValue(new Error('lost on its way'));
    await calls.get(id).end('hung-up-here');
    server.phones.set('PJSIP/1001', 'rings');
    await ringing({ number: '+4930999' });
    await until(() => server.byRole('mobile-1001'));
  });

  it('ends ghosts: channels and bridges that no call knows', async () => {
    const { ringing, calls, server, until, ari, clock } = await createCallsRig();
    const { callId, channelId } = await ringing();
    await calls.answer(callId, 'owner');
    await clock.advance(1_000);
    server.bridges.set('oc.call_old', { channels: new Set(), recording: undefined });
    const owner = server.byRole('owner');
    if (owner) server.channels.set('oc.call_old.far.0', { ...owner, id: 'oc.call_old.far.0' });
    server.drop();
    await until(() => ari.state() === 'lost');
    await until(() => ari.state() === 'connected' && clock.pendingTimers() > 0);
    await clock.advance(1_000);
    await until(() => !server.bridges.has('oc.call_old') && !server.channels.has('oc.call_old.far.0'));
    expect(server.channels.has(channelId)).toBe(true);
    expect(calls.active()).toHaveLength(1);
  });

  it('brings after each connection what lies in the spool of its recordings and is not being written, the earliest first', async () => {
    const { ringing, calls, server, until, ari, clock, media, recordings, settings, untold } = await createCallsRig();
    settings.records = true;
    // The app was killed while it told of this one.
    untold.add('oc-call_killed-1-0');
    const { callId } = await ringing();
    await calls.answer(callId, 'owner');
    await until(() => media.said.length === 1 && media.legs.size === 0);
    for (const name of ['oc-call_killed-1-0', 'oc-call_old-7-9000', 'oc-call_old-2-100', 'of-somebody-else', 'oc-half'])
      server.recordings.add(name);
    const compared = (): boolean => server.requests.filter((request) => request === 'GET bridges').length === 2;
    const timers = clock.pendingTimers();
    server.drop();
    await until(() => ari.state() === 'lost');
    await until(() => ari.state() === 'connected' && compared() && clock.pendingTimers() === timers);
    await clock.advance(5_000);
    await until(() => recordings.length === 2);
    expect(recordings).toEqual([
      { callId: 'call_old', name: 'oc-call_old-2-100', startMs: 100 },
      { callId: 'call_old', name: 'oc-call_old-7-9000', startMs: 9_000 },
    ]);
    await until(() => !server.recordings.has('oc-call_killed-1-0') && untold.size === 0);
    await calls.get(callId).record(false);
    await until(() => recordings.length === 3);
    expect(recordings.at(-1)).toMatchObject({ callId });
  });

  it('ends everything as lost when Asterisk dies in mid-call, with a whole record, and takes calls again when it is back', async () => {
    const { ringing, calls, server, ended, troubles, until, ari, told, media } = await createCallsRig();
    const { callId } = await ringing();
    await calls.answer(callId, 'assistant');
    await server.kill();
    calls.engineLost();
    expect(await ended(callId)).toMatchObject({
      state: { state: 'ended', reason: 'engine-lost' },
      answeredAtMs: expect.any(Number),
      endedAtMs: expect.any(Number),
    });
    expect(troubles.at(-1)?.code).toBe('phone.engine-lost');
    expect(told.filter(({ state }) => state.state === 'ended')).toHaveLength(1);
    expect(media.legs.size).toBe(0);
    await until(() => ari.state() === 'lost');
    await server.revive();
    await until(() => ari.state() === 'connected' && server.connections() === 1);
    const again = await ringing();
    await calls.answer(again.callId, 'owner');
  });

  it('says nothing more of a lost connection to an exchange that is let go of', async () => {
    const { calls, server, clock, until, ari, troubles } = await createCallsRig();
    for (const [lostMs, count] of [
      [1_000, 2],
      [2_000, 5],
    ] as const) {
      server.drop();
      await until(() => ari.state() === 'lost');
      await clock.advance(lostMs);
      calls.attach(undefined);
      await clock.advance(60_000);
      calls.attach(ari);
      await until(() => troubles.length === count);
    }
    // Told of at once where nobody was told of the loss, and at the letting go where somebody was.
    expect(troubles.map((error) => error?.code)).toEqual([undefined, undefined, 'phone.control-lost', undefined, undefined]);
  });

  it('gives calls up when the control stays away', async () => {
    const { ringing, calls, server, clock, until, ari, ended } = await createCallsRig();
    const { callId } = await ringing();
    await calls.answer(callId, 'owner');
    await server.kill();
    await until(() => ari.state() === 'lost');
    await clock.advance(20_000);
    expect((await ended()).state).toEqual({ state: 'ended', reason: 'engine-lost' });
  });

  it('stops everything at once, during ring, talk and dial, and nothing comes back', async () => {
    const { ringing, calls, server, until, told, gate, media, voice } = await createCallsRig();
    server.phones.set('PJSIP/sipgate', 'rings');
    await ringing({ number: '+4930111222' });
    const talks = await ringing({ number: '+4930111333' });
    await calls.answer(talks.callId, 'assistant');
    calls.dial({ number: '+4930555666', by: 'owner' });
    await until(() => server.byRole('far'));
    gate.shut('call');
    expect((await calls.stopAll()).toSorted()).toEqual(['incoming call', 'incoming call', 'outgoing call']);
    await until(() => server.channels.size === 0 && server.bridges.size === 0);
    expect(media.legs.size).toBe(0);
    expect(media.said).toEqual([]);
    expect(voice.ended).toHaveLength(3);
    const ends = told.filter(({ state }) => state.state === 'ended');
    expect(ends.map(({ state }) => state)).toEqual(Array.from({ length: 3 }, () => ({ state: 'ended', reason: 'stopped' })));
    expect(calls.active()).toEqual([]);
    server.incoming({ number: '+4930111222' });
    await until(() => told.length > ends.length && server.channels.size === 0);
    expect(told.at(-1)?.state).toEqual({ state: 'ended', reason: 'stopped' });
  });

  it('hangs up a leg that comes up after the stop', async () => {
    const { ringing, calls, server, until, gate } = await createCallsRig();
    const { callId } = await ringing();
    server.delayMs = 60;
    const answering = calls.answer(callId, 'assistant');
    answering.catch(() => undefined);
    await until(() => server.requests.some((request) => request.includes('externalMedia')) || undefined).catch(() => undefined);
    gate.shut('call');
    await calls.stopAll();
    await expect(answering).rejects.toMatchObject({ code: expect.stringMatching(/^(?:phone\.no-call|killswitch\.engaged)$/) });
    await until(() => server.channels.size === 0);
  });

  it('says no to everything while there is no exchange', async () => {
    const { calls } = await createCallsRig();
    calls.attach(undefined);
    expect(() => calls.dial({ number: '+4930555666', by: 'owner' })).toThrow(expect.objectContaining({ code: 'phone.not-ready' }));
    expect(() => calls.get('call_x')).toThrow(expect.objectContaining({ code: 'phone.no-call' }));
  });
});
