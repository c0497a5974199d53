import type { CallSegment } from '../../../src-preload/contract/index.ts';

/** A word of a transcript and where it lies in the recording. */
export interface TimedWord {
  text: string;
  startMs: number;
}

/**
 * The segment that is heard at a moment: the last one that has begun, if it is not over for longer than a breath. -1 = none. Both ends may speak at
 * once; then the one that began last is lit.
 */
export function segmentAt(segments: readonly CallSegment[], atMs: number): number {
  const index = segments.findLastIndex((segment) => segment.startMs <= atMs && segment.speaker !== 'note');
  const segment = segments[index];
  return segment && atMs <= segment.endMs + PAUSE_MS ? index : -1;
}

const PAUSE_MS = 400;

/** The words of a segment with their places. Where the record does not hold those, words take as long as they are written. */
export function timedWords({ text, startMs, endMs, wordStartsMs }: CallSegment): TimedWord[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (wordStartsMs?.length === words.length) return words.map((word, index) => ({ text: word, startMs: wordStartsMs[index] ?? startMs }));
  // Each word with the gap behind it.
  const total = words.reduce((sum, word) => sum + word.length + 1, 0);
  let before = 0;
  return words.map((word) => {
    const share = before / total;
    before += word.length + 1;
    return { text: word, startMs: Math.round(startMs + share * (endMs - startMs)) };
  });
}

/** The word that is heard at a moment; -1 before the first. */
export function wordAt(words: readonly TimedWord[], atMs: number): number {
  return words.findLastIndex((word) => word.startMs <= atMs);
}
