import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { resample } from '../../src-main/platform/audio/index.ts';
import type { CallRecord } from '../../src-preload/contract/index.ts';
import { createClipMaker, type ClipMaker } from '../bench/clips.ts';
import { noBaresip, PHONE_RATE_HZ, startBaresip, type Baresip, type BaresipOptions } from '../doubles/baresip.ts';
import { openTrunk } from '../doubles/open-trunk.ts';
import { startPhoneServer, type PhoneServer } from '../doubles/phone-server.ts';
import { noAsterisk, titled } from '../doubles/sandbox-rig.ts';
import { openRecognitionBench, starterHearing } from './recognition-bench.ts';

/*
 * The whole telephone with nothing left out: the core as a server, its exchange in a container, the starter models, and a real telephone at the
 * other end. What is said into it is understood and answered; what comes out of it is understood too.
 */

const missing = noAsterisk ?? noBaresip;
const RATE_HZ = 16_000;
/** Berlin, so that the numbering plan knows it. */
const CALLER = '+4930901820';

const QUESTIONS = [
  'What is the capital of France?',
  'What is the largest animal in the sea?',
  'How many days are in a week?',
  'What is the opposite of black?',
  'Which planet do we live on?',
  'What color is the sky on a clear day?',
];

/** Nothing here is judged by its speed, but everybody who runs it should see it. */
function print(what: string, durationsMs: readonly number[]): void {
  const sorted = durationsMs.map(Math.round).toSorted((left, right) => left - right);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  console.log(sorted.length === 0 ? what : `${what}: p50 ${middle} ms (${sorted.join(', ')})`);
}

async function understand(samples: Float32Array): Promise<string> {
  const { whisper: _whisper, ...english } = starterHearing;
  const { service } = await openRecognitionBench(english);
  const { text } = await service.transcribe({ samples: resample(samples, PHONE_RATE_HZ, RATE_HZ), language: 'en' });
  return text;
}

describe.skipIf(missing !== undefined)(titled('a call with the whole core', missing), () => {
  let core: PhoneServer;
  let clips: ClipMaker;
  let trunkId: string | undefined;

  beforeAll(async () => {
    clips = createClipMaker();
    core = await startPhoneServer();
  }, 420_000);
  afterAll(async () => {
    await clips?.close();
    await core?.close();
  }, 60_000);

  /** A telephone at the other end of the trunk, which knows it by its address. */
  const telephone = async (options: Partial<BaresipOptions> = {}): Promise<Baresip> => {
    const phone = await startBaresip({ server: { port: core.sipPort, user: CALLER, password: '', registers: false }, ...options });
    onTestFinished(() => phone.dispose());
    trunkId = await openTrunk(core, phone.sipPort);
    return phone;
  };

  const record = async (callId: string): Promise<CallRecord> => {
    const kept = await core.call('phone.record.get', { callId });
    if (kept === null) throw new Error(`${callId} is not kept`);
    return kept;
  };
  const captions = (callId: string, by: 'caller' | 'assistant'): string[] => {
    const lines = new Map<number, string>();
    for (const { payload } of core.told('phone.caption'))
      if (payload.callId === callId && payload.speaker === by && payload.final) lines.set(payload.seq, payload.text);
    return [...lines.values()];
  };

  /** Calls in and has it taken by the assistant; resolves when the greeting is over. */
  const talkTo = async (phone: Baresip): Promise<{ callId: string; sinceMs: number; greetingMs: number }> => {
    const sinceMs = performance.now();
    await phone.dial(CALLER);
    const ringing = await core.untilCall(({ state }) => state.state === 'ringing', { sinceMs });
    expect(ringing.call).toMatchObject({ direction: 'in', way: trunkId, party: { number: CALLER, standing: 'unknown' } });
    const callId = ringing.call.id;
    const answeredAtMs = performance.now();
    const greeting = phone.hearsSound(30_000);
    await core.call('phone.answer', { callId, by: 'assistant' });
    const greetingMs = (await greeting) - answeredAtMs;
    print('INVITE → ringing', [ringing.atMs - sinceMs]);
    print('answer → first sound of the greeting', [greetingMs]);
    await phone.hearsQuiet(1_500, 60_000);
    return { callId, sinceMs, greetingMs };
  };
  /** Says it and waits for the end of the answer; resolves with how long its first sound took from the last word on, ms. */
  const ask = async (phone: Baresip, callId: string, text: string): Promise<number> => {
    const { samples } = await clips.speak(text);
    const answers = captions(callId, 'assistant').length;
    const overAtMs = (await phone.say({ samples, sampleRateHz: RATE_HZ })) + (samples.length / RATE_HZ) * 1000;
    const firstSoundMs = (await phone.hearsSound(60_000)) - overAtMs;
    await expect.poll(() => captions(callId, 'assistant').length, { timeout: 60_000 }).toBeGreaterThan(answers);
    await phone.hearsQuiet(1_500, 60_000);
    return firstSoundMs;
  };

  it('rings, is taken by the assistant, understood, answered so that the caller understands it, kept and summed up', async () => {
    const phone = await telephone();
    const { callId, sinceMs } = await talkTo(phone);
    await ask(phone, callId, 'What is the capital of France?');
    await phone.hangUp();
    const { call } = await core.untilCall(({ state }) => state.state === 'ended', { sinceMs });
    expect(call.state).toEqual({ state: 'ended', reason: 'hung-up-there' });
    expect(await understand(await phone.heard())).toMatch(/p[ae]rr?is/i);
    await expect.poll(async () => (await record(callId)).summary, { timeout: 60_000, interval: 500 }).not.toBe('');
    const kept = await record(callId);
    print(`summary "${kept.summary}", answer in the core's own measure`, kept.latenciesMs);
    expect(kept.answeredBy).toBe('assistant');
    const said = kept.segments.map(({ speaker, text }) => ({ speaker, text: text.toLowerCase() }));
    expect(said).toEqual([
      { speaker: 'assistant', text: expect.stringContaining('digital assistant') },
      { speaker: 'caller', text: expect.stringContaining('capital of france') },
      { speaker: 'assistant', text: expect.stringContaining('paris') },
    ]);
    expect((await core.call('phone.log', { limit: 5 })).map((entry) => entry.call.id)).toContain(callId);
    const messages = await core.call('conversations.messages', { id: call.conversationId ?? '', limit: 10 });
    expect(messages.map(({ role, tainted }) => `${role}${tainted === true ? ', tainted' : ''}`)).toEqual([
      'assistant',
      'user, tainted',
      'assistant, tainted',
    ]);
  });

  it('goes on for six turns', { timeout: 300_000 }, async () => {
    const phone = await telephone();
    const { callId, sinceMs } = await talkTo(phone);
    const firstSounds: number[] = [];
    for (const question of QUESTIONS) firstSounds.push(await ask(phone, callId, question));
    await phone.hangUp();
    await core.untilCall(({ state }) => state.state === 'ended', { sinceMs });
    print('last word → first sound of the answer, at the caller', firstSounds);
    print('the same in the core', (await record(callId)).latenciesMs);
    for (const name of ['end_of_turn_delay', 'transcription_delay', 'llm_ttft', 'llm_ttfs', 'tts_ttfb'] as const)
      print(
        `  ${name}`,
        core
          .told('turn.latency')
          .filter(({ atMs }) => atMs >= sinceMs)
          .flatMap(({ payload }) => payload.latency[name] ?? []),
      );
    expect(captions(callId, 'caller').length).toBeGreaterThanOrEqual(QUESTIONS.length);
    expect(captions(callId, 'assistant').length).toBeGreaterThan(QUESTIONS.length);
  });

  it('falls silent when the caller speaks over the answer', async () => {
    const [request, over] = [
      await clips.speak('Please tell me a long story about the sea.'),
      await clips.speak('Wait a moment, please. Stop.'),
    ];
    const phone = await telephone();
    const { callId, sinceMs } = await talkTo(phone);
    await phone.say({ samples: request.samples, sampleRateHz: RATE_HZ });
    await phone.hearsSound(60_000);
    await pause(500);
    const overAtMs = await phone.say({ samples: over.samples, sampleRateHz: RATE_HZ });
    const isPaused = (): boolean =>
      core
        .told('playback.command')
        .some(({ payload, atMs }) => atMs > overAtMs && (payload.command === 'pause' || payload.command === 'drop'));
    await expect.poll(isPaused, { timeout: 20_000, interval: 5 }).toBe(true);
    print('said over it → silenced', [performance.now() - overAtMs]);
    await core.call('phone.hangUp', { callId });
    const { call } = await core.untilCall(({ state }) => state.state === 'ended', { sinceMs });
    expect(call.state).toEqual({ state: 'ended', reason: 'hung-up-here' });
    await phone.until('CALL_CLOSED', { sinceMs });
  });

  it('is taken by the assistant when nobody answers', async () => {
    await core.set('phone.ringSeconds', 5);
    const phone = await telephone();
    const sinceMs = performance.now();
    await phone.dial(CALLER);
    const { call } = await core.untilCall(({ state }) => state.state === 'talking', { sinceMs });
    expect(call.state).toMatchObject({ state: 'talking', by: 'assistant' });
    await phone.hearsSound(20_000);
    await phone.hangUp();
    await core.untilCall(({ state }) => state.state === 'ended', { sinceMs });
  });

  it('goes out to a number, speaks for the owner there, and ends when the other end hangs up', async () => {
    const phone = await telephone({ answers: true });
    const sinceMs = performance.now();
    const { id, state } = await core.call('phone.dial', { number: CALLER, by: 'assistant', purpose: 'Ask for a table for two at eight.' });
    expect(state.state).toBe('dialing');
    await core.untilCall((call) => call.id === id && call.state.state === 'talking', { sinceMs });
    await phone.hearsSound(20_000);
    await phone.hearsQuiet(1_500, 60_000);
    await ask(phone, id, 'This is the restaurant. What can I do for you?');
    await phone.hangUp();
    await core.untilCall((call) => call.id === id && call.state.state === 'ended', { sinceMs });
    const heard = await understand(await phone.heard());
    print(`heard there: "${heard}"; said: ${JSON.stringify(captions(id, 'assistant'))}`, []);
    expect(heard).toMatch(/assistant/i);
    expect((await record(id)).call).toMatchObject({ direction: 'out', purpose: 'Ask for a table for two at eight.' });
  });

  it('is cut off by the off-switch', async () => {
    const phone = await telephone();
    const { sinceMs } = await talkTo(phone);
    const engagedAtMs = performance.now();
    const closed = phone.until('CALL_CLOSED', { sinceMs });
    await core.call('killswitch.engage', { level: 3 });
    print('off-switch → hung up at the caller', [(await closed).atMs - engagedAtMs]);
    const { call } = await core.untilCall(({ state }) => state.state === 'ended', { sinceMs });
    expect(call.state).toEqual({ state: 'ended', reason: 'stopped' });
    await expect(core.call('phone.dial', { number: CALLER, by: 'assistant', purpose: '' })).rejects.toThrow();
  });
});
