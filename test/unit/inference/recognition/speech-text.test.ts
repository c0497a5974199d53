import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSoundBuffer } from '../../../../src-main/inference/recognition/sound-buffer.ts';
import { createSpeechText } from '../../../../src-main/inference/recognition/speech-text.ts';
import { createTranscriber } from '../../../../src-main/inference/recognition/transcriber.ts';
import { createScriptedEngine, type HeardPiece } from '../../../doubles/scripted-hearing.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const MAX_SAMPLES = 144_000;
const FRAME = 512;
/** Samples carry their own number, as exactly as single precision can: eight minutes of them. */
const STEP = 2 ** -23;
const numbered = new Float32Array(2 ** 23);
for (let index = 0; index < numbered.length; index += 1) numbered[index] = index * STEP;

/** "from..to" of a piece of numbered sound. */
const rangeOf = ({ samples }: HeardPiece): string =>
  `${Math.round((samples[0] ?? 0) / STEP)}..${Math.round((samples.at(-1) ?? 0) / STEP) + 1}`;

/** The ranges in a text follow each other without gap or overlap. */
function expectCovered(text: string, from: number, to: number): void {
  const ranges = text.split(' ').map((range) => range.split('..').map(Number));
  expect([ranges[0]?.[0], ranges.at(-1)?.[1]]).toEqual([from, to]);
  expect(ranges.slice(1).map(([start]) => start)).toEqual(ranges.slice(0, -1).map(([, end]) => end));
}

/** A speech that begins with sample `fromSample` of a session; each piece's text is the range of samples that it covers. */
function setUp(options: { fromSample?: number; text?: (piece: HeardPiece, index: number) => string | Error } = {}) {
  const { fromSample = 0, text = rangeOf } = options;
  const engine = createScriptedEngine({ clock: createVirtualClock(), maxSamples: MAX_SAMPLES, text });
  const sound = createSoundBuffer();
  const lost: unknown[] = [];
  const transcriber = createTranscriber([engine]);
  const speech = createSpeechText({ sound, transcriber, fromSample, onPieceLost: (error) => void lost.push(error) });
  return {
    engine,
    sound,
    speech,
    lost,
    /** Sound comes frame by frame, as in a session: kept short, and what is not needed is forgotten. */
    hear(count: number) {
      for (const end = sound.length() + count; sound.length() < end;) {
        sound.append(numbered.subarray(sound.length(), sound.length() + FRAME));
        speech.keepShort(sound.length(), 'en');
        sound.forgetBefore(speech.openFrom());
      }
    },
  };
}

describe('createSpeechText', () => {
  it('decodes a short speech as one piece', async () => {
    const { speech, hear } = setUp({ fromSample: 5_120 });
    hear(40_960);
    expect(await speech.upTo(30_000, 'en')).toBe('5120..30000');
  });

  it('decodes nothing when there is no sound', async () => {
    const { engine, speech } = setUp();
    expect(await speech.upTo(0, 'en')).toBe('');
    expect(engine.pieces).toEqual([]);
  });

  it('decodes a speech of eight minutes in pieces that the engine understands, without gap or overlap, each once', async () => {
    const { engine, speech, hear } = setUp();
    const total = 8 * 60 * 16_000;
    hear(total);
    expectCovered(await speech.upTo(total, 'en'), 0, total);
    expect(Math.max(...engine.pieces.map(({ samples }) => samples.length))).toBeLessThanOrEqual(MAX_SAMPLES);
    expect(engine.pieces.length).toBeLessThan(90);
  });

  it('keeps no more sound than one piece, however long the speech is', () => {
    const { sound, speech, hear } = setUp();
    for (let minute = 0; minute < 5; minute += 1) {
      hear(16_000 * 60);
      expect(sound.length() - speech.openFrom()).toBeLessThanOrEqual(MAX_SAMPLES);
      expect(sound.slice(0, Number.POSITIVE_INFINITY).length).toBeLessThanOrEqual(MAX_SAMPLES);
    }
  });

  it('cuts where it is quietest, and leaves the word that is being said to the next piece', async () => {
    const { engine, sound, speech } = setUp({ text: (_piece, index) => `piece ${index}` });
    const samples = new Float32Array(MAX_SAMPLES - 8_000).fill(0.3);
    samples.fill(0.001, 110_000, 113_200);
    samples.fill(0, MAX_SAMPLES - 8_000 - 3_200);
    sound.append(samples);
    speech.keepShort(samples.length, 'en');
    expect(speech.openFrom()).toBeGreaterThan(110_000);
    expect(speech.openFrom()).toBeLessThan(113_200);
    expect(await speech.upTo(samples.length, 'en')).toBe('piece 0 piece 1');
    expect(engine.pieces.map((piece) => piece.samples.length)).toEqual([speech.openFrom(), samples.length - speech.openFrom()]);
  });

  it('closes a long piece at a pause, so that what was said before is not decoded again', async () => {
    const { engine, speech, hear } = setUp();
    hear(112_640);
    const text = await speech.upTo(102_400, 'en');
    speech.closeAtPause(102_400, text, 'en');
    hear(20_480);
    expect(await speech.upTo(133_120, 'en')).toBe('0..102400 102400..133120');
    expect(engine.pieces).toHaveLength(2);
  });

  it('does not cut a short piece at a pause: a sentence is understood better as a whole', async () => {
    const { speech, hear } = setUp();
    hear(61_440);
    speech.closeAtPause(61_440, await speech.upTo(61_440, 'en'), 'en');
    hear(20_480);
    expect(await speech.upTo(81_920, 'en')).toBe('0..81920');
  });

  it('ignores the late text of a pause that lies before a later cut', async () => {
    const { speech, hear } = setUp();
    hear(92_160);
    const text = await speech.upTo(92_160, 'en');
    hear(51_200);
    const openFrom = speech.openFrom();
    expect(openFrom).toBeGreaterThan(92_160);
    speech.closeAtPause(92_160, text, 'en');
    expect(await speech.upTo(143_360, 'en')).toBe(`0..${openFrom} ${openFrom}..143360`);
  });

  it('loses only the piece that could not be understood, and says so', async () => {
    const failure = new Error('out of memory');
    const { engine, speech, hear, lost } = setUp({ text: (piece, index) => (index === 1 ? failure : rangeOf(piece)) });
    hear(16_000 * 24);
    const text = await speech.upTo(16_000 * 24, 'en');
    expect(text).toBe([...engine.pieces.slice(0, 1), ...engine.pieces.slice(2)].map(rangeOf).join(' '));
    expect(engine.pieces.length).toBeGreaterThan(2);
    expect(lost).toEqual([failure]);
  });

  it('rejects when the open piece cannot be understood', async () => {
    const { speech, hear } = setUp({ text: () => new Error('out of memory') });
    hear(20_480);
    await expect(speech.upTo(20_480, 'en')).rejects.toThrow('out of memory');
  });

  it('covers the speech without gap or overlap, wherever its pauses are', async () => {
    const anyPauses = fc.array(fc.integer({ min: 10, max: 400 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(anyPauses, fc.integer({ min: 0, max: 20 }), async (stretches, fromFrame) => {
        const { speech, hear } = setUp({ fromSample: fromFrame * FRAME });
        hear(fromFrame * FRAME);
        let text = '';
        let past = fromFrame * FRAME;
        for (const frames of stretches) {
          hear(frames * FRAME);
          past += frames * FRAME;
          text = await speech.upTo(past, 'en');
          speech.closeAtPause(past, text, 'en');
        }
        expectCovered(text, fromFrame * FRAME, past);
      }),
      { numRuns: 60 },
    );
  });
});
