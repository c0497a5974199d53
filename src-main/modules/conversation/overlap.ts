import type { LanguageCode } from '../../inference/contracts/index.ts';
import { approximateDistance } from './approximate-distance.ts';

/**
 * What the user's words over the assistant's voice mean:
 * `nothing` no words · `backchannel` "mhm", goes on listening · `echo` the assistant's own words coming back · `stop` be quiet, no answer wanted · `words` takes the turn.
 */
export type OverlapMeaning = 'nothing' | 'backchannel' | 'echo' | 'stop' | 'words';

/** What was heard while, or just after, the assistant spoke. */
export interface OverlapHeard {
  text: string;
  language: LanguageCode;
  /** Time in which the voice detector was sure of a voice, ms. */
  voicedMs: number;
  /** The assistant's words that may be in the same sound, the sentence in play included; '' = it was silent. */
  spoken: string;
}

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

/** Words that take the turn alone. Any other lone word over an answer is a remark or a misheard sound; who means it goes on, and has two. */
const turnWords: Record<string, ReadonlySet<string>> = {
  en: new Set('no nope wait sorry what why who where when which hello hey hi nova pardon repeat louder slower next continue'.split(' ')),
  de: new Set(
    'nein nee warte moment entschuldigung was wie warum wieso wer wo wann welche hallo hey nova bitte nochmal lauter langsamer weiter'.split(
      ' ',
    ),
  ),
};

/** Longest run of words that can still be a backchannel ("yeah, I see, okay"). */
const MAX_BACKCHANNEL_WORDS = 4;
/** The shortest words have more voice than this ("hm" 130, "oh" 220 ms); paper, doors and chairs, at which recognisers guess words, have less. */
const MIN_VOICED_MS = 100;
/** What recognisers guess at a noise in a silent room: "you", "thank you". A longer text was said, however softly. */
const MAX_GUESSED_WORDS = 2;
/** An echo may differ from what was spoken in this share of its letters: recognisers mishear it, and it begins and ends in mid-word. */
const ECHO_DIFFERENCE = 0.3;
/** Fewer letters stand in every longer text by chance: they must stand there as they are. */
const MIN_FUZZY_LETTERS = 6;

export function overlapMeaning({ text, language, voicedMs, spoken }: OverlapHeard): OverlapMeaning {
  const words = toWords(text);
  if (words.length === 0) return 'nothing';
  const sentence = words.join(' ');
  const isSilent = spoken === '';
  if (voicedMs < MIN_VOICED_MS && (!isSilent || words.length <= MAX_GUESSED_WORDS)) return 'nothing';
  // Even where the assistant has just said the word itself: a stop that does nothing is worse than one too many.
  if ([language, 'en'].some((code) => stops[code]?.includes(sentence))) return 'stop';
  if (isEcho(words, toWords(spoken))) return 'echo';
  const stands = (table: Record<string, ReadonlySet<string>>, word: string): boolean =>
    [language, 'en'].some((code) => table[code]?.has(word));
  const isLone = new Set(words).size === 1;
  if (words.length <= MAX_BACKCHANNEL_WORDS && words.every((word) => stands(backchannels, word))) return 'backchannel';
  return isLone && !isSilent && !words.every((word) => stands(turnWords, word)) ? 'backchannel' : 'words';
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

/** True when the words, run together, stand nearly so in what was spoken. */
function isEcho(words: readonly string[], spoken: readonly string[]): boolean {
  const letters = words.filter((word, index) => word !== words[index - 1]).join('');
  if (letters.length < MIN_FUZZY_LETTERS) return words.every((word) => spoken.includes(word));
  return approximateDistance(letters, spoken.join('')) <= letters.length * ECHO_DIFFERENCE;
}
