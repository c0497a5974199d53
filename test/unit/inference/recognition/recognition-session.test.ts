import { describe, expect, it } from 'vitest';
import { createRecognitionRig, createScriptedTurnDetector, listenOptions, quiet, voice } from '../../../doubles/scripted-hearing.ts';

/** "N ms" of a piece: how much sound was understood. */
const lengthOf = ({ samples }: { samples: Float32Array }): string => `${samples.length / 16} ms`;

describe('createRecognitionSession', () => {
  it('tells a sentence as start, pause, judgement, text and end, each with its place and time', async () => {
    const { hear, events, clock } = createRecognitionRig({
      text: () => ' Good morning. ',
      decodeMs: 40,
      turnDetector: createScriptedTurnDetector(0.9),
    });
    const openedAtMs = clock.nowMs();
    await hear(quiet(640));
    await hear(voice(1_600));
    await hear(quiet(1_600));
    const speechId = events[0] && 'speechId' in events[0] ? events[0].speechId : '';
    const speech = { sessionId: 'session', speechId };
    expect(events).toEqual([
      { type: 'speech.start', ...speech, startSample: 640 * 16, onsetAtMs: openedAtMs + 640, emittedAtMs: openedAtMs + 720 },
      {
        type: 'speech.pause',
        ...speech,
        revision: 0,
        endSample: 2_240 * 16,
        endAtMs: openedAtMs + 2_240,
        emittedAtMs: openedAtMs + 2_340,
      },
      { type: 'turn.prediction', ...speech, revision: 0, probability: 0.9, inferenceMs: 0 },
      { type: 'transcript.final', ...speech, revision: 0, text: 'Good morning.', language: 'en', voicedMs: 1_600, decodeMs: 40 },
      { type: 'speech.end', ...speech, revision: 0, durationMs: 1_920 },
    ]);
  });

  it("starts no speech for the assistant's own quiet voice, and one for the user over it", async () => {
    const { hear, told, configure } = createRecognitionRig({ listen: { endMs: 320 } });
    const echo = voice(960).map((sample) => sample * 0.05);
    configure({ overOwnVoice: true });
    await hear(echo);
    await hear(quiet(640));
    // How loud the user is, is not known yet.
    expect(told()).toContain('speech.start');
    configure({ overOwnVoice: false });
    await hear(voice(640));
    await hear(quiet(640));
    configure({ overOwnVoice: true });
    const before = told().length;
    await hear(echo);
    await hear(quiet(640));
    expect(told().slice(before)).toEqual([]);
    await hear(voice(640));
    expect(told().slice(before)).toEqual(['speech.start']);
  });

  it('understands a speech with the sound before its onset and a little silence behind it', async () => {
    const { hear, engine } = createRecognitionRig();
    await hear(quiet(640));
    await hear(voice(1_600));
    await hear(quiet(1_600));
    expect(engine.pieces.map(lengthOf)).toEqual(['2020 ms']);
  });

  it('gives each pause a revision and understands the whole speech up to it', async () => {
    const { hear, told } = createRecognitionRig({ text: lengthOf, listen: { preRollMs: 0 } });
    for (let clause = 0; clause < 3; clause += 1) {
      await hear(voice(640));
      await hear(quiet(320));
    }
    await hear(quiet(640));
    expect(told()).toEqual([
      'speech.start',
      'speech.pause 0',
      'transcript.final 0 "740 ms"',
      'turn.prediction 0 1',
      'speech.resume 0',
      'speech.pause 1',
      'transcript.final 1 "1700 ms"',
      'turn.prediction 1 1',
      'speech.resume 1',
      'speech.pause 2',
      'transcript.final 2 "2660 ms"',
      'turn.prediction 2 1',
      'speech.end 2',
    ]);
  });

  it('tells how much silence it has heard in a pause, at the pace of the sound and not of the clock', async () => {
    const { hear, silencesMs, told, clock } = createRecognitionRig();
    await hear(voice(640));
    await hear(quiet(160));
    expect(silencesMs).toEqual([96, 128, 160]);
    await clock.advance(300);
    expect(silencesMs).toHaveLength(3);
    await hear(voice(64));
    expect(silencesMs).toHaveLength(3);
    expect(told()).toContain('speech.resume 0');
  });

  it('marks a text that comes after the speaker went on with the revision that is void', async () => {
    const { hear, told } = createRecognitionRig({ decodeMs: 300 });
    await hear(voice(640));
    await hear(quiet(160));
    await hear(voice(640));
    await hear(quiet(1_600));
    expect(told().filter((event) => !event.startsWith('turn'))).toEqual([
      'speech.start',
      'speech.pause 0',
      'speech.resume 0',
      'transcript.final 0 "hello"',
      'speech.pause 1',
      'transcript.final 1 "hello"',
      'speech.end 1',
    ]);
  });

  it('does no work for a pause that is over before the work began', async () => {
    const turnDetector = createScriptedTurnDetector(0.9);
    const { hear, told, engine } = createRecognitionRig({
      turnDetector,
      detect: () => 'en',
      decodeMs: 400,
      listen: { languages: ['en', 'de'] },
    });
    // The language is still being named when the speaker goes on.
    await hear(voice(1_440));
    await hear(quiet(160));
    await hear(voice(640));
    await hear(quiet(160));
    expect(told().filter((event) => event.startsWith('speech'))).toEqual([
      'speech.start',
      'speech.pause 0',
      'speech.resume 0',
      'speech.pause 1',
    ]);
    await hear(quiet(1_600));
    expect(told().filter((event) => event.startsWith('transcript'))).toEqual(['transcript.final 1 "hello"']);
    expect(engine.pieces).toHaveLength(1);
  });

  it('does not judge a pause that was over when its sound came, all at once', async () => {
    const turnDetector = createScriptedTurnDetector(0.9);
    const { hear, told } = createRecognitionRig({ turnDetector });
    const sound = new Float32Array(16 * 1_600);
    sound.set(voice(640));
    sound.set(quiet(320), 640 * 16);
    sound.set(voice(640), 960 * 16);
    await hear(sound, 1_600);
    expect(told().filter((event) => event.startsWith('turn'))).toEqual([]);
    await hear(quiet(160));
    expect(told().filter((event) => event.startsWith('turn'))).toEqual(['turn.prediction 1 0.9']);
  });

  it('has the turn judged by its last 8 s and 200 ms of silence, whether or not that has passed', async () => {
    const turnDetector = createScriptedTurnDetector(0.9);
    const { hear } = createRecognitionRig({ turnDetector, listen: { preRollMs: 0 } });
    await hear(voice(960));
    await hear(quiet(960));
    await hear(voice(12_800));
    await hear(quiet(960));
    const [short, long] = turnDetector.heard;
    expect(short?.length).toBe((960 + 200) * 16);
    expect(long?.length).toBe(8_000 * 16);
    for (const heard of [short, long])
      expect(heard?.findLastIndex((sample) => Math.abs(sample) > 0.1)).toBe(heard && heard.length - 200 * 16 - 1);
  });

  it('tells for how long the detector was sure of a voice, clicks before it and pauses in it not counted', async () => {
    const { hear, events } = createRecognitionRig();
    for (const sound of [voice(32), quiet(320), voice(640), quiet(320), voice(640), quiet(1_280), voice(320), quiet(1_280)])
      await hear(sound);
    const voiced = events.flatMap((event) => (event.type === 'transcript.final' ? [event.voicedMs] : []));
    expect(voiced).toEqual([640, 1_280, 320]);
  });

  it('knows silence by its loudness before the detector does', async () => {
    const { hear, events } = createRecognitionRig({ lingerFrames: 3 });
    await hear(quiet(640));
    await hear(voice(1_280));
    await hear(quiet(960));
    expect(events.find((event) => event.type === 'speech.pause')).toMatchObject({ endSample: 1_920 * 16 });
  });

  it('tells what is being said while it is said, at the interval asked for, and not in pauses', async () => {
    const { hear, toldAtMs, events } = createRecognitionRig({ text: lengthOf, listen: { partialIntervalMs: 320, preRollMs: 0 } });
    await hear(voice(1_600));
    await hear(quiet(512));
    expect(toldAtMs('transcript.partial')).toEqual([400, 720, 1_040, 1_360]);
    expect(events.filter(({ type }) => type === 'transcript.partial').map((event) => 'text' in event && event.text)).toEqual([
      '400 ms',
      '720 ms',
      '1040 ms',
      '1360 ms',
    ]);
  });

  it('gives a slow engine at most a quarter of its time for partial texts', async () => {
    const { hear, toldAtMs, engine } = createRecognitionRig({ decodeMs: 500, listen: { partialIntervalMs: 320 } });
    await hear(voice(9_600), 32);
    const times = toldAtMs('transcript.partial');
    expect(times.length).toBeGreaterThan(2);
    for (const [index, time] of times.entries()) if (index > 0) expect(time - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(2_000);
    expect(engine.mostAtOnce).toBe(1);
  });

  it('tells no partial text that is empty, nor one that comes after its speech', async () => {
    const silent = createRecognitionRig({ text: () => '…', listen: { partialIntervalMs: 320 } });
    await silent.hear(voice(1_600));
    expect(silent.toldAtMs('transcript.partial')).toEqual([]);
    const slow = createRecognitionRig({ decodeMs: 900, listen: { partialIntervalMs: 320 } });
    await slow.hear(voice(480));
    await slow.hear(quiet(3_200));
    expect(slow.told().map((event) => event.split(' ')[0])).not.toContain('transcript.partial');
    expect(slow.toldAtMs('transcript.final')).toHaveLength(1);
  });

  it('answers in the language that was detected, and assumes it for the next speech', async () => {
    const { hear, events, engine } = createRecognitionRig({
      languages: ['en', 'de'],
      detect: () => 'de',
      listen: { languages: ['en', 'de'] },
    });
    await hear(voice(1_600));
    await hear(quiet(960));
    await hear(voice(640));
    await hear(quiet(960));
    expect(events.flatMap((event) => (event.type === 'transcript.final' ? [event.language] : []))).toEqual(['de', 'de']);
    expect(engine.pieces.map(({ language }) => language)).toEqual(['de', 'de']);
  });

  it('closes a long piece at a pause, so that the answer does not wait for what was said before it', async () => {
    const { hear, engine, events } = createRecognitionRig({ text: lengthOf, listen: { preRollMs: 0 } });
    await hear(voice(6_400), 32);
    await hear(quiet(480));
    await hear(voice(1_280));
    await hear(quiet(960));
    expect(engine.pieces.map(lengthOf)).toEqual(['6500 ms', '1860 ms']);
    expect(events.findLast((event) => event.type === 'transcript.final')).toMatchObject({ text: '6500 ms 1860 ms' });
  });

  it('keeps the two speeches apart whose pauses were long enough', async () => {
    const { hear, events, told } = createRecognitionRig();
    await hear(voice(640));
    await hear(quiet(1_600));
    await hear(voice(640));
    await hear(quiet(1_600));
    expect(told().filter((event) => event.startsWith('speech'))).toEqual([
      'speech.start',
      'speech.pause 0',
      'speech.end 0',
      'speech.start',
      'speech.pause 0',
      'speech.end 0',
    ]);
    expect(new Set(events.map((event) => ('speechId' in event ? event.speechId : ''))).size).toBe(2);
  });

  it('tells the words of a speech that is under way when it is closed, and then nothing more', async () => {
    const { hear, session, told, clock } = createRecognitionRig({ decodeMs: 200 });
    await hear(voice(640));
    let isClosed = false;
    const closed = session.close().then(() => (isClosed = true));
    await clock.advance(190);
    expect(isClosed).toBe(false);
    await clock.advance(10);
    await closed;
    const before = told();
    expect(before).toEqual(['speech.start', 'speech.pause 0', 'speech.end 0', 'turn.prediction 0 1', 'transcript.final 0 "hello"']);
    session.accept(voice(3_200));
    await clock.advance(5_000);
    expect(told()).toEqual(before);
    expect(clock.pendingTimers()).toBe(0);
  });
});

describe('configure', () => {
  it('takes effect in mid-speech', async () => {
    const { hear, configure, toldAtMs, events } = createRecognitionRig({ languages: ['en', 'de'] });
    await hear(voice(640));
    configure({ endMs: 1_280, language: 'de' });
    await hear(quiet(1_600));
    expect(toldAtMs('speech.end')).toEqual([640 + 1_280]);
    expect(events.find((event) => event.type === 'transcript.final')).toMatchObject({ language: 'de' });
  });

  it('switches off what the new options leave out', async () => {
    const { hear, session, events } = createRecognitionRig({ languages: ['en', 'de'], listen: { language: 'de' } });
    session.configure(listenOptions());
    await hear(voice(640));
    await hear(quiet(960));
    expect(events.find((event) => event.type === 'transcript.final')).toMatchObject({ language: 'en' });
  });

  it('lets each of several changes in a row count', async () => {
    const { hear, configure, told } = createRecognitionRig();
    configure({ enabled: false });
    configure({ partialIntervalMs: 320 });
    await hear(voice(1_600));
    expect(told()).toEqual([]);
  });

  it('ends the speech when the microphone is muted, tells its words, and throws away what comes then', async () => {
    const { hear, configure, told, engine } = createRecognitionRig({ text: lengthOf, listen: { preRollMs: 0 } });
    await hear(voice(640));
    configure({ enabled: false });
    await hear(voice(3_200));
    expect(told()).toEqual(['speech.start', 'speech.pause 0', 'speech.end 0', 'transcript.final 0 "640 ms"', 'turn.prediction 0 1']);
    configure({ enabled: true });
    await hear(voice(320));
    await hear(quiet(960));
    expect(engine.pieces.map(lengthOf)).toEqual(['640 ms', '420 ms']);
  });

  it('raises the bar for voices at once', async () => {
    const { hear, configure, told } = createRecognitionRig();
    configure({ onThreshold: 0.96 });
    await hear(voice(1_600));
    expect(told()).toEqual([]);
    configure({ onThreshold: 0.9 });
    await hear(voice(320));
    expect(told()).toEqual(['speech.start']);
  });
});

describe('push to talk', () => {
  it('takes everything until the key is released for one speech', async () => {
    const { hear, session, told, engine, clock } = createRecognitionRig({ listen: { manual: true, preRollMs: 0 } });
    await hear(voice(640));
    await hear(quiet(6_400));
    await hear(voice(640));
    await session.endSpeech();
    await clock.advance(0);
    expect(told().filter((event) => !event.startsWith('turn'))).toEqual([
      'speech.start',
      'speech.pause 0',
      'transcript.final 0 "hello"',
      'speech.resume 0',
      'speech.pause 1',
      'speech.end 1',
      'transcript.final 1 "hello"',
    ]);
    expect(engine.pieces.at(-1)?.samples.length).toBe((640 + 6_400 + 640) * 16);
  });

  it('has nothing to tell when nothing was said', async () => {
    const { hear, session, told } = createRecognitionRig({ listen: { manual: true } });
    await hear(quiet(3_200));
    await session.endSpeech();
    expect(told()).toEqual([]);
  });
});
