import { onTestFinished, describe, expect, it } from 'vitest';
import { createSpeaker } from '../../../../src-main/modules/terminal/speaker.ts';
import type { PlaybackCommand, PlaybackReport } from '../../../../src-preload/contract/index.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const RATE_HZ = 24_000;

function setUp() {
  const clock = createVirtualClock();
  const openedAtMs = clock.nowMs();
  const reports: PlaybackReport[] = [];
  const speaker = createSpeaker({ clock, report: (report) => void reports.push(report) });
  onTestFinished(() => speaker.dispose());
  return {
    clock,
    speaker,
    reports,
    /** Events with the sound that had left by then and the time. */
    told: () =>
      reports.map(({ utteranceId, event, playedMs, atMs }) => [utteranceId, event, Math.round(playedMs), Math.round(atMs - openedAtMs)]),
    sound: (utteranceId: string, ms: number, last = true, value = 0.5) =>
      speaker.receive({
        type: 'speech',
        utteranceId,
        segmentIndex: 0,
        sampleRateHz: RATE_HZ,
        samples: new Float32Array((RATE_HZ * ms) / 1_000).fill(value),
        last,
      }),
    command: (command: PlaybackCommand['command'], utteranceId = 'a', segmentCount = 1) =>
      speaker.command(command === 'finish' ? { command, utteranceId, segmentCount } : { command, utteranceId }),
    playedMs: () => speaker.played.reduce((sum, piece) => sum + (piece.samples.length / piece.sampleRateHz) * 1_000, 0),
  };
}

describe('createSpeaker', () => {
  it('lets nothing be heard before it is told to start', async () => {
    const { clock, sound, told, playedMs } = setUp();
    sound('a', 400);
    await clock.advance(1_000);
    expect([told(), playedMs()]).toEqual([[], 0]);
  });

  it('plays in real time and tells the start, the progress and the end', async () => {
    const { clock, sound, command, told, playedMs } = setUp();
    sound('a', 200, false);
    sound('a', 200);
    command('finish');
    command('start');
    await clock.advance(250);
    expect(playedMs()).toBeCloseTo(260, 0);
    await clock.advance(250);
    expect(told()).toEqual([
      ['a', 'started', 10, 0],
      ['a', 'progress', 100, 90],
      ['a', 'progress', 200, 190],
      ['a', 'progress', 300, 290],
      ['a', 'progress', 400, 390],
      ['a', 'ended', 400, 390],
    ]);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('waits for sound that is late and goes on when it is there', async () => {
    const { clock, sound, command, told, speaker, playedMs } = setUp();
    command('start');
    sound('a', 100, false);
    command('finish');
    await clock.advance(1_000);
    expect(playedMs()).toBeCloseTo(100, 5);
    expect(told().map(([, event]) => event)).toEqual(['started', 'progress']);
    sound('a', 100);
    await clock.advance(1_000);
    expect(playedMs()).toBeCloseTo(200, 5);
    expect(told().at(-1)?.[1]).toBe('ended');
    // What came late left late, and no faster than the other sound.
    const late = speaker.played.filter(({ atMs }) => atMs >= clock.nowMs() - 1_000);
    expect(late).toHaveLength(10);
  });

  it('stops at once when it is paused and goes on where it was', async () => {
    const { clock, sound, command, told, playedMs } = setUp();
    sound('a', 300);
    command('finish');
    command('start');
    await clock.advance(95);
    command('pause');
    const paused = playedMs();
    await clock.advance(5_000);
    expect(playedMs()).toBe(paused);
    command('resume');
    await clock.advance(1_000);
    expect(playedMs()).toBeCloseTo(300, 5);
    expect(told().map(([, event]) => event)).toEqual(['started', 'progress', 'paused', 'resumed', 'progress', 'progress', 'ended']);
  });

  it('forgets a dropped utterance, its late sound included', async () => {
    const { clock, sound, command, told, playedMs } = setUp();
    sound('a', 300, false);
    command('start');
    await clock.advance(95);
    const heard = playedMs();
    command('drop');
    sound('a', 300);
    command('start');
    await clock.advance(1_000);
    expect(playedMs()).toBe(heard);
    expect(told().map(([, event]) => event)).toEqual(['started', 'progress']);
  });

  it('plays one utterance after the other', async () => {
    const { clock, sound, command, told, speaker } = setUp();
    for (const utteranceId of ['a', 'b']) {
      sound(utteranceId, 50);
      command('finish', utteranceId);
    }
    command('start', 'a');
    await clock.advance(500);
    command('start', 'b');
    await clock.advance(500);
    expect(
      told()
        .filter(([, event]) => event !== 'progress')
        .map(([utterance, event]) => `${utterance} ${event}`),
    ).toEqual(['a started', 'a ended', 'b started', 'b ended']);
    expect(new Set(speaker.played.map(({ utteranceId }) => utteranceId))).toEqual(new Set(['a', 'b']));
  });

  it('ends an utterance that has no sound', async () => {
    const { clock, sound, command, told } = setUp();
    sound('a', 0);
    command('start');
    command('finish');
    await clock.advance(100);
    expect(told().map(([, event, playedMs]) => [event, playedMs])).toEqual([['ended', 0]]);
  });

  it('shows each piece as it leaves', async () => {
    const { clock, sound, command, speaker } = setUp();
    const shown: number[] = [];
    speaker.onPiece(({ samples }) => shown.push(samples.length));
    sound('a', 100);
    command('start');
    await clock.advance(45);
    expect(shown.length).toBe(5);
    expect(shown.reduce((sum, count) => sum + count, 0)).toBeCloseTo((RATE_HZ * 50) / 1_000, -1);
  });
});
