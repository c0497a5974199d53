import type { LanguageCode } from '../../inference/contracts/index.ts';

/** A piece of an answer that is spoken in one go. Offsets index into the whole raw answer. */
export interface Clause {
  rawStart: number;
  rawEnd: number;
  /** Raw text between the offsets, markdown and all. */
  raw: string;
  /** What the voice gets; empty when nothing of it can be spoken (a code block's body, an emoji). */
  speakable: string;
  /** For each character of `speakable` the raw offset (in the whole answer) it came from. Non-decreasing. */
  sourceOffsets: number[];
}

/** Cuts a streamed answer: the first clause early (a few words), then sentences. */
export interface ClauseCutter {
  /** Takes the next piece of text; returns the clauses that are now certain. */
  push(piece: string): Clause[];
  /** The answer is over; returns the rest. */
  end(): Clause[];
}

export type CreateClauseCutter = (language: LanguageCode) => ClauseCutter;
