import { buildKeywordAutomaton, foldCase, type KeywordAutomaton } from './keyword-automaton.ts';
import type { Rule } from './rule.ts';

/** A rule made ready: its pattern is anchored at the keyword, or searched for around it. */
export interface CompiledRule {
  name: string;
  pattern: RegExp;
  behindChars: number;
  reachChars: number;
  gaps: number;
  opening: RegExp | undefined;
  endsWithValue: boolean;
  /** The surer, the lower: decides the name where two rules find the same. */
  rank: number;
  accept: ((secret: string, whole: string) => boolean) | undefined;
  /** A match without a group takes along what is glued to its end. */
  isToken: boolean;
}

/** A text that is a secret as it stands. */
export interface KnownText {
  text: string;
  /** Hexadecimal: case does not matter. */
  anyCase: boolean;
  /** Short ones count only when nothing is glued to them. */
  alone: boolean;
}

/** What one keyword leads to. */
export type KeywordTarget =
  | { kind: 'rule'; rule: CompiledRule; keywordLength: number }
  | { kind: 'known'; known: KnownText; keywordLength: number };

export interface CompiledRules {
  automaton: KeywordAutomaton;
  targets: readonly KeywordTarget[];
  /** The owner's patterns, tried on every line. */
  own: readonly RegExp[];
}

const KNOWN_KEYWORD_CHARS = 16;

export function compileRules(rules: readonly Rule[], known: readonly KnownText[], own: readonly RegExp[]): CompiledRules {
  const keywords: string[] = [];
  const targets: KeywordTarget[] = [];
  for (const [rank, rule] of rules.entries()) {
    const compiled = compileRule(rule, rank);
    for (const keyword of rule.keywords) {
      keywords.push(keyword);
      targets.push({ kind: 'rule', rule: compiled, keywordLength: keyword.length });
    }
  }
  for (const entry of known) {
    const keyword = foldCase(entry.text.slice(0, KNOWN_KEYWORD_CHARS));
    keywords.push(keyword);
    targets.push({ kind: 'known', known: entry, keywordLength: keyword.length });
  }
  return { automaton: buildKeywordAutomaton(keywords), targets, own };
}

function compileRule(rule: Rule, rank: number): CompiledRule {
  const behindChars = rule.behindChars ?? 0;
  const flags = `d${rule.pattern.ignoreCase ? 'i' : ''}${rule.pattern.dotAll ? 's' : ''}${behindChars === 0 ? 'y' : 'g'}`;
  const hasGroups = /\(\?<(?:secret|quoted|bare)>/.test(rule.pattern.source);
  return {
    name: rule.name,
    pattern: new RegExp(rule.pattern.source, flags),
    behindChars,
    reachChars: rule.reachChars ?? 400,
    gaps: rule.gaps === 'far' ? Infinity : (rule.gaps ?? 2),
    opening: rule.opening && new RegExp(rule.opening.source, 'iy'),
    endsWithValue: rule.endsWithValue ?? false,
    rank,
    accept: rule.accept,
    isToken: !hasGroups,
  };
}
