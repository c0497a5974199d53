import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VOICE_FRAME_SAMPLES } from '../../../../src-main/inference/contracts/index.ts';
import { createEndpointing, type EndpointEvent } from '../../../../src-main/inference/recognition/endpointing.ts';

const OPTIONS = { onThreshold: 0.5, offThreshold: 0.35, minSpeechMs: 64, pauseMs: 96, endMs: 640, preRollMs: 320, manual: false };
type Options = typeof OPTIONS;
const FRAME_MS = 32;
const VOICE = 0.9;
const NOTHING = 0.05;

/** An endpointing that is fed frame by frame; `hear` returns what it said about them. */
function setUp(changes: Partial<Options> = {}) {
  const options = { ...OPTIONS, ...changes };
  const endpointing = createEndpointing(() => options);
  let past = 0;
  const hear = (probability: number, ms: number): EndpointEvent[] =>
    Array.from({ length: ms / FRAME_MS }, () => {
      past += VOICE_FRAME_SAMPLES;
      return endpointing.frame(probability, past);
    }).flat();
  return { options, endpointing, hear, past: () => past };
}

const samples = (ms: number): number => ms * 16;

describe('createEndpointing', () => {
  it('starts a speech after enough voice, tells where it began and how much sound before belongs to it', () => {
    const { hear } = setUp();
    expect(hear(NOTHING, 640)).toEqual([]);
    expect(hear(VOICE, 32)).toEqual([]);
    expect(hear(VOICE, 32)).toEqual([{ type: 'start', onsetSample: samples(640), audioFromSample: samples(320) }]);
  });

  it('does not take a click for speech', () => {
    const { hear } = setUp();
    for (let click = 0; click < 50; click += 1) expect([...hear(VOICE, 32), ...hear(NOTHING, 32)]).toEqual([]);
  });

  it('needs the on threshold to begin and only the off threshold to go on', () => {
    const { hear, endpointing } = setUp();
    expect(hear(0.49, 960)).toEqual([]);
    expect(hear(0.5, 32)).toEqual([]);
    expect(hear(0.35, 32)).toMatchObject([{ type: 'start' }]);
    expect(hear(0.35, 3_200)).toEqual([]);
    expect(endpointing.state()).toBe('speaking');
    expect(hear(0.34, 96)).toMatchObject([{ type: 'pause' }]);
  });

  it('reports a pause with the last voiced sample, and the end when the pause lasts', () => {
    const { hear } = setUp();
    hear(VOICE, 320);
    expect(hear(NOTHING, 64)).toEqual([]);
    expect(hear(NOTHING, 32)).toEqual([{ type: 'pause', revision: 0, endSample: samples(320) }]);
    expect(hear(NOTHING, 512)).toEqual([]);
    expect(hear(NOTHING, 32)).toEqual([{ type: 'end', revision: 0, endSample: samples(320) }]);
  });

  it('gives each pause of one speech the next revision', () => {
    const { hear } = setUp();
    const said = [VOICE, NOTHING, VOICE, NOTHING, VOICE, NOTHING].flatMap((probability) => hear(probability, 320));
    expect(said.map((event) => ('revision' in event ? `${event.type} ${event.revision}` : event.type))).toEqual([
      'start',
      'pause 0',
      'resume 0',
      'pause 1',
      'resume 1',
      'pause 2',
    ]);
  });

  it('is not resumed by a click or by voice below the on threshold', () => {
    const { hear } = setUp();
    hear(VOICE, 320);
    hear(NOTHING, 96);
    expect([...hear(VOICE, 32), ...hear(0.4, 160)]).toEqual([]);
    for (let click = 0; click < 4; click += 1) expect([...hear(VOICE, 32), ...hear(NOTHING, 32)]).toEqual([]);
    expect(hear(VOICE, 64)).toEqual([{ type: 'resume', revision: 0 }]);
  });

  it('never reaches back into the speech before', () => {
    const { hear } = setUp({ preRollMs: 10_000 });
    hear(NOTHING, 320);
    expect(hear(VOICE, 320)).toMatchObject([{ type: 'start', audioFromSample: 0 }]);
    hear(NOTHING, 640);
    expect(hear(VOICE, 320)).toMatchObject([{ type: 'start', audioFromSample: samples(640) }]);
  });

  it('ends a speech at once when it is told to: first the pause, if none was told, then the end', () => {
    const { hear, endpointing } = setUp();
    expect(endpointing.end()).toEqual([]);
    hear(VOICE, 320);
    expect(endpointing.end()).toEqual([
      { type: 'pause', revision: 0, endSample: samples(320) },
      { type: 'end', revision: 0, endSample: samples(320) },
    ]);
    hear(VOICE, 320);
    hear(NOTHING, 96);
    expect(endpointing.end()).toEqual([{ type: 'end', revision: 0, endSample: samples(640) }]);
    expect(endpointing.state()).toBe('silence');
  });

  it('keeps a manual speech open through any silence', () => {
    const { hear, endpointing } = setUp({ manual: true });
    hear(VOICE, 320);
    expect(hear(NOTHING, 3_600_000)).toEqual([{ type: 'pause', revision: 0, endSample: samples(320) }]);
    expect(hear(VOICE, 64)).toEqual([{ type: 'resume', revision: 0 }]);
    expect(endpointing.end()).toMatchObject([
      { type: 'pause', revision: 1 },
      { type: 'end', revision: 1 },
    ]);
  });

  it('has nothing more to say about a speech that never stops', () => {
    const { hear } = setUp();
    expect(hear(VOICE, 3_600_000)).toMatchObject([{ type: 'start' }]);
  });

  it('takes changed options at the next frame', () => {
    const { options, hear } = setUp();
    hear(VOICE, 320);
    hear(NOTHING, 96);
    options.endMs = 128;
    expect(hear(NOTHING, 32)).toMatchObject([{ type: 'end' }]);
  });
});

const threshold = fc.double({ min: 0.1, max: 0.9, noNaN: true });
const anyOptions: fc.Arbitrary<Options> = fc
  .record({
    thresholds: fc.tuple(threshold, threshold),
    minSpeechMs: fc.integer({ min: 0, max: 400 }),
    pauseMs: fc.integer({ min: 32, max: 400 }),
    endMs: fc.integer({ min: 32, max: 3_000 }),
    preRollMs: fc.integer({ min: 0, max: 1_000 }),
    manual: fc.boolean(),
  })
  .map(({ thresholds, ...rest }) => ({ ...rest, onThreshold: Math.max(...thresholds), offThreshold: Math.min(...thresholds) }));

/** Stretches of equal probability, as talk is, with the owner's "end now" in between. */
const anyTalk = fc.array(
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), frames: fc.integer({ min: 1, max: 30 }) }),
    },
    { weight: 1, arbitrary: fc.constant('end' as const) },
  ),
  { maxLength: 40 },
);

/** Every event with the position at which it was told. */
type Told = { event: EndpointEvent; past: number };

function tell(options: Options, talk: readonly ('end' | { probability: number; frames: number })[]): Told[] {
  const { endpointing, hear, past } = setUp(options);
  return talk.flatMap((step) => {
    const events = step === 'end' ? [endpointing.end()] : Array.from({ length: step.frames }, () => hear(step.probability, FRAME_MS));
    const from = past() - (events.length - 1) * VOICE_FRAME_SAMPLES;
    return events.flatMap((told, index) => told.map((event) => ({ event, past: from + index * VOICE_FRAME_SAMPLES })));
  });
}

describe('createEndpointing, whatever is heard', () => {
  it('tells speeches as start, pauses that are resumed, a last pause, end; each pause with the next revision', () => {
    fc.assert(
      fc.property(anyOptions, anyTalk, (options, talk) => {
        let expected: EndpointEvent['type'][] = ['start'];
        let revision = 0;
        for (const { event } of tell(options, talk)) {
          expect(expected).toContain(event.type);
          if (event.type === 'start') revision = 0;
          else expect(event.revision).toBe(revision);
          if (event.type === 'resume') revision += 1;
          expected = {
            start: ['pause' as const],
            pause: ['resume' as const, 'end' as const],
            resume: ['pause' as const],
            end: ['start' as const],
          }[event.type];
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps positions in order and within what was heard, and speeches apart', () => {
    fc.assert(
      fc.property(anyOptions, anyTalk, (options, talk) => {
        let formerEnd = 0;
        let onset = 0;
        let lastEnd = 0;
        for (const { event, past } of tell(options, talk)) {
          if (event.type === 'start') {
            onset = event.onsetSample;
            lastEnd = onset;
            expect(event.audioFromSample).toBeGreaterThanOrEqual(formerEnd);
            expect(event.audioFromSample).toBeGreaterThanOrEqual(onset - samples(options.preRollMs));
            expect(event.audioFromSample).toBeLessThanOrEqual(onset);
            // The voice before a start is at least what was asked for.
            expect(past - onset).toBeGreaterThanOrEqual(samples(options.minSpeechMs));
          } else if (event.type !== 'resume') {
            expect(event.endSample).toBeGreaterThan(onset);
            expect(event.endSample).toBeGreaterThanOrEqual(lastEnd);
            expect(event.endSample).toBeLessThanOrEqual(past);
            lastEnd = event.endSample;
            if (event.type === 'end') formerEnd = event.endSample;
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('ends a speech by itself after the silence asked for, and a manual one never', () => {
    fc.assert(
      fc.property(anyOptions, fc.integer({ min: 20, max: 100 }), (options, voicedFrames) => {
        const { hear } = setUp(options);
        hear(1, voicedFrames * FRAME_MS);
        const told = Array.from({ length: 200 }, (_, index) =>
          hear(0, FRAME_MS).map((event) => [event.type, (index + 1) * FRAME_MS] as const),
        ).flat();
        const upToFrame = (ms: number): number => Math.ceil(ms / FRAME_MS) * FRAME_MS;
        const pauseAt = upToFrame(options.pauseMs);
        const endAt = Math.max(upToFrame(options.endMs), pauseAt + FRAME_MS);
        expect(told).toEqual(
          options.manual
            ? [['pause', pauseAt]]
            : [
                ['pause', pauseAt],
                ['end', endAt],
              ],
        );
      }),
      { numRuns: 300 },
    );
  });
});
