/** Judges from the sound of the current turn whether the speaker has finished (smart-turn v3.2). */
export interface TurnDetector {
  /** `samples`: the turn so far, 16 kHz mono, -1..1, any length (the last 8 s count). Returns the probability 0..1 that the turn is complete. */
  completeProbability(samples: Float32Array): Promise<number>;
  dispose(): Promise<void>;
}
