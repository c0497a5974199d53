import type { LanguageCode } from '../../inference/contracts/index.ts';
import type { MappedText, SpokenRule } from './mapped-text.ts';
import { applyRules, joinMapped, mapText, sliceMapped, trimMapped, withEnding } from './mapped-text.ts';
import { englishRules } from './spoken-english.ts';
import { germanRules } from './spoken-german.ts';
import { inlineRules } from './spoken-markdown.ts';

/** Where a piece of the answer stands. */
export interface PieceContext {
  language: LanguageCode;
  /** Offset of its first character in the whole answer. */
  rawStart: number;
  /** The character before it is a line break, or there is none. */
  atLineStart: boolean;
}

const CODE_BLOCK: Record<string, string> = {
  en: 'Code block.',
  de: 'Codeblock.',
  fr: 'Bloc de code.',
  es: 'Bloque de código.',
  it: 'Blocco di codice.',
};
const LANGUAGE_RULES: Record<string, readonly SpokenRule[]> = { en: englishRules, de: germanRules };

/** What is said in place of a fenced block of code. */
export function codeBlockPhrase(language: LanguageCode): string {
  return CODE_BLOCK[language] ?? 'Code block.';
}

/**
 * Makes a piece of an answer speakable: markdown, HTML and emoji go, links and addresses are said by name, and (English, German) numbers,
 * dates, units and abbreviations are written out where a voice gets them wrong. Plain words come back as they are.
 */
export function speakableText(raw: string, context: PieceContext): MappedText {
  const lines = linesOf(mapText(raw, context.rawStart));
  const spoken = lines.map((line, index) => speakableLine(line, index > 0 || context.atLineStart));
  const rules = [...inlineRules(context.language), ...(LANGUAGE_RULES[context.language] ?? []), ...TIDY];
  return trimMapped(applyRules(joinMapped(spoken), rules));
}

/** Ends of what was taken away leave odd blanks and marks behind. */
const TIDY: readonly SpokenRule[] = [
  [/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\s]+/dgu, [' ']],
  [/ +(?=[.,;:!?…](?:\s|$))/dgu, []],
  [/\(\s*\)|\[\s*\]|"\s*"/dgu, []],
  [/([.!?:;…])(?:\s*[.,;:])+(?=\s|$)/dgu, (match) => (match[0].startsWith('..') ? undefined : [1])],
  [/,(?:\s*,)+/dgu, [',']],
  [/,\s*(?=[.!?])/dgu, []],
  [/^[\s.,;:!?…)\]}–—-]+(?=\s|$)/dgu, []],
];

interface Line {
  content: MappedText;
  /** Ended by a line break (which `content` does not hold). */
  breakAfter: MappedText | undefined;
}

function linesOf(source: MappedText): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', start)) {
    lines.push({ content: sliceMapped(source, start, at), breakAfter: sliceMapped(source, at, at + 1) });
    start = at + 1;
  }
  lines.push({ content: sliceMapped(source, start), breakAfter: undefined });
  return lines;
}

const RULE_LINE = /^\s*(?:(?:[-*_]\s*){3,}|[|:\s-]*-{2,}[|:\s-]*)$/u;
const QUOTE = /^\s*(?:>\s?)+/u;
const HEADING = /^\s*#{1,6}\s+/u;
const BULLET = /^\s*[-*+•]\s+(?:\[[ xX]\]\s+)?/u;
const NUMBER = /^\s*(\d{1,3})[.)]\s+(?!(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b)/du;
const TABLE_ROW = /^\s*\|/u;

/** Titles, items and rows come to rest with a full stop once their line is complete; other lines with a comma. */
function speakableLine(line: Line, isWhole: boolean): MappedText {
  const rest = isWhole ? blockContent(line.content) : { content: line.content, ending: ',' };
  const content = trimEnd(rest.content);
  const needsEnding = line.breakAfter && /[\p{L}\p{N}\p{S}%"'”’)\]*_`|]$/u.test(content.text);
  return joinMapped([needsEnding ? withEnding(content, rest.ending) : rest.content, ...(line.breakAfter ? [line.breakAfter] : [])]);
}

function blockContent(line: MappedText): { content: MappedText; ending: string } {
  if (RULE_LINE.test(line.text)) return { content: sliceMapped(line, 0, 0), ending: '' };
  const quote = QUOTE.exec(line.text);
  if (quote) return blockContent(sliceMapped(line, quote[0].length));
  if (TABLE_ROW.test(line.text)) return { content: rowContent(line), ending: '.' };
  const number = NUMBER.exec(line.text);
  if (number) {
    const [from, to] = number.indices?.[1] ?? [0, 0];
    return { content: joinMapped([withEnding(sliceMapped(line, from, to), ', '), sliceMapped(line, number[0].length)]), ending: '.' };
  }
  const mark = HEADING.exec(line.text) ?? BULLET.exec(line.text);
  if (mark) return { content: sliceMapped(line, mark[0].length), ending: '.' };
  return { content: line, ending: ',' };
}

/** Cells, separated by commas. */
function rowContent(line: MappedText): MappedText {
  const outerBars: SpokenRule[] = [
    [/^\s*\|\s*/dgu, []],
    [/\s*\|\s*$/dgu, []],
    [/(?:\s*\|)+\s*/dgu, [', ']],
  ];
  return applyRules(line, outerBars);
}

function trimEnd(source: MappedText): MappedText {
  return sliceMapped(source, 0, source.text.trimEnd().length);
}
