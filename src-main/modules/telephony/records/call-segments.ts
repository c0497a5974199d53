import type { CallCaption, CallSegment } from '../../../../src-preload/contract/index.ts';

/** What was said in one call, as it grows. */
export interface CallSegments {
  /** A later caption with the same `seq` takes the place of the earlier. `arrivedAtMs`: when it was told, from the answer on. */
  add(caption: CallCaption, arrivedAtMs: number): void;
  /** Something that nobody said: who took over, a transfer. */
  note(text: string, atMs: number): void;
  /** In the order of their beginnings; each has ended before the next of the same voice begins. */
  list(): CallSegment[];
}

/** Read speech is about this fast; used where only the beginning is known. */
const MS_PER_CHARACTER = 65;
const MIN_GROWN_MS = 2_000;
/** A caption that is told at once tells nothing of how long its words take. */
const AT_ONCE_MS = 100;
/** What a call may hold: ten hours of talk. More is left out at the end. */
const MAX_SEGMENTS = 20_000;

/** Captions tell where they begin. One that has grown was told as it was spoken; of one that came whole only its length in letters is known. */
function spokenMs(words: string, sinceStartMs: number, hasGrown: boolean): number {
  const usualMs = words.length * MS_PER_CHARACTER;
  if (sinceStartMs <= (hasGrown ? 0 : AT_ONCE_MS)) return usualMs;
  // The last word may have come long after the others: a turn that was left open.
  return Math.min(sinceStartMs, hasGrown ? Math.max(MIN_GROWN_MS, 3 * usualMs) : usualMs);
}

interface Draft extends CallSegment {
  seq: number;
  /** The assistant's words are told as they are heard: how much of the text there was at which moment. */
  marks: { characters: number; atMs: number }[];
}

/** More than an answer has words. */
const MAX_MARKS = 2_000;

/** A word begins when it first is there. undefined = it came as a whole. */
function wordStarts({ speaker, text, startMs, endMs, marks }: Draft): number[] | undefined {
  if (speaker !== 'assistant' || marks.length < 2) return undefined;
  return Array.from(text.matchAll(/\S+/g), ({ index }) => {
    const mark = marks.find(({ characters }) => characters > index);
    return Math.round(Math.min(endMs, Math.max(startMs, mark?.atMs ?? endMs)));
  });
}

export function createCallSegments(): CallSegments {
  const drafts = new Map<number, Draft>();
  const notes: CallSegment[] = [];
  return {
    add({ seq, speaker, text, atMs }, arrivedAtMs) {
      const words = text.trim();
      const known = drafts.get(seq);
      if (words === '') {
        // Taken back: it was no speech after all.
        drafts.delete(seq);
        return;
      }
      if (known === undefined && drafts.size >= MAX_SEGMENTS) return;
      const startMs = Math.max(0, Math.min(known?.startMs ?? atMs, atMs));
      const endMs = atMs > startMs ? atMs : startMs + spokenMs(words, arrivedAtMs - startMs, known !== undefined);
      const marks = known?.marks ?? [];
      if (words.length > (marks.at(-1)?.characters ?? 0) && marks.length < MAX_MARKS)
        marks.push({ characters: words.length, atMs: arrivedAtMs });
      drafts.set(seq, { seq, speaker, text: words, startMs: Math.round(startMs), endMs: Math.round(endMs), marks });
    },
    note(text, atMs) {
      const at = Math.max(0, Math.round(atMs));
      if (notes.length < MAX_SEGMENTS) notes.push({ speaker: 'note', text: text.trim(), startMs: at, endMs: at });
    },
    list() {
      const said = [...drafts.values()].toSorted((left, right) => left.startMs - right.startMs || left.seq - right.seq);
      const cut = said.map((draft, index): CallSegment => {
        const { seq: _seq, marks: _marks, ...segment } = draft;
        const wordStartsMs = wordStarts(draft);
        const next = said.slice(index + 1).find(({ speaker }) => speaker === segment.speaker);
        const endMs = next ? Math.max(segment.startMs, Math.min(segment.endMs, next.startMs)) : segment.endMs;
        return { ...segment, endMs, ...(wordStartsMs ? { wordStartsMs } : {}) };
      });
      return [...cut, ...notes].toSorted((left, right) => left.startMs - right.startMs);
    },
  };
}
