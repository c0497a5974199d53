import type { Budget } from './budget.ts';

/** More alternatives than this in one word are not typed by hand. */
const MOST_WORDS = 256;

interface BraceGroup {
  start: number;
  end: number;
  alternatives: string[];
}

/**
 * Brace expansion of one raw word, as bash does it first of all: textually, before quotes are removed. undefined = more than {@link MOST_WORDS} words.
 * Source: bash manual, "Brace Expansion".
 */
export function expandBraces(raw: string, budget: Budget): string[] | undefined {
  const group = findGroup(raw, budget);
  if (!group) return [raw];
  const before = raw.slice(0, group.start);
  const rests = expandBraces(raw.slice(group.end), budget);
  if (!rests) return undefined;
  const words: string[] = [];
  for (const alternative of group.alternatives) {
    const inner = expandBraces(alternative, budget);
    if (!inner) return undefined;
    for (const middle of inner) {
      for (const rest of rests) {
        budget.spend(2);
        words.push(before + middle + rest);
        if (words.length > MOST_WORDS) return undefined;
      }
    }
  }
  return words;
}

/** The first `{…}` that expands: one with a comma at its own level, or a sequence. */
function findGroup(raw: string, budget: Budget): BraceGroup | undefined {
  for (let start = 0; start < raw.length; start += 1) {
    const skipped = skipQuoted(raw, start);
    if (skipped > start) {
      start = skipped - 1;
      continue;
    }
    if (raw[start] !== '{') continue;
    const group = readGroup(raw, start, budget);
    if (group) return group;
  }
  return undefined;
}

function readGroup(raw: string, start: number, budget: Budget): BraceGroup | undefined {
  let depth = 0;
  let from = start + 1;
  const alternatives: string[] = [];
  for (let at = start; at < raw.length; at += 1) {
    budget.spend();
    const skipped = skipQuoted(raw, at);
    if (skipped > at) {
      at = skipped - 1;
      continue;
    }
    const character = raw[at];
    if (character === '{') depth += 1;
    else if (character === ',' && depth === 1) {
      alternatives.push(raw.slice(from, at));
      from = at + 1;
    } else if (character === '}') {
      depth -= 1;
      if (depth > 0) continue;
      const last = raw.slice(from, at);
      if (alternatives.length > 0) return { start, end: at + 1, alternatives: [...alternatives, last] };
      const sequence = readSequence(last);
      return sequence && { start, end: at + 1, alternatives: sequence };
    }
  }
  return undefined;
}

/** The index behind a backslash pair, a quoted piece or a `${…}` that begins at `at`; `at` itself where none begins. */
function skipQuoted(raw: string, at: number): number {
  const character = raw[at];
  if (character === '\\') return at + 2;
  if (character === "'") return endOf(raw.indexOf("'", at + 1), raw);
  if (character === '$' && raw[at + 1] === "'") return skipEscapable(raw, at + 2, "'");
  if (character === '"') return skipEscapable(raw, at + 1, '"');
  if (character === '$' && raw[at + 1] === '{') return endOf(raw.indexOf('}', at), raw);
  return at;
}

function skipEscapable(raw: string, from: number, quote: string): number {
  for (let at = from; at < raw.length; at += 1) {
    if (raw[at] === '\\') at += 1;
    else if (raw[at] === quote) return at + 1;
  }
  return raw.length;
}

const endOf = (index: number, raw: string): number => (index < 0 ? raw.length : index + 1);

/** `1..5`, `05..10`, `a..e`, each with an optional step. */
function readSequence(text: string): string[] | undefined {
  const match = /^(?:(-?\d{1,9})\.\.(-?\d{1,9})|([A-Za-z])\.\.([A-Za-z]))(?:\.\.(-?\d{1,9}))?$/.exec(text);
  if (!match) return undefined;
  const [, firstNumber, lastNumber, firstLetter = '', lastLetter = '', stepText] = match;
  const isNumber = firstNumber !== undefined && lastNumber !== undefined;
  const first = isNumber ? Number(firstNumber) : firstLetter.charCodeAt(0);
  const last = isNumber ? Number(lastNumber) : lastLetter.charCodeAt(0);
  const step = Math.max(1, Math.abs(Number(stepText ?? 1)));
  const padded = isNumber && [firstNumber, lastNumber].some((number) => /^-?0\d/.test(number));
  const width = padded ? Math.max(firstNumber.length, lastNumber.length) : 0;
  const items: string[] = [];
  for (let value = first; first <= last ? value <= last : value >= last; value += first <= last ? step : -step) {
    items.push(isNumber ? pad(value, width) : String.fromCharCode(value));
    if (items.length > MOST_WORDS) break;
  }
  return items;
}

const pad = (value: number, width: number): string =>
  value < 0 ? `-${String(-value).padStart(width - 1, '0')}` : String(value).padStart(width, '0');
