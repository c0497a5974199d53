import { describe, expect, it, vi } from 'vitest';
import { createDeferred } from '../../../../../src-main/base/deferred.ts';
import { AppError } from '../../../../../src-main/base/errors.ts';
import { createCallsRig, rigMobile, talkingRig } from '../../../../doubles/calls-rig.ts';

describe('acts in a call', () => {
  it('takes over from the assistant with the new voice in before the old one goes', async () => {
    const { calls, callId, server, bridge, voice, media } = await talkingRig('assistant');
    const before = server.requests.length;
    const call = await calls.takeOver(callId);
    expect(call.state).toMatchObject({ state: 'talking', by: 'owner', muted: false, listening: false });
    expect(bridge()).toEqual(['far', 'owner']);
    expect(media.legs.size).toBe(0);
    expect(voice.paused.get(callId)).toBe(true);
    const since = server.requests.slice(before);
    const ownerIn = since.findIndex((request) => request.endsWith('/addChannel'));
    const mediaOut = since.findIndex((request) => request.startsWith('DELETE') && request.includes('.media.'));
    expect(ownerIn).toBeGreaterThanOrEqual(0);
    expect(mediaOut).toBeGreaterThan(ownerIn);
  });

  it('keeps the assistant in the call when the owner does not come in', async () => {
    const { calls, callId, server, bridge } = await talkingRig('assistant');
    server.phones.delete('PJSIP/1000');
    await expect(calls.takeOver(callId)).rejects.toMatchObject({ code: 'phone.no-softphone' });
    expect(calls.get(callId).view().state).toMatchObject({ by: 'assistant' });
    expect(bridge()).toEqual(['far', 'media']);
  });

  it('listens in with the microphone off from the first moment, and stops', async () => {
    const { calls, callId, server, bridge } = await talkingRig('assistant');
    const live = calls.get(callId);
    await live.listenIn(true);
    expect(live.view().state).toMatchObject({ by: 'assistant', listening: true });
    expect(server.byRole('owner')?.muted).toBe('in');
    const mute = server.requests.findIndex((request) => request.endsWith('/mute'));
    expect(server.requests.slice(mute).some((request) => request.endsWith('/addChannel'))).toBe(true);
    expect(bridge()).toEqual(['far', 'media', 'owner']);
    await live.listenIn(false);
    expect(bridge()).toEqual(['far', 'media']);
    expect(live.view().state).toMatchObject({ listening: false });
  });

  it('takes over while listening without a new call to the window, and hands over again', async () => {
    const { calls, callId, server, bridge, voice } = await talkingRig('assistant');
    const live = calls.get(callId);
    await live.listenIn(true);
    const owner = server.byRole('owner')?.id;
    await calls.takeOver(callId);
    expect(server.byRole('owner')).toMatchObject({ id: owner, muted: '' });
    expect(bridge()).toEqual(['far', 'owner']);
    await live.handOver();
    expect(bridge()).toEqual(['far', 'media']);
    expect(live.view().state).toMatchObject({ by: 'assistant' });
    expect(voice.begun).toHaveLength(2);
  });

  it('notices when the listening owner has gone', async () => {
    const { calls, callId, server, until } = await talkingRig('assistant');
    await calls.get(callId).listenIn(true);
    server.hangUp(server.byRole('owner')?.id ?? '');
    await until(() => {
      const { state } = calls.get(callId).view();
      return state.state === 'talking' && !state.listening;
    });
  });

  it('keeps the owner when the assistant cannot come in', async () => {
    const { calls, callId, server, bridge } = await talkingRig('owner');
    server.mediaIsDown = true;
    await expect(calls.get(callId).handOver()).rejects.toMatchObject({ code: 'phone.no-assistant' });
    expect(bridge()).toEqual(['far', 'owner']);
  });

  it('holds and goes on, with the owner and with the assistant', async () => {
    const { calls, callId, channelId, server, bridge } = await talkingRig('owner');
    const live = calls.get(callId);
    await live.hold(true);
    expect(bridge()).toEqual(['far']);
    expect(server.channels.get(channelId)?.held).toBe(true);
    await live.hold(false);
    expect(bridge()).toEqual(['far', 'owner']);
    await live.handOver();
    await live.hold(true);
    expect(bridge()).toEqual(['far']);
    await calls.takeOver(callId);
    expect(bridge()).toEqual(['far', 'owner']);
    expect(server.channels.get(channelId)?.held).toBe(false);
  });

  it('mutes the owner, and refuses to mute the assistant', async () => {
    const { calls, callId, server } = await talkingRig('owner');
    const live = calls.get(callId);
    await live.mute(true);
    expect(server.byRole('owner')?.muted).toBe('in');
    await live.handOver();
    await expect(live.mute(true)).rejects.toMatchObject({ code: 'phone.not-now' });
  });

  it('sends digits to the other end and gives keyed ones to the assistant', async () => {
    const { calls, callId, channelId, server, clock, voice, until } = await talkingRig('assistant');
    await calls.get(callId).sendDigits('12w3#');
    expect(server.channels.get(channelId)?.digits).toBe('123#');
    for (const digit of '42') server.press(channelId, digit);
    await until(() => clock.pendingTimers() > 0 && server.requests.length > 0);
    await new Promise((resolve) => void setTimeout(resolve, 50));
    await clock.advance(3_000);
    expect(voice.hints).toContainEqual({ kind: 'digits', digits: '42' });
  });

  it('knows the owner by the PIN, three tries a call, whoever the number says it is', async () => {
    const { calls, callId, channelId, server, voice, pin, until } = await talkingRig('assistant');
    await pin.change('4711');
    const key = async (digits: string): Promise<void> => {
      const before = voice.hints.length;
      for (const digit of `${digits}#`) server.press(channelId, digit);
      await until(() => voice.hints.length > before);
    };
    await key('1234');
    await key('0000');
    expect(calls.get(callId).view().party.standing).toBe('unknown');
    await key('4711');
    expect(calls.get(callId).view().party.standing).toBe('owner');
    expect(voice.hints.map(({ kind }) => kind)).toEqual(['pin-wrong', 'pin-wrong', 'pin-right']);
    expect(voice.standings).toEqual(['owner']);
  });

  it('locks the PIN after three wrong tries, also against the right one', async () => {
    const { calls, callId, channelId, voice, pin, until } = await talkingRig('assistant');
    await pin.change('4711');
    for (const [index, text] of ['my pin is one two three four', 'five five five five', '9 9 9 9', 'four seven one one'].entries()) {
      voice.tell({ type: 'heard', callId, text, final: true, startMs: 0, endMs: 1 });
      await until(() => voice.hints.length > index);
    }
    expect(voice.hints.map(({ kind }) => kind)).toEqual(['pin-wrong', 'pin-wrong', 'pin-wrong', 'pin-locked']);
    expect(calls.get(callId).view().party.standing).toBe('unknown');
    expect(channelId).not.toBe('');
  });

  it('records when the other end was told, also where the owner speaks, and says no otherwise', async () => {
    const { calls, callId, server, media, recordings, until, bridge } = await talkingRig('owner');
    const live = calls.get(callId);
    await live.record(true);
    expect(live.view().state).toMatchObject({ recording: true });
    expect(media.said).toEqual([{ kind: 'recording' }]);
    expect(bridge()).toEqual(['far', 'owner']);
    const { recording } = server.bridges.get(`oc.${callId}`) ?? {};
    await live.record(false);
    const finished = await until(() => recordings[0]);
    expect(finished).toMatchObject({ callId, name: recording });
    media.canSay = false;
    await expect(live.record(true)).rejects.toMatchObject({ code: 'phone.recording-failed' });
    expect(live.view().state).toMatchObject({ recording: false });
  });

  it('says once more that it is recorded where that was cut, and keeps nothing when they have not heard it then either', async () => {
    const rig = await createCallsRig();
    const { calls, server, media, recordings, settings, until, ringing } = rig;
    settings.records = true;
    const answers = [false, true];
    media.say = (_legId, notice) => {
      media.said.push(notice);
      return Promise.resolve(answers.shift() ?? false);
    };
    const told = await ringing();
    await calls.answer(told.callId, 'owner');
    await until(() => media.said.length === 2 && answers.length === 0);
    await calls.get(told.callId).end('hung-up-here');
    await until(() => recordings.length === 1);
    const untold = await ringing({ number: '+4930333444' });
    await calls.answer(untold.callId, 'owner');
    await until(() => media.said.length === 4 && calls.get(untold.callId).view().trouble);
    expect(calls.get(untold.callId).view()).toMatchObject({ state: { recording: false }, trouble: { code: 'phone.recording-failed' } });
    await until(() => ![...server.recordings].some((name) => name.includes(untold.callId)));
    expect(recordings.map(({ callId }) => callId)).toEqual([told.callId]);
  });

  it('does not record who hears music instead of the notice', async () => {
    const { calls, server, media, recordings, settings, until, ringing } = await createCallsRig();
    settings.records = true;
    const said = createDeferred<boolean>();
    media.say = () => said.promise;
    const { callId } = await ringing();
    await calls.answer(callId, 'owner');
    await until(() => media.legs.size === 1 && server.recordings.size === 1);
    await calls.get(callId).hold(true);
    said.resolve(true);
    await until(() => calls.get(callId).view().trouble?.code === 'phone.recording-failed' && server.recordings.size === 0);
    expect([calls.get(callId).view().state, recordings]).toMatchObject([{ recording: false }, []]);
  });

  it.each(['we', 'they'])('does not record who heard music in the middle of the notice: %s held', async (who) => {
    const { calls, ari, server, media, recordings, settings, until, ringing } = await createCallsRig();
    settings.records = true;
    const said = createDeferred<boolean>();
    const resumed = createDeferred<void>();
    ari.onEvent(({ type }) => type === 'ChannelUnhold' && resumed.resolve());
    media.say = (_legId, notice) => {
      media.said.push(notice);
      return media.said.length === 1 ? said.promise : Promise.resolve(false);
    };
    const { callId, channelId } = await ringing();
    await calls.answer(callId, 'owner');
    await until(() => media.said.length === 1 && server.recordings.size === 1);
    for (const on of [true, false]) await (who === 'we' ? calls.get(callId).hold(on) : server.sendHold(channelId, on));
    if (who === 'they') await resumed.promise;
    said.resolve(true);
    await until(() => calls.get(callId).view().trouble?.code === 'phone.recording-failed' && server.recordings.size === 0);
    expect([media.said.length, recordings]).toEqual([2, []]);
  });

  it('says that a recording runs on which could not be stopped, and keeps nothing of it', async () => {
    const { calls, callId, server, recordings, untold, until, ended } = await talkingRig('owner');
    const live = calls.get(callId);
    await live.record(true);
    const [name = ''] = server.recordings;
    server.refuses = /\/stop$/;
    await expect(live.record(false)).rejects.toMatchObject({ code: 'phone.recording-runs-on' });
    expect([live.view().trouble?.code, [...untold]]).toEqual(['phone.recording-runs-on', [name]]);
    await live.end('hung-up-here');
    await ended();
    await until(() => server.recordings.size === 0);
    expect(recordings).toEqual([]);
  });

  it('takes a recording that is gone already for stopped', async () => {
    const { calls, callId, server, ari, untold } = await talkingRig('owner');
    await calls.get(callId).record(true);
    vi.spyOn(ari, 'stopRecording').mockRejectedValue(new AppError('phone.refused', '', { details: { status: 404 } }));
    await calls.get(callId).record(false);
    expect([calls.get(callId).view().trouble, untold.size, server.recordings.size]).toEqual([null, 0, 1]);
  });

  it('whispers to the assistant only', async () => {
    const { calls, callId, voice } = await talkingRig('assistant');
    calls.get(callId).whisper('ask for Tuesday');
    expect(voice.hints).toEqual([{ kind: 'whisper', text: 'ask for Tuesday' }]);
    await calls.takeOver(callId);
    expect(() => calls.get(callId).whisper('x')).toThrow(expect.objectContaining({ code: 'phone.not-now' }));
  });

  it('holds the first call when the owner answers a second one', async () => {
    const { calls, callId, ringing, server } = await talkingRig('owner');
    const second = await ringing({ number: '+4930999' });
    await calls.answer(second.callId, 'owner');
    expect(calls.get(callId).view().state).toMatchObject({ by: 'owner', held: true });
    expect(calls.get(second.callId).view().state).toMatchObject({ by: 'owner', held: false });
    expect([...server.channels.values()].filter(({ id }) => id.includes('.owner.'))).toHaveLength(2);
  });

  it('lets the owner speak in one call alone, when one that is dialled is picked up after another was answered', async () => {
    const { calls, callId, server, until, ringing, states } = await talkingRig('owner');
    server.phones.set('PJSIP/sipgate', 'rings');
    const dialled = calls.dial({ number: '+4930555666', by: 'owner' });
    const far = await until(() => [...server.channels.values()].find(({ id }) => id.includes(`${dialled.id}.far`)));
    await until(() => states(callId).at(-1) === 'talking by owner held' && far.state === 'Ringing');
    const second = await ringing({ number: '+4930999' });
    await calls.answer(second.callId, 'owner');
    server.pickUp(far.id);
    await until(() => states(dialled.id).at(-1) === 'talking by owner' && states(second.callId).at(-1) === 'talking by owner held');
    expect(states(callId).at(-1)).toBe('talking by owner held');
  });

  it('lets the owner speak in one call alone, when two are answered at once', async () => {
    const rig = await createCallsRig();
    const [first, second] = [await rig.ringing(), await rig.ringing({ number: '+4930999' })];
    await Promise.all([rig.calls.answer(first.callId, 'owner'), rig.calls.answer(second.callId, 'owner')]);
    const last = (): string[] => [first, second].map(({ callId }) => rig.states(callId).at(-1) ?? '').toSorted();
    await expect.poll(last, { timeout: 5_000 }).toEqual(['talking by owner', 'talking by owner held']);
    await rig.until(() => rig.server.channels.get(first.channelId)?.held !== rig.server.channels.get(second.channelId)?.held);
  });

  it('leaves a call on hold when one of two others comes to nothing while the owner speaks in the other', async () => {
    const { calls, callId, server, until, ringing, states } = await talkingRig('owner');
    server.phones.set('PJSIP/sipgate', 'rings');
    const dialled = calls.dial({ number: '+4930555666', by: 'owner' });
    const far = await until(() => [...server.channels.values()].find(({ id }) => id.includes(`${dialled.id}.far`)));
    await until(() => states(callId).at(-1) === 'talking by owner held');
    const second = await ringing({ number: '+4930999' });
    await calls.answer(second.callId, 'owner');
    server.hangUp(far.id, 17);
    await until(() => states(dialled.id).at(-1) === 'ended busy');
    await calls.get(callId).sendDigits('1');
    expect([states(callId).at(-1), states(second.callId).at(-1)]).toEqual(['talking by owner held', 'talking by owner']);
  });

  it('does not take over with a phone that has hung up again', async () => {
    const { calls, callId, ari, server, bridge, until } = await talkingRig('assistant');
    const { addToBridge } = ari;
    ari.addToBridge = async (bridgeId, channelId) => {
      await addToBridge(bridgeId, channelId);
      server.hangUp(channelId);
      await until(() => !calls.get(callId).hasOwner());
    };
    await expect(calls.takeOver(callId)).rejects.toMatchObject({ code: 'phone.no-sound-here' });
    expect(calls.get(callId).view().state).toMatchObject({ by: 'assistant' });
    expect(bridge()).toEqual(['far', 'media']);
  });

  it('keeps the assistant in a call that is handed over while the notice of a recording is being said', async () => {
    const { calls, server, media, settings, ringing, until, states } = await createCallsRig();
    settings.records = true;
    const said = createDeferred<boolean>();
    media.say = () => said.promise;
    const legs = (): string[] => [...server.channels.keys()].filter((id) => id.includes('.media.'));
    const { callId } = await ringing();
    await calls.answer(callId, 'owner');
    await until(() => [...media.legs.values()].some(({ listens }) => !listens));
    await calls.get(callId).handOver();
    expect(legs()).toHaveLength(2);
    said.resolve(true);
    await until(() => legs().length === 1 && media.legs.size === 1);
    expect([...media.legs].map(([legId, { listens }]) => listens && calls.get(callId).hasLeg(legId))).toEqual([true]);
    expect(states(callId).at(-1)).toBe('talking by assistant recording');
  });

  it.each(['the owner cannot come in', 'the caller cannot be picked up'])(
    'goes on with the first call when a second is not answered: %s',
    async (why) => {
      const { calls, callId, channelId, ringing, server, bridge } = await talkingRig('owner');
      const second = await ringing({ number: '+4930999' });
      if (why.startsWith('the owner')) server.phones.delete('PJSIP/1000');
      else server.refuses = /^POST channels\/[^/]*\/answer$/;
      await expect(calls.answer(second.callId, 'owner')).rejects.toMatchObject({ code: expect.stringMatching(/^phone/) });
      expect(calls.get(callId).view().state).toMatchObject({ by: 'owner', held: false });
      expect(server.channels.get(channelId)?.held).toBe(false);
      expect(bridge()).toEqual(['far', 'owner']);
    },
  );

  it.each(['busy', 'unknown'] as const)('goes on with the first call when one that is dialled comes to nothing: %s', async (manner) => {
    const { calls, callId, channelId, server, until } = await talkingRig('owner');
    server.phones.set('PJSIP/sipgate', 'rings');
    const second = calls.dial({ number: '+4930555666', by: 'owner' });
    const far = await until(() => server.byRole('far'));
    await until(() => server.channels.get(channelId)?.held);
    server.hangUp(far.id, manner === 'busy' ? 17 : 1);
    await until(() => !calls.active().some(({ id }) => id === second.id));
    await expect.poll(() => calls.get(callId).view().state, { timeout: 5_000 }).toMatchObject({ by: 'owner', held: false });
    expect(server.channels.get(channelId)?.held).toBe(false);
  });

  it('rings softly while the owner is in another call, and aloud when that is over', async () => {
    const { calls, callId, ringing, states, until, told } = await talkingRig('assistant');
    const second = await ringing({ number: '+4930999' });
    expect(states(second.callId)).toEqual(['ringing']);
    await calls.get(callId).listenIn(true);
    expect(states(second.callId).at(-1)).toBe('ringing quietly');
    const third = await ringing({ number: '+4930998' });
    expect(states(third.callId)).toEqual(['ringing quietly']);
    await calls.get(callId).end('hung-up-here');
    await until(() => states(second.callId).at(-1) === 'ringing' && states(third.callId).at(-1) === 'ringing');
    await calls.answer(third.callId, 'owner');
    expect(states(second.callId).at(-1)).toBe('ringing quietly');
    expect(told.filter(({ state }) => state.state === 'talking' && 'quietly' in state)).toEqual([]);
  });

  it('tells the record who did what', async () => {
    const { calls, callId, notes } = await talkingRig('assistant');
    const live = calls.get(callId);
    await live.listenIn(true);
    live.whisper('ask for Tuesday');
    await calls.takeOver(callId);
    await live.hold(true);
    await live.hold(false);
    await live.mute(true);
    await live.handOver();
    expect(notes).toEqual([
      { kind: 'listens' },
      { kind: 'whispered', text: 'ask for Tuesday' },
      { kind: 'taken-over' },
      { kind: 'held' },
      { kind: 'resumed' },
      { kind: 'handed-over' },
    ]);
  });

  it('ends the assistant’s call at its limit, after a word of warning, and not the owner’s', async () => {
    const { clock, ended, voice, calls, callId, ringing } = await talkingRig('assistant');
    const second = await ringing({ number: '+4930999' });
    await calls.answer(second.callId, 'owner');
    await clock.advance(575_000);
    expect(voice.hints).toEqual([{ kind: 'little-time' }]);
    await clock.advance(25_000);
    expect((await ended(callId)).state).toEqual({ state: 'ended', reason: 'limit' });
    expect(calls.active().map(({ id }) => id)).toEqual([second.callId]);
  });

  it('hangs up on fax tones and when the conversation is at its end', async () => {
    const { media, voice, ended, callId, calls, ringing, server } = await talkingRig('assistant');
    voice.tell({ type: 'wants-end', callId, reason: 'silence' });
    expect((await ended(callId)).state).toEqual({ state: 'ended', reason: 'silence' });
    const fax = await ringing({ number: '+4930999' });
    await calls.answer(fax.callId, 'assistant');
    media.tell({ type: 'leg.sound', legId: server.byRole('media')?.data ?? '', what: 'tone' });
    expect((await ended(fax.callId)).state).toEqual({ state: 'ended', reason: 'fax' });
  });

  it('says when no sound comes from the other end, and when it comes again', async () => {
    const { media, callId, calls, server } = await talkingRig('assistant');
    const legId = server.byRole('media')?.data ?? '';
    media.tell({ type: 'leg.sound', legId, what: 'nothing-comes' });
    expect(calls.get(callId).view().trouble?.code).toBe('phone.one-way-sound');
    media.tell({ type: 'leg.sound', legId, what: 'comes-again' });
    expect(calls.get(callId).view().trouble).toBeNull();
  });

  it('lets a mobile phone that talks be relieved by the window', async () => {
    const rig = await createCallsRig();
    rig.mobiles.push(rigMobile);
    rig.server.phones.set('PJSIP/1001', 'answers');
    const { callId } = await rig.ringing();
    await rig.until(() => rig.states().at(-1) === 'talking by mobile');
    await rig.calls.takeOver(callId);
    expect(rig.server.byRole('mobile-1001')).toBeUndefined();
    expect(rig.calls.get(callId).view().state).toMatchObject({ by: 'owner' });
  });
});
