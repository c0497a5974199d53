import { describe, expect, it } from 'vitest';
import { createCapturePipe } from '../../../../src-renderer/audio/capture-pipe.ts';
import { meterValue, type Level } from '../../../../src-renderer/audio/level.ts';

describe('createCapturePipe', () => {
  it.each([8000, 44_100, 48_000, 96_000])('gives 50 blocks of 20 ms for each second at %i Hz', (inputRateHz) => {
    const blocks: Float32Array[] = [];
    const push = createCapturePipe({ inputRateHz, onBlock: (block) => blocks.push(block), onLevel: () => undefined });
    for (let fed = 0; fed < inputRateHz; fed += 128) push([new Float32Array(128)]);
    expect(blocks.every((block) => block.length === 320)).toBe(true);
    expect(Math.abs(blocks.length - 50)).toBeLessThanOrEqual(1);
  });

  it('mixes stereo down without making it louder', () => {
    const blocks: Float32Array[] = [];
    const push = createCapturePipe({ inputRateHz: 16_000, onBlock: (block) => blocks.push(block), onLevel: () => undefined });
    push([new Float32Array(640).fill(0.5), new Float32Array(640).fill(0.1)]);
    expect(blocks[0]?.[100]).toBeCloseTo(0.3);
  });

  it('tells the loudness every 40 ms', () => {
    const levels: Level[] = [];
    const push = createCapturePipe({ inputRateHz: 16_000, onBlock: () => undefined, onLevel: (level) => levels.push(level) });
    push([new Float32Array(1280).fill(0.25)]);
    expect(levels).toEqual([
      { rms: 0.25, peak: 0.25 },
      { rms: 0.25, peak: 0.25 },
    ]);
  });

  it('hands out blocks that stay as they are when more sound comes', () => {
    const blocks: Float32Array[] = [];
    const push = createCapturePipe({ inputRateHz: 16_000, onBlock: (block) => blocks.push(block), onLevel: () => undefined });
    push([new Float32Array(320).fill(0.5)]);
    push([new Float32Array(320).fill(-0.5)]);
    expect([blocks[0]?.[10], blocks[1]?.[10]]).toEqual([0.5, -0.5]);
  });
});

describe('meterValue', () => {
  it('is 0 in a quiet room, 1 at loud speech, and grows in between', () => {
    expect([meterValue(0), meterValue(0.001), meterValue(0.3)]).toEqual([0, 0, 1]);
    expect(meterValue(0.02)).toBeLessThan(meterValue(0.05));
  });
});
