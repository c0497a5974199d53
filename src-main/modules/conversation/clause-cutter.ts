import type { ClausePace } from './clause-boundaries.ts';
import { countWords, findCut } from './clause-boundaries.ts';
import { clauseWords } from './clause-words.ts';
import { mapText, replaceMapped } from './mapped-text.ts';
import { codeBlockPhrase, speakableText } from './speakable.ts';
import type { Clause, CreateClauseCutter } from './speech-text.ts';

/** The first words must be heard soon; what follows them has more time; then whole sentences sound best. */
const FIRST: ClausePace = { eagerFrom: 2, limit: 7, hardLimit: 9, shortestSentence: 1 };
const SECOND: ClausePace = { eagerFrom: Number.POSITIVE_INFINITY, limit: 14, hardLimit: 20, shortestSentence: 2 };
const LATER: ClausePace = { eagerFrom: Number.POSITIVE_INFINITY, limit: 25, hardLimit: 35, shortestSentence: 3 };

const FENCE = /^ {0,3}(`{3,}|~{3,})[^`\n]*\n$/u;

/**
 * Cuts an answer while it is written. The raws of all clauses, joined, are the answer; the same answer gives the same clauses however it
 * is divided into pieces, because every character is looked at once, alone.
 */
export const createClauseCutter: CreateClauseCutter = (language) => {
  const words = clauseWords(language);
  let pending = '';
  let rawStart = 0;
  let atLineStart = true;
  let spokenWords = 0;
  /** The fence that opened the block of code we are in. */
  let fence: string | undefined;

  const clauseOf = (raw: string, spoken: { text: string; offsets: number[] }): Clause => {
    const clause = { rawStart, rawEnd: rawStart + raw.length, raw, speakable: spoken.text, sourceOffsets: spoken.offsets };
    rawStart = clause.rawEnd;
    atLineStart = raw.endsWith('\n');
    spokenWords += countWords(spoken.text);
    return clause;
  };
  const speak = (raw: string): Clause => clauseOf(raw, speakableText(raw, { language, rawStart, atLineStart }));
  const announceCode = (fenceLine: string): Clause => {
    const spoken = replaceMapped(mapText(fenceLine, rawStart), /^[^]+$/dgu, [codeBlockPhrase(language)]);
    return clauseOf(fenceLine, spoken);
  };
  const passSilently = (raw: string): Clause => clauseOf(raw, { text: '', offsets: [] });
  const pace = (): ClausePace => {
    if (spokenWords < 3) return FIRST;
    return spokenWords < 10 ? SECOND : LATER;
  };

  const insideFence = (clauses: Clause[], mark: string): void => {
    if (!isClosingFence(lastLine(pending), mark)) return;
    fence = undefined;
    const raw = pending;
    pending = '';
    clauses.push(passSilently(raw));
  };

  const opensFence = (clauses: Clause[]): boolean => {
    const line = lastLine(pending);
    const mark = line.length < pending.length || atLineStart ? FENCE.exec(line)?.[1] : undefined;
    if (mark === undefined) return false;
    const before = pending.slice(0, pending.length - line.length);
    pending = '';
    if (before !== '') clauses.push(speak(before));
    clauses.push(announceCode(line));
    fence = mark;
    return true;
  };

  const take = (unit: string, clauses: Clause[]): void => {
    pending += unit;
    if (fence !== undefined) return unit === '\n' ? insideFence(clauses, fence) : undefined;
    if (unit === '\n' && opensFence(clauses)) return;
    const cut = findCut(pending, pace(), words);
    if (cut === 0) return;
    const raw = pending.slice(0, cut);
    const rest = pending.slice(cut);
    pending = '';
    clauses.push(speak(raw));
    for (const again of rest.split('')) take(again, clauses);
  };

  return {
    push(piece) {
      const clauses: Clause[] = [];
      for (const unit of piece.split('')) take(unit, clauses);
      return clauses;
    },
    end() {
      const raw = pending;
      pending = '';
      if (raw === '') return [];
      if (fence !== undefined) return [passSilently(raw)];
      const line = lastLine(raw);
      const opensCode = (line.length < raw.length || atLineStart) && FENCE.test(`${line}\n`);
      if (!opensCode) return [speak(raw)];
      const before = raw.slice(0, raw.length - line.length);
      return [...(before === '' ? [] : [speak(before)]), announceCode(line)];
    },
  };
};

/** The last line of a text, with its line break if it has one. */
function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n', text.length - 2) + 1);
}

function isClosingFence(line: string, mark: string): boolean {
  const text = line.trim();
  return text.length >= mark.length && text === mark.charAt(0).repeat(text.length);
}
