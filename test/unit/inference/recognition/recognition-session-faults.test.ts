import { describe, expect, it } from 'vitest';
import { createRecognitionRig, createScriptedTurnDetector, quiet, voice } from '../../../doubles/scripted-hearing.ts';
import { heldBytes } from '../../../doubles/held-bytes.ts';

const MINUTE = 60_000;

describe('createRecognitionSession, in silence', () => {
  it('hears an hour of it without a word, without growing, and is awake for the next sentence', async () => {
    const { hear, told, engine, detector } = createRecognitionRig({ listen: { preRollMs: 10 * MINUTE } });
    const sound = quiet(800);
    // The first minutes also pay for what is compiled and set up once.
    for (let count = 0; count < 150; count += 1) await hear(sound, 800);
    const before = heldBytes();
    for (let count = 0; count < 4_500; count += 1) await hear(sound, 800);
    expect(heldBytes() - before).toBeLessThan(2_000_000);
    expect(told()).toEqual([]);
    expect(detector.resets).toBeGreaterThan(300);
    await hear(voice(640));
    await hear(quiet(960));
    expect(told()).toContain('transcript.final 0 "hello"');
    // A pre-roll of ten minutes was asked for; two seconds are there.
    expect(engine.pieces[0]?.samples.length).toBeLessThan(3 * 16_000);
  }, 60_000);
});

describe('createRecognitionSession, while speech never stops', () => {
  it('understands it piece by piece, keeps the last seconds, and has the whole text at the end', async () => {
    const turnDetector = createScriptedTurnDetector(0.9);
    const { hear, told, engine, events, session, clock } = createRecognitionRig({ text: (_piece, index) => `p${index}`, turnDetector });
    const sound = voice(800);
    for (let count = 0; count < 75; count += 1) await hear(sound, 800);
    // The double keeps what it was given; the session must not.
    const given = (): number => engine.pieces.reduce((sum, { samples }) => sum + samples.byteLength, 0);
    const before = heldBytes() - given();
    for (let count = 0; count < 9 * 75; count += 1) await hear(sound, 800);
    expect(heldBytes() - given() - before).toBeLessThan(2_000_000);
    expect(told()).toEqual(['speech.start']);
    await session.endSpeech();
    await clock.advance(0);
    expect(Math.max(...engine.pieces.map(({ samples }) => samples.length))).toBeLessThanOrEqual(engine.maxSamples);
    const understood = engine.pieces.reduce((sum, { samples }) => sum + samples.length, 0);
    expect(understood / 16_000).toBeCloseTo(10 * 60, 0);
    expect(events.find((event) => event.type === 'transcript.final')).toMatchObject({
      text: engine.pieces.map((_piece, index) => `p${index}`).join(' '),
    });
    expect(turnDetector.heard.map(({ length }) => length)).toEqual([8 * 16_000]);
  }, 60_000);

  it('goes on telling partial texts', async () => {
    const { hear, toldAtMs, engine } = createRecognitionRig({ listen: { partialIntervalMs: 1_000 } });
    await hear(voice(2 * MINUTE), 100);
    expect(toldAtMs('transcript.partial').length).toBeGreaterThan(100);
    expect(Math.max(...engine.pieces.map(({ samples }) => samples.length))).toBeLessThanOrEqual(engine.maxSamples);
  });
});

describe('createRecognitionSession, when something fails', () => {
  it('tells an empty text for sound without words, so that nobody waits for one', async () => {
    const { hear, told } = createRecognitionRig({ text: () => '[BLANK_AUDIO]' });
    await hear(voice(640));
    await hear(quiet(960));
    expect(told()).toEqual(['speech.start', 'speech.pause 0', 'transcript.final 0 ""', 'turn.prediction 0 1', 'speech.end 0']);
  });

  it('tells that the recogniser failed, leaves no pause without a text, and understands the next speech', async () => {
    const { hear, told } = createRecognitionRig({ text: (_piece, index) => (index === 0 ? new Error('out of memory') : 'hello') });
    await hear(voice(640));
    await hear(quiet(960));
    expect(told()).toEqual([
      'speech.start',
      'speech.pause 0',
      'recognition.error out of memory',
      'transcript.final 0 ""',
      'turn.prediction 0 1',
      'speech.end 0',
    ]);
    await hear(voice(640));
    await hear(quiet(960));
    expect(told()).toContain('transcript.final 0 "hello"');
  });

  it('loses one piece of a long speech when the recogniser failed in it, and says so', async () => {
    const { hear, told } = createRecognitionRig({ text: (_piece, index) => (index === 0 ? new Error('out of memory') : `p${index}`) });
    await hear(voice(16_000), 32);
    await hear(quiet(960));
    expect(told().filter((event) => event.startsWith('recognition') || event.startsWith('transcript'))).toEqual([
      'recognition.error out of memory',
      'transcript.final 0 "p1 p2"',
    ]);
  });

  it('tells a failed partial text as an error and goes on', async () => {
    const { hear, told } = createRecognitionRig({
      text: (_piece, index) => (index === 0 ? new Error('out of memory') : 'hello'),
      listen: { partialIntervalMs: 320 },
    });
    await hear(voice(960));
    expect(told()).toEqual(['speech.start', 'recognition.error out of memory', 'transcript.partial "hello"']);
  });

  it('goes on without a judgement when the turn model failed', async () => {
    const { hear, told } = createRecognitionRig({ turnDetector: createScriptedTurnDetector(new Error('bad model')) });
    await hear(voice(640));
    await hear(quiet(960));
    expect(told()).toEqual(['speech.start', 'speech.pause 0', 'transcript.final 0 "hello"', 'recognition.error bad model', 'speech.end 0']);
  });

  it('tells once that the voice detector failed, keeps no sound meanwhile, and hears again when it works again', async () => {
    const { hear, told, detector, engine } = createRecognitionRig({ listen: { preRollMs: MINUTE } });
    detector.error = new Error('bad model');
    await hear(voice(MINUTE), 200);
    expect(told()).toEqual(['recognition.error bad model']);
    detector.error = undefined;
    await hear(voice(640));
    await hear(quiet(960));
    expect(told()).toContain('transcript.final 0 "hello"');
    expect(engine.pieces[0]?.samples.length).toBeLessThan(4 * 16_000);
  });

  it('tells that no recogniser understands a language when something was said in it, and only then', async () => {
    const { hear, configure, told } = createRecognitionRig({ listen: { partialIntervalMs: 320 } });
    configure({ language: 'xx' });
    await hear(voice(MINUTE), 100);
    expect(told()).toEqual(['speech.start']);
    await hear(quiet(960));
    expect(told().filter((event) => event.startsWith('recognition'))).toEqual([
      expect.stringMatching(/No installed recogniser understands the language "xx"/),
    ]);
    expect(told()).toContain('transcript.final 0 ""');
    configure({ language: 'en' });
    await hear(voice(640));
    await hear(quiet(960));
    expect(told()).toContain('transcript.final 0 "hello"');
  });

  it('takes broken samples for silence', async () => {
    const { hear, told, engine } = createRecognitionRig();
    await hear(new Float32Array(16_000).fill(Number.NaN));
    await hear(new Float32Array(16_000).fill(Number.POSITIVE_INFINITY));
    await hear(voice(640));
    await hear(quiet(960));
    expect(told()).toContain('transcript.final 0 "hello"');
    expect(engine.pieces[0]?.samples.every(Number.isFinite)).toBe(true);
  });
});

describe('createRecognitionSession, when the microphone stalls', () => {
  it('says so after a second, once, and says when it comes back', async () => {
    const { hear, told, toldAtMs, clock } = createRecognitionRig();
    await hear(quiet(200));
    await clock.advance(30_000);
    expect(told()).toEqual(['input.stalled false']);
    expect(toldAtMs('input.stalled')[0]).toBeLessThanOrEqual(200 + 1_500);
    await hear(quiet(20));
    expect(told()).toEqual(['input.stalled false', 'input.stalled true']);
    await clock.advance(2_000);
    expect(told()).toHaveLength(3);
  });

  it('keeps the words of a sentence in which it was unplugged', async () => {
    const { hear, told, clock } = createRecognitionRig();
    await hear(voice(1_600));
    await clock.advance(2_000);
    expect(told()).toEqual([
      'speech.start',
      'input.stalled false',
      'speech.pause 0',
      'speech.end 0',
      'transcript.final 0 "hello"',
      'turn.prediction 0 1',
    ]);
    await hear(voice(640));
    await hear(quiet(960));
    expect(told().slice(6)).toEqual([
      'input.stalled true',
      'speech.start',
      'speech.pause 0',
      'transcript.final 0 "hello"',
      'turn.prediction 0 1',
      'speech.end 0',
    ]);
  });

  it('does not hear the cut-off word once more when the sound comes back', async () => {
    const { hear, told, clock } = createRecognitionRig({ lingerFrames: 6 });
    // Not a whole number of frames: its rest would be heard with what comes next.
    await hear(voice(1_590));
    await clock.advance(2_000);
    await hear(quiet(960));
    expect(told().filter((event) => event.startsWith('speech'))).toEqual(['speech.start', 'speech.pause 0', 'speech.end 0']);
  });

  it('leaves a push-to-talk speech open, for the key decides', async () => {
    const { hear, session, told, clock } = createRecognitionRig({ listen: { manual: true } });
    await hear(voice(1_600));
    await clock.advance(2_000);
    expect(told()).toEqual(['speech.start', 'input.stalled false']);
    await session.endSpeech();
    await clock.advance(0);
    expect(told()).toContain('transcript.final 0 "hello"');
  });

  it('expects nothing from a microphone that is muted, and a second of patience when it is opened', async () => {
    const { told, configure, clock } = createRecognitionRig({ listen: { enabled: false } });
    await clock.advance(MINUTE);
    configure({ enabled: true });
    await clock.advance(900);
    expect(told()).toEqual([]);
    await clock.advance(700);
    expect(told()).toEqual(['input.stalled false']);
  });
});
