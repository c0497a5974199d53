import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../../src-main/base/log.ts';
import { watchCalls } from '../../../../src-main/modules/shell/call-watch.ts';
import { trayState } from '../../../../src-main/modules/shell/tray-state.ts';
import { createPageHub } from '../../../../src-main/platform/contract-host/index.ts';
import { phoneCall, talkingCall } from '../../../doubles/phone-call.ts';

function setUp() {
  const hub = createPageHub({ log: silentLog, checkEvents: true });
  const watch = watchCalls(hub);
  const ids = () => ({ ringing: watch.now().ringing.map(({ id }) => id), running: watch.now().running.map(({ id }) => id) });
  return { hub, watch, ids };
}

describe('watchCalls', () => {
  it('tells which calls ring and which are under way, oldest first', () => {
    const { hub, watch, ids } = setUp();
    hub.tell('phone.call', phoneCall('late', { startedAtMs: 3000 }));
    hub.tell('phone.call', phoneCall('early', { startedAtMs: 1000 }));
    hub.tell('phone.call', phoneCall('screened', { state: { state: 'ringing', screening: true } }));
    hub.tell('phone.call', phoneCall('out', { direction: 'out', state: { state: 'dialing', ringing: false } }));
    expect(ids()).toEqual({ ringing: ['early', 'late'], running: ['out'] });
    hub.tell('phone.call', talkingCall('early'));
    hub.tell('phone.call', phoneCall('late', { state: { state: 'ended', reason: 'hung-up-there' } }));
    expect(ids()).toEqual({ ringing: [], running: ['early', 'out'] });
    watch.dispose();
  });

  it('knows when window and microphone are the owner’s for a call', () => {
    const { hub, watch } = setUp();
    const talking = { state: 'talking', held: false, muted: false, listening: false, recording: false } as const;
    const seen: boolean[] = [];
    watch.onChange(({ ownerTalks }) => seen.push(ownerTalks));
    for (const state of [
      { ...talking, by: 'assistant' as const },
      { ...talking, by: 'assistant' as const, listening: true },
      { ...talking, by: 'owner' as const },
      { ...talking, by: 'mobile' as const },
    ])
      hub.tell('phone.call', phoneCall('a', { state }));
    expect(seen).toEqual([false, true, true, false]);
  });

  it('forgets calls whose exchange was shut down', () => {
    const { hub, ids } = setUp();
    hub.tell('phone.call', talkingCall('a'));
    hub.tell('phone.status', {
      state: 'off',
      source: null,
      steps: [],
      error: null,
      version: '',
      softphone: false,
      trunks: [],
      mobiles: [],
      quietUntilMs: null,
    });
    expect(ids()).toEqual({ ringing: [], running: [] });
  });

  it('shows a ringing call before a running one, and both behind the stop', () => {
    const { hub, watch } = setUp();
    hub.tell('phone.call', talkingCall('a'));
    expect(trayState([], undefined, 0, watch.now())).toBe('in-call');
    hub.tell('phone.call', phoneCall('b'));
    expect(trayState([], undefined, 0, watch.now())).toBe('ringing');
    expect(trayState([], undefined, 5, watch.now())).toBe('stopped');
  });
});
