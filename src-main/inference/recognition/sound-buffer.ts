/** The last stretch of a session's sound, addressed by sample number since the session began. */
export interface SoundBuffer {
  append(samples: Float32Array): void;
  /** Number of samples received. */
  length(): number;
  /** A copy of [from, to); what has been forgotten or has not come yet is left out. */
  slice(from: number, to: number): Float32Array;
  /** Forgets everything before `from`. */
  forgetBefore(from: number): void;
}

export function createSoundBuffer(): SoundBuffer {
  let store = new Float32Array(16_000 * 8);
  let first = 0;
  let past = 0;

  return {
    append(samples) {
      const needed = past - first + samples.length;
      if (needed > store.length) {
        const larger = new Float32Array(Math.max(store.length * 2, needed));
        larger.set(store.subarray(0, past - first));
        store = larger;
      }
      store.set(samples, past - first);
      past += samples.length;
    },
    length: () => past,
    slice: (from, to) => store.slice(Math.max(0, from - first), Math.max(0, Math.min(to, past) - first)),
    forgetBefore(from) {
      const start = Math.min(Math.max(from, first), past);
      if (start === first) return;
      store.copyWithin(0, start - first, past - first);
      first = start;
    },
  };
}
