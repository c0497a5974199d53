import type { ClauseWords } from './clause-words.ts';

/** How soon a piece is cut. All numbers are words. */
export interface ClausePace {
  /** From here on any clause boundary cuts at once. */
  eagerFrom: number;
  /** From here on the best place so far is taken. */
  limit: number;
  /** From here on any blank will do. */
  hardLimit: number;
  /** A sentence shorter than this is joined with the next. */
  shortestSentence: number;
}

/** Characters after which a piece without any blank is cut. */
const MAX_CHARACTERS = 800;
/** A link or bold span that has not closed after so many characters is none. */
const MAX_SPAN = 240;
const CLOSERS = /["'”’»)\]*_`]+$/u;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;

/** Words of a text; a character of a script without blanks counts as half a word. */
export function countWords(text: string): number {
  const unspaced = text.match(UNSPACED)?.length ?? 0;
  const spaced = (unspaced > 0 ? text.replaceAll(UNSPACED, ' ') : text).match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0;
  return spaced + unspaced / 2;
}

/**
 * Where to cut `pending` now that its last character has come; 0 = not yet. Depends on nothing but its arguments, so that the same answer is
 * cut in the same places however it arrives.
 */
export function findCut(pending: string, pace: ClausePace, words: ClauseWords): number {
  const last = pending.charAt(pending.length - 1);
  const previous = pending.charAt(pending.length - 2);
  if (last === '\n') return countWords(pending) >= pace.shortestSentence ? pending.length : 0;
  if (/[。！？]/u.test(last)) return countWords(pending) >= pace.shortestSentence ? pending.length : 0;
  if (/[,—，、]/u.test(last)) return endsClauseAtOnce(pending) ? eagerCut(pending, pending.length, pace) : 0;
  if (/\s/u.test(last)) return /\s/u.test(previous) ? 0 : afterWord(pending, pace, words);
  if (/[^\S\n]/u.test(previous)) return beforeWord(pending, last, pace, words);
  return pending.length > MAX_CHARACTERS ? anywhere(pending) : 0;
}

/** A comma or dash behind a word needs no look at what follows; behind a digit ("1,000") or in an address it does. */
function endsClauseAtOnce(pending: string): boolean {
  const token = lastToken(pending.slice(0, -1));
  return /[^\d\s]$/u.test(token) && !/:\/\/|^www\.|@/iu.test(token);
}

/** The first character of a word has come: was what lies before it a sentence or a clause? */
function beforeWord(pending: string, next: string, pace: ClausePace, words: ClauseWords): number {
  const at = pending.length - 1;
  const before = pending.slice(0, at).trimEnd();
  if (isSentenceEnd(before, next, words)) return countWords(before) >= pace.shortestSentence && !isInsideSpan(before) ? at : 0;
  return isClauseEnd(before) ? eagerCut(pending, at, pace) : 0;
}

function isClauseEnd(before: string): boolean {
  return /[,;:]["”’»)*_]*$|[^\S\n][–—-]$/u.test(before);
}

function eagerCut(pending: string, at: number, pace: ClausePace): number {
  const before = pending.slice(0, at);
  return countWords(before) >= pace.eagerFrom && !isInsideSpan(before) ? at : 0;
}

/** A word is complete: does it begin a clause, or has the piece grown too long? */
function afterWord(pending: string, pace: ClausePace, words: ClauseWords): number {
  const count = countWords(pending);
  const token = lastToken(pending.trimEnd());
  const beforeToken = pending.trimEnd().length - token.length;
  if (words.conjunctions.has(token.toLowerCase()) && count - 1 > pace.eagerFrom) {
    const cut = eagerCut(pending, beforeToken, pace);
    if (cut > 0) return cut;
  }
  // What looks like the end of a sentence is judged when the next word begins.
  if (count < pace.limit || /[.!?…]["'”’»)*_]*$/u.test(token)) return 0;
  if (isClauseEnd(token) && !isInsideSpan(pending)) return pending.length;
  const best = bestBoundary(pending, pace, words);
  if (best > 0) return best;
  if (isInsideSpan(pending)) return 0;
  if (!leansOnNext(token, words)) return pending.length;
  return count >= pace.hardLimit ? beforeLeaning(pending, words) : 0;
}

/** The latest clause boundary, else the latest beginning of a phrase; neither leaves a crumb before it. */
function bestBoundary(pending: string, pace: ClausePace, words: ClauseWords): number {
  const least = Math.min(3, pace.limit / 2);
  let clause = 0;
  let phrase = 0;
  for (const match of pending.matchAll(/(?<=\S)\s+(?=\S)/gu)) {
    const at = match.index + match[0].length;
    const before = pending.slice(0, match.index);
    if (countWords(before) < least || isInsideSpan(before)) continue;
    const next = (/^[\p{L}\p{N}]+/u.exec(pending.slice(at))?.[0] ?? '').toLowerCase();
    const isLeaning = leansOnNext(lastToken(before), words);
    if (isClauseEnd(before) && !/\d[,:]$/u.test(before)) clause = at;
    else if (words.conjunctions.has(next) && !isLeaning) clause = at;
    else if (words.starters.has(next) && !isLeaning) phrase = at;
  }
  return clause > 0 ? clause : phrase;
}

/** Before the words at the end that lean on what follows; at the end if that leaves nothing. */
function beforeLeaning(pending: string, words: ClauseWords): number {
  let at = pending.length;
  for (;;) {
    const text = pending.slice(0, at).trimEnd();
    const token = lastToken(text);
    if (!leansOnNext(token, words)) return at;
    at = text.length - token.length;
    if (countWords(pending.slice(0, at)) < 2) return pending.length;
  }
}

/** Articles, numbers ("5 | km"), initials and abbreviations ("z. | B.") must not end a piece. */
function leansOnNext(token: string, words: ClauseWords): boolean {
  const bare = token.toLowerCase().replaceAll(/^[("'„“*_]+/gu, '');
  return words.leaning.has(bare) || /^[\p{L}\p{Sc}]?\.?$/u.test(bare) || /\d[.,]?$/u.test(bare) || isAbbreviation(bare, words);
}

function isAbbreviation(token: string, words: ClauseWords): boolean {
  return token.endsWith('.') && (words.abbreviations.has(token.slice(0, -1)) || words.closingAbbreviations.has(token.slice(0, -1)));
}

/** `next` is the first character of what follows. */
function isSentenceEnd(before: string, next: string, words: ClauseWords): boolean {
  const text = before.replace(CLOSERS, '');
  const sign = text.charAt(text.length - 1);
  if (!/[.!?…]/u.test(sign) || /\p{Ll}/u.test(next)) return false;
  if (sign !== '.' || text.endsWith('..')) return true;
  const token = lastToken(text).replace(/^["'„“(*_]+/u, '');
  const bare = token.slice(0, -1).toLowerCase();
  if (words.closingAbbreviations.has(bare)) return true;
  if (words.abbreviations.has(bare) || /^(?:\p{L}\.)+$/u.test(token)) return token === 'I.';
  if (/^\d+$/u.test(bare)) return !isAtLineStart(text, token) && !(words.numbersAreOrdinals && bare.length < 3);
  return true;
}

function isAtLineStart(text: string, token: string): boolean {
  return /(?:^|\n)\s*$/u.test(text.slice(0, text.length - token.length));
}

/** True within bold text, code, a link or a row of a table, as far as its line has come. */
function isInsideSpan(text: string): boolean {
  const line = text.slice(Math.max(text.lastIndexOf('\n') + 1, text.length - MAX_SPAN));
  if (/^\s*\|/u.test(text.slice(text.lastIndexOf('\n') + 1))) return true;
  if (isOpen(line, /\*\*/gu) || isOpen(line, /`+/gu)) return true;
  return /\[[^\]]*$|\]\([^)]*$|<[^\s<>]*$/u.test(line);
}

function isOpen(line: string, mark: RegExp): boolean {
  return (line.match(mark)?.length ?? 0) % 2 === 1;
}

function anywhere(pending: string): number {
  const isHighSurrogate = (pending.charCodeAt(MAX_CHARACTERS - 1) & 0xfc00) === 0xd800;
  const blank = pending.search(/\s\S*$/u);
  return blank > 0 ? blank + 1 : MAX_CHARACTERS - (isHighSurrogate ? 1 : 0);
}

function lastToken(text: string): string {
  return /\S*$/u.exec(text)?.[0] ?? '';
}
