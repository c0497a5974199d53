import type { TextSpan } from './text-spans.ts';
import { wordsOf } from './text-spans.ts';

/** What closes a clause, as the voice has to know it for its melody; '' = cut off in mid-sentence. */
export type ClauseMark = '.' | '!' | '?' | ',' | ';' | ':' | '';

/** A stretch of a sentence between two marks. */
export interface SpokenClause extends TextSpan {
  mark: ClauseMark;
}

/** What a voice speaks in one breath and one inference. All offsets index into the text that was split. */
export interface SpokenSentence extends TextSpan {
  clauses: SpokenClause[];
  words: TextSpan[];
  /** Silence after it at normal speed, ms. */
  pauseMs: number;
}

/** Longest sentence in letters; beyond it the attention of a voice model grows slow and its pronunciation drifts. */
const MAX_SENTENCE_WEIGHT = 260;
const PAUSES_MS: Record<ClauseMark, number> = { '.': 260, '!': 260, '?': 260, ':': 200, ';': 180, ',': 110, '': 15 };

const BOUNDARY = /([.!?…]+|[,;:])["'”’»)\]]*(?=\s|$)|[。！？，、；：]|\s[–—-]+(?=\s)|—|\n/gu;
const MARKS: Record<string, ClauseMark> = {
  '。': '.',
  '…': '.',
  '！': '!',
  '？': '?',
  '，': ',',
  '、': ',',
  '；': ';',
  '：': ':',
  '—': ',',
  '–': ',',
  '-': ',',
};

/** Splits speakable text into sentences and their clauses. Blank text gives none; nothing that can be spoken is lost. */
export function splitSentences(text: string): SpokenSentence[] {
  const sentences: SpokenSentence[] = [];
  let open: SpokenClause[] = [];
  const close = (): void => {
    const sentence = sentenceOf(text, open);
    if (sentence) sentences.push(sentence);
    open = [];
  };
  let weight = 0;
  for (const clause of clausesOf(text)) {
    const clauseWeight = weightOf(text, clause);
    if (weight + clauseWeight > MAX_SENTENCE_WEIGHT) {
      close();
      weight = 0;
    }
    open.push(clause);
    weight += clauseWeight;
    if (endsSentence(clause.mark) || text.charAt(clause.end - 1) === '\n') {
      close();
      weight = 0;
    }
  }
  close();
  return sentences;
}

function sentenceOf(text: string, clauses: readonly SpokenClause[]): SpokenSentence | undefined {
  const first = clauses.at(0);
  const last = clauses.at(-1);
  if (!first || !last) return undefined;
  const words = wordsOf(text.slice(first.start, last.end)).map(({ start, end }) => ({
    start: start + first.start,
    end: end + first.start,
  }));
  if (words.length === 0) return undefined;
  const pauseMs = text.charAt(last.end - 1) === '\n' ? PAUSES_MS['.'] : PAUSES_MS[last.mark];
  return { start: first.start, end: last.end, clauses: [...clauses], words, pauseMs };
}

function* clausesOf(text: string): Generator<SpokenClause> {
  let start = 0;
  for (const match of text.matchAll(BOUNDARY)) {
    const end = match.index + match[0].length;
    const mark = markOf(match[0]);
    if (mark === '.' && isInnerPeriod(text, match.index, end)) continue;
    yield* withinLimit(text, { start, end, mark });
    start = end;
  }
  if (start < text.length) yield* withinLimit(text, { start, end: text.length, mark: '' });
}

function markOf(boundary: string): ClauseMark {
  for (const sign of ['?', '!'] as const) if (boundary.includes(sign)) return sign;
  const sign = boundary.trim().charAt(0);
  return MARKS[sign] ?? (sign in PAUSES_MS ? (sign as ClauseMark) : '');
}

/** A period behind an initial ("J. Smith") or before a small letter ("approx. ten") ends no sentence. */
function isInnerPeriod(text: string, at: number, end: number): boolean {
  const before = text.slice(Math.max(0, at - 2), at);
  return /(^|[\s.])\p{Lu}$/u.test(before) || /^\s+\p{Ll}/u.test(text.slice(end, end + 4));
}

function endsSentence(mark: ClauseMark): boolean {
  return mark === '.' || mark === '!' || mark === '?';
}

/** Cuts a clause that is too long at blanks, or anywhere where there is none. */
function* withinLimit(text: string, clause: SpokenClause): Generator<SpokenClause> {
  let { start } = clause;
  while (weightOf(text, { start, end: clause.end }) > MAX_SENTENCE_WEIGHT) {
    const limit = limitOf(text, start, clause.end);
    const blank = text.lastIndexOf(' ', limit);
    const end = blank > start ? blank + 1 : limit;
    yield { start, end, mark: '' };
    start = end;
  }
  yield { ...clause, start };
}

/** Letters it takes to say it: a digit or a character of an unspaced script stands for several. */
function weightOf(text: string, span: TextSpan): number {
  let weight = 0;
  for (let at = span.start; at < span.end; at += 1) weight += letterWeight(text.charCodeAt(at));
  return weight;
}

function letterWeight(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return 4;
  return unit >= 0x2e80 ? 3 : 1;
}

function limitOf(text: string, start: number, end: number): number {
  let weight = 0;
  let at = start;
  while (at < end && weight < MAX_SENTENCE_WEIGHT) {
    weight += letterWeight(text.charCodeAt(at));
    at += 1;
  }
  const splitsPair = at < end && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  return splitsPair ? at - 1 : at;
}
