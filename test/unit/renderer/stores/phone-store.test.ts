import { describe, expect, it } from 'vitest';
import type { PhoneCall } from '../../../../src-preload/contract/index.ts';
import { CallError } from '../../../../src-renderer/bridge/call-error.ts';
import { createPhoneStore, isTalking, shownCall } from '../../../../src-renderer/stores/phone-store.ts';
import { fakePhoneCall, PHONE_READY } from '../../../doubles/fake-core-phone-data.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

type Talking = Extract<PhoneCall['state'], { state: 'talking' }>;

const talking = (patch: Partial<Talking> = {}): Talking => ({
  state: 'talking',
  by: 'owner',
  held: false,
  muted: false,
  listening: false,
  recording: false,
  ...patch,
});
const ended = (id: string): PhoneCall => fakePhoneCall({ id, state: { state: 'ended', reason: 'hung-up-there' } });
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

function createPage(answers: Parameters<typeof createScriptedBridge>[0] = {}) {
  const bridge = createScriptedBridge({ 'phone.status': () => PHONE_READY, 'phone.active': () => [], ...answers });
  return { bridge, phone: createPhoneStore(bridge) };
}

describe('createPhoneStore', () => {
  it('keeps calls in the order in which they began, and takes them away when they end', () => {
    const { bridge, phone } = createPage();
    bridge.tell('phone.call', fakePhoneCall({ id: 'b', startedAtMs: 20 }));
    bridge.tell('phone.call', fakePhoneCall({ id: 'a', startedAtMs: 10 }));
    expect(phone.getState().calls.map(({ id }) => id)).toEqual(['a', 'b']);
    bridge.tell('phone.call', ended('a'));
    expect(phone.getState().calls.map(({ id }) => id)).toEqual(['b']);
    expect(phone.getState().ended?.id).toBe('a');
    phone.getState().putEndedAway('b');
    expect(phone.getState().ended?.id).toBe('a');
    phone.getState().putEndedAway('a');
    expect(phone.getState().ended).toBeUndefined();
  });

  it('puts a later caption in the place of the earlier one, and forgets all with the call', () => {
    const { bridge, phone } = createPage();
    bridge.tell('phone.call', fakePhoneCall({ id: 'a', state: talking() }));
    const caption = { callId: 'a', speaker: 'caller' as const, atMs: 0 };
    bridge.tell('phone.caption', { ...caption, seq: 1, text: 'second', final: false });
    bridge.tell('phone.caption', { ...caption, seq: 0, text: 'first', final: true });
    bridge.tell('phone.caption', { ...caption, seq: 1, text: 'second, whole', final: true });
    expect(
      phone
        .getState()
        .captions.get('a')
        ?.map(({ text }) => text),
    ).toEqual(['first', 'second, whole']);
    bridge.tell('phone.call', ended('a'));
    expect(phone.getState().captions.size).toBe(0);
  });

  it('does not bring a call back with an answer that comes after its end', async () => {
    const late: { answer?: (call: PhoneCall) => void } = {};
    const { bridge, phone } = createPage({ 'phone.answer': () => new Promise((resolve) => (late.answer = resolve)) });
    bridge.tell('phone.call', fakePhoneCall({ id: 'a' }));
    const answered = phone.getState().answer('a', 'owner');
    bridge.tell('phone.call', ended('a'));
    late.answer?.(fakePhoneCall({ id: 'a', state: talking() }));
    await answered;
    expect(phone.getState().calls).toEqual([]);
  });

  it('takes a call away that the core knows no more, and says so', async () => {
    const gone = new CallError({ code: 'phone.no-call', message: 'This call is over.', details: {} });
    const { bridge, phone } = createPage({ 'phone.hangUp': () => Promise.reject(gone) });
    bridge.tell('phone.call', fakePhoneCall({ id: 'a', state: talking() }));
    await expect(phone.getState().hangUp('a')).rejects.toBe(gone);
    expect(phone.getState().calls).toEqual([]);
  });

  it('keeps a call whose order did not arrive', async () => {
    const lost = new CallError({ code: 'bridge.lost', message: 'The connection was lost.', details: {} });
    const { bridge, phone } = createPage({ 'phone.hangUp': () => Promise.reject(lost) });
    bridge.tell('phone.call', fakePhoneCall({ id: 'a', state: talking() }));
    await expect(phone.getState().hangUp('a')).rejects.toBe(lost);
    expect(phone.getState().calls).toHaveLength(1);
  });

  it('asks for the calls again when the connection is back', async () => {
    const { bridge, phone } = createPage({ 'phone.active': () => [fakePhoneCall({ id: 'missed' }), ended('over')] });
    bridge.setConnection('lost');
    bridge.setConnection('open');
    await settled();
    expect(phone.getState().calls.map(({ id }) => id)).toEqual(['missed']);
  });

  it('keeps a call that begins, and lets one go that ends, while the list is on its way', async () => {
    const late: { answer?: (calls: PhoneCall[]) => void } = {};
    const { bridge, phone } = createPage({ 'phone.active': () => new Promise((resolve) => (late.answer = resolve)) });
    bridge.tell('phone.call', fakePhoneCall({ id: 'unheard' }));
    const loaded = phone.getState().load();
    bridge.tell('phone.call', fakePhoneCall({ id: 'new' }));
    bridge.tell('phone.call', fakePhoneCall({ id: 'old' }));
    bridge.tell('phone.call', ended('old'));
    late.answer?.([fakePhoneCall({ id: 'old' }), fakePhoneCall({ id: 'listed' })]);
    await loaded;
    expect(
      phone
        .getState()
        .calls.map(({ id }) => id)
        .toSorted(),
    ).toEqual(['listed', 'new']);
  });

  it('opens the panel for a call that the assistant takes, not for one of the owner', () => {
    const { bridge, phone } = createPage();
    bridge.tell('phone.call', fakePhoneCall({ id: 'a' }));
    bridge.tell('phone.call', fakePhoneCall({ id: 'a', state: talking({ by: 'assistant' }) }));
    expect(phone.getState().panelOpen).toBe(true);
    phone.getState().setPanelOpen(false);
    bridge.tell('phone.call', fakePhoneCall({ id: 'a', state: talking({ by: 'assistant', held: true }) }));
    expect(phone.getState().panelOpen).toBe(false);
    bridge.tell('phone.call', fakePhoneCall({ id: 'b', state: talking() }));
    expect(phone.getState().panelOpen).toBe(false);
  });

  it('knows how loud each end is without telling anybody', () => {
    const { bridge, phone } = createPage();
    let told = 0;
    phone.subscribe(() => (told += 1));
    bridge.tell('phone.levels', { callId: 'a', caller: 0.5, here: 0.1 });
    expect(phone.getState().levelsOf('a')).toEqual({ caller: 0.5, here: 0.1 });
    expect(phone.getState().levelsOf('b')).toEqual({ caller: 0, here: 0 });
    expect(told).toBe(0);
  });

  it('forgets the level with the leg that measured it: nothing stands still when the owner has taken over', () => {
    const { bridge, phone } = createPage();
    bridge.tell('phone.call', fakePhoneCall({ id: 'a', state: talking({ by: 'assistant' }) }));
    bridge.tell('phone.levels', { callId: 'a', caller: 0.5, here: 0.1 });
    bridge.tell('phone.call', fakePhoneCall({ id: 'a', state: talking({ by: 'assistant', listening: true }) }));
    expect(phone.getState().levelsOf('a').caller).toBe(0.5);
    bridge.tell('phone.call', fakePhoneCall({ id: 'a', state: talking({ by: 'mobile' }) }));
    expect(phone.getState().levelsOf('a')).toEqual({ caller: 0, here: 0 });
  });
});

describe('shownCall', () => {
  const held = fakePhoneCall({ id: 'held', state: talking({ held: true }) });
  const open = fakePhoneCall({ id: 'open', state: talking() });
  const rings = fakePhoneCall({ id: 'rings' });

  it('prefers the chosen one, then one that is not on hold; what rings has its own place', () => {
    expect(shownCall({ calls: [open, held, rings], chosenId: undefined })?.id).toBe('open');
    expect(shownCall({ calls: [open, held, rings], chosenId: 'held' })?.id).toBe('held');
    expect(shownCall({ calls: [held, rings], chosenId: 'gone' })?.id).toBe('held');
    expect(shownCall({ calls: [rings], chosenId: 'rings' })).toBeUndefined();
  });

  it('tells talk from the rest', () => {
    expect([held, open, rings, undefined].map(isTalking)).toEqual([true, true, false, false]);
  });

  it('says which call a number has become, also while another one begins to ring', async () => {
    const { bridge, phone } = createPage({
      'phone.dial'({ number }) {
        bridge.tell('phone.call', fakePhoneCall({ id: 'in', startedAtMs: 30 }));
        return fakePhoneCall({ id: `out ${number}`, startedAtMs: 20, direction: 'out', state: { state: 'dialing', ringing: false } });
      },
    });
    const call = await phone.getState().dial({ number: '1234', by: 'owner' });
    expect([call.id, phone.getState().calls.map(({ id }) => id)]).toEqual(['out 1234', ['out 1234', 'in']]);
  });
});
