import { describe, expect, it } from 'vitest';
import { wordStartsIn } from '../../../../../src-main/modules/telephony/records/word-times.ts';
import { joinSamples } from '../../../../../src-main/platform/audio/index.ts';

const RATE = 8_000;
const voice = (ms: number): Float32Array => Float32Array.from({ length: (ms / 1000) * RATE }, (_value, index) => 0.3 * Math.sin(index / 3));
const line = (ms: number): Float32Array => Float32Array.from({ length: (ms / 1000) * RATE }, (_value, index) => 0.01 * Math.sin(index));

describe('wordStartsIn', () => {
  it('lays words along the voice, and none of them into a pause', () => {
    const sound = joinSamples([line(200), voice(400), line(1_000), voice(400), line(300)]);
    expect(wordStartsIn('one two six ten', sound, RATE)).toEqual([200, 400, 1_600, 1_800]);
  });

  it('begins a clause behind the pause that its comma stands for', () => {
    const sound = joinSamples([voice(600), line(500), voice(400), line(500), voice(200)]);
    expect(wordStartsIn('well, then we, go', sound, RATE)).toEqual([0, 1_100, 1_320, 2_000]);
  });

  it('has no places in silence, or where there is no sound', () => {
    expect(wordStartsIn('yes', new Float32Array(8_000), RATE)).toBeUndefined();
    expect(wordStartsIn('yes', new Float32Array(0), RATE)).toBeUndefined();
  });
});
