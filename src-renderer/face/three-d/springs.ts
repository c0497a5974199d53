/** Hair, ears and cloth that swing: `VRMSpringBoneManager`, as far as it is used here. */
export interface Springs {
  /** Back to rest, without speed. */
  reset(): void;
  /** One step, in seconds. */
  update(seconds: number): void;
}

/** Steps of a second. Springs depend on their step's length, so it never follows the rate of frames. */
const STEPS_PER_SECOND = 60;
/** After a longer pause (the window was hidden) or a jump back in time the springs begin again, instead of catching up. */
const LONGEST_GAP_MS = 500;
/** From rest to how the hair hangs in the first pose. */
const SETTLING_STEPS = 180;

/** Moves springs by the time of frames alone: the same frames in the same order give the same hair. */
export interface SpringClock {
  /** After the body was posed for this moment, before it is drawn. */
  advanceTo(atMs: number): void;
}

export function createSpringClock(springs: Springs): SpringClock {
  let startMs: number | undefined;
  let lastMs = 0;
  let stepsDone = 0;

  function step(count: number): void {
    for (let index = 0; index < count; index += 1) springs.update(1 / STEPS_PER_SECOND);
  }

  return {
    advanceTo(atMs) {
      if (startMs === undefined || atMs < lastMs || atMs - lastMs > LONGEST_GAP_MS) {
        startMs = atMs;
        stepsDone = 0;
        springs.reset();
        step(SETTLING_STEPS);
      }
      lastMs = atMs;
      const due = Math.floor(((atMs - startMs) * STEPS_PER_SECOND) / 1000);
      step(due - stepsDone);
      stepsDone = due;
    },
  };
}
