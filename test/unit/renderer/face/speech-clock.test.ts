import { describe, expect, it } from 'vitest';
import type { PlaybackReport, SpokenPhoneme } from '../../../../src-preload/contract/index.ts';
import { createSpeechClock, type SpeechClock } from '../../../../src-renderer/face/speech-clock.ts';

const LATENCY_MS = 30;

function report(clock: SpeechClock, event: PlaybackReport['event'], playedMs: number, atMs: number, utteranceId = 'u1'): void {
  clock.report({ utteranceId, event, playedMs, atMs, outputLatencyMs: LATENCY_MS });
}

function tell(
  clock: SpeechClock,
  phonemes: SpokenPhoneme[],
  options: { startMs?: number; segmentIndex?: number; utteranceId?: string } = {},
): void {
  const { startMs = 0, segmentIndex = 0, utteranceId = 'u1' } = options;
  clock.timing({ message: { type: 'speech.timing', utteranceId, segmentIndex, phonemes, emotion: 'neutral' }, startMs });
}

const at = (clock: SpeechClock, atMs: number): [positionMs: number, isFlowing: boolean] | undefined => {
  const heard = clock.heardAt(atMs);
  return heard && [heard.positionMs, heard.isFlowing];
};

describe('createSpeechClock', () => {
  it('knows nothing before something is played, whatever is prepared', () => {
    const clock = createSpeechClock();
    tell(clock, [{ symbol: 'a', startMs: 0, durationMs: 100 }]);
    expect(clock.heardAt(1000)).toBeUndefined();
  });

  it('goes on between reports and stays behind the player by the latency of the device', () => {
    const clock = createSpeechClock();
    report(clock, 'started', 3, 1003);
    expect(at(clock, 1003)).toEqual([3 - LATENCY_MS, true]);
    expect(at(clock, 1053)).toEqual([53 - LATENCY_MS, true]);
    report(clock, 'progress', 83, 1083);
    expect(at(clock, 1143)).toEqual([143 - LATENCY_MS, true]);
  });

  it('smooths the bursts of the audio thread', () => {
    const clock = createSpeechClock();
    report(clock, 'started', 0, 1000);
    let before = -LATENCY_MS;
    for (let atMs = 1000; atMs < 3000; atMs += 40) {
      // Reports come 80 ms of sound apart, up to 12 ms early or late.
      if (atMs % 80 === 0) report(clock, 'progress', atMs - 1000 + (atMs % 240 === 0 ? 12 : 0), atMs);
      const position = clock.heardAt(atMs + 40)?.positionMs ?? 0;
      expect(position - before).toBeGreaterThan(30);
      expect(Math.abs(position - (atMs + 40 - 1000 - LATENCY_MS))).toBeLessThan(13);
      before = position;
    }
  });

  it('waits with the sound when the queue runs dry, and goes on from there', () => {
    const clock = createSpeechClock();
    report(clock, 'started', 0, 1000);
    report(clock, 'underflow', 500, 1500);
    // What was played is still on its way to the ear.
    expect(at(clock, 1510)).toEqual([480, true]);
    expect(at(clock, 1600)).toEqual([500, false]);
    report(clock, 'resumed', 503, 1903);
    expect(at(clock, 1903)).toEqual([500, true]);
    expect(at(clock, 1933)).toEqual([503, true]);
    expect(at(clock, 1983)).toEqual([553, true]);
  });

  it('goes on without a jump when the player tells of new sound only by its progress', () => {
    const clock = createSpeechClock();
    report(clock, 'started', 0, 1000);
    report(clock, 'underflow', 120, 1120);
    report(clock, 'progress', 123, 2000);
    expect([2000, 2027, 2040, 2080].map((atMs) => clock.heardAt(atMs)?.positionMs)).toEqual([120, 120, 133, 173]);
  });

  it('stands still at the order to pause, before the player has said so, and goes on after it', () => {
    const clock = createSpeechClock();
    report(clock, 'started', 0, 1000);
    clock.obey({ command: 'pause', utteranceId: 'u1' });
    expect(at(clock, 1200)?.[1]).toBe(false);
    report(clock, 'progress', 210, 1210);
    expect(at(clock, 1220)?.[1]).toBe(false);
    report(clock, 'paused', 216, 1216);
    expect(at(clock, 1300)).toEqual([216, false]);
    clock.obey({ command: 'resume', utteranceId: 'u1' });
    report(clock, 'resumed', 216, 1500);
    expect(at(clock, 1600)).toEqual([216 + 100 - LATENCY_MS, true]);
  });

  it('forgets what was dropped, also when its last report comes late', () => {
    const clock = createSpeechClock();
    report(clock, 'started', 0, 1000);
    clock.obey({ command: 'drop', utteranceId: 'u1' });
    report(clock, 'progress', 90, 1090);
    expect(clock.heardAt(1100)).toBeUndefined();
    report(clock, 'started', 0, 2000, 'u2');
    expect(clock.heardAt(2100)?.utteranceId).toBe('u2');
  });

  it('is over when the last sound has been heard', () => {
    const clock = createSpeechClock();
    report(clock, 'started', 0, 1000);
    report(clock, 'ended', 400, 1400);
    expect(at(clock, 1420)).toEqual([390, true]);
    expect(clock.heardAt(1440)).toBeUndefined();
  });

  it('stops by itself when a device dies without a word', () => {
    const clock = createSpeechClock();
    report(clock, 'started', 0, 1000);
    expect(at(clock, 1200)?.[1]).toBe(true);
    expect(at(clock, 1400)?.[1]).toBe(false);
  });

  it('joins the timings of all segments on the clock of the utterance', () => {
    const clock = createSpeechClock();
    tell(clock, [{ symbol: 'a', startMs: 0, durationMs: 100 }]);
    tell(clock, [{ symbol: 'm', startMs: 20, durationMs: 80, level: 0.5 }], { startMs: 700, segmentIndex: 1 });
    tell(clock, [{ symbol: 'o', startMs: 0, durationMs: 50 }], { utteranceId: 'u2' });
    report(clock, 'started', 0, 1000);
    expect(clock.heardAt(1100)?.units).toEqual([
      { viseme: 'aa', startMs: 0, endMs: 100, level: undefined, accent: expect.any(Number) },
      { viseme: 'PP', startMs: 720, endMs: 800, level: 0.5, accent: 0 },
    ]);
  });

  it('tells the loudness of what is heard, not of what has just left for the device', () => {
    const clock = createSpeechClock();
    report(clock, 'started', 0, 1000);
    clock.level(1000, 0.2);
    clock.level(1040, 0.8);
    expect([1035, 1060, 1071].map((atMs) => clock.heardAt(atMs)?.loudness)).toEqual([0.2, 0.2, 0.8]);
  });

  it('keeps no more than the last utterances', () => {
    const clock = createSpeechClock();
    tell(clock, [{ symbol: 'a', startMs: 0, durationMs: 100 }], { utteranceId: 'first' });
    for (let index = 0; index < 20; index += 1) tell(clock, [{ symbol: 'a', startMs: 0, durationMs: 100 }], { utteranceId: `u${index}` });
    report(clock, 'started', 0, 1000, 'first');
    expect(clock.heardAt(1010)?.units).toEqual([]);
    report(clock, 'started', 0, 1000, 'u19');
    expect(clock.heardAt(1010)?.units.length).toBe(1);
  });
});
