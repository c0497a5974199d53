import { describe, expect, it } from 'vitest';
import type { SynthesisMethods } from '../../../../src-main/inference/contracts/index.ts';
import { createSpeechSamples } from '../../../../src-main/modules/conversation/speech-samples.ts';
import { voiceProfileSchema } from '../../../../src-preload/contract/index.ts';
import { createConversationServiceRig } from '../../../doubles/conversation-service-rig.ts';

const REX = {
  id: 'rex',
  voice: voiceProfileSchema.parse({ voice: 'joe', pitch: 3, emotion: 'energetic' }),
  patterns: [{ kind: 'pauses' as const, amount: 1, description: '' }],
};

async function setUp() {
  const rig = await createConversationServiceRig();
  const samples = createSpeechSamples(rig.service, rig.deps);
  const asked = (method: string) =>
    rig.voice
      .latest()
      .requests()
      .filter((request) => request.method === method);
  return { ...rig, samples, asked };
}

describe('createSpeechSamples', () => {
  it('speaks a sample on the open line in the voice of the one who is tried, without a trace in the history', async () => {
    const { samples, listen, settle, caller, asked, store } = await setUp();
    const sessionId = await listen();
    const before = store.listConversations();
    samples.speakSample(caller, REX, 'Good evening.', 'en');
    await settle();
    expect(asked('speak').map(({ params }) => params)).toEqual([
      {
        sessionId,
        utteranceId: expect.stringMatching(/^utt/u),
        segmentIndex: 0,
        text: 'Good evening.',
        language: 'en',
        speed: 1,
        voice: 'joe',
        style: { pitch: 3, formant: 0, emotion: 'energetic', pauses: expect.closeTo(2.2, 6), drawl: 0 },
      },
    ]);
    expect(store.listConversations()).toEqual(before);
  });

  it('needs an open line', async () => {
    const { samples, caller } = await setUp();
    expect(() => samples.speakSample(caller, REX, 'Good evening.', 'en')).toThrowError(expect.objectContaining({ code: 'turn.no-voice' }));
  });

  it('speaks into memory with the same voice and habits, all sentences at once', async () => {
    const { samples, settle, asked } = await setUp();
    void samples.renderSpeech(REX, 'Good **evening**, and welcome. It is 8 °C.', 'en');
    await settle();
    const [params] = asked('render').map((request) => request.params as SynthesisMethods['render']['params']);
    expect(params).toMatchObject({ language: 'en', voice: 'joe', style: { pitch: 3, emotion: 'energetic' } });
    expect(params?.text.replaceAll(/\s+/gu, ' ')).toBe('Good evening, and welcome. It is 8 degrees Celsius.');
  });

  it('speaks nothing into memory while answers are stopped, and ends what was begun', async () => {
    const { samples, settle, gate, clock, voice } = await setUp();
    const engaged = { code: 'killswitch.engaged' };
    const begun = expect(samples.renderSpeech(REX, 'Good evening.', 'en')).rejects.toMatchObject(engaged);
    await settle();
    gate.shut('answer');
    expect(voice.latest().messages.at(-1)).toMatchObject({ type: 'cancel' });
    await clock.advance(10_000);
    await begun;
    await expect(samples.renderSpeech(REX, 'Good evening.', 'en')).rejects.toMatchObject(engaged);
  });
});
