/** A word of a text: where it stands, and how it reads once case, accents and umlauts are levelled. */
export interface TextWord {
  start: number;
  end: number;
  /** "Müller" → muller, mueller: one or two readings, the first with the accents taken off. */
  readings: string[];
}

/** One blank-separated piece of a query: words that must follow each other, the last one perhaps only begun. "don't" is don + t. */
export type QueryTerm = string[][];

export interface WordMatch {
  start: number;
  end: number;
}

/** Scripts written without blanks: each of their signs counts as a word, and a term of several signs as words in a row. */
const SIGN = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*`;
const WORD = new RegExp(String.raw`${SIGN}|(?:(?!${SIGN})[\p{L}\p{N}\p{M}])+`, 'gu');
const ONE_SIGN = new RegExp(`^${SIGN}$`, 'u');

/** The words of a text in order. */
export function wordsOf(text: string): TextWord[] {
  const words: TextWord[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const readings = readingsOf(word);
    if (readings.length > 0) words.push({ start: index, end: index + word.length, readings });
  }
  return words;
}

/** The terms of a query; empty when it holds no word at all. */
export function queryTerms(query: string): QueryTerm[] {
  return query
    .split(/\s+/)
    .map((piece) => wordsOf(piece).map((word) => word.readings))
    .filter((term) => term.length > 0);
}

/** True for a sign that is a word by itself (of one letter, yet worth indexing). */
export function isSign(reading: string): boolean {
  return ONE_SIGN.test(reading);
}

/** The place of the first term, when every term is found; undefined otherwise. Whole words, except that a term's last word may go on. */
export function matchTerms(text: string, terms: readonly QueryTerm[]): WordMatch | undefined {
  const words = wordsOf(text);
  let first: WordMatch | undefined;
  for (const term of terms) {
    const found = findTerm(text, words, term);
    if (!found) return undefined;
    first ??= found;
  }
  return first;
}

function findTerm(text: string, words: readonly TextWord[], term: QueryTerm): WordMatch | undefined {
  const last = term.length - 1;
  for (let index = 0; index + last < words.length; index += 1) {
    const isHere = term.every((wanted, offset) => {
      const readings = words[index + offset]?.readings ?? [];
      return offset === last
        ? readings.some((reading) => wanted.some((beginning) => reading.startsWith(beginning)))
        : readings.some((reading) => wanted.includes(reading));
    });
    const firstWord = words[index];
    const lastWord = words[index + last];
    if (isHere && firstWord && lastWord) return { start: firstWord.start, end: endOfMatch(text, lastWord, term[last] ?? []) };
  }
  return undefined;
}

/** Where the wanted beginning ends in the text as written: its signs are read one by one until they cover it. */
function endOfMatch(text: string, word: TextWord, wanted: readonly string[]): number {
  let end = word.start;
  for (const sign of text.slice(word.start, word.end)) {
    end += sign.length;
    const covers = readingsOf(text.slice(word.start, end)).some((reading) => wanted.some((beginning) => reading.startsWith(beginning)));
    // Marks that follow belong to the letter before them.
    if (covers) return end + (/^\p{M}+/u.exec(text.slice(end, word.end))?.[0].length ?? 0);
  }
  return word.end;
}

const UMLAUTS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue' };
/** Letters that do not fall apart into a base and a mark. */
const FLAT: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ł: 'l', ı: 'i', þ: 'th', ð: 'd' };

function readingsOf(word: string): string[] {
  const lower = word.toLowerCase();
  // Nearly every word: nothing to level.
  if (/^[a-z0-9]*$/.test(lower)) return lower === '' ? [] : [lower];
  const plain = level(lower);
  const spelled = level(lower.normalize('NFC').replace(/[äöü]/g, (umlaut) => UMLAUTS[umlaut] ?? umlaut));
  return [...new Set([plain, spelled])].filter((reading) => reading !== '');
}

function level(lower: string): string {
  // NFKD also turns full-width and ligature forms into plain letters; toLowerCase again because some of those are capitals.
  const decomposed = lower.normalize('NFKD').replace(/\p{M}+/gu, '');
  return decomposed.toLowerCase().replace(/[ßæœøđłıþð]/g, (letter) => FLAT[letter] ?? letter);
}
