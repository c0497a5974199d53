import type { Character } from '../../../src-preload/contract/index.ts';

/**
 * What the drawing of a face is made of: another value is another canvas. The rest of a character (its words, its voice, how lively it is) may change
 * while the face moves.
 */
export function drawingOf({ id, portrait, model, renderer }: Character): string {
  const { type, effects, fps, height } = renderer;
  return JSON.stringify([id, portrait.hash, model, type, effects, fps, height]);
}
