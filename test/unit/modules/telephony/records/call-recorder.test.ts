import { describe, expect, it, onTestFinished } from 'vitest';
import type { CallCaption, PhoneCall } from '../../../../../src-preload/contract/index.ts';
import { createCallRecorder, type CallRecorderDependencies } from '../../../../../src-main/modules/telephony/records/call-recorder.ts';
import { createRecordings } from '../../../../../src-main/modules/telephony/records/recordings.ts';
import { encodeWav } from '../../../../../src-main/platform/audio/index.ts';
import type { Tell } from '../../../../../src-main/platform/contract-host/index.ts';
import type { HistoryStore } from '../../../../../src-main/platform/store/index.ts';
import { BENCH_START_MS, createHistoryBench, type HistoryBench } from '../../../../doubles/history-bench.ts';
import { callRecord, phoneCall, talkingCall } from '../../../../doubles/phone-call.ts';

const NOW = BENCH_START_MS;
const tone = encodeWav({ samples: new Float32Array(8_000).fill(0.25), sampleRateHz: 8_000 });
const ended = (call: PhoneCall, endedAtMs: number): PhoneCall => ({
  ...call,
  state: { state: 'ended', reason: 'hung-up-there' },
  endedAtMs,
});

/** Recorder, real store and real sealed files, on a clock that the test moves. */
async function recorderRig(bench: HistoryBench, store: HistoryStore, more: Partial<CallRecorderDependencies> = {}) {
  const told: string[] = [];
  const tell: Tell = (name) => void told.push(name);
  const keyring = await bench.keyring();
  const recordings = createRecordings({ dataDirectory: bench.dataDirectory, keyring, clock: bench.clock, log: bench.log });
  const recorder = createCallRecorder({
    records: store.phone,
    recordings,
    languageOf: () => ({ language: 'en', isGuess: true }),
    retentionDays: () => 0,
    isLasting: () => true,
    tell,
    clock: bench.clock,
    log: bench.log,
    ...more,
  });
  onTestFinished(() => recorder.dispose());
  const say = (callId: string, seq: number, text: string, atMs: number, speaker: CallCaption['speaker'] = 'caller'): void =>
    recorder.onCaption({ callId, seq, speaker, text, final: true, atMs });
  return { recorder, recordings, told, say };
}

async function begin(more: Partial<CallRecorderDependencies> = {}) {
  const bench = await createHistoryBench();
  const store = await bench.open();
  return { bench, store, ...(await recorderRig(bench, store, more)) };
}

describe('createCallRecorder', () => {
  it('writes a whole call down: who, when, how long, what was said, tone, summary, answers', async () => {
    const { bench, store, recorder, told, say } = await begin();
    const ringing = phoneCall('c', { startedAtMs: NOW });
    recorder.onCall(ringing);
    const talking = talkingCall('c', { startedAtMs: NOW });
    recorder.onCall(talking);
    say('c', 0, 'Hello, who is there?', 0, 'assistant');
    say('c', 1, 'This is Anna, thank you, the roof is finished, great.', 2_000);
    recorder.onLatency('c', 640.4);
    recorder.note('c', 'You took over');
    await bench.clock.advance(30_500);
    recorder.onCall({ ...talking, state: { ...talking.state, by: 'owner' } as PhoneCall['state'] });
    recorder.onCall(ended(talking, NOW + 30_500));
    say('c', 2, 'Please call me back tomorrow.', 29_000);
    await bench.clock.advance(3_000);
    expect(store.phone.getCall('c')).toEqual({
      call: ended(talking, NOW + 30_500),
      answeredBy: 'assistant',
      durationMs: 30_000,
      segments: [
        { speaker: 'assistant', text: 'Hello, who is there?', startMs: 0, endMs: 1_300 },
        { speaker: 'note', text: 'You took over', startMs: 0, endMs: 0 },
        { speaker: 'caller', text: 'This is Anna, thank you, the roof is finished, great.', startMs: 2_000, endMs: 5_445 },
        { speaker: 'caller', text: 'Please call me back tomorrow.', startMs: 29_000, endMs: 30_000 },
      ],
      summary: 'Anna Grün: This is Anna, thank you, the roof is finished, great. Please call me back tomorrow. Call back: +491711234567',
      tasks: ['Please call me back tomorrow.'],
      sentiment: 0.67,
      latenciesMs: [640],
      recording: null,
    });
    expect(told).toEqual(['phone.logChanged', 'phone.logChanged']);
    expect(recorder.isLive('c')).toBe(false);
  });

  it('keeps a call that nobody answered at once, without a length', async () => {
    const { bench, store, recorder } = await begin();
    recorder.onCall(phoneCall('c', { startedAtMs: NOW }));
    recorder.onCall({
      ...phoneCall('c', { startedAtMs: NOW }),
      state: { state: 'ended', reason: 'not-answered' },
      endedAtMs: NOW + 20_000,
    });
    await bench.clock.advance(0);
    expect(store.phone.getCall('c')).toMatchObject({ answeredBy: null, durationMs: 0, summary: '', sentiment: null });
    expect(store.phone.unendedCalls()).toEqual([]);
  });

  it('loses at most two seconds when the app is killed, and the next start closes the call', async () => {
    const { bench, store, recorder, say } = await begin();
    const talking = talkingCall('c', { startedAtMs: NOW });
    recorder.onCall(talking);
    await bench.clock.advance(2_000);
    say('c', 0, 'What was said before.', 1_000);
    await bench.clock.advance(2_000);
    say('c', 1, 'What was said in the last moment.', 4_000);
    // Killed: nothing is disposed, another life begins on the same file.
    const next = await bench.open();
    const life = await recorderRig(bench, next);
    life.recorder.begin();
    const record = next.phone.getCall('c');
    expect(record).toMatchObject({
      call: { state: { state: 'ended', reason: 'engine-lost' }, endedAtMs: NOW + 4_000 },
      answeredBy: 'assistant',
      durationMs: 3_500,
      summary: 'Anna Grün: What was said before.',
    });
    expect([record?.segments.length, next.phone.unendedCalls(), life.told]).toEqual([1, [], ['phone.logChanged']]);
    expect(store.phone.has('c')).toBe(true);
  });

  it('knows of a killed app how long people have talked, and what of it is unheard', async () => {
    const { bench, recorder } = await begin();
    const owner = talkingCall('c', { startedAtMs: NOW });
    recorder.onCall({ ...owner, state: { ...owner.state, by: 'owner', recording: true } as PhoneCall['state'] });
    await bench.clock.advance(60_000);
    recorder.onTalking('c', 'caller', true, 55_000);
    await bench.clock.advance(3_000);
    const next = await bench.open();
    const life = await recorderRig(bench, next);
    life.recorder.begin();
    expect(next.phone.getCall('c')).toMatchObject({
      call: { endedAtMs: NOW + 62_000 },
      durationMs: 61_500,
      unheard: [
        { speaker: 'owner', startMs: 0 },
        { speaker: 'caller', endMs: 61_500 },
      ],
    });
  });

  it('has the model write the summary, and keeps the first sentences when it cannot', async () => {
    const asked: string[] = [];
    const { bench, store, recorder, say } = await begin({
      async summarise(transcript, language) {
        asked.push(`${language} ${transcript}`);
        if (transcript.includes('fail')) throw new Error('no model');
        return { summary: 'From the model.', tasks: ['A task'] };
      },
    });
    for (const [id, text] of [
      ['good', 'the roof is done'],
      ['bad', 'let it fail please now'],
      ['silent', ''],
    ] as const) {
      const talking = talkingCall(id, { startedAtMs: NOW });
      recorder.onCall(talking);
      say(id, 0, text, 100);
      recorder.onCall(ended(talking, NOW + 9_000));
    }
    const results = ['good', 'bad', 'silent', 'unknown'].map((id) => recorder.resultOf(id));
    await bench.clock.advance(3_000);
    expect(await Promise.all(results)).toEqual(['From the model.', 'Anna Grün: let it fail please now', undefined, undefined]);
    await recorder.whenSettled();
    expect(asked).toEqual([
      'en Note: Anna Grün, +491711234567\nCaller: the roof is done',
      'en Note: Anna Grün, +491711234567\nCaller: let it fail please now',
    ]);
    expect(store.phone.getCall('good')).toMatchObject({ summary: 'From the model.', tasks: ['A task'] });
    expect(store.phone.getCall('bad')).toMatchObject({ summary: 'Anna Grün: let it fail please now' });
    expect(JSON.stringify(bench.log.lines)).not.toMatch(/roof|fail please|Anna|171/);
  });

  it('gives the model up while somebody talks, and waits for it no longer than for an answer', async () => {
    let busy = true;
    let asked = 0;
    const { bench, store, recorder, say } = await begin({
      isBusy: () => busy,
      async summarise() {
        asked += 1;
        return { summary: 'From the model.', tasks: [] };
      },
    });
    const talking = talkingCall('c', { startedAtMs: NOW });
    recorder.onCall(talking);
    say('c', 0, 'the roof is done', 100);
    recorder.onCall(ended(talking, NOW + 9_000));
    const result = recorder.resultOf('c');
    await bench.clock.advance(30_000);
    expect([await result, asked]).toEqual(['Anna Grün: the roof is done', 0]);
    busy = false;
    await bench.clock.advance(2_000);
    await recorder.whenSettled();
    expect(store.phone.getCall('c')?.summary).toBe('From the model.');
  });

  it('does not bring back a call that was deleted while its summary was written', async () => {
    let finish: (() => void) | undefined;
    const { bench, store, recorder, say } = await begin({
      summarise: () =>
        new Promise((resolve) => {
          finish = () => resolve({ summary: 'late', tasks: [] });
        }),
    });
    const talking = talkingCall('c', { startedAtMs: NOW });
    recorder.onCall(talking);
    say('c', 0, 'the roof is done', 100);
    recorder.onCall(ended(talking, NOW + 9_000));
    await bench.clock.advance(3_000);
    await recorder.remove('c');
    finish?.();
    await recorder.whenSettled();
    expect(store.phone.has('c')).toBe(false);
  });

  it('writes down after the call what the owner led, from the recording, and sums it up in its language', async () => {
    const asked: string[] = [];
    const { bench, store, recorder } = await begin({
      async transcribe(samples, language) {
        asked.push(`${Math.round(samples.length / 16_000)} s ${language ?? '?'}`);
        return { language: 'de', speeches: [{ text: 'Bitte rufen Sie Anna zurück.', startMs: 0, endMs: 900 }] };
      },
      async summarise(transcript, language) {
        asked.push(`${language} ${transcript}`);
        return { summary: 'Anna wünscht einen Rückruf.', tasks: [] };
      },
      isBusy: () => false,
    });
    const owner = talkingCall('c', { startedAtMs: NOW });
    const state = { ...owner.state, by: 'owner', recording: true } as PhoneCall['state'];
    recorder.onCall({ ...owner, state });
    await bench.clock.advance(2_500);
    recorder.onTalking('c', 'caller', true, 2_000);
    await bench.clock.advance(3_000);
    recorder.onTalking('c', 'caller', false, 5_000);
    recorder.onCall(ended(owner, NOW + 5_500));
    const result = recorder.resultOf('c');
    await bench.clock.advance(3_000);
    expect(store.phone.getCall('c')).toMatchObject({
      segments: [],
      unheard: [
        { speaker: 'owner', startMs: 0, endMs: 1_600 },
        { speaker: 'caller', startMs: 1_600, endMs: 5_000 },
      ],
    });
    await result;
    await recorder.onRecording('c', encodeWav({ samples: new Float32Array(40_000).fill(0.2), sampleRateHz: 8_000 }));
    await recorder.whenSettled();
    expect(store.phone.getCall('c')).toMatchObject({
      segments: [
        { speaker: 'owner', startMs: 0, endMs: 900 },
        { speaker: 'caller', text: 'Bitte rufen Sie Anna zurück.', startMs: 1_600, endMs: 2_500 },
      ],
      summary: 'Anna wünscht einen Rückruf. Rückruf: +491711234567',
    });
    expect(store.phone.getCall('c')?.unheard).toBeUndefined();
    expect(asked.slice(0, 2)).toEqual(['3 s ?', '2 s de']);
    expect(asked[2]).toContain('de Notiz: Anna Grün');
  });

  it('goes on at its next start with what is still unheard', async () => {
    const { store, recorder, recordings } = await begin({
      transcribe: async () => ({ language: 'en', speeches: [{ text: 'The roof is done.', startMs: 0, endMs: 900 }] }),
    });
    const recording = await recordings.add('c', tone, 0);
    const unheard = [{ speaker: 'owner' as const, startMs: 0, endMs: 1_000 }];
    store.phone.saveCall(callRecord('c', { segments: [], recording, unheard }, { startedAtMs: NOW - 60_000 }), true);
    recorder.begin();
    await expect.poll(() => store.phone.getCall('c')?.segments.map(({ text }) => text)).toEqual(['The roof is done.']);
    await recorder.whenSettled();
  });

  it('tries again within the hour what the recogniser could not do', async () => {
    let works = false;
    const { bench, store, recorder, recordings } = await begin({
      async transcribe() {
        if (!works) throw new Error('not loaded');
        return { language: 'en', speeches: [{ text: 'The roof is done.', startMs: 0, endMs: 900 }] };
      },
    });
    const recording = await recordings.add('c', tone, 0);
    const unheard = [{ speaker: 'owner' as const, startMs: 0, endMs: 1_000 }];
    store.phone.saveCall(callRecord('c', { segments: [], recording, unheard }, { startedAtMs: NOW - 60_000 }), true);
    recorder.begin();
    await expect.poll(() => bench.log.messages('info')).toContain('phone.recording-not-read');
    works = true;
    await bench.clock.advance(3_600_001);
    await expect.poll(() => store.phone.getCall('c')?.segments).toHaveLength(1);
    await recorder.whenSettled();
  });

  it('writes nothing down of a call that was led without a recording', async () => {
    const { bench, store, recorder } = await begin({ transcribe: () => Promise.reject(new Error('never asked')) });
    const owner = talkingCall('c', { startedAtMs: NOW });
    recorder.onCall({ ...owner, state: { ...owner.state, by: 'owner' } as PhoneCall['state'] });
    await bench.clock.advance(5_000);
    recorder.onCall(ended(owner, NOW + 5_500));
    await bench.clock.advance(3_000);
    await recorder.whenSettled();
    expect(store.phone.getCall('c')).toMatchObject({ segments: [], summary: '' });
    expect(store.phone.getCall('c')?.unheard).toBeUndefined();
  });

  it('takes the conversation of a call away with it', async () => {
    const taken: (string | null)[] = [];
    const { bench, recorder } = await begin({ removeConversation: ({ conversationId }) => void taken.push(conversationId) });
    const talking = talkingCall('c', { startedAtMs: NOW, conversationId: 'talk' });
    recorder.onCall(talking);
    recorder.onCall(ended(talking, NOW + 9_000));
    await bench.clock.advance(3_000);
    await recorder.remove('c');
    expect(taken).toEqual(['talk']);
  });

  it('keeps recordings that come while the call goes on or after its end, and none of a call that nobody knows', async () => {
    const { bench, store, recorder, recordings } = await begin();
    const talking = talkingCall('c', { startedAtMs: NOW });
    recorder.onCall(talking);
    expect(await recorder.onRecording('c', tone)).toBe(true);
    recorder.onCall(ended(talking, NOW + 9_000));
    await bench.clock.advance(3_000);
    expect(await recorder.onRecording('c', tone, 2_000)).toBe(true);
    expect(store.phone.getCall('c')?.recording).toEqual({ durationMs: 3_000, bytes: 48_044 });
    expect(await recorder.onRecording('nobody', tone)).toBe(false);
    expect(await recorder.onRecording('c', Buffer.from('noise'), 9_000)).toBe(false);
    expect(bench.log.messages('error')).toEqual(['phone.recording-not-kept']);
    await recorder.remove('c');
    expect([store.phone.has('c'), await recordings.open('c')]).toEqual([false, undefined]);
  });

  it('deletes calls with their recordings after the chosen days, at the start and every hour', async () => {
    let days = 0;
    const { bench, store, recorder, recordings } = await begin({ retentionDays: () => days });
    const talking = talkingCall('old', { startedAtMs: NOW });
    recorder.onCall(talking);
    recorder.onCall(ended(talking, NOW + 9_000));
    await bench.clock.advance(3_000);
    await recorder.onRecording('old', tone);
    await bench.clock.advance(31 * 24 * 3_600_000);
    recorder.begin();
    expect(store.phone.has('old')).toBe(true);
    days = 30;
    await bench.clock.advance(3_600_001);
    await expect
      .poll(async () => {
        const sealed = await recordings.open('old');
        await sealed?.close();
        return sealed;
      })
      .toBeUndefined();
    expect(store.phone.has('old')).toBe(false);
  });

  it('goes on when the disk refuses, and has its timers in hand', async () => {
    const { bench, recorder, store, say } = await begin({
      records: {
        ...(await createHistoryBench().then((other) => other.open())).phone,
        saveCall: () => {
          throw new Error('disk full');
        },
      },
    });
    const talking = talkingCall('c', { startedAtMs: NOW });
    recorder.onCall(talking);
    say('c', 0, 'words', 1);
    await bench.clock.advance(2_000);
    recorder.onCall(ended(talking, NOW + 9_000));
    recorder.onCaption({ callId: 'unknown', seq: 0, speaker: 'caller', text: 'x', final: true, atMs: 0 });
    recorder.onLatency('c', Number.NaN);
    await recorder.dispose();
    await store.dispose();
    expect(bench.log.messages('error').every((message) => message === 'phone.call-not-saved')).toBe(true);
    expect(bench.clock.pendingTimers()).toBe(0);
  });

  it('finishes a call whose last words are still awaited when the app closes', async () => {
    const { store, recorder, say } = await begin();
    const talking = talkingCall('c', { startedAtMs: NOW });
    recorder.onCall(talking);
    say('c', 0, 'the roof is done now', 100);
    recorder.onCall(ended(talking, NOW + 9_000));
    await recorder.dispose();
    expect(store.phone.getCall('c')?.summary).toBe('Anna Grün: the roof is done now');
    expect(store.phone.unendedCalls()).toEqual([]);
  });
});
