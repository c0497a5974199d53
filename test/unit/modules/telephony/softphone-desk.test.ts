import { describe, expect, it, onTestFinished } from 'vitest';
import type { PhoneCall } from '../../../../src-preload/contract/index.ts';
import { createSoftphoneDesk } from '../../../../src-main/modules/telephony/softphone-desk.ts';
import { createPageHub } from '../../../../src-main/platform/contract-host/index.ts';
import { phoneCall, talkingCall } from '../../../doubles/phone-call.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';

function setUp() {
  const told: string[] = [];
  const hub = createPageHub({ log: createRecordingLog(), checkEvents: true });
  let calls: PhoneCall[] = [];
  const listeners: (() => void)[] = [];
  let lost = 0;
  const come = (clientId: string): (() => void) =>
    hub.add({
      caller: { door: 'browser', clientId },
      send: (name, payload) => void (name === 'phone.softphoneMoved' && told.push(`${clientId} ${JSON.stringify(payload)}`)),
      openAudio: () => undefined,
    });
  const desk = createSoftphoneDesk({
    hub,
    calls: () => calls,
    onCall(listener) {
      listeners.push(listener);
      return () => undefined;
    },
    onLost: () => void (lost += 1),
  });
  onTestFinished(() => void desk.dispose());
  const leave = { window: come('window'), tab: come('tab') };
  return {
    hub,
    desk,
    told,
    leave,
    lost: () => lost,
    talk(...next: PhoneCall[]): void {
      calls = next;
      for (const listener of listeners) listener();
    },
    come,
  };
}

const FREELY = { takeOver: false };
const TAKING = { takeOver: true };

describe('createSoftphoneDesk', () => {
  it('lets one page be the telephone, and tells the others', () => {
    const { desk, told } = setUp();
    desk.claim('window', FREELY);
    desk.claim('window', FREELY);
    expect(() => desk.claim('tab', FREELY)).toThrow(expect.objectContaining({ code: 'phone.softphone-elsewhere' }));
    expect(told).toEqual(['tab {"free":false}']);
    expect([desk.isElsewhere('tab'), desk.isElsewhere('window'), desk.isHeld()]).toEqual([true, false, true]);
  });

  it('gives it to a page that takes it over, but not while its owner talks on the other one', () => {
    const { desk, told, lost, talk } = setUp();
    desk.claim('window', FREELY);
    talk(talkingCall('a', { state: { state: 'talking', by: 'owner', held: false, muted: false, listening: false, recording: false } }));
    expect(() => desk.claim('tab', TAKING)).toThrow(expect.objectContaining({ code: 'phone.softphone-in-call' }));
    talk(phoneCall('b'), talkingCall('c'));
    desk.claim('tab', TAKING);
    expect([desk.isElsewhere('window'), lost(), told.at(-1)]).toEqual([true, 1, 'window {"free":false}']);
  });

  it('is free again when that page has gone', () => {
    const { desk, told, leave, lost } = setUp();
    desk.claim('window', FREELY);
    leave.window();
    expect([desk.isHeld(), lost(), told.at(-1)]).toEqual([false, 1, 'tab {"free":true}']);
    leave.tab();
    expect(lost()).toBe(1);
  });

  it('waits in mid-call for a page that has lost the core, and gives its place away when that call has ended', () => {
    const { desk, told, leave, talk, come } = setUp();
    const own = phoneCall('a', {
      state: { state: 'talking', by: 'owner', held: false, muted: false, listening: false, recording: false },
    });
    desk.claim('tab', FREELY);
    talk(own);
    told.length = 0;
    leave.tab();
    expect(told).toEqual([]);
    const leaveAgain = come('tab-2');
    desk.claim('tab-2', FREELY);
    expect(told).toEqual(['window {"free":false}']);
    leaveAgain();
    talk(own);
    expect(told).toHaveLength(1);
    talk();
    expect(told.at(-1)).toBe('window {"free":true}');
  });

  it('stays where the owner has dialled', () => {
    const { desk, talk } = setUp();
    desk.claim('window', FREELY);
    talk(phoneCall('a', { direction: 'out', state: { state: 'dialing', ringing: true } }));
    expect(() => desk.claim('tab', TAKING)).toThrow(expect.objectContaining({ code: 'phone.softphone-in-call' }));
  });

  it('counts on any page of the owner, in a browser too, and neither on a program nor on a page that is opened from another machine', () => {
    const { desk, hub, leave } = setUp();
    expect(desk.hasPage()).toBe(true);
    leave.window();
    leave.tab();
    const page = { send: () => undefined, openAudio: () => undefined };
    hub.add({ ...page, caller: { door: 'browser', clientId: 'program', isProgram: true } });
    hub.add({ ...page, caller: { door: 'phone', clientId: 'call' } });
    hub.add({ ...page, caller: { door: 'browser', clientId: 'laptop', isRemote: true } });
    expect(desk.hasPage()).toBe(false);
  });
});
