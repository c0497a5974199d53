import { createSeededRandom } from '../../base/seeded-random.ts';
import type { LanguageCode } from '../../inference/contracts/index.ts';
import type { SpeechPattern } from '../../../src-preload/contract/index.ts';
import { clauseWords } from './clause-words.ts';
import { replaceMapped, type MappedText, type Replacement } from './mapped-text.ts';

export interface PatternOptions {
  language: LanguageCode;
  /** The same seed puts the same habits at the same places. */
  seed: string;
}

/** A stretch of letters; "buh-buh-but" and "don't" are one word. */
const WORD = /([\p{L}\p{N}'’-]+)/dgu;
/** A word with the blank before it. Before that blank something may be put in. */
const NEXT_WORD = /(\s+)([\p{L}'’-]+)/dgu;
/** With an amount of 1 so many of the words that qualify are taken. */
const STUTTERED = 0.35;
const REPEATED = 0.5;
const FILLED = 0.3;
const PAUSED = 0.8;
/** Words between two stutters, at least. */
const STUTTERS_APART = 2;

const FILLERS: Record<string, readonly string[]> = {
  en: ['um', 'uh', 'well', 'you know'],
  de: ['äh', 'ähm', 'na ja', 'also'],
};

type Habit = (source: MappedText, amount: number, options: PatternOptions, random: () => number) => MappedText;

/**
 * Puts habits of speech into a text that will be spoken. Each added character counts to what is written at its place, so that what was heard can
 * still be told. Patterns that live in the sound (`glitch`, `drawl`) change nothing here; English and German know all others, other languages pauses
 * and repeated words.
 */
export function applySpeechPatterns(source: MappedText, patterns: readonly SpeechPattern[], options: PatternOptions): MappedText {
  return ORDER.reduce((text, kind) => {
    const habit = HABITS[kind];
    const amount = amountOf(patterns, kind);
    return habit === undefined || amount === 0 ? text : habit(text, amount, options, createSeededRandom(`${options.seed} ${kind}`));
  }, source);
}

/** How strong a pattern is, 0..1; 0 = there is none. Of several of one kind the strongest counts. */
export function amountOf(patterns: readonly SpeechPattern[], kind: SpeechPattern['kind']): number {
  return patterns.reduce((most, pattern) => (pattern.kind === kind ? Math.max(most, pattern.amount) : most), 0);
}

/** Repeated words first, so that they can be stuttered; pauses last, so that they stand before everything that was put in. */
const ORDER: readonly SpeechPattern['kind'][] = ['repeats', 'stutter', 'fillers', 'pauses'];

const HABITS: Partial<Record<SpeechPattern['kind'], Habit>> = {
  /** "I, I think": small words, while the next one is looked for. */
  repeats(source, amount, { language }, random) {
    const { leaning } = clauseWords(language);
    return replaceMapped(source, WORD, ([word]) => {
      const isSmall = leaning.size === 0 ? word.length <= 3 : leaning.has(word.toLowerCase());
      if (!isSmall || /\d/u.test(word) || isLast(source, word) || random() >= amount * REPEATED) return undefined;
      return [`${word}, `, 1];
    });
  },
  /** The beginning of words that carry the sense, once or twice: said as a syllable, because a voice would spell a lone letter. */
  stutter(source, amount, { language }, random) {
    const { leaning } = clauseWords(language);
    let since = STUTTERS_APART;
    return replaceMapped(source, WORD, ([word]) => {
      since += 1;
      const start = leaning.has(word.toLowerCase()) ? undefined : stutterStart(word, language);
      if (start === undefined || since <= STUTTERS_APART || random() >= amount * STUTTERED) return undefined;
      since = 0;
      return [`${start}-`.repeat(random() < 0.5 ? 1 : 2), 1];
    });
  },
  /** "um," between two words, before a new thought. */
  fillers(source, amount, { language }, random) {
    const fillers = FILLERS[language];
    if (!fillers) return source;
    const words = clauseWords(language);
    return replaceMapped(source, NEXT_WORD, (match) => {
      const word = (match[2] ?? '').toLowerCase();
      const begins = words.conjunctions.has(word) || words.starters.has(word) || /[,;:–—]$/u.test(source.text.slice(0, match.index));
      if (!begins || random() >= amount * FILLED) return undefined;
      const filler = fillers[Math.floor(random() * fillers.length)] ?? '';
      return [`${comma(source, match.index)} ${filler},`, 1, 2];
    });
  },
  /** Silence at the borders of phrases: a line break ends what is said in one breath. */
  pauses(source, amount, { language }, random) {
    const words = clauseWords(language);
    return replaceMapped(source, NEXT_WORD, (match) => {
      const word = (match[2] ?? '').toLowerCase();
      const begins = words.conjunctions.has(word) || words.starters.has(word) || /[,;:–—]$/u.test(source.text.slice(0, match.index));
      if (!begins || random() >= amount * PAUSED) return undefined;
      return [`${comma(source, match.index)}\n`, 1, 2] satisfies Replacement;
    });
  },
};

/** What is put in begins with a comma, unless there is a mark already. */
function comma(source: MappedText, at: number): string {
  return /[\p{L}\p{N}]$/u.test(source.text.slice(0, at)) ? ',' : '';
}

function isLast(source: MappedText, word: string): boolean {
  return source.text.replace(/\P{L}+$/u, '').endsWith(word) && source.text.indexOf(word) === source.text.lastIndexOf(word);
}

const ENGLISH_ONSET =
  /^(?:sch|scr|shr|spl|spr|str|bl|br|ch|cl|cr|dr|fl|fr|gl|gr|ph|pl|pr|qu|sh|sk|sl|sm|sn|sp|st|sw|tr|tw|wh|[bdfhjlmnprstvwyz]|c(?=[aou])|g(?=[aou])|k(?!n))/u;
const ENGLISH_SOUND: Record<string, string> = { c: 'k', ph: 'f', qu: 'kw', wh: 'w', sch: 'sk' };
const GERMAN_ONSET = /^(?:[bcdfghjklmnpqrstvwxzß]{1,3})(?:äu|au|ei|eu|ai|ie|[aeiouäöü])/u;

/** What a speaker gets stuck on: the first consonants with the start of a vowel. Undefined for words that cannot be stuttered well. */
function stutterStart(word: string, language: LanguageCode): string | undefined {
  const small = word.toLowerCase();
  if (!/^\p{L}{3,}$/u.test(word) || word === word.toUpperCase()) return undefined;
  if (language === 'de') return GERMAN_ONSET.exec(small)?.[0];
  if (language !== 'en') return undefined;
  // "th" has two sounds, and the letters of "wr", "ps", "hour" lie.
  const onset = /^(?:th|wr|ps|hour|hon|heir)/u.test(small) ? undefined : ENGLISH_ONSET.exec(small)?.[0];
  return onset === undefined ? undefined : `${ENGLISH_SOUND[onset] ?? onset}uh`;
}
