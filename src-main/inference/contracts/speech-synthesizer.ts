/** One phoneme on the clock of its segment, for captions and lips. */
export interface PhonemeTiming {
  /** IPA symbol as the voice uses it; '_' or ' ' = pause. */
  phoneme: string;
  startMs: number;
  durationMs: number;
}

/** One word on the clock of its segment. `textStart`/`textEnd` index into the segment's text as given. */
export interface WordTiming {
  textStart: number;
  textEnd: number;
  startMs: number;
  endMs: number;
}
