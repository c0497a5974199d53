import type { SpokenSentence } from '../synthesis/sentences.ts';
import { withoutControls } from '../synthesis/text-spans.ts';
import type { Espeak } from './espeak-library.ts';

/** One symbol of a voice's alphabet: an IPA character, a combining mark, a stress sign, a blank or a clause mark. */
export interface SentenceSymbol {
  /** One code point, decomposed (NFD) as Piper's voices were trained. */
  symbol: string;
  /** Index into the sentence's words; -1 for blanks and marks. */
  word: number;
}

/** IPA of each clause with its mark behind it, and which word each symbol comes from. */
export function sentenceSymbols(espeak: Pick<Espeak, 'phonemes'>, voice: string, text: string, sentence: SpokenSentence): SentenceSymbol[] {
  const symbols: SentenceSymbol[] = [];
  for (const clause of sentence.clauses) {
    const inside = sentence.words
      .map((span, word) => ({ ...span, word }))
      .filter(({ start }) => start >= clause.start && start < clause.end);
    if (inside.length === 0) continue;
    if (symbols.length > 0) symbols.push({ symbol: ' ', word: -1 });
    const ipa = Array.from(espeak.phonemes(withoutControls(text.slice(clause.start, clause.end)), voice).normalize('NFD'));
    const alone = inside.map(({ start, end, word }) => ({
      word,
      letters: Array.from(espeak.phonemes(withoutControls(text.slice(start, end)), voice).normalize('NFD')).filter(isLetter),
    }));
    const owners = ownersOf(ipa, alone);
    for (const [at, symbol] of ipa.entries()) symbols.push({ symbol, word: owners[at] ?? -1 });
    if (clause.mark !== '') symbols.push({ symbol: clause.mark, word: -1 });
  }
  return symbols;
}

/** Blank, stress and length say nothing about which word a sound belongs to. */
function isLetter(symbol: string): boolean {
  return !/[\sˈˌː]/u.test(symbol);
}

/**
 * Finds the word of each symbol. Within a sentence espeak runs words together ("of the" → one group) and says a number in several groups, so
 * groups cannot be counted; instead the clause is aligned with its words spoken one by one.
 */
function ownersOf(ipa: readonly string[], alone: readonly { word: number; letters: readonly string[] }[]): number[] {
  const heard = ipa.map((symbol, at) => ({ symbol, at })).filter(({ symbol }) => isLetter(symbol));
  const expected = alone.flatMap(({ word, letters }) => letters.map((symbol) => ({ symbol, word })));
  const ofLetter = alignedOwners(
    heard.map(({ symbol }) => symbol),
    expected,
  );
  const owners: number[] = ipa.map(() => -1);
  for (const [index, { at }] of heard.entries()) owners[at] = ofLetter[index] ?? -1;
  // A stress sign stands before its sound and goes with it, a length sign behind.
  for (let at = ipa.length - 1; at >= 0; at -= 1) if (/[ˈˌ]/u.test(ipa[at] ?? '')) owners[at] = owners[at + 1] ?? -1;
  for (const [at, symbol] of ipa.entries()) if (symbol === 'ː') owners[at] = owners[at - 1] ?? -1;
  return owners;
}

/** Least-cost alignment (equal 0, other or missing 1) of `heard` with `expected`; a sound without partner goes with the one before it. */
function alignedOwners(heard: readonly string[], expected: readonly { symbol: string; word: number }[]): number[] {
  const columns = expected.length + 1;
  const cost = new Uint16Array((heard.length + 1) * columns);
  const at = (row: number, column: number): number => cost[row * columns + column] ?? 0;
  const differs = (row: number, column: number): number => (heard[row - 1] === expected[column - 1]?.symbol ? 0 : 1);
  for (let row = 0; row <= heard.length; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      cost[row * columns + column] =
        row === 0 || column === 0
          ? row + column
          : Math.min(at(row - 1, column - 1) + differs(row, column), at(row - 1, column) + 1, at(row, column - 1) + 1);
    }
  }
  const owners: number[] = Array.from({ length: heard.length });
  let column = expected.length;
  for (let row = heard.length; row > 0; row -= 1) {
    while (
      column > 0 &&
      at(row, column) === at(row, column - 1) + 1 &&
      at(row, column) !== at(row - 1, column - 1) + differs(row, column)
    ) {
      column -= 1;
    }
    owners[row - 1] = expected[Math.max(0, column - 1)]?.word ?? -1;
    if (column > 0 && at(row, column) === at(row - 1, column - 1) + differs(row, column)) column -= 1;
  }
  return owners;
}
