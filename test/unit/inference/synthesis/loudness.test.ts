import { describe, expect, it } from 'vitest';
import { createLoudnessTrack, loudnessOf } from '../../../../src-main/inference/synthesis/loudness.ts';

const level = (value: number, count: number): Float32Array => new Float32Array(count).fill(value);

describe('loudnessOf', () => {
  it('is 0 in silence, 1 for a full voice and whatever is louder, and grows between', () => {
    expect([0, 0.18, 1].map(loudnessOf)).toEqual([0, 1, 1]);
    expect(loudnessOf(0.02)).toBeCloseTo(0.27, 2);
    expect(loudnessOf(0.08)).toBeCloseTo(0.61, 2);
  });
});

describe('createLoudnessTrack', () => {
  it('tells the loudness between any two samples, however the sound came', () => {
    const track = createLoudnessTrack(16_000);
    track.push(level(0.18, 100));
    track.push(level(0.18, 3100));
    track.push(level(0.02, 3200));
    expect(track.between(0, 3200)).toBeCloseTo(1, 6);
    expect(track.between(3200, 6400)).toBeCloseTo(loudnessOf(0.02), 6);
  });

  it('knows nothing of what has hardly begun, or is empty', () => {
    const track = createLoudnessTrack(16_000);
    track.push(level(0.1, 1000));
    expect([track.between(800, 1300), track.between(900, 1050), track.between(1000, 1000)]).toEqual([
      undefined,
      expect.closeTo(loudnessOf(0.1), 6),
      undefined,
    ]);
  });
});
