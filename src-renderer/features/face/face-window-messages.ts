import type { Character, MotionFrame } from '../../../src-preload/contract/index.ts';

/*
 * Between the window's page, which knows who speaks and what, and the small window, which only draws. Both are pages of the same origin, so a
 * BroadcastChannel joins them; the small window has no other way to anything.
 */
export const FACE_WINDOW_CHANNEL = 'openclaw.face-window';

/** What the small window shows, whenever that has changed. */
export interface FaceWindowScene {
  character: Character;
  still: string;
  shape: 'portrait' | 'round';
  /** Everything is off: a red edge. */
  stopped: boolean;
  /** BCP 47, with the words in it. */
  language: string;
  words: { title: string; close: string; letThrough: string };
}

export type ToFaceWindow = { type: 'scene'; scene: FaceWindowScene } | { type: 'frame'; frame: MotionFrame };

/** `hello` = it has been loaded and knows nothing yet; the others are its buttons. */
export type FromFaceWindow = { type: 'hello' | 'close' | 'let-through' };
