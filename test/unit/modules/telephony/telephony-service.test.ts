import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { phoneStatusSchema, type PhoneCall, type TrunkDraft } from '../../../../src-preload/contract/index.ts';
import { phoneIntent } from '../../../../src-main/modules/telephony/index.ts';
import { createPhoneTools } from '../../../../src-main/modules/telephony/phone-tools.ts';
import { toolContext } from '../../../doubles/mcp-rig.ts';
import { createTelephonyRig, window } from '../../../doubles/telephony-rig.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const draft: TrunkDraft = {
  name: 'Sipgate',
  preset: 'sipgate',
  enabled: true,
  host: 'sipgate.de',
  port: 5060,
  transport: 'udp',
  username: 'user',
  authUser: '',
  callerId: '',
  codecs: ['alaw'],
  registers: true,
  countryPrefix: '49',
  password: 'geheim',
};
const program = { ...window, isProgram: true } as const;

describe('createTelephony', () => {
  it('is off until it is set up, then follows the exchange, and starts again with the app', async () => {
    const { telephony, exchange, ready, told, folder, audited } = await createTelephonyRig();
    expect(telephony.status()).toMatchObject({ state: 'off', source: null, softphone: false, hasPin: false });
    const status = await ready();
    expect(phoneStatusSchema.parse(status)).toMatchObject({ state: 'ready', source: 'container', version: '22.10.1' });
    expect(exchange.done).toContain('setUp');
    expect(audited).toEqual(['phone.set-up']);
    expect(told.at(-1)).toMatchObject({ name: 'phone.status', payload: { state: 'ready' } });
    const again = await createTelephonyRig({ folder });
    again.telephony.begin();
    await expect.poll(() => again.exchange.done).toEqual(['setUp']);
    await again.telephony.shutDown();
    expect(again.exchange.done).toContain('stop');
    const third = await createTelephonyRig({ folder });
    third.telephony.begin();
    expect(third.exchange.done).toEqual([]);
  });

  it('tells what is not as the owner wants it while the exchange runs, until it is', async () => {
    const { telephony, exchange, ready } = await createTelephonyRig();
    await ready();
    const state = exchange.state();
    const trouble = { code: 'phone.bad-configuration', message: 'no', details: {} };
    if (state.state === 'ready') exchange.become({ ...state, trouble });
    expect(telephony.status()).toMatchObject({ state: 'ready', error: trouble });
    exchange.become(state);
    expect(telephony.status()).toMatchObject({ state: 'ready', error: null });
  });

  it('proves a set-up that the owner asked for: the window signs in, and a test call brings sound; a new start of the app proves nothing', async () => {
    const { telephony, exchange, ready, server, media, folder, handlers } = await createTelephonyRig();
    const steps = (): unknown[] => telephony.status().steps.map(({ id, status, error }) => [id, status, error?.code ?? null]);
    await telephony.setUp();
    expect(steps()).toEqual([
      ['container', 'done', null],
      ['softphone', 'running', null],
      ['test-call', 'waiting', null],
    ]);
    server.phones.set('Local/tone@test', 'answers');
    await ready();
    await handlers['phone.reportSoftphone']({ registered: true }, window);
    await expect.poll(() => server.byRole('far')?.state, { timeout: 5_000 }).toBe('Up');
    const [legId = ''] = media.legs.keys();
    media.tell({ type: 'leg.levels', legId, caller: 0.1, here: 0 });
    expect(steps().at(-1)).toEqual(['test-call', 'running', null]);
    media.tell({ type: 'leg.levels', legId, caller: 0.9, here: 0 });
    await expect.poll(steps).toEqual(['container', 'softphone', 'test-call'].map((id) => [id, 'done', null]));
    // Nobody's call: not shown, and nothing is left of it.
    expect([telephony.calls.active(), media.legs.size]).toEqual([[], 0]);
    await expect.poll(() => [server.channels.size, server.bridges.size]).toEqual([0, 0]);
    await exchange.dispose();
    const again = await createTelephonyRig({ folder });
    again.telephony.begin();
    await expect.poll(() => again.exchange.done).toEqual(['setUp']);
    expect(again.telephony.status().steps.map(({ id }) => id)).toEqual(['container']);
  });

  it('proves the first set-up from a page in a browser alone: that page signs in', async () => {
    const page = { door: 'browser', clientId: 'tab' } as const;
    const { telephony, ready, handlers } = await createTelephonyRig({ page });
    await telephony.setUp();
    const step = () => telephony.status().steps.find(({ id }) => id === 'softphone')?.status;
    expect(step()).toBe('running');
    await ready();
    await handlers['phone.softphone']({}, page);
    await handlers['phone.reportSoftphone']({ registered: true }, page);
    await expect.poll(step).toBe('done');
  });

  it('says which of the last steps failed, and stops them with everything else', async () => {
    const { telephony, ready, handlers, shut, server } = await createTelephonyRig();
    server.phones.set('Local/tone@test', 'unknown');
    await ready();
    await handlers['phone.reportSoftphone']({ registered: true }, window);
    const last = () => telephony.status().steps.at(-1);
    await expect
      .poll(last, { timeout: 5_000 })
      .toMatchObject({ id: 'test-call', status: 'failed', error: { code: 'phone.test-call-failed' } });
    server.phones.set('Local/tone@test', 'answers');
    await telephony.setUp();
    await expect.poll(() => server.byRole('far')?.state, { timeout: 5_000 }).toBe('Up');
    await shut();
    await expect.poll(() => server.channels.size).toBe(0);
  });

  it.each(['container', 'existing'] as const)(
    'repeats the proof alone where the exchange (%s) is ready: it and its calls go on',
    async (kind) => {
      const { telephony, ready, exchange, server, handlers } = await createTelephonyRig();
      server.phones.set('Local/tone@test', 'unknown');
      await telephony.setUp(kind === 'existing' ? { url: server.url, user: 'u', password: 'p' } : undefined);
      await ready();
      await handlers['phone.reportSoftphone']({ registered: true }, window);
      server.incoming({ number: '+4930111222' });
      const last = () => telephony.status().steps.at(-1);
      await expect.poll(last, { timeout: 5_000 }).toMatchObject({ id: 'test-call', status: 'failed' });
      exchange.done.length = 0;
      exchange.refusal = new Error('still bad');
      await telephony.setUp();
      await expect.poll(last, { timeout: 5_000 }).toMatchObject({ id: 'test-call', status: 'failed' });
      expect([exchange.done, telephony.status().source, telephony.calls.active().length]).toEqual([['apply'], kind, 1]);
    },
  );

  it('hangs up when the app ends, while the control is still there', async () => {
    const { telephony, ready, server, notices, told } = await createTelephonyRig();
    await ready();
    server.incoming({ number: '+4930111222' });
    await expect.poll(() => telephony.calls.active().map(({ state }) => state.state)).toEqual(['ringing']);
    await telephony.calls.answer(telephony.calls.active()[0]?.id ?? '', 'assistant');
    expect(server.channels.size).toBe(2);
    await telephony.dispose();
    expect([server.channels.size, server.bridges.size]).toEqual([0, 0]);
    const states = told.flatMap(({ name, payload }) => (name === 'phone.call' ? [(payload as PhoneCall).state] : []));
    expect(states.at(-1)).toEqual({ state: 'ended', reason: 'stopped' });
    expect(notices.filter((error) => error !== null)).toEqual([]);
  });

  it('keeps passwords in the vault alone, and takes a trunk back that Asterisk does not want', async () => {
    const { handlers, exchange, ready, secrets, folder } = await createTelephonyRig();
    await ready();
    const trunk = await handlers['phone.saveTrunk'](draft, window);
    expect(trunk).toMatchObject({ id: 'sipgate', hasPassword: true });
    expect(await readFile(join(folder, 'phone.json'), 'utf8')).not.toContain('geheim');
    expect(exchange.wishes?.().trunks).toMatchObject([{ id: 'sipgate', password: 'geheim' }]);
    exchange.refusal = new Error('bad');
    await expect(handlers['phone.saveTrunk']({ ...draft, id: 'sipgate', host: 'other.de', password: 'neu' }, window)).rejects.toThrow(
      'bad',
    );
    await expect(handlers['phone.saveTrunk']({ ...draft, name: 'Zweiter' }, window)).rejects.toThrow('bad');
    expect(exchange.wishes?.().trunks).toMatchObject([{ id: 'sipgate', host: 'sipgate.de', password: 'geheim' }]);
    exchange.refusal = undefined;
    await handlers['phone.removeTrunk']({ id: 'sipgate' }, window);
    expect([...secrets.keys()]).toEqual([]);
  });

  it('tells how trunks and phones are doing', async () => {
    const { telephony, handlers, ready, server, exchange } = await createTelephonyRig();
    await handlers['phone.saveTrunk'](draft, window);
    const { mobile, password, server: host, user } = await handlers['phone.addMobile']({ name: 'Handy' }, window);
    expect({ mobile, host, user }).toMatchObject({ mobile: { extension: '1001', registered: false }, host: '192.168.1.2', user: '1001' });
    expect(password).toMatch(/^[A-Za-z0-9]{20}$/);
    await ready();
    await expect.poll(() => telephony.status().trunks[0]).toMatchObject({ status: 'rejected', error: { code: 'phone.trunk-rejected' } });
    server.send({
      type: 'PeerStatusChange',
      endpoint: { technology: 'PJSIP', resource: '1001', state: 'online' },
      peer: { peer_status: 'Reachable' },
    });
    await expect.poll(() => telephony.status().mobiles[0]?.registered).toBe(true);
    await handlers['phone.reportSoftphone']({ registered: true }, window);
    expect(telephony.status().softphone).toBe(true);
    expect(await handlers['phone.saveMobile']({ id: mobile.id, name: 'Küche', rings: false }, window)).toMatchObject({
      extension: '1001',
      rings: false,
      registered: true,
    });
    expect(telephony.status().mobiles).toMatchObject([{ name: 'Küche', rings: false }]);
    expect(exchange.done.at(-1)).toBe('apply');
    await expect(handlers['phone.saveMobile']({ id: 'mobile-1009', name: 'X', rings: true }, window)).rejects.toMatchObject({
      code: 'phone.no-mobile',
    });
    await handlers['phone.removeMobile']({ id: mobile.id }, window);
    expect(telephony.status().mobiles).toEqual([]);
  });

  it('hears of a phone that is added while the exchange runs, and sees one that is there already', async () => {
    const { handlers, ready, server, telephony } = await createTelephonyRig();
    await ready();
    const subscriptions = (): number => server.requests.filter((request) => request.endsWith('/subscription')).length;
    await expect.poll(subscriptions).toBe(1);
    server.phones.set('PJSIP/1001', 'answers');
    await handlers['phone.addMobile']({ name: 'Handy' }, window);
    expect(subscriptions()).toBe(2);
    const isRegistered = (): boolean | undefined => telephony.status().mobiles[0]?.registered;
    expect(isRegistered()).toBe(true);
    const endpoints = (): number => server.requests.filter((request) => request === 'GET endpoints').length;
    const asked = endpoints();
    // The address that it had before is taken away: it is still there.
    server.send({
      type: 'ContactStatusChange',
      endpoint: { technology: 'PJSIP', resource: '1001', state: 'online' },
      contact_info: { uri: 'sip:1001@127.0.0.1:9', contact_status: 'Removed', aor: '1001', roundtrip_usec: '0' },
    });
    await expect.poll(endpoints).toBe(asked + 1);
    expect(isRegistered()).toBe(true);
  });

  it('leads a call from the ring to the end over its handlers', async () => {
    const { handlers, ready, server, told } = await createTelephonyRig();
    await ready();
    server.phones.set('PJSIP/1000', 'answers');
    server.incoming({ number: '+4930111222', way: 'sipgate' });
    await expect.poll(() => handlers['phone.active']({}, window)).toMatchObject([{ state: { state: 'ringing' } }]);
    const [{ id: callId } = { id: '' }] = await handlers['phone.active']({}, window);
    await handlers['phone.answer']({ callId, by: 'assistant' }, window);
    await handlers['phone.listenIn']({ callId, on: true }, window);
    await handlers['phone.whisper']({ callId, text: 'psst' }, window);
    await handlers['phone.takeOver']({ callId }, window);
    await handlers['phone.mute']({ callId, on: true }, window);
    await handlers['phone.hold']({ callId, on: true }, window);
    await handlers['phone.hold']({ callId, on: false }, window);
    await handlers['phone.reportSoftphone']({ registered: true, callId, sound: 'nothing-goes' }, window);
    expect((await handlers['phone.active']({}, window))[0]?.trouble?.code).toBe('phone.no-microphone');
    await handlers['phone.handOver']({ callId }, window);
    await handlers['phone.sendDigits']({ callId, digits: '1' }, window);
    await handlers['phone.hangUp']({ callId }, window);
    expect(told.findLast(({ name }) => name === 'phone.call')?.payload).toMatchObject({
      state: { state: 'ended', reason: 'hung-up-here' },
    });
    await expect(Promise.resolve().then(() => handlers['phone.mute']({ callId, on: true }, window))).rejects.toMatchObject({
      code: 'phone.no-call',
    });
  });

  it('lets programs look and hang up, and call out only with the owner’s word', async () => {
    const rig = await createTelephonyRig({ askOwner: () => Promise.resolve(false) });
    await rig.ready();
    await rig.handlers['phone.status']({}, program);
    await expect(rig.handlers['phone.answer']({ callId: 'x', by: 'owner' }, program)).rejects.toMatchObject({ code: 'phone.not-allowed' });
    await expect(rig.handlers['phone.softphone']({}, program)).rejects.toMatchObject({ code: 'phone.not-allowed' });
    await expect(rig.handlers['phone.dial']({ number: '030555666', by: 'assistant' }, program)).rejects.toMatchObject({
      code: 'phone.not-allowed',
    });
  });

  it('ends all calls and tells the owner when the exchange breaks', async () => {
    const { ready, server, exchange, telephony, notices, told } = await createTelephonyRig();
    await ready();
    server.incoming({ number: '+4930111222' });
    await expect.poll(() => telephony.calls.active().length).toBe(1);
    exchange.become({ state: 'broken', error: { code: 'phone.exchange-silent', message: '', details: {} } });
    expect(told.findLast(({ name }) => name === 'phone.call')?.payload).toMatchObject({ state: { reason: 'engine-lost' } });
    expect(notices.at(-1)?.code).toBe('phone.engine-lost');
    expect(telephony.status()).toMatchObject({ state: 'broken', error: { code: 'phone.exchange-silent' } });
    expect(() => telephony.softphone()).toThrow(expect.objectContaining({ code: 'phone.not-ready' }));
  });

  it('knows nothing of phones and trunks that are told of when the exchange has gone', async () => {
    const { ready, server, exchange, telephony } = await createTelephonyRig();
    server.phones.set('PJSIP/1000', 'rings');
    server.delayMs = 100;
    await ready();
    // The question is on its way.
    await new Promise((resolve) => void setTimeout(resolve, 30));
    exchange.become({ state: 'broken', error: { code: 'phone.exchange-silent', message: '', details: {} } });
    await new Promise((resolve) => void setTimeout(resolve, 200));
    expect(telephony.status().softphone).toBe(false);
  });

  it('takes away a recording of which an app that was killed had not told the other end', async () => {
    const folder = await temporaryFolder();
    const name = 'oc-call_killed-1-0';
    await writeFile(join(folder, 'recordings-untold.json'), JSON.stringify({ version: 1, names: [name] }));
    const { ready, server, telephony } = await createTelephonyRig({ folder });
    const told: string[] = [];
    telephony.calls.onRecording((recording) => void told.push(recording.name));
    server.recordings.add(name).add('oc-call_told-1-0');
    await ready();
    for (const finished of [name, 'oc-call_told-1-0'])
      server.send({ type: 'RecordingFinished', recording: { name: finished, format: 'wav', state: 'done' } });
    await expect.poll(() => [...server.recordings]).toEqual(['oc-call_told-1-0']);
    expect(told).toEqual(['oc-call_told-1-0']);
  });

  it('stops with the off-switch, the exchange as well, and does not begin while it is engaged', async () => {
    const { ready, server, telephony, shut, exchange } = await createTelephonyRig();
    await ready();
    server.incoming({ number: '+4930111222' });
    await expect.poll(() => telephony.calls.active().length).toBe(1);
    expect(await shut()).toEqual(['incoming call', 'asterisk']);
    expect(telephony.calls.active()).toEqual([]);
    await expect(telephony.setUp()).rejects.toMatchObject({ code: 'killswitch.engaged' });
    expect(exchange.done).toContain('kill');
  });

  it('has callers of the open AudioSocket among its calls, without an exchange, until they are hung up or everything is stopped', async () => {
    const { handlers, media, told, shut } = await createTelephonyRig();
    const comes = async (legId: string): Promise<string> => {
      media.tell({ type: 'leg.uninvited', legId });
      media.tell({ type: 'leg.connected', legId, atMs: 0 });
      await expect.poll(() => media.legs.size).toBe(1);
      const [call] = await handlers['phone.active']({}, window);
      expect(call).toMatchObject({ way: 'audiosocket', state: { state: 'talking', by: 'assistant' } });
      return call?.id ?? '';
    };
    await handlers['phone.hangUp']({ callId: await comes('leg-1') }, window);
    expect(told.at(-1)).toMatchObject({ name: 'phone.call', payload: { state: { state: 'ended', reason: 'hung-up-here' } } });
    await comes('leg-2');
    expect(await shut()).toContain('incoming call');
    expect(told.at(-1)).toMatchObject({ name: 'phone.call', payload: { state: { state: 'ended', reason: 'stopped' } } });
    expect([await handlers['phone.active']({}, window), media.legs.size]).toEqual([[], 0]);
  });

  it('is quiet until a time, and keeps the PIN as a hash', async () => {
    const { handlers, secrets, telephony } = await createTelephonyRig();
    const untilMs = Date.now() + 60_000;
    expect(await handlers['phone.setQuiet']({ untilMs }, window)).toMatchObject({ quietUntilMs: untilMs });
    expect(await handlers['phone.setQuiet']({ untilMs: null }, window)).toMatchObject({ quietUntilMs: null });
    expect(await handlers['phone.setPin']({ pin: '4711' }, window)).toMatchObject({ hasPin: true });
    expect(secrets.get('phone.pin')).toMatch(/^scrypt:/);
    expect(await telephony.pin.check('call', '4711')).toBe('right');
  });

  it('keeps a phone book with numbers as the network tells them, and a block list', async () => {
    const { handlers, telephony, told } = await createTelephonyRig();
    const fields = { name: 'Mama', language: 'de', blocked: false, isFavourite: true, mayAsk: true, note: '' } as const;
    const saved = await handlers['phone.saveContact']({ ...fields, numbers: ['030111222', '+4930111222'] }, window);
    expect(saved.numbers).toEqual(['+4930111222']);
    expect(telephony.book.find('+4930111222')).toEqual(saved);
    await handlers['phone.block']({ number: '+4930111222', blocked: true }, window);
    await handlers['phone.block']({ number: '+4930999', blocked: true }, window);
    expect(telephony.book.find('+4930111222')?.blocked).toBe(true);
    expect([telephony.book.isBlocked('+4930999'), telephony.book.isBlocked('+4930111222')]).toEqual([true, false]);
    await expect(handlers['phone.saveContact']({ ...fields, id: 'nobody', numbers: [] }, window)).rejects.toMatchObject({
      code: 'phone.no-contact',
    });
    await expect(handlers['phone.saveContact']({ ...fields, numbers: ['+'] }, window)).rejects.toMatchObject({ code: 'phone.bad-number' });
    await handlers['phone.removeContact']({ id: saved.id }, window);
    expect(await handlers['phone.contacts']({}, window)).toEqual([]);
    expect(told.filter(({ name }) => name === 'phone.contactsChanged').length).toBeGreaterThan(2);
  });

  it('puts a damaged file aside and says so', async () => {
    const { folder } = await createTelephonyRig();
    await writeFile(join(folder, 'phone.json'), '{"version":7');
    const { telephony } = await createTelephonyRig({ folder });
    expect(telephony.problem()).toMatchObject({ code: 'phone.file-damaged' });
    expect(telephony.status().state).toBe('off');
  });
});

describe('createPhoneTools', () => {
  it('plans a call with its number, places it, and tells what came of it', async () => {
    const { telephony, ready, server, handlers, voice, exchange } = await createTelephonyRig();
    exchange.registration = 'registered';
    await handlers['phone.saveTrunk'](draft, window);
    await ready();
    await expect.poll(() => telephony.status().trunks[0]?.status).toBe('registered');
    server.phones.set('PJSIP/sipgate', 'answers');
    await telephony.book.save({
      name: 'Dr. Zahn',
      numbers: ['030555666'],
      language: 'de',
      blocked: false,
      isFavourite: false,
      mayAsk: false,
      note: '',
    });
    const [tool, , hangUp] = createPhoneTools({ ...telephony, isReady: () => true, resultOf: async () => 'Tuesday at ten' });
    if (!tool || !hangUp) throw new Error('there are two tools');
    const input = { to: 'zahn', purpose: 'an appointment' };
    const plan = await tool.plan(input, { ...toolContext() });
    expect(plan).toMatchObject({ summary: 'Call Dr. Zahn (+4930555666): an appointment', rights: ['call-out'], rememberKey: undefined });
    expect(tool.risk).toBe('high');
    await expect(tool.plan({ to: '112', purpose: 'x' }, toolContext())).rejects.toMatchObject({ code: 'phone.emergency-refused' });
    await expect(tool.plan({ to: 'nobody', purpose: 'x' }, toolContext())).rejects.toMatchObject({ code: 'phone.unknown-contact' });
    const running = tool.run(input, toolContext());
    await expect.poll(() => voice.begun.length, { timeout: 5_000 }).toBe(1);
    expect(await hangUp.run({ all: false }, toolContext())).toMatchObject({ text: 'The call is over.' });
    expect(await running).toEqual({
      text: 'The call with Dr. Zahn is over (hung-up-here). What came of it: Tuesday at ten',
      outside: true,
    });
  });

  it('hangs up on callers of the open AudioSocket as well', async () => {
    const { telephony, media, handlers } = await createTelephonyRig();
    const hangUp = createPhoneTools({ ...telephony, isReady: () => true, resultOf: async () => undefined }).find(
      ({ name }) => name === 'hang_up',
    );
    media.tell({ type: 'leg.uninvited', legId: 'leg-1' });
    media.tell({ type: 'leg.connected', legId: 'leg-1', atMs: 0 });
    await expect.poll(() => handlers['phone.active']({}, window)).toHaveLength(1);
    expect(await hangUp?.run({ all: false }, toolContext())).toMatchObject({ text: 'The call is over.' });
    expect([await handlers['phone.active']({}, window), media.legs.size]).toEqual([[], 0]);
  });
});

describe('phoneIntent', () => {
  it.each([
    ['Call the dentist and ask for an appointment next week', 'en', { to: 'the dentist', purpose: 'ask for an appointment next week' }],
    ['Please call my mother and tell her that I am late.', 'en', { to: 'my mother', purpose: 'tell her that I am late' }],
    ['call +49 30 555666 to confirm the table', 'en', { to: '+49 30 555666', purpose: 'confirm the table' }],
    ['Ruf meine Mutter an und sag, dass ich später komme', 'de', { to: 'meine Mutter', purpose: 'sag, dass ich später komme' }],
    [
      'Kannst du bitte beim Zahnarzt anrufen und nach einem Termin fragen?',
      'de',
      { to: 'beim Zahnarzt', purpose: 'nach einem Termin fragen' },
    ],
  ])('reads %j', (sentence, language, input) => {
    expect(phoneIntent(sentence, language)?.calls).toMatchObject([{ name: 'phone_call', input }]);
  });

  it.each(['Call me Tom', 'call it a day', 'Call my mother', 'What do you call a group of crows and why?', 'Ruf mich an und sag hallo'])(
    'leaves %j to the model',
    (sentence) => {
      expect(phoneIntent(sentence, 'en')).toBeUndefined();
    },
  );
});
