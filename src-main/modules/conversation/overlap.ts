import type { LanguageCode } from '../../inference/contracts/index.ts';

/**
 * What the user's words over the assistant's voice mean:
 * `nothing` no words · `backchannel` "mhm", goes on listening · `echo` the assistant's own words coming back · `stop` be quiet, no answer wanted · `words` takes the turn.
 */
export type OverlapMeaning = 'nothing' | 'backchannel' | 'echo' | 'stop' | 'words';

const backchannels: Record<string, ReadonlySet<string>> = {
  en: new Set(
    'mhm mm hmm hm uh-huh uhhuh uh huh mmhmm mm-hmm yeah yep yes ok okay right sure i see really wow oh ah aha cool nice good great got it'.split(
      ' ',
    ),
  ),
  de: new Set('mhm mh hm hmm mm aha ja jaja okay ok genau gut klar so oh ah ach achso stimmt verstehe richtig super prima'.split(' ')),
};

const stops: Record<string, readonly string[]> = {
  en: ['stop', 'stop it', 'stop talking', 'be quiet', 'quiet', 'shut up', 'enough', 'thats enough', 'stop please', 'please stop', 'cancel'],
  de: ['stopp', 'stop', 'halt', 'sei still', 'sei ruhig', 'ruhe', 'genug', 'hör auf', 'aufhören', 'bitte aufhören', 'das reicht'],
};

/** Longest run of words that can still be a backchannel ("yeah, I see, okay"). */
const MAX_BACKCHANNEL_WORDS = 4;
/** Share of the user's words that must stand, in order, in what was just spoken to count as echo. */
const ECHO_SHARE = 0.8;
/** A lone word must be this long to be taken for an echo. */
const MIN_ECHO_LETTERS = 4;

/** `recentlySpoken`: what the assistant said aloud in the last seconds, including the sentence in play. */
export function overlapMeaning(text: string, language: LanguageCode, recentlySpoken: string): OverlapMeaning {
  const words = toWords(text);
  if (words.length === 0) return 'nothing';
  if (isEcho(words, toWords(recentlySpoken))) return 'echo';
  const sentence = words.join(' ');
  const known = (table: Record<string, readonly string[]>): boolean => [language, 'en'].some((code) => table[code]?.includes(sentence));
  if (known(stops)) return 'stop';
  const isBackchannel = (word: string): boolean => [language, 'en'].some((code) => backchannels[code]?.has(word));
  return words.length <= MAX_BACKCHANNEL_WORDS && words.every(isBackchannel) ? 'backchannel' : 'words';
}

/** Lower case, letters and digits only. */
export function toWords(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll(/['’]/g, '')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/**
 * True when the words are the assistant's own: in order, most of them stand in what was spoken within a stretch not much longer than
 * themselves. A single short word is no proof ("no" may well be the user's).
 */
function isEcho(words: readonly string[], spoken: readonly string[]): boolean {
  if (spoken.length === 0) return false;
  if (words.length === 1) return words[0] !== undefined && words[0].length >= MIN_ECHO_LETTERS && spoken.includes(words[0]);
  const window = Math.ceil(words.length * 1.5) + 1;
  for (let start = 0; start < spoken.length; start += 1) {
    if (longestCommonSubsequence(words, spoken.slice(start, start + window)) / words.length >= ECHO_SHARE) return true;
  }
  return false;
}

function longestCommonSubsequence(left: readonly string[], right: readonly string[]): number {
  let previous = Array.from({ length: right.length + 1 }, () => 0);
  for (const word of left) {
    const row = [0];
    for (let column = 1; column <= right.length; column += 1) {
      row.push(word === right[column - 1] ? (previous[column - 1] ?? 0) + 1 : Math.max(previous[column] ?? 0, row[column - 1] ?? 0));
    }
    previous = row;
  }
  return previous.at(-1) ?? 0;
}
