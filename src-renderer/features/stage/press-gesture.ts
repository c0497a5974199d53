/** One key or button for hold-to-talk and for tap-to-talk: held long it ends when let go, tapped it stays down until the next tap. */
export interface PressGesture {
  down(): void;
  up(): void;
  /** The window lost the focus or the pointer: whatever is held is let go. */
  cancel(): void;
  /** The core let go of what was held or latched, without being asked from here: the next press begins anew. */
  reset(): void;
  /** A release has been sent and is not answered yet. What the core lets go of until then is no news. */
  isReleasing(): boolean;
}

/** Shorter than this is a tap. Nobody says a word in less. */
const TAP_MS = 350;

interface PressGestureDeps {
  nowMs: () => number;
  /** Resolves when the core has answered; never rejects. */
  press: (down: boolean) => Promise<void>;
}

export function createPressGesture(deps: PressGestureDeps): PressGesture {
  let state: 'released' | 'held' | 'latched' | 'unlatching' = 'released';
  let downAtMs = 0;
  let releasing = 0;

  const release = (): void => {
    state = 'released';
    releasing += 1;
    void deps.press(false).then(() => {
      releasing -= 1;
    });
  };
  return {
    down() {
      if (state === 'latched') {
        state = 'unlatching';
      } else if (state === 'released') {
        state = 'held';
        downAtMs = deps.nowMs();
        void deps.press(true);
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
    reset() {
      state = 'released';
    },
    isReleasing: () => releasing > 0,
  };
}
