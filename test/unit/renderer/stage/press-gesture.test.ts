import { describe, expect, it } from 'vitest';
import { createPressGesture, type PressGesture } from '../../../../src-renderer/features/stage/press-gesture.ts';

function createBench(): { gesture: PressGesture; pressed: boolean[]; wait: (milliseconds: number) => void } {
  let nowMs = 0;
  const pressed: boolean[] = [];
  const gesture = createPressGesture({ nowMs: () => nowMs, press: async (down) => void pressed.push(down) });
  return {
    gesture,
    pressed,
    wait(milliseconds) {
      nowMs += milliseconds;
    },
  };
}

describe('createPressGesture', () => {
  it('ends with the release when it was held', () => {
    const { gesture, pressed, wait } = createBench();
    gesture.down();
    wait(900);
    gesture.up();
    expect(pressed).toEqual([true, false]);
  });

  it('stays down after a tap, until the next tap', () => {
    const { gesture, pressed, wait } = createBench();
    gesture.down();
    wait(100);
    gesture.up();
    expect(pressed).toEqual([true]);
    wait(5000);
    gesture.down();
    gesture.up();
    expect(pressed).toEqual([true, false]);
  });

  it('ignores the repetitions of a held key', () => {
    const { gesture, pressed, wait } = createBench();
    for (let repetition = 0; repetition < 20; repetition += 1) {
      gesture.down();
      wait(33);
    }
    gesture.up();
    expect(pressed).toEqual([true, false]);
  });

  it('lets go when the window loses the focus, but keeps what was latched', () => {
    const held = createBench();
    held.gesture.down();
    held.gesture.cancel();
    held.gesture.up();
    expect(held.pressed).toEqual([true, false]);

    const latched = createBench();
    latched.gesture.down();
    latched.gesture.up();
    latched.gesture.cancel();
    expect(latched.pressed).toEqual([true]);
  });

  it('presses anew after the core has let go of what was latched', () => {
    const { gesture, pressed, wait } = createBench();
    gesture.down();
    gesture.up();
    gesture.reset();
    gesture.down();
    wait(900);
    gesture.up();
    expect(pressed).toEqual([true, true, false]);
  });

  it('says that it releases until the core has answered', async () => {
    const { gesture, wait } = createBench();
    gesture.down();
    wait(900);
    gesture.up();
    expect(gesture.isReleasing()).toBe(true);
    await Promise.resolve();
    expect(gesture.isReleasing()).toBe(false);
  });
});
