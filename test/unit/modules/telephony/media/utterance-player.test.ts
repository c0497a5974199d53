import { describe, expect, it } from 'vitest';
import { createLegPlayer } from '../../../../../src-main/modules/telephony/media/leg-player.ts';
import type { PlaybackFact } from '../../../../../src-main/modules/telephony/media/utterance-player.ts';
import type { PlaybackCommand } from '../../../../../src-preload/contract/index.ts';

const RATE_HZ = 16_000;
const FRAME = 320;

/** A player with a loudspeaker that takes frame after frame. */
function createRig() {
  const facts: string[] = [];
  const player = createLegPlayer(
    RATE_HZ,
    ({ event, playedMs }: PlaybackFact) => void facts.push(event === 'progress' ? event : `${event} ${Math.round(playedMs)}`),
  );
  const command = (name: 'start' | 'pause' | 'resume' | 'drop', utteranceId = 'u'): void => player.obey({ command: name, utteranceId });
  return {
    player,
    facts,
    command,
    finish: (segmentCount: number): void => player.obey({ command: 'finish', utteranceId: 'u', segmentCount } satisfies PlaybackCommand),
    speak: (durationMs: number, last: boolean, segmentIndex = 0, utteranceId = 'u'): void =>
      player.receive({
        type: 'speech',
        utteranceId,
        segmentIndex,
        sampleRateHz: RATE_HZ,
        samples: new Float32Array(durationMs * 16).fill(0.5),
        last,
      }),
    frames(count: number): Float32Array {
      const all = new Float32Array(count * FRAME);
      for (let index = 0; index < count; index += 1) player.render(all.subarray(index * FRAME, (index + 1) * FRAME));
      return all;
    },
    told: () => facts.filter((fact) => fact !== 'progress'),
  };
}

describe('createLegPlayer', () => {
  it('holds what is not started, plays it, and tells its end when all segments were heard', () => {
    const rig = createRig();
    rig.speak(50, true);
    expect(rig.frames(3).every((sample) => sample === 0)).toBe(true);
    rig.command('start');
    rig.finish(2);
    rig.frames(2);
    rig.speak(50, true, 1);
    rig.frames(5);
    expect(rig.told()).toEqual(['started 20', 'ended 100']);
    expect(rig.player.isBusy()).toBe(false);
  });

  it('fades within 5 ms at a pause, uses up nothing that is not heard, and fades in at resume', () => {
    const rig = createRig();
    rig.speak(400, true);
    rig.command('start');
    rig.frames(2);
    rig.command('pause');
    const cut = rig.frames(3);
    expect(cut[0]).toBeGreaterThan(0.4);
    expect(cut.subarray(80).every((sample) => sample === 0)).toBe(true);
    rig.command('resume');
    const back = rig.frames(1);
    expect(back[0]).toBeLessThan(0.02);
    expect(back[200]).toBe(0.5);
    expect(rig.told()).toEqual(['started 20', 'paused 45', 'resumed 65']);
  });

  it('tells when it runs dry, and goes on when sound comes', () => {
    const rig = createRig();
    rig.speak(40, false);
    rig.command('start');
    const dry = rig.frames(4);
    expect(dry.subarray(640).every((sample) => sample === 0)).toBe(true);
    rig.speak(40, true);
    rig.finish(1);
    rig.frames(4);
    expect(rig.facts).toEqual(['started 20', 'underflow 40', 'progress', 'ended 80']);
  });

  it('forgets what was dropped, however late its sound comes', () => {
    const rig = createRig();
    rig.command('drop');
    rig.speak(100, true);
    rig.command('start');
    expect(rig.frames(3).every((sample) => sample === 0)).toBe(true);
    expect(rig.facts).toEqual([]);
  });

  it('plays what is ready before all else, and says what was cut off', async () => {
    const rig = createRig();
    rig.speak(100, true);
    rig.command('start');
    const greeting = rig.player.play('hello', new Float32Array(640).fill(0.25), RATE_HZ);
    const second = rig.player.play('second', new Float32Array(16_000).fill(0.25), RATE_HZ);
    const frames = rig.frames(4);
    expect(frames[400]).toBe(0.25);
    expect(await greeting).toBe(true);
    expect(rig.facts).toEqual([]);
    rig.player.silence();
    rig.frames(1);
    expect(await second).toBe(false);
    rig.frames(1);
    expect(rig.told()).toEqual(['started 20']);
  });

  it('ends an utterance whose last segment never comes', () => {
    const rig = createRig();
    rig.speak(20, true);
    rig.command('start');
    rig.finish(2);
    rig.frames(210);
    expect(rig.told().at(-1)).toBe('ended 20');
  });
});
