/** Chance that can be repeated: the same seed and name give the same numbers on every machine. */
export interface Random {
  /** 0 ≤ value < 1. */
  next(): number;
  between(low: number, high: number): number;
  /** True with that probability. */
  happens(probability: number): boolean;
}

/** Each part of the motion draws from a stream of its own (`name`), so that one more blink does not change where the eyes look. */
export function createRandom(seed: number, name: string): Random {
  let state = hash(seed, name);
  /** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough for gestures. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, between: (low, high) => low + (high - low) * next(), happens: (probability) => next() < probability };
}

/** FNV-1a over the name, started from the seed. */
function hash(seed: number, name: string): number {
  let value = (2_166_136_261 ^ Math.trunc(seed)) | 0;
  for (const character of name) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return value;
}
