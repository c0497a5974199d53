import type { WordTiming } from '../../inference/contracts/index.ts';
import type { Clause } from './speech-text.ts';

/** A clause whose sound exists. */
export interface SpokenSegment {
  clause: Clause;
  /** Length of its sound; 0 for a clause that cannot be spoken. */
  durationMs: number;
  /** On the clock of the segment; offsets index into `clause.speakable`. */
  words: readonly WordTiming[];
}

/**
 * How many characters of the raw answer were heard when `playedMs` of its sound have left the queue. A word counts once half of it was heard.
 * Silent clauses count with the sound before them.
 */
export function heardCharacters(segments: readonly SpokenSegment[], playedMs: number): number {
  let startMs = 0;
  let heard = 0;
  for (const segment of segments) {
    if (playedMs + 1 >= startMs + segment.durationMs) {
      heard = segment.clause.rawEnd;
      startMs += segment.durationMs;
      continue;
    }
    return Math.max(heard, withinSegment(segment, playedMs - startMs));
  }
  return heard;
}

function withinSegment(segment: SpokenSegment, playedMs: number): number {
  let heard = segment.clause.rawStart;
  for (const word of segment.words) {
    if (playedMs < (word.startMs + word.endMs) / 2) break;
    heard = endOfWord(segment.clause, word.textEnd);
  }
  return heard;
}

/** Raw offset just behind the speakable character before `textEnd`; the clause's last word takes the punctuation behind it along. */
function endOfWord(clause: Clause, textEnd: number): number {
  const last = clause.sourceOffsets[textEnd - 1];
  return last === undefined || textEnd >= clause.speakable.trimEnd().length ? clause.rawEnd : last + 1;
}
