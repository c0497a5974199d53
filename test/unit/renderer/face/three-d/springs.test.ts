import { describe, expect, it } from 'vitest';
import { createSpringClock } from '../../../../../src-renderer/face/three-d/springs.ts';

/** A pendulum that is pulled to the place where the head is; its speed depends on each step. */
function pendulum() {
  const state = { place: 0, speed: 0, resets: 0, steps: 0, head: 0 };
  return {
    state,
    springs: {
      reset() {
        Object.assign(state, { place: 0, speed: 0, resets: state.resets + 1 });
      },
      update(seconds: number) {
        state.steps += 1;
        state.speed += (40 * (state.head - state.place) - 3 * state.speed) * seconds;
        state.place += state.speed * seconds;
      },
    },
  };
}

/** Where the pendulum hangs after frames at these times, with a head that jumps aside at 200 ms. */
function swung(times: readonly number[]): number {
  const { springs, state } = pendulum();
  const clock = createSpringClock(springs);
  for (const atMs of times) {
    state.head = atMs - (times[0] ?? 0) >= 200 ? 1 : 0;
    clock.advanceTo(atMs);
  }
  return state.place;
}

const every = (stepMs: number, untilMs: number, fromMs = 0): number[] =>
  Array.from({ length: Math.round(untilMs / stepMs) + 1 }, (_, index) => fromMs + index * stepMs);

describe('createSpringClock', () => {
  it('moves the same at the same frames, whenever they are', () => {
    expect(swung(every(40, 800))).toBe(swung(every(40, 800)));
    expect(swung(every(40, 800, 1_700_000_000_000))).toBeCloseTo(swung(every(40, 800)), 6);
  });

  it('swings about as far at any rate of frames', () => {
    expect(Math.abs(swung(every(20, 800)) - swung(every(40, 800)))).toBeLessThan(0.08);
  });

  it('takes steps of a sixtieth of a second, as many as time has passed', () => {
    const { springs, state } = pendulum();
    const clock = createSpringClock(springs);
    clock.advanceTo(0);
    const settled = state.steps;
    for (const atMs of every(40, 400).slice(1)) clock.advanceTo(atMs);
    expect(state.steps - settled).toBe(24);
  });

  it('hangs at rest in the first frame already', () => {
    const { springs, state } = pendulum();
    state.head = 0.5;
    createSpringClock(springs).advanceTo(0);
    expect(state.steps).toBeGreaterThan(30);
    expect(state.resets).toBe(1);
  });

  it('begins again after a pause, and when time runs backwards', () => {
    const { springs, state } = pendulum();
    const clock = createSpringClock(springs);
    for (const atMs of [0, 40, 3_000, 3_040, 100]) clock.advanceTo(atMs);
    expect(state.resets).toBe(3);
  });
});
