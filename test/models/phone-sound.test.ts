import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClipMaker, type ClipMaker } from '../bench/clips.ts';
import { decibelsOf } from '../doubles/media-tones.ts';
import { startPhoneCore } from '../doubles/phone-core.ts';

let core: Awaited<ReturnType<typeof startPhoneCore>>;
let clips: ClipMaker;

beforeAll(async () => {
  clips = createClipMaker();
  core = await startPhoneCore();
  await core.sound.prepare();
}, 180_000);

afterAll(async () => {
  await clips.close();
  await core?.dispose();
});

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

describe('a call with the assistant', () => {
  it('is greeted at once, understood, answered in the voice, captioned and kept', async () => {
    const question = await clips.speak('What is the capital of France?');
    const { call, legId, far } = await core.call();
    const askedAtMs = performance.now();
    const { conversationId } = await core.sound.voice.begin({ call, legId, role: { by: 'assistant', purpose: '' } });
    console.log('begin took', Math.round(performance.now() - askedAtMs), 'ms');
    await expect.poll(() => decibelsOf(far.sound().slice(-3_200)) > -40, { timeout: 20_000 }).toBe(true);
    // The greeting is over.
    await expect.poll(() => decibelsOf(far.sound().slice(-16_000)) < -55, { timeout: 20_000 }).toBe(true);
    const framesBefore = far.heard.length;
    far.say(question.samples);
    await far.said();
    await expect.poll(() => core.captions.some(({ speaker, final }) => speaker === 'caller' && final), { timeout: 30_000 }).toBe(true);
    await expect
      .poll(() => core.captions.filter(({ speaker, final }) => speaker === 'assistant' && final).length, { timeout: 60_000 })
      .toBe(2);
    expect(core.captions.findLast(({ speaker, final }) => speaker === 'caller' && final)?.text.toLowerCase()).toContain(
      'capital of france',
    );
    expect(far.heard.slice(framesBefore).some(({ samples }) => decibelsOf(samples) > -30)).toBe(true);
    console.log(
      'captions:',
      core.captions.filter(({ final }) => final).map(({ speaker, text }) => `${speaker}: ${text}`),
      'latencies:',
      core.latencies,
    );
    const kept = core.store.listMessages(conversationId ?? '', { limit: 10 });
    expect(kept.map(({ role }) => role)).toEqual(['assistant', 'user', 'assistant']);
    expect(kept.slice(1).every(({ tainted }) => tainted === true)).toBe(true);
    core.sound.voice.end(call.id);
    await core.sound.legs.close(legId);
    await expect.poll(() => far.isClosed(), { timeout: 3_000 }).toBe(true);
    console.log('leg:', JSON.stringify(core.statistics.at(-1)));
  });

  it('falls silent when the caller speaks over the answer', async () => {
    const request = await clips.speak('Please tell me a long story about the sea.');
    const over = await clips.speak('Wait a moment, I have another question for you.');
    const { call, legId, far } = await core.call();
    await core.sound.voice.begin({ call, legId, role: { by: 'assistant', purpose: '' } });
    await expect
      .poll(() => core.captions.some(({ callId, speaker }) => callId === call.id && speaker === 'assistant'), { timeout: 20_000 })
      .toBe(true);
    await sleep(4_000);
    far.say(request.samples);
    await far.said();
    const speaks = (): boolean => decibelsOf(far.sound().slice(-1_600)) > -35;
    await expect.poll(speaks, { timeout: 40_000, interval: 20 }).toBe(true);
    await sleep(300);
    far.say(over.samples);
    await expect
      .poll(
        () => core.events.some(({ name, payload }) => name === 'playback.command' && (payload as { command: string }).command === 'pause'),
        { timeout: 10_000 },
      )
      .toBe(true);
    await expect.poll(() => decibelsOf(far.sound().slice(-1_600)) < -50, { timeout: 10_000, interval: 10 }).toBe(true);
    core.sound.voice.end(call.id);
    await core.sound.legs.close(legId);
  });
});
