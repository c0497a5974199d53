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
      drafts.set(seq, { seq, speaker, text: words, startMs: Math.round(startMs), endMs: Math.round(endMs) });
    },
    note(text, atMs) {
      const at = Math.max(0, Math.round(atMs));
      if (notes.length < MAX_SEGMENTS) notes.push({ speaker: 'note', text: text.trim(), startMs: at, endMs: at });
    },
    list() {
      const said = [...drafts.values()].toSorted((left, right) => left.startMs - right.startMs || left.seq - right.seq);
      const cut = said.map(({ seq: _seq, ...segment }, index) => {
        const next = said.slice(index + 1).find(({ speaker }) => speaker === segment.speaker);
        return next ? { ...segment, endMs: Math.max(segment.startMs, Math.min(segment.endMs, next.startMs)) } : segment;
      });
      return [...cut, ...notes].toSorted((left, right) => left.startMs - right.startMs);
    },
  };
}
