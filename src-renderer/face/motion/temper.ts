import type { VoiceProfile } from '../../../src-preload/contract/index.ts';

export type Emotion = VoiceProfile['emotion'];

/** How a character carries itself: what the emotion changes beyond the words. */
export interface Temper {
  /** Size of head and brow movements. */
  size: number;
  /** How quickly one posture or glance follows the other. */
  pace: number;
  /** Corners of the mouth at rest. */
  smile: number;
  /** Brows at rest: > 0 = raised. */
  brows: number;
  /** Upper lids at rest: > 0 = lower than in the portrait. */
  lids: number;
}

export const TEMPERS: Record<Emotion, Temper> = {
  neutral: { size: 1, pace: 1, smile: 0.09, brows: 0, lids: 0 },
  energetic: { size: 1.35, pace: 1.3, smile: 0.18, brows: 0.06, lids: 0 },
  calm: { size: 0.7, pace: 0.75, smile: 0.07, brows: 0, lids: 0.05 },
};

/** What the face is busy with. Made from the talk state and from what is really heard. */
export type Activity = 'idle' | 'listening' | 'thinking' | 'speaking';
