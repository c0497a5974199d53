import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { PhoneCall } from '../../../../src-preload/contract/index.ts';
import { createDeferred } from '../../../../src-main/base/deferred.ts';
import { createCallActions } from '../../../../src-renderer/app/call-actions.ts';
import type { Softphone, SoftphoneState } from '../../../../src-renderer/softphone/softphone-port.ts';
import { createPhoneBookStore } from '../../../../src-renderer/stores/phone-book-store.ts';
import { createPhoneStore } from '../../../../src-renderer/stores/phone-store.ts';
import { createViewStore } from '../../../../src-renderer/stores/view-store.ts';
import { talkingCall } from '../../../doubles/phone-call.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

const own = (muted: boolean): PhoneCall =>
  talkingCall('a', { state: { state: 'talking', by: 'owner', held: false, muted, listening: false, recording: false } });

/** The page of an owner who is on the telephone; `answers` are the core's to each mute. */
function createPage(muted: boolean, ...answers: (() => Promise<PhoneCall>)[]) {
  const bridge = createScriptedBridge({ 'phone.mute': () => answers.shift()?.() ?? Promise.reject(new Error('no')) });
  const [phone, view] = [createPhoneStore(bridge), createViewStore()];
  bridge.tell('phone.call', own(muted));
  const microphone: boolean[] = [];
  const state = createStore<SoftphoneState>()(() => ({
    line: { state: 'registered' },
    calls: [],
    muted,
    microphone: 'ok',
    replaced: null,
  }));
  const softphone: Softphone = {
    state,
    setMuted: (on) => void microphone.push(on),
    accept: () => undefined,
    takeOver: () => Promise.resolve(),
    hangUp: () => undefined,
    sendDigits: () => Promise.resolve(),
    configure: () => undefined,
    levels: () => ({ here: 0, there: 0 }),
    dispose: () => undefined,
  };
  const actions = createCallActions({ phone, phoneEnd: { softphone }, phoneBook: createPhoneBookStore(bridge), view });
  return {
    actions,
    bridge,
    microphone,
    toasts: () => view.getState().toasts.map(({ content }) => ('key' in content ? content.key : content.error.code)),
  };
}

const refused = (): Promise<PhoneCall> => Promise.reject(new Error('refused'));

describe('createCallActions', () => {
  it.each([
    ['heard', 'stillHeard', false],
    ['muted', 'stillMuted', true],
  ])('leaves the microphone %s as the core has it when it refuses a mute, and says so', async (_how, key, muted) => {
    const { actions, microphone, toasts } = createPage(muted, refused);
    await actions.set('phone.mute', own(muted), !muted);
    expect(microphone).toEqual([!muted, muted]);
    expect(toasts()).toEqual([key, 'internal.unexpected']);
  });

  it('does not touch the microphone for a mute that is refused after another click', async () => {
    const late = createDeferred<void>();
    const { actions, microphone } = createPage(
      false,
      () => late.promise.then(refused),
      () => Promise.resolve(own(true)),
    );
    const first = actions.set('phone.mute', own(false), true);
    await actions.set('phone.mute', own(false), true);
    late.resolve();
    await first;
    expect(microphone).toEqual([true, true]);
  });
});
