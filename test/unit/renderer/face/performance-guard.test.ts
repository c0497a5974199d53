import { describe, expect, it } from 'vitest';
import { createPerformanceGuard, type DrawLevel, type PerformanceGuard } from '../../../../src-renderer/face/performance-guard.ts';

/** Draws so many windows of 50 frames of one cost; returns the levels after each. */
function windows(guard: PerformanceGuard, count: number, drawMs: number, droppedOf50 = 0): DrawLevel[] {
  return Array.from({ length: count }, () => {
    for (let frame = 0; frame < 50; frame += 1) guard.frame(drawMs, frame < droppedOf50 ? 1 : 0);
    return guard.level();
  });
}

const scales = (levels: DrawLevel[]): (number | string)[] => levels.map(({ effects, scale }) => (effects ? 'effects' : scale));

describe('createPerformanceGuard', () => {
  it('leaves out effects first, then draws smaller, never stops', () => {
    const guard = createPerformanceGuard({ periodMs: 40, hasEffects: true });
    expect(scales(windows(guard, 8, 38))).toEqual([1, 1, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75]);
  });

  it('has nothing to leave out without effects', () => {
    const guard = createPerformanceGuard({ periodMs: 40, hasEffects: false });
    expect(scales(windows(guard, 3, 5, 10))).toEqual([1, 0.75, 0.75]);
  });

  it('does not mind one bad moment of somebody else', () => {
    const guard = createPerformanceGuard({ periodMs: 40, hasEffects: false });
    expect(scales([...windows(guard, 1, 5, 20), ...windows(guard, 3, 20), ...windows(guard, 1, 5, 20)])).toEqual([1, 1, 1, 1, 1]);
  });

  it('tries more after a long good time, and waits longer each time that it was too much', () => {
    const guard = createPerformanceGuard({ periodMs: 40, hasEffects: true });
    windows(guard, 1, 38);
    expect(scales(windows(guard, 10, 6))).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 'effects']);
    windows(guard, 1, 38);
    expect(scales(windows(guard, 20, 6)).indexOf('effects')).toBe(19);
  });
});
