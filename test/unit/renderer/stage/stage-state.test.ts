import { describe, expect, it } from 'vitest';
import type { AppSnapshot, PartStatus, PhoneCall, SessionSnapshot } from '../../../../src-preload/contract/index.ts';
import { stageStateOf, type StageInput } from '../../../../src-renderer/features/stage/stage-state.ts';
import { phoneCall } from '../../../doubles/phone-call.ts';

const snapshot = (...parts: PartStatus[]): AppSnapshot => ({
  version: '0.1.0',
  door: 'window',
  locale: 'en',
  platform: 'linux',
  firstRun: false,
  parts,
  notices: [],
  pushToTalkShortcut: { accelerator: '', registered: false, hold: false },
});

const SESSION: SessionSnapshot = {
  sessionId: 's1',
  conversationId: null,
  talk: { state: 'ready' },
  mode: 'hands-free',
  muted: false,
  pressed: false,
  characterId: 'default',
};

function input(patch: Partial<StageInput> = {}, session: Partial<SessionSnapshot> = {}): StageInput {
  return {
    connection: 'open',
    snapshot: snapshot(),
    audio: { session: 'running', microphone: { status: 'ok', device: 'Built-in' }, needsGesture: false },
    ...patch,
    session: { ...SESSION, ...session },
  };
}

const at = (session: Partial<SessionSnapshot>) => stageStateOf(input({ tool: 'Run a command' }, session));

const call = (state: PhoneCall['state']): PhoneCall => phoneCall('a', { state });
const talking = { state: 'talking', by: 'owner', held: false, muted: false, listening: false, recording: false } as const;
const onPhone = (current: PhoneCall, session: Partial<SessionSnapshot> = {}, isTelephone = true) =>
  stageStateOf(input({ calls: { ringing: undefined, current }, isTelephone }, session));

describe('stageStateOf', () => {
  it.each<[string, Partial<SessionSnapshot>, string, string]>([
    ['hands-free and ready', {}, 'ready', 'readyHandsFree'],
    ['push-to-talk and ready', { mode: 'push-to-talk' }, 'ready', 'readyPushToTalk'],
    ['listening', { talk: { state: 'listening' } }, 'listening', 'listening'],
    ['pressed', { mode: 'push-to-talk', talk: { state: 'listening' }, pressed: true }, 'listening', 'listeningPressed'],
    ['thinking', { talk: { state: 'thinking' } }, 'thinking', 'thinking'],
    ['speaking', { talk: { state: 'speaking', paused: false } }, 'speaking', 'speaking'],
    ['interrupted and undecided', { talk: { state: 'speaking', paused: true } }, 'paused', 'paused'],
    ['muted', { muted: true }, 'muted', 'muted'],
    ['muted while it speaks', { muted: true, talk: { state: 'speaking', paused: false } }, 'speaking', 'speaking'],
    ['loading', { talk: { state: 'off', reason: 'loading' } }, 'off', 'loading'],
  ])('shows shape and words when it is %s', (_name, session, ring, words) => {
    expect(stageStateOf(input({}, session))).toEqual({ ring, words });
  });

  it('tells "not started" from "starting"', () => {
    const off: Partial<SessionSnapshot> = { sessionId: null, talk: { state: 'off', reason: 'not-started' } };
    const audio = { microphone: { status: 'off' }, needsGesture: false } as const;
    expect(stageStateOf(input({ audio: { ...audio, session: 'off' } }, off)).words).toBe('off');
    expect(stageStateOf(input({ audio: { ...audio, session: 'starting' } }, off)).words).toBe('loading');
  });

  it.each<[string, StageInput['kill'], string]>([
    ['everything is off', { level: 5, languageCutOff: false }, 'stopped'],
    ['only answers are paused', { level: 1, languageCutOff: false }, 'stoppedPart'],
    ['the language model alone is cut off', { level: 0, languageCutOff: true }, 'languageCut'],
  ])('is struck through when %s, whatever else goes on', (_name, kill, words) => {
    expect(stageStateOf(input({ kill, tool: 'Run a command' }, { talk: { state: 'thinking' } }))).toEqual({ ring: 'stopped', words });
  });

  it('names the tool that the answer waits for, by voice and typed, but not while it listens or speaks', () => {
    const working = { ring: 'working', words: 'working', tool: 'Run a command' };
    expect(at({ talk: { state: 'thinking' } })).toEqual(working);
    expect(at({ sessionId: null, talk: { state: 'off', reason: 'not-started' } })).toEqual(working);
    expect(at({ talk: { state: 'listening' } }).ring).toBe('listening');
    expect(at({ talk: { state: 'speaking', paused: false } }).ring).toBe('speaking');
  });

  it.each<[string, Partial<typeof talking> | object, string, string]>([
    ['speaks', {}, 'call', 'callOwn'],
    ['is muted', { muted: true }, 'muted', 'callMuted'],
    ['holds it', { held: true, muted: true }, 'call', 'callHeld'],
    ['listens in', { by: 'assistant', listening: true }, 'call', 'callListening'],
  ])('is on the telephone while the owner %s, whatever else is the case', (_name, patch, ring, words) => {
    const current = call({ ...talking, ...patch });
    expect(onPhone(current)).toEqual({ ring, words, call: current });
    expect(
      stageStateOf(input({ calls: { ringing: call({ state: 'ringing', screening: false }), current }, isTelephone: true })).words,
    ).toBe(words);
    expect(onPhone(current, { sessionId: null, talk: { state: 'off', reason: 'not-started' } }).words).toBe(words);
  });

  it('shows a call that rings and one that others lead, as long as nobody talks to the assistant here', () => {
    const ringing = call({ state: 'ringing', screening: false });
    const led = call({ ...talking, by: 'assistant' });
    const both = (session: Partial<SessionSnapshot>) => stageStateOf(input({ calls: { ringing, current: led } }, session)).words;
    expect(both({})).toBe('callRings');
    expect(both({ talk: { state: 'listening' } })).toBe('listening');
    expect(onPhone(led).words).toBe('callAssistant');
    expect(onPhone(led, { talk: { state: 'thinking' } }).words).toBe('thinking');
    expect(onPhone(call({ ...talking, by: 'mobile' })).words).toBe('callElsewhere');
    expect(onPhone(call(talking), {}, false).words).toBe('callElsewhere');
    expect(onPhone(call({ state: 'dialing', ringing: true })).words).toBe('callDials');
  });

  it('puts a lost connection before everything else', () => {
    const state = stageStateOf(input({ connection: 'lost', snapshot: snapshot({ part: 'language', status: 'broken' }) }, { muted: true }));
    expect(state).toEqual({ ring: 'broken', words: 'offline' });
  });

  it('offers to restart a part whose breaker is open', () => {
    expect(stageStateOf(input({ snapshot: snapshot({ part: 'recognition', status: 'broken' }) }))).toEqual({
      ring: 'broken',
      words: 'recognitionBroken',
      remedy: { action: 'restart-part', part: 'recognition' },
    });
  });

  it.each(['restarting', 'starting'] as const)('is not ready while recognition is %s, and lets an answer go on', (status) => {
    const parts = snapshot({ part: 'recognition', status });
    expect(stageStateOf(input({ snapshot: parts })).words).toBe('restarting');
    expect(stageStateOf(input({ snapshot: parts }, { talk: { state: 'speaking', paused: false } })).words).toBe('speaking');
  });

  it('leads to the models when there is none to answer', () => {
    expect(stageStateOf(input({ snapshot: snapshot({ part: 'language', status: 'missing' }) })).remedy).toEqual({ action: 'open-models' });
  });

  it.each(['none', 'denied', 'ended', 'stalled'] as const)('says what to do when the microphone is %s', (status) => {
    const microphone = status === 'ended' || status === 'stalled' ? { status, device: 'USB' } : { status };
    const state = stageStateOf(input({ audio: { session: 'running', microphone, needsGesture: false } }));
    expect(state.ring).toBe('broken');
    expect(state.remedy?.action).toBe(status === 'denied' ? 'allow-microphone' : 'choose-microphone');
  });

  it('leaves the microphone’s trouble aside while an answer is spoken', () => {
    const audio = { session: 'running', microphone: { status: 'none' }, needsGesture: false } as const;
    expect(stageStateOf(input({ audio }, { talk: { state: 'speaking', paused: false } })).words).toBe('speaking');
  });
});
