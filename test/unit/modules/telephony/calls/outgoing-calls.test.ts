import { describe, expect, it } from 'vitest';
import { createCallsRig, rigMobile } from '../../../../doubles/calls-rig.ts';

describe('a call that goes out', () => {
  it('brings the owner in while it rings there, and both together when it is answered', async () => {
    const { server, calls, until, states, ended } = await createCallsRig();
    server.phones.set('PJSIP/sipgate', 'rings');
    const call = calls.dial({ number: '(030) 555-666', by: 'owner' });
    expect(call).toMatchObject({ direction: 'out', way: 'sipgate', party: { number: '+4930555666' }, state: { state: 'dialing' } });
    const far = await until(() => server.byRole('far'));
    expect(far.callerId).toBe('+493012345');
    expect(far.name).toContain('PJSIP/+4930555666@trunk-sipgate');
    await until(() => states().at(-1) === 'rings there' && server.byRole('owner')?.state === 'Up');
    server.pickUp(far.id);
    await until(() => states().at(-1) === 'talking by owner');
    expect(server.bridges.get(`oc.${call.id}`)?.channels).toEqual(new Set([far.id, server.byRole('owner')?.id]));
    server.hangUp(server.byRole('owner')?.id ?? '');
    expect((await ended()).state).toEqual({ state: 'ended', reason: 'hung-up-here' });
    await until(() => server.channels.size === 0);
  });

  it('lets the assistant speak for its purpose when it is answered', async () => {
    const { calls, until, states, voice } = await createCallsRig();
    const call = calls.dial({ number: '+4930555666', by: 'assistant', purpose: 'an appointment' });
    await until(() => voice.begun.length === 1);
    expect(voice.begun).toEqual([{ callId: call.id, role: { by: 'assistant', purpose: 'an appointment' } }]);
    expect(states().at(-1)).toBe('talking by assistant');
  });

  it.each([
    ['busy', 'busy'],
    ['unknown', 'unknown-number'],
  ] as const)('ends when the number is %s', async (manner, reason) => {
    const { server, calls, ended } = await createCallsRig();
    server.phones.set('PJSIP/sipgate', manner);
    calls.dial({ number: '+4930555666', by: 'assistant', purpose: 'x' });
    expect((await ended()).state).toEqual({ state: 'ended', reason });
  });

  it.each([
    [19, 'not-answered'],
    [21, 'rejected'],
    [38, 'unreachable'],
    [57, 'forbidden'],
  ])('ends with cause %i as %s', async (cause, reason) => {
    const { server, calls, ended, until } = await createCallsRig();
    server.phones.set('PJSIP/sipgate', 'rings');
    calls.dial({ number: '+4930555666', by: 'assistant', purpose: 'x' });
    const far = await until(() => server.byRole('far'));
    await until(() => far.state === 'Ringing');
    server.hangUp(far.id, cause);
    expect((await ended()).state).toEqual({ state: 'ended', reason });
  });

  it('ends as unreachable when Asterisk does not know the way', async () => {
    const { server, calls, ended } = await createCallsRig();
    server.phones.delete('PJSIP/sipgate');
    calls.dial({ number: '+4930555666', by: 'assistant', purpose: 'x' });
    expect(await ended()).toMatchObject({ state: { reason: 'unreachable' }, trouble: { code: 'phone.refused' } });
  });

  it('ends when the owner’s own telephone does not come in', async () => {
    const { server, calls, ended, until } = await createCallsRig();
    server.phones.delete('PJSIP/1000');
    server.phones.set('PJSIP/sipgate', 'rings');
    calls.dial({ number: '+4930555666', by: 'owner' });
    expect(await ended()).toMatchObject({ state: { reason: 'failed' }, trouble: { code: 'phone.no-softphone' } });
    await until(() => server.channels.size === 0);
  });

  it('never lets the assistant reach an emergency number, and lets the owner', async () => {
    const { calls, server, until } = await createCallsRig();
    for (const number of ['112', '110', '911', '999', '000', '+49 112', '0049110', '0-112', '*31#112', '+1 911'])
      expect(() => calls.dial({ number, by: 'assistant', purpose: 'help' }), number).toThrow(
        expect.objectContaining({ code: 'phone.emergency-refused' }),
      );
    expect(server.requests.some((request) => request.startsWith('POST channels'))).toBe(false);
    calls.dial({ number: '112', by: 'owner' });
    expect((await until(() => server.byRole('far'))).name).toContain('PJSIP/112@trunk-sipgate');
  });

  it('refuses what cannot be called, too many at once, too many in an hour, and everything while it is stopped', async () => {
    const { calls, settings, trunks, clock, gate, until } = await createCallsRig();
    const dial = (number: string): unknown => calls.dial({ number, by: 'assistant', purpose: 'x' });
    expect(() => dial('12')).toThrow(expect.objectContaining({ code: 'phone.bad-number' }));
    expect(() => dial('1999')).toThrow(expect.objectContaining({ code: 'phone.bad-number' }));
    settings.maxCallsPerHour = 1;
    dial('+4930555666');
    expect(() => dial('+4930555667')).toThrow(expect.objectContaining({ code: 'phone.limit' }));
    await clock.advance(3_600_000);
    await until(() => calls.active().length === 0);
    settings.maxCallsAtOnce = 0;
    expect(() => dial('+4930555667')).toThrow(expect.objectContaining({ code: 'phone.busy-here' }));
    settings.maxCallsAtOnce = 4;
    trunks.splice(0);
    expect(() => dial('+4930555667')).toThrow(expect.objectContaining({ code: 'phone.no-way-out' }));
    gate.shut('call');
    expect(() => dial('+4930555667')).toThrow(expect.objectContaining({ code: 'killswitch.engaged' }));
  });

  it('goes from one phone of the owner’s to another', async () => {
    const { calls, mobiles, server, until } = await createCallsRig();
    mobiles.push(rigMobile);
    server.phones.set('PJSIP/1001', 'answers');
    expect(calls.dial({ number: '1001', by: 'owner' })).toMatchObject({ way: 'internal', party: { number: '1001' } });
    await until(() => calls.active()[0]?.state.state === 'talking');
  });

  it('is placed for a mobile phone that dials by itself', async () => {
    const { server, until, states, mobiles, ended } = await createCallsRig();
    mobiles.push(rigMobile);
    server.phones.set('PJSIP/sipgate', 'rings');
    const own = server.incoming({ number: '1001', way: 'internal', wants: '030555666' });
    const far = await until(() => server.byRole('far'));
    expect(far.name).toContain('+4930555666');
    await until(() => server.channels.get(own)?.rings);
    server.pickUp(far.id);
    await until(() => states().at(-1) === 'talking by mobile');
    expect(server.channels.get(own)?.state).toBe('Up');
    server.hangUp(own);
    expect((await ended()).state).toEqual({ state: 'ended', reason: 'hung-up-here' });
  });

  it('is placed for a mobile phone that dials another, and ends with everything else', async () => {
    const { server, calls, until, states, mobiles } = await createCallsRig();
    mobiles.push(rigMobile, { ...rigMobile, id: 'other', extension: '1002' });
    server.phones.set('PJSIP/1002', 'answers');
    const own = server.incoming({ number: '1001', way: 'internal', wants: '1002' });
    await until(() => states().at(-1) === 'talking by mobile');
    expect(calls.active()).toMatchObject([{ direction: 'out', way: 'internal', party: { number: '1002' } }]);
    await calls.stopAll();
    expect([server.channels.has(own), server.channels.size]).toEqual([false, 0]);
  });

  it('tells a mobile phone why a call came to nothing', async () => {
    const { server, mobiles, ended, until } = await createCallsRig();
    mobiles.push(rigMobile);
    server.phones.set('PJSIP/sipgate', 'busy');
    const own = server.incoming({ number: '1001', way: 'internal', wants: '030555666' });
    expect((await ended()).state).toEqual({ state: 'ended', reason: 'busy' });
    await until(() => server.finalCauses.get(own) === 17);
  });

  it('tells the assistant that a machine has answered, or hangs up', async () => {
    const { calls, voice, until, settings, ended } = await createCallsRig();
    const first = calls.dial({ number: '+4930555666', by: 'assistant', purpose: 'x' });
    await until(() => voice.begun.length === 1);
    const text = 'Guten Tag, dies ist der Anrufbeantworter von Meier, bitte sprechen Sie nach dem Signalton';
    voice.tell({ type: 'heard', callId: first.id, text, final: false, startMs: 0, endMs: 4_000 });
    expect(voice.hints).toEqual([{ kind: 'answering-machine' }]);
    settings.whenMachineAnswers = 'hang-up';
    const second = calls.dial({ number: '+4930555667', by: 'assistant', purpose: 'x' });
    await until(() => voice.begun.length === 2);
    voice.tell({ type: 'heard', callId: second.id, text, final: false, startMs: 0, endMs: 4_000 });
    expect((await ended(second.id)).state).toEqual({ state: 'ended', reason: 'answering-machine' });
  });

  it('takes nobody for a machine whom the owner has called, and hands over to the assistant', async () => {
    const { calls, voice, until, states } = await createCallsRig();
    const { id } = calls.dial({ number: '+4930555666', by: 'owner' });
    await until(() => states(id).at(-1) === 'talking by owner');
    await calls.get(id).handOver();
    voice.tell({ type: 'heard', callId: id, text: 'Please speak after the tone', final: true, startMs: 0, endMs: 4_000 });
    expect(voice.hints).toEqual([]);
  });
});
