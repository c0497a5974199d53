/** A word of a caption, with its place in the whole raw answer. */
export interface CaptionWord {
  text: string;
  start: number;
  end: number;
}

export interface Caption {
  words: readonly CaptionWord[];
  /** How many of `words` were heard. */
  heard: number;
}

/** Two lines on a stage of usual width. */
const MAX_WORDS = 14;
const SENTENCE_END = /[.!?…:][)"'”’»]*$/;
/** What is drawn but never said: emphasis, headings, quotes, list signs, code marks. */
const MARKS = /[*_`#>|~]+/g;
const ONLY_MARKS = /^(?:[-+•]|\d+[.)])?$/;

/** The words of a raw markdown answer as they are spoken. Code blocks and addresses of links are left out. */
export function captionWords(text: string): CaptionWord[] {
  const speakable = text
    .replaceAll(/```[\s\S]*?(?:```|$)/g, blank)
    .replaceAll(/\]\([^)]*\)/g, blank)
    .replaceAll(/!?\[/g, blank);
  return [...speakable.matchAll(/\S+/g)]
    .map((match) => ({ text: match[0].replaceAll(MARKS, ''), start: match.index, end: match.index + match[0].length }))
    .filter((word) => !ONLY_MARKS.test(word.text));
}

/** The sentence (or part of a long one) that is being spoken when `heardChars` of the answer were heard; undefined when there are no words. */
export function captionAt(words: readonly CaptionWord[], heardChars: number): Caption | undefined {
  const heard = words.findIndex((word) => word.start >= heardChars);
  const heardCount = heard < 0 ? words.length : heard;
  const current = Math.min(heardCount, words.length - 1);
  const chunk = chunksOf(words).find(({ from, to }) => current >= from && current < to);
  if (!chunk) return undefined;
  return { words: words.slice(chunk.from, chunk.to), heard: Math.max(0, heardCount - chunk.from) };
}

/** Cuts at ends of sentences; long sentences into even parts, so that no caption is a single left-over word. */
function chunksOf(words: readonly CaptionWord[]): { from: number; to: number }[] {
  const chunks: { from: number; to: number }[] = [];
  let from = 0;
  for (const [index, word] of words.entries()) {
    if (!SENTENCE_END.test(word.text) && index < words.length - 1) continue;
    const length = index + 1 - from;
    const parts = Math.ceil(length / MAX_WORDS);
    for (let part = 0; part < parts; part += 1)
      chunks.push({ from: from + Math.round((part * length) / parts), to: from + Math.round(((part + 1) * length) / parts) });
    from = index + 1;
  }
  return chunks;
}

function blank(match: string): string {
  return ' '.repeat(match.length);
}
