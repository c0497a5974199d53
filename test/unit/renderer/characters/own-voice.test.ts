import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Services } from '../../../../src-renderer/app/services.ts';
import type { HeardSpeech } from '../../../../src-renderer/face/motion/motion-inputs.ts';
import { expectSample, withOwnVoice } from '../../../../src-renderer/features/characters/own-voice.ts';
import { createSessionStore } from '../../../../src-renderer/stores/session-store.ts';
import { createFakeVoiceIo } from '../../../doubles/fake-voice-io.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Nova's session, in which `say` lets an utterance begin and be heard. */
function createPage() {
  const bridge = createScriptedBridge({});
  const session = createSessionStore(bridge);
  let heard: HeardSpeech | undefined;
  const voice = { ...createFakeVoiceIo(bridge), heardAt: () => heard };
  session.setState(({ session: now }) => ({ session: { ...now, characterId: 'nova', talk: { state: 'speaking', paused: false } } }));
  const services = { bridge, session, voice } as unknown as Services;
  const faces = ['nova', 'rex'].map((id) => withOwnVoice(services, id));
  return {
    bridge,
    say(utteranceId: string) {
      bridge.tell('playback.command', { command: 'start', utteranceId });
      heard = { utteranceId, positionMs: 0, isFlowing: true, units: [], loudness: 1 };
    },
    /** What Nova's face and Rex's face take as their own, and how they think the talk stands. */
    faces: () => faces.map((face) => [face.voice.heardAt(0)?.utteranceId, face.session.getState().session.talk.state]),
  };
}

describe('withOwnVoice', () => {
  it('gives an answer to the face of the character in use alone', () => {
    const page = createPage();
    page.say('answer');
    expect(page.faces()).toEqual([
      ['answer', 'speaking'],
      [undefined, 'ready'],
    ]);
  });

  it('gives a sample to the face that was tried alone, and the next answer not', () => {
    const page = createPage();
    expectSample(page.bridge, 'rex');
    page.say('sample');
    expect(page.faces()).toEqual([
      [undefined, 'ready'],
      ['sample', 'speaking'],
    ]);
    page.say('next answer');
    expect(page.faces()).toEqual([
      ['next answer', 'speaking'],
      [undefined, 'ready'],
    ]);
  });

  it('takes no answer for a sample that was refused, or never began', () => {
    const page = createPage();
    expectSample(page.bridge, 'rex')();
    page.say('after a refusal');
    expect(page.faces()[1]).toEqual([undefined, 'ready']);
    expectSample(page.bridge, 'rex');
    vi.advanceTimersByTime(20_000);
    page.say('much later');
    expect(page.faces()[1]).toEqual([undefined, 'ready']);
  });
});
