/*
 * Effects move in steps, not with every frame: between two steps only the face is drawn, and what is still keeps the look of the last step. The face
 * is drawn with the same seed, so that both fit.
 */

const STEP_MS = 240;
/** Once in this time the cyberpunk picture tears for a moment. */
const GLITCH_EVERY_MS = 6500;
const GLITCH_MS = 240;

export interface Moment {
  /** Changes when all has to be drawn again. */
  step: number;
  /** 0..1, for the shaders. */
  seed: number;
  /** 0..1. */
  glitch: number;
}

/** `atMs` on any clock; the same time gives the same picture. */
export function momentOf(atMs: number, effect: 'none' | 'cyberpunk' | 'film'): Moment {
  if (effect === 'none') return { step: 0, seed: 0, glitch: 0 };
  const round = Math.floor(atMs / GLITCH_EVERY_MS);
  const since = atMs - round * GLITCH_EVERY_MS - hashed(round) * (GLITCH_EVERY_MS - GLITCH_MS);
  const torn = effect === 'cyberpunk' && since >= 0 && since < GLITCH_MS;
  const step = Math.floor(atMs / (torn ? 60 : STEP_MS));
  return { step: torn ? -1 - step : step, seed: hashed(step), glitch: torn ? 0.12 * Math.sin((since / GLITCH_MS) * Math.PI) : 0 };
}

/** 0..1 from a whole number, without pattern. Integer hash by C. Wellons (lowbias32, public domain). */
function hashed(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
}
