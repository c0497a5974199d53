import { describe, expect, it } from 'vitest';
import { createComfortNoise } from '../../../../../src-main/modules/telephony/media/comfort-noise.ts';
import { createInputTimeline } from '../../../../../src-main/modules/telephony/media/input-timeline.ts';
import { createLevelControl, createLimiter, INCOMING_LEVELS } from '../../../../../src-main/modules/telephony/media/level-control.ts';
import { createSoundWatch } from '../../../../../src-main/modules/telephony/media/sound-watch.ts';
import { decibelsOf, sine } from '../../../../doubles/media-tones.ts';

const frames = (samples: Float32Array, length: number): Float32Array[] =>
  Array.from({ length: Math.floor(samples.length / length) }, (_, index) => samples.slice(index * length, (index + 1) * length));

/** Bursts of sound with pauses, as speech has them. */
function speechLike(seconds: number, rateHz: number): Float32Array {
  return sine(300, -18, seconds * 1000, rateHz).map((sample, index) => ((index / rateHz) % 0.5 < 0.32 ? sample : sample * 0.003));
}

function listen(samples: Float32Array, rateHz = 8_000): string[] {
  const told: string[] = [];
  const watch = createSoundWatch((what) => told.push(what));
  for (const frame of frames(samples, rateHz / 50)) {
    watch.frame(frame, rateHz);
    watch.tick();
  }
  return told;
}

describe('createSoundWatch', () => {
  it.each([1_100, 2_100])('hears a fax at %i Hz after half a second, at 8 and at 16 kHz', (frequencyHz) => {
    for (const rateHz of [8_000, 16_000]) expect(listen(sine(frequencyHz, -20, 500, rateHz), rateHz)).toContain('tone');
    expect(listen(sine(frequencyHz, -20, 300, 8_000))).not.toContain('tone');
  });

  it('takes neither speech nor a dial tone for a fax', () => {
    expect(listen(speechLike(5, 8_000))).toEqual(['speech']);
    expect(listen(sine(425, -20, 3_000, 8_000))).not.toContain('tone');
  });

  it('tells speech from music, which has no pauses', () => {
    expect(listen(speechLike(20, 8_000))).not.toContain('music');
    const chord = sine(262, -22, 12_000, 8_000).map(
      (sample, index) => sample + (sine(330, -22, 0.125, 8_000)[0] ?? 0) + 0.08 * Math.sin(index / 3.1),
    );
    expect(listen(chord).filter((what) => what === 'music')).toEqual(['music']);
  });

  it('says when music has come to an end: somebody speaks, or nobody plays any more', () => {
    const music = sine(262, -20, 12_000, 8_000);
    for (const after of [speechLike(4, 8_000), new Float32Array(3 * 8_000)]) {
      const heard = new Float32Array(music.length + after.length);
      heard.set(music);
      heard.set(after, music.length);
      expect(listen(heard).filter((what) => what.startsWith('music'))).toEqual(['music', 'music-ends']);
    }
    expect(listen(sine(262, -20, 30_000, 8_000)).filter((what) => what.startsWith('music'))).toEqual(['music']);
  });

  it('says that nothing comes after five seconds without a frame, and when one comes again, even a silent one', () => {
    const told: string[] = [];
    const watch = createSoundWatch((what) => told.push(what));
    for (let index = 0; index < 249; index += 1) watch.tick();
    expect(told).toEqual([]);
    for (let index = 0; index < 200; index += 1) watch.tick();
    expect(told).toEqual(['nothing-comes']);
    watch.frame(new Float32Array(160), 8_000);
    expect(told).toEqual(['nothing-comes', 'comes-again']);
  });

  it('takes a muted telephone, whose frames are all zero, for no trouble of the line', () => {
    expect(listen(new Float32Array(30 * 8_000))).toEqual([]);
  });
});

describe('createInputTimeline', () => {
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- belongs to this test
  const frame = (level = 0.1): Float32Array => new Float32Array(320).fill(level);
  const play = (arrivals: readonly number[], untilMs: number, level = 0.1) => {
    const delivered: Float32Array[] = [];
    const timeline = createInputTimeline(16_000, 0, (samples) => delivered.push(samples));
    const waiting = arrivals.toSorted((left, right) => left - right);
    for (let nowMs = 0; nowMs <= untilMs; nowMs += 1) {
      while (waiting[0] !== undefined && waiting[0] <= nowMs) {
        waiting.shift();
        timeline.push(frame(level), nowMs);
      }
      if (nowMs % 20 === 0) timeline.tick(nowMs);
    }
    const sound = delivered.filter((samples) => (samples[0] ?? 0) === Math.fround(level)).length;
    return { frames: delivered.length, sound, durationMs: delivered.length * 20 };
  };

  it('passes what is on time as it is', () => {
    const arrivals = Array.from({ length: 100 }, (_, index) => 20 + index * 20);
    expect(play(arrivals, 2_000)).toEqual({ frames: 100, sound: 100, durationMs: 2_000 });
  });

  it('keeps every frame that jitters by 60 ms, and stays in step', () => {
    const arrivals = Array.from({ length: 200 }, (_, index) => 20 + index * 20 + ((index * 37) % 61));
    const { sound, durationMs } = play(arrivals, 4_100);
    expect(sound).toBe(200);
    expect(Math.abs(durationMs - 4_100)).toBeLessThan(260);
  });

  it('fills what is lost, so that time goes on', () => {
    const arrivals = Array.from({ length: 200 }, (_, index) => 20 + index * 20).filter((_, index) => index % 20 !== 7);
    const { sound, durationMs } = play(arrivals, 4_000);
    expect(sound).toBe(190);
    expect(Math.abs(durationMs - 4_000)).toBeLessThan(200);
    expect(play([], 3_000).durationMs).toBeGreaterThan(2_700);
  });

  it('shortens pauses after a flood, and no speech', () => {
    const flood = [...Array.from({ length: 30 }, () => 20), ...Array.from({ length: 100 }, (_, index) => 40 + index * 20)];
    expect(play(flood, 2_100).sound).toBe(130);
    expect(play(flood, 2_100, 0.0001).durationMs).toBeLessThan(2_300);
  });
});

describe('level control', () => {
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- belongs to this test
  const run = (control: { apply(frame: Float32Array): void }, samples: Float32Array): Float32Array => {
    const all = samples.slice();
    for (let start = 0; start < all.length; start += 320) control.apply(all.subarray(start, start + 320));
    return all;
  };

  it('leaves a usual voice as it is, lifts a faint one, and does not lift noise', () => {
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- belongs to this test
    const tail = (decibels: number): number =>
      decibelsOf(run(createLevelControl(INCOMING_LEVELS), sine(400, decibels, 4_000, 16_000)).slice(-3_200));
    expect(tail(-20)).toBeCloseTo(-20, 1);
    expect(tail(-44)).toBeCloseTo(-34, 0);
    expect(tail(-4)).toBeCloseTo(-10, 0);
    expect(tail(-60)).toBeCloseTo(-60, 1);
  });

  it('holds peaks down and leaves the rest alone', () => {
    const loud = run(createLimiter(16_000), sine(400, 0, 500, 16_000));
    expect(Math.max(...loud)).toBeLessThanOrEqual(0.8001);
    const usual = sine(400, -12, 500, 16_000);
    expect(run(createLimiter(16_000), usual)).toEqual(usual);
  });
});

describe('what is heard in between', () => {
  it('is a quiet line, not digital silence', () => {
    const noise = new Float32Array(16_000);
    createComfortNoise('leg').write(noise);
    expect(decibelsOf(noise)).toBeGreaterThan(-70);
    expect(decibelsOf(noise)).toBeLessThan(-56);
  });
});
