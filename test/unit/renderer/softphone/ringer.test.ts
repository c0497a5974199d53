import { describe, expect, it } from 'vitest';
import type { PhoneStatus } from '../../../../src-preload/contract/index.ts';
import { createRinger } from '../../../../src-renderer/softphone/ringer.ts';
import { phoneCall, talkingCall } from '../../../doubles/phone-call.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

const STATUS: PhoneStatus = {
  state: 'ready',
  source: 'container',
  steps: [],
  error: null,
  version: '22',
  softphone: true,
  trunks: [],
  mobiles: [],
  quietUntilMs: null,
};

function setUp() {
  const bridge = createScriptedBridge({});
  const heard: string[] = [];
  const ringer = createRinger({
    bridge,
    sound: {
      play(tone) {
        heard.push(tone);
        return () => void heard.push('silence');
      },
      setVolume: () => undefined,
      setSpeaker: () => undefined,
      dispose: () => undefined,
    },
    nowMs: () => 1000,
  });
  ringer.setOn(true);
  return { bridge, ringer, heard };
}

describe('createRinger', () => {
  it('rings until somebody has answered or given up', () => {
    const { bridge, heard } = setUp();
    bridge.tell('phone.call', phoneCall('a'));
    bridge.tell('phone.call', phoneCall('a'));
    bridge.tell('phone.call', talkingCall('a'));
    bridge.tell('phone.call', phoneCall('b'));
    bridge.tell('phone.call', phoneCall('b', { state: { state: 'ended', reason: 'hung-up-there' } }));
    expect(heard).toEqual(['incoming', 'silence', 'incoming', 'silence']);
  });

  it('knows from the list of calls what no event has told: one that rings already, one that is gone', () => {
    const { ringer, heard } = setUp();
    ringer.know([phoneCall('a')]);
    ringer.know([phoneCall('a')]);
    ringer.know([]);
    expect(heard).toEqual(['incoming', 'silence']);
  });

  it('ends in the tick of the click, and rings for the next call all the same', () => {
    const { bridge, ringer, heard } = setUp();
    bridge.tell('phone.call', phoneCall('a'));
    ringer.silence('a');
    bridge.tell('phone.call', phoneCall('a', { party: { number: '', name: 'now with a name', contactId: null, standing: 'known' } }));
    expect(heard).toEqual(['incoming', 'silence']);
    bridge.tell('phone.call', phoneCall('b'));
    expect(heard).toEqual(['incoming', 'silence', 'incoming']);
  });

  it('only knocks for a call that the core wants quiet, until another one rings aloud', () => {
    const { bridge, heard } = setUp();
    bridge.tell('phone.call', phoneCall('a', { state: { state: 'ringing', screening: false, quietly: true } }));
    bridge.tell('phone.call', phoneCall('b'));
    bridge.tell('phone.call', phoneCall('a', { state: { state: 'ended', reason: 'hung-up-there' } }));
    bridge.tell('phone.call', phoneCall('b', { state: { state: 'ended', reason: 'hung-up-there' } }));
    expect(heard).toEqual(['waiting', 'silence', 'incoming', 'silence']);
  });

  it('is silent for calls that go out, that are screened, and while another page is the telephone', () => {
    const { bridge, ringer, heard } = setUp();
    bridge.tell('phone.call', phoneCall('a', { direction: 'out', state: { state: 'dialing', ringing: true } }));
    bridge.tell('phone.call', phoneCall('b', { state: { state: 'ringing', screening: true } }));
    expect(heard).toEqual([]);
    bridge.tell('phone.call', phoneCall('b'));
    expect(heard).toEqual(['incoming']);
    ringer.setOn(false);
    expect(heard).toEqual(['incoming', 'silence']);
    bridge.tell('phone.call', phoneCall('c'));
    ringer.setOn(true);
    expect(heard).toEqual(['incoming', 'silence', 'incoming']);
  });

  it('falls silent when the owner asks for quiet, and with the exchange', () => {
    const { bridge, heard } = setUp();
    bridge.tell('phone.call', phoneCall('a'));
    bridge.tell('phone.status', { ...STATUS, quietUntilMs: 900 });
    expect(heard).toEqual(['incoming']);
    bridge.tell('phone.status', { ...STATUS, quietUntilMs: 2000 });
    bridge.tell('phone.call', phoneCall('favourite'));
    bridge.tell('phone.status', { ...STATUS, state: 'broken' });
    expect(heard).toEqual(['incoming', 'silence', 'incoming', 'silence']);
  });
});
