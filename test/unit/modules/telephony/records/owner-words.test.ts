import { describe, expect, it } from 'vitest';
import type { CallState, PhoneCall } from '../../../../../src-preload/contract/index.ts';
import { createOwnerWords } from '../../../../../src-main/modules/telephony/records/owner-words.ts';
import { talkingCall } from '../../../../doubles/phone-call.ts';

type Talking = Extract<CallState, { state: 'talking' }>;
const by = (speaker: Talking['by'], change: Partial<Talking> = {}): PhoneCall => {
  const call = talkingCall('c');
  return { ...call, state: { ...(call.state as Talking), by: speaker, recording: true, ...change } };
};

describe('createOwnerWords', () => {
  it("gives the other end's talks to them and what lies between to the owner, from the take-over on", () => {
    const words = createOwnerWords();
    words.onCall(by('assistant'), 0);
    words.onTalking('caller', true, 1_000);
    words.onTalking('caller', false, 4_000);
    words.onCall(by('owner'), 10_000);
    words.onTalking('caller', true, 13_000);
    words.onTalking('caller', false, 15_000);
    words.onTalking('caller', true, 15_500);
    words.onTalking('caller', false, 16_000);
    words.onCall({ ...by('owner'), state: { state: 'ended', reason: 'hung-up-there' } }, 20_000);
    expect(words.pieces(25_000)).toEqual([
      { speaker: 'owner', startMs: 10_000, endMs: 12_600 },
      { speaker: 'caller', startMs: 12_600, endMs: 16_000 },
      { speaker: 'owner', startMs: 16_000, endMs: 20_000 },
    ]);
  });

  it('has nothing of the assistant, of what is not recorded, and of music while the call is held', () => {
    const words = createOwnerWords();
    words.onCall(by('assistant'), 0);
    words.onCall(by('owner', { recording: false }), 5_000);
    words.onCall(by('mobile', { held: true }), 8_000);
    expect(words.pieces(9_000)).toEqual([]);
    words.onCall(by('mobile'), 9_000);
    expect(words.pieces(12_000)).toEqual([{ speaker: 'owner', startMs: 9_000, endMs: 12_000 }]);
    words.onTalking('caller', true, 11_000);
    expect(words.pieces(12_000)).toEqual([
      { speaker: 'owner', startMs: 9_000, endMs: 10_600 },
      { speaker: 'caller', startMs: 10_600, endMs: 12_000 },
    ]);
  });

  it('makes no piece of a breath', () => {
    const words = createOwnerWords();
    words.onCall(by('owner'), 0);
    words.onTalking('caller', true, 500);
    words.onTalking('caller', false, 2_900);
    expect(words.pieces(3_000)).toEqual([{ speaker: 'caller', startMs: 100, endMs: 2_900 }]);
  });

  it('takes no notice of ours for the words of a person', () => {
    const words = createOwnerWords();
    words.onCall(by('owner'), 0);
    words.onTalking('notice', true, 500);
    words.onTalking('caller', true, 2_000);
    words.onTalking('notice', false, 2_500);
    words.onTalking('caller', false, 4_000);
    expect(words.pieces(5_000)).toEqual([
      { speaker: 'owner', startMs: 0, endMs: 500 },
      { speaker: 'caller', startMs: 2_500, endMs: 4_000 },
      { speaker: 'owner', startMs: 4_000, endMs: 5_000 },
    ]);
  });
});
