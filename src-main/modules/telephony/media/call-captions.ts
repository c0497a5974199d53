import type { Clock } from '../../../base/clock.ts';
import type { CallCaption, EventPayload, Message } from '../../../../src-preload/contract/index.ts';

/**
 * What was said in a call, as it is said: numbered lines, of which a later one with the same number takes the place of the earlier. The first tells where it
 * begins, the last where it ends.
 */
export interface CallCaptions {
  /** Live words of the other end; '' = none under way. */
  partial(text: string): void;
  /** The other end's words as they are kept. */
  heard(message: Pick<Message, 'id' | 'text'>): void;
  /** The assistant's words, as far as they were heard. */
  progress(progress: Pick<EventPayload<'answer.progress'>, 'messageId' | 'text' | 'heardChars' | 'done'>): void;
  /** A sentence of the assistant's that was ready begins to be said; what is returned is called when it is over. */
  said(text: string): () => void;
}

const MAX_TEXT = 4_000;
const MAX_REMEMBERED = 64;

export function createCallCaptions(deps: {
  callId: string;
  clock: Pick<Clock, 'wallMs'>;
  /** Calendar time of the answer; null = nobody has answered yet. */
  answeredAtMs: () => number | null;
  /** Where the other end's latest speech lies, as far as it was heard, from the answer on. */
  spoken: () => { startMs: number; endMs: number };
  nextSeq: () => number;
  tell: (caption: CallCaption) => void;
}): CallCaptions {
  const lines = new Map<string, { seq: number; atMs: number }>();
  /** What the other end is saying now. */
  let open: { seq: number; atMs: number } | undefined;

  const now = (): number => {
    const nowMs = deps.clock.wallMs();
    return Math.max(0, nowMs - (deps.answeredAtMs() ?? nowMs));
  };
  const newLine = (atMs = now()): { seq: number; atMs: number } => ({ seq: deps.nextSeq(), atMs });
  const theirLine = (): { seq: number; atMs: number } => newLine(Math.min(deps.spoken().startMs, now()));
  const lineOf = (id: string, first: () => { seq: number; atMs: number }): { seq: number; atMs: number } => {
    const known = lines.get(id) ?? first();
    lines.set(id, known);
    const oldest = lines.keys().next();
    if (lines.size > MAX_REMEMBERED && !oldest.done) lines.delete(oldest.value);
    return known;
  };
  const tell = (line: { seq: number; atMs: number }, speaker: CallCaption['speaker'], text: string, final: boolean): void =>
    deps.tell({ callId: deps.callId, ...line, speaker, text: text.slice(0, MAX_TEXT), final });

  return {
    partial(text) {
      if (text === '') return;
      open ??= theirLine();
      tell(open, 'caller', text, false);
    },
    heard({ id, text }) {
      const line = lineOf(id, () => open ?? theirLine());
      // They went on: the words belong to the line before, which takes them in.
      if (open && open.seq !== line.seq) tell(open, 'caller', '', true);
      open = undefined;
      tell({ ...line, atMs: Math.max(line.atMs, deps.spoken().endMs) }, 'caller', text, true);
    },
    progress({ messageId, text, heardChars, done }) {
      const heard = heardChars === null ? text : text.slice(0, wordEnd(text, heardChars));
      if (heard.trim() === '') return;
      const line = lineOf(messageId, newLine);
      tell(done ? { ...line, atMs: Math.max(line.atMs, now()) } : line, 'assistant', heard.trim(), done);
    },
    said(text) {
      const line = newLine();
      tell(line, 'assistant', text, true);
      return () => tell({ ...line, atMs: Math.max(line.atMs, now()) }, 'assistant', text, true);
    },
  };
}

/** A word that is being said is shown whole. */
function wordEnd(text: string, heardChars: number): number {
  if (heardChars === 0) return 0;
  const rest = text.slice(heardChars).search(/\s/);
  return rest < 0 ? text.length : heardChars + rest;
}
