import { describe, expect, it } from 'vitest';
import { momentOf } from '../../../../../src-renderer/face/mesh/moment.ts';

const times = Array.from({ length: 3000 }, (_value, index) => 1_790_000_000_000 + index * 20);

describe('momentOf', () => {
  it('stands still without effects', () => {
    expect(new Set(times.map((atMs) => momentOf(atMs, 'none').step))).toEqual(new Set([0]));
  });

  it('changes film four times a second, not with every frame', () => {
    const steps = new Set(times.map((atMs) => momentOf(atMs, 'film').step));
    expect(steps.size).toBeGreaterThan(245);
    expect(steps.size).toBeLessThan(256);
  });

  it('tears the cyberpunk picture about once in six seconds for a quarter of a second, the same at the same time', () => {
    const torn = times.filter((atMs) => momentOf(atMs, 'cyberpunk').glitch > 0);
    expect(torn.length * 20).toBeGreaterThan(1500);
    expect(torn.length * 20).toBeLessThan(3000);
    expect(times.map((atMs) => momentOf(atMs, 'cyberpunk'))).toEqual(times.map((atMs) => momentOf(atMs, 'cyberpunk')));
    expect(times.every((atMs) => momentOf(atMs, 'film').glitch === 0)).toBe(true);
  });
});
