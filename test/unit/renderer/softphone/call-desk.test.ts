import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCallDesk } from '../../../../src-renderer/softphone/call-desk.ts';
import type { CallMedia } from '../../../../src-renderer/softphone/call-media.ts';
import type { SipInvitation } from '../../../../src-renderer/softphone/sip-line.ts';
import { phoneCall, talkingCall } from '../../../doubles/phone-call.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const TRACK = { kind: 'audio' } as MediaStreamTrack;
const owner = (id: string, patch: object = {}) =>
  talkingCall(id, { state: { state: 'talking', by: 'owner', held: false, muted: false, listening: false, recording: false, ...patch } });

interface FakeMedia extends CallMedia {
  sending: MediaStreamTrack | undefined;
  digits: string[];
  closed: boolean;
  plays: boolean;
  received: number;
}

function setUp({ inSound = true } = {}) {
  const media: FakeMedia[] = [];
  const findings: string[] = [];
  const wanted: boolean[] = [];
  const muted: boolean[] = [];
  let shown: string[] = [];
  const desk = createCallDesk({
    createMedia() {
      const made: FakeMedia = {
        sending: undefined,
        digits: [],
        closed: false,
        plays: false,
        received: 0,
        setRemote: async () => undefined,
        local: async () => '',
        rollBack: async () => undefined,
        send: (track) => void (made.sending = track),
        sendDigits: (digits) => inSound && made.digits.push(digits) > 0,
        count: async () => ({
          atMs: Date.now(),
          received: made.received,
          sent: Date.now(),
          microphoneEnergy: Date.now(),
          here: 0.1,
          there: 0.2,
        }),
        hasPlayed: () => made.plays,
        close: () => void (made.closed = true),
      };
      media.push(made);
      return made;
    },
    play: () => () => undefined,
    onMicrophoneWanted: (next) => next !== wanted.at(-1) && wanted.push(next),
    onCalls: (calls) => void (shown = calls.map(({ callId, mode, phase }) => `${callId} ${mode} ${phase}`)),
    onFinding: (callId, finding) => findings.push(`${callId} ${finding}`),
    isMuted: () => false,
    onMuted: (next) => muted.push(next),
    nowMs: Date.now,
  });
  const invite = (callId: string, answersAtOnce = false) => {
    const told = { accepted: 0, ended: 0, info: '' };
    const listeners: (() => void)[] = [];
    const invitation: SipInvitation = {
      callId,
      answersAtOnce,
      accept: async () => void (told.accepted += 1),
      end: () => void (told.ended += 1),
      sendInfoDigit: (digit) => void (told.info += digit),
      onEnd: (listener) => void listeners.push(listener),
    };
    desk.invite(invitation);
    return Object.assign(told, { endThere: () => listeners.forEach((listener) => listener()) });
  };
  return { desk, invite, media, findings, wanted, muted, shown: () => shown, settle: () => vi.advanceTimersByTimeAsync(0) };
}

describe('createCallDesk', () => {
  it('answers when the click comes after the exchange has called, and when it comes before', async () => {
    const { desk, invite, shown, settle } = setUp();
    const first = invite('a');
    expect([first.accepted, shown()]).toEqual([0, []]);
    desk.accept('a', 'talk');
    await settle();
    expect([first.accepted, shown()]).toEqual([1, ['a talk open']]);
    desk.accept('b', 'talk');
    expect(shown()).toEqual(['b talk waiting', 'a talk open']);
    const second = invite('b');
    await settle();
    expect([second.accepted, shown()]).toEqual([1, ['b talk open', 'a talk open']]);
  });

  it('forgets a click that the exchange does not follow, and one for a call that is over', async () => {
    const { desk, shown, wanted } = setUp();
    desk.accept('a', 'talk');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(shown()).toEqual([]);
    desk.follow(phoneCall('b', { state: { state: 'ended', reason: 'hung-up-there' } }));
    desk.accept('b', 'talk');
    expect([shown(), wanted]).toEqual([[], [true, false]]);
  });

  it('answers by itself what the owner has answered elsewhere or dialled, with the microphone only where it is the owner’s turn', async () => {
    const { desk, invite, shown, settle } = setUp();
    invite('tray', true);
    desk.follow(phoneCall('out', { direction: 'out', state: { state: 'dialing', ringing: false } }));
    invite('out');
    desk.follow(owner('told'));
    invite('told');
    desk.follow(talkingCall('assistants'));
    invite('assistants', true);
    desk.follow(talkingCall('nobody-asked'));
    invite('nobody-asked');
    await settle();
    expect(shown()).toEqual(['assistants listen open', 'told talk open', 'out talk open', 'tray talk open']);
  });

  it('gives the microphone to the call in which the owner speaks, and to none on hold', async () => {
    const { desk, invite, media, wanted, settle } = setUp();
    desk.accept('a', 'listen');
    invite('a');
    desk.useTrack(TRACK);
    await settle();
    expect([media[0]?.sending, wanted]).toEqual([undefined, [false]]);
    desk.accept('a', 'talk');
    expect([media[0]?.sending, wanted]).toEqual([TRACK, [false, true]]);
    desk.follow(owner('a', { held: true }));
    expect(media[0]?.sending).toBeUndefined();
    desk.follow(owner('a'));
    expect(media[0]?.sending).toBe(TRACK);
    desk.follow(
      talkingCall('a', { state: { state: 'talking', by: 'assistant', held: false, muted: false, listening: true, recording: false } }),
    );
    expect(media[0]?.sending).toBeUndefined();
  });

  it('ends the sound with the call, whoever ends it', async () => {
    const { desk, invite, media, shown, settle } = setUp();
    const calls = ['a', 'b', 'c'].map((id) => {
      desk.accept(id, 'talk');
      return invite(id);
    });
    await settle();
    desk.follow(phoneCall('a', { state: { state: 'ended', reason: 'hung-up-there' } }));
    desk.hangUp('b');
    calls[2]?.endThere();
    expect([shown(), media.map(({ closed }) => closed), calls.map(({ ended }) => ended)]).toEqual([[], [true, true, true], [1, 1, 1]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes the newer of two connections for the same call', async () => {
    const { desk, invite, media, shown, settle } = setUp();
    desk.accept('a', 'talk');
    const older = invite('a');
    await settle();
    const newer = invite('a');
    await settle();
    older.endThere();
    expect([older.ended, newer.ended, media.map(({ closed }) => closed), shown()]).toEqual([1, 0, [true, false], ['a talk open']]);
  });

  it('tells the first sound, its loss and its return', async () => {
    const { desk, invite, media, findings } = setUp();
    desk.accept('a', 'talk');
    invite('a');
    await vi.advanceTimersByTimeAsync(100);
    const [sound] = media;
    if (sound) sound.plays = true;
    await vi.advanceTimersByTimeAsync(20);
    expect(findings).toEqual(['a hears']);
    expect(desk.levels()).toEqual({ here: 0.1, there: 0.2 });
    await vi.advanceTimersByTimeAsync(6000);
    if (sound) sound.received = 10;
    await vi.advanceTimersByTimeAsync(200);
    expect(findings).toEqual(['a hears', 'a nothing-comes', 'a hears']);
    desk.dispose();
  });

  it('sends digits in the sound, with pauses, and as messages where that does not work', async () => {
    const sound = setUp();
    sound.desk.accept('a', 'talk');
    sound.invite('a');
    await sound.settle();
    const sent = sound.desk.sendDigits('a', '12w3');
    await vi.advanceTimersByTimeAsync(500);
    expect(sound.media[0]?.digits).toEqual(['12']);
    await vi.advanceTimersByTimeAsync(1000);
    expect([await sent, sound.media[0]?.digits]).toEqual([true, ['12', '3']]);
    expect(await sound.desk.sendDigits('other', '1')).toBe(false);

    const messages = setUp({ inSound: false });
    messages.desk.accept('a', 'talk');
    const call = messages.invite('a');
    await messages.settle();
    const told = messages.desk.sendDigits('a', '5#');
    await vi.advanceTimersByTimeAsync(1000);
    expect([await told, call.info]).toEqual([true, '5#']);
    sound.desk.dispose();
    messages.desk.dispose();
  });

  it('follows a microphone that is shut or opened from another page, and takes no click back that the core has not heard of yet', () => {
    const { desk, muted } = setUp();
    desk.accept('a', 'talk');
    desk.follow(owner('a'));
    muted.length = 0;
    desk.follow(owner('a', { recording: true }));
    expect(muted).toEqual([]);
    desk.follow(owner('a', { muted: true }));
    desk.follow(owner('a', { muted: true, recording: true }));
    desk.follow(owner('a'));
    expect(muted).toEqual([true, false]);
  });

  it('opens the microphone for a second call while the first one waits muted, and shuts it again when that goes on', () => {
    const { desk, muted } = setUp();
    desk.accept('a', 'talk');
    desk.follow(owner('a'));
    desk.follow(owner('a', { muted: true }));
    desk.follow(owner('a', { muted: true, held: true }));
    desk.accept('b', 'talk');
    desk.follow(owner('b'));
    expect(muted.at(-1)).toBe(false);
    desk.follow(owner('b', { held: true }));
    desk.follow(owner('a', { muted: true }));
    expect(muted.at(-1)).toBe(true);
  });
});
