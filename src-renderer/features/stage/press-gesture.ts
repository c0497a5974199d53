/** One key or button for hold-to-talk and for tap-to-talk: held long it ends when let go, tapped it stays down until the next tap. */
export interface PressGesture {
  down(): void;
  up(): void;
  /** The window lost the focus or the pointer: whatever is held is let go. */
  cancel(): void;
}

/** Shorter than this is a tap. Nobody says a word in less. */
const TAP_MS = 350;

export function createPressGesture(deps: { nowMs: () => number; press: (down: boolean) => void }): PressGesture {
  let state: 'released' | 'held' | 'latched' | 'unlatching' = 'released';
  let downAtMs = 0;

  const release = (): void => {
    state = 'released';
    deps.press(false);
  };
  return {
    down() {
      if (state === 'latched') {
        state = 'unlatching';
      } else if (state === 'released') {
        state = 'held';
        downAtMs = deps.nowMs();
        deps.press(true);
      }
    },
    up() {
      if (state === 'unlatching') release();
      else if (state === 'held') {
        if (deps.nowMs() - downAtMs < TAP_MS) state = 'latched';
        else release();
      }
    },
    cancel() {
      if (state === 'held' || state === 'unlatching') release();
    },
  };
}
