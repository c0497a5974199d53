import { describe, expect, it } from 'vitest';
import type { SpeechTimingMessage } from '../../../../src-preload/contract/index.ts';
import type { PlacedTiming } from '../../../../src-renderer/audio/playback-messages.ts';
import { createPlaybackQueue, type PlaybackQueue } from '../../../../src-renderer/audio/playback-queue.ts';
import type { PlaybackFact } from '../../../../src-renderer/audio/utterance-player.ts';

const RATE_HZ = 48_000;
const QUANTUM = 128;

interface Player {
  queue: PlaybackQueue;
  facts: PlaybackFact[];
  timings: PlacedTiming[];
  /** Renders whole quanta for that long and returns the sound. */
  run(milliseconds: number): Float32Array;
}

function createPlayer(): Player {
  const facts: PlaybackFact[] = [];
  const timings: PlacedTiming[] = [];
  const queue = createPlaybackQueue(
    RATE_HZ,
    (fact) => facts.push(fact),
    (timing) => timings.push(timing),
  );
  return {
    queue,
    facts,
    timings,
    run(milliseconds) {
      const quanta = Math.round((milliseconds * RATE_HZ) / 1000 / QUANTUM);
      const sound = new Float32Array(quanta * QUANTUM);
      for (let quantum = 0; quantum < quanta; quantum += 1) queue.render(sound.subarray(quantum * QUANTUM, (quantum + 1) * QUANTUM));
      return sound;
    },
  };
}

/** A steady tone of half volume, so that any click shows as a jump. */
function speech(
  utteranceId: string,
  milliseconds: number,
  options: { segmentIndex?: number; last?: boolean; sampleRateHz?: number; fromMs?: number } = {},
): Parameters<PlaybackQueue['receive']>[0] {
  const sampleRateHz = options.sampleRateHz ?? 24_000;
  const samples = Float32Array.from(
    { length: Math.round((milliseconds * sampleRateHz) / 1000) },
    (_, index) => 0.5 * Math.sin(2 * Math.PI * 200 * (index / sampleRateHz + (options.fromMs ?? 0) / 1000)),
  );
  return { type: 'speech', utteranceId, segmentIndex: options.segmentIndex ?? 0, sampleRateHz, samples, last: options.last ?? true };
}

function largestJump(sound: Float32Array): number {
  return Math.max(...sound.map((sample, index) => (index === 0 ? 0 : Math.abs(sample - (sound[index - 1] ?? 0)))));
}

function isSilent(sound: Float32Array): boolean {
  return sound.every((sample) => sample === 0);
}

/** A 200 Hz tone of half volume moves by 0.013 per frame; fades add little. */
const NO_CLICK = 0.03;

const events = (facts: PlaybackFact[]): string[] => facts.map((fact) => fact.event).filter((event) => event !== 'progress');

const timing = (utteranceId: string, segmentIndex: number): SpeechTimingMessage => ({
  type: 'speech.timing',
  utteranceId,
  segmentIndex,
  phonemes: [{ symbol: 'a', startMs: 0, durationMs: 50 }],
  emotion: 'neutral',
});

describe('createPlaybackQueue', () => {
  it('keeps an utterance silent until it is started, then plays all of it and says so', () => {
    const { queue, facts, run } = createPlayer();
    queue.receive(speech('u1', 300));
    expect(isSilent(run(100))).toBe(true);

    queue.obey({ command: 'start', utteranceId: 'u1' });
    queue.obey({ command: 'finish', utteranceId: 'u1', segmentCount: 1 });
    const sound = run(400);

    expect(events(facts)).toEqual(['started', 'ended']);
    expect(facts.at(-1)?.playedMs).toBeCloseTo(300, 0);
    expect(largestJump(sound)).toBeLessThan(NO_CLICK);
    expect(Math.max(...sound)).toBeGreaterThan(0.49);
  });

  it.each([8000, 16_000, 22_050, 24_000, 44_100, 48_000])('plays %i Hz at its true length', (sampleRateHz) => {
    const { queue, facts, run } = createPlayer();
    queue.receive(speech('u1', 500, { sampleRateHz }));
    queue.obey({ command: 'start', utteranceId: 'u1' });
    queue.obey({ command: 'finish', utteranceId: 'u1', segmentCount: 1 });
    run(600);
    expect(facts.at(-1)).toEqual({ utteranceId: 'u1', event: 'ended', playedMs: expect.closeTo(500, -0.5) });
  });

  it('reports progress several times a second', () => {
    const { queue, facts, run } = createPlayer();
    queue.receive(speech('u1', 1000));
    queue.obey({ command: 'start', utteranceId: 'u1' });
    run(1000);
    const progress = facts.filter((fact) => fact.event === 'progress').map((fact) => fact.playedMs);
    expect(progress.length).toBeGreaterThanOrEqual(10);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  it('falls silent within 6 ms of a pause, without a click, and goes on where it stopped', () => {
    const { queue, facts, run } = createPlayer();
    queue.receive(speech('u1', 400));
    queue.obey({ command: 'start', utteranceId: 'u1' });
    queue.obey({ command: 'finish', utteranceId: 'u1', segmentCount: 1 });
    const before = run(200);
    queue.obey({ command: 'pause', utteranceId: 'u1' });
    const fade = run(6);
    const pause = run(500);
    queue.obey({ command: 'resume', utteranceId: 'u1' });
    const after = run(300);

    expect(isSilent(pause)).toBe(true);
    expect(largestJump(Float32Array.from([...before, ...fade, ...pause, ...after]))).toBeLessThan(NO_CLICK);
    expect(events(facts)).toEqual(['started', 'paused', 'resumed', 'ended']);
    const paused = facts.find((fact) => fact.event === 'paused')?.playedMs ?? 0;
    const resumed = facts.find((fact) => fact.event === 'resumed')?.playedMs ?? 0;
    expect(paused).toBeGreaterThanOrEqual(200);
    expect(paused).toBeLessThan(206);
    expect(resumed - paused).toBeLessThan(3);
    expect(facts.at(-1)?.playedMs).toBeCloseTo(400, 0);
  });

  it('forgets a dropped utterance at once and throws its late sound away', () => {
    const { queue, facts, run } = createPlayer();
    queue.receive(speech('u1', 400, { last: false }));
    queue.obey({ command: 'start', utteranceId: 'u1' });
    const before = run(100);
    queue.obey({ command: 'drop', utteranceId: 'u1' });
    const fade = run(6);
    queue.receive(speech('u1', 400));
    queue.obey({ command: 'start', utteranceId: 'u1' });

    expect(isSilent(run(300))).toBe(true);
    expect(largestJump(Float32Array.from([...before, ...fade]))).toBeLessThan(NO_CLICK);
    expect(facts.at(-1)?.event).toBe('progress');
  });

  it('never plays a speculative utterance that was dropped before its sound came', () => {
    const { queue, facts, run } = createPlayer();
    queue.obey({ command: 'drop', utteranceId: 'u1' });
    queue.receive(speech('u1', 200));
    queue.obey({ command: 'start', utteranceId: 'u1' });
    expect(isSilent(run(100))).toBe(true);
    expect(facts).toEqual([]);
  });

  it('plays a new answer while the one before is still fading', () => {
    const { queue, run } = createPlayer();
    queue.receive(speech('u1', 400));
    queue.receive(speech('u2', 400));
    queue.obey({ command: 'start', utteranceId: 'u1' });
    run(100);
    queue.obey({ command: 'drop', utteranceId: 'u1' });
    queue.obey({ command: 'start', utteranceId: 'u2' });
    expect(isSilent(run(10).subarray(-QUANTUM))).toBe(false);
  });

  it('reports a gap between segments once, fades into it and goes on when sound comes', () => {
    const { queue, facts, run } = createPlayer();
    queue.receive(speech('u1', 99, { last: false }));
    queue.obey({ command: 'start', utteranceId: 'u1' });
    const first = run(200);
    queue.receive(speech('u1', 101, { fromMs: 99 }));
    queue.obey({ command: 'finish', utteranceId: 'u1', segmentCount: 1 });
    const second = run(200);

    expect(events(facts)).toEqual(['started', 'underflow', 'ended']);
    expect(facts.at(-1)?.playedMs).toBeCloseTo(200, 0);
    expect(largestJump(Float32Array.from([...first, ...second]))).toBeLessThan(NO_CLICK);
  });

  it('joins segments of different rates without losing any of them', () => {
    const { queue, facts, run } = createPlayer();
    queue.receive(speech('u1', 100, { sampleRateHz: 22_050 }));
    queue.receive(speech('u1', 100, { sampleRateHz: 24_000, segmentIndex: 1 }));
    queue.obey({ command: 'start', utteranceId: 'u1' });
    queue.obey({ command: 'finish', utteranceId: 'u1', segmentCount: 2 });
    run(300);
    expect(events(facts)).toEqual(['started', 'ended']);
    expect(Math.abs((facts.at(-1)?.playedMs ?? 0) - 200)).toBeLessThan(1);
  });

  it('ends at once when the core says that there is nothing to say', () => {
    const { queue, facts, run } = createPlayer();
    queue.obey({ command: 'start', utteranceId: 'u1' });
    queue.obey({ command: 'finish', utteranceId: 'u1', segmentCount: 0 });
    run(5);
    expect(facts).toEqual([{ utteranceId: 'u1', event: 'ended', playedMs: 0 }]);
  });

  it('waits for all segments that were announced, and gives up on one that never comes', () => {
    const { queue, facts, run } = createPlayer();
    queue.receive(speech('u1', 100));
    queue.obey({ command: 'start', utteranceId: 'u1' });
    queue.obey({ command: 'finish', utteranceId: 'u1', segmentCount: 2 });
    run(1000);
    expect(events(facts)).toEqual(['started', 'underflow']);
    run(4000);
    expect(events(facts)).toEqual(['started', 'underflow', 'ended']);
  });

  it('plays out and ends what was cancelled by the voice', () => {
    const { queue, facts, run } = createPlayer();
    queue.receive(speech('u1', 100, { last: false }));
    queue.obey({ command: 'start', utteranceId: 'u1' });
    queue.receive({ type: 'speech.cancelled', utteranceId: 'u1' });
    run(200);
    expect(events(facts)).toEqual(['started', 'ended']);
  });

  it('holds a pause that came before the start until it is resumed', () => {
    const { queue, facts, run } = createPlayer();
    queue.receive(speech('u1', 100));
    queue.obey({ command: 'pause', utteranceId: 'u1' });
    queue.obey({ command: 'start', utteranceId: 'u1' });
    expect(isSilent(run(100))).toBe(true);
    queue.obey({ command: 'resume', utteranceId: 'u1' });
    queue.obey({ command: 'finish', utteranceId: 'u1', segmentCount: 1 });
    run(200);
    expect(events(facts)).toEqual(['paused', 'started', 'ended']);
  });

  it('does not gather speculative utterances without end', () => {
    const { queue, run } = createPlayer();
    for (let index = 0; index < 9; index += 1) queue.receive(speech(`u${index}`, 100));
    queue.obey({ command: 'start', utteranceId: 'u0' });
    expect(isSilent(run(50))).toBe(true);
    queue.obey({ command: 'start', utteranceId: 'u8' });
    expect(isSilent(run(50))).toBe(false);
  });

  it('tells at once that late sound goes on', () => {
    const { queue, facts, run } = createPlayer();
    queue.receive(speech('u1', 200, { last: false }));
    queue.obey({ command: 'start', utteranceId: 'u1' });
    run(300);
    expect(facts.at(-1)?.event).toBe('underflow');
    queue.receive(speech('u1', 200, { fromMs: 200 }));
    run(3);
    expect(facts.at(-1)).toEqual({ utteranceId: 'u1', event: 'progress', playedMs: expect.closeTo(202, -1) });
  });

  it('hands on where each segment is heard, and nothing of what was dropped', () => {
    const { queue, timings } = createPlayer();
    queue.receive(timing('u1', 0));
    queue.receive(speech('u1', 300));
    queue.receive(timing('u1', 1));
    queue.obey({ command: 'drop', utteranceId: 'u2' });
    queue.receive(timing('u2', 0));
    expect(timings).toEqual([
      { message: timing('u1', 0), startMs: 0 },
      { message: timing('u1', 1), startMs: 300 },
    ]);
  });
});
