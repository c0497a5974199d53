import type { Approval, ToolPlanView } from '../../../src-preload/contract/index.ts';
import { planSummary } from './plan-words.ts';

/*
 * A spoken yes must be the whole utterance, word for word. A no is any plain one: the safe direction may be easy.
 */

const DIGITS: Record<string, string> = {
  '2': 'two zwei',
  '3': 'three drei',
  '4': 'four vier',
  '5': 'five fünf',
  '6': 'six sechs',
  '7': 'seven sieben',
  '8': 'eight acht',
  '9': 'nine neun',
};

/** Said in front of an answer without changing it. */
const FILLERS = /^(?:uh|um|er|ah|oh|ähm|äh|hm|well|also|okay|ok) /;

/** Whole utterances, normalised, that mean no. */
const NOES = new Set(
  [
    'no|no no|nope|no thanks|no thank you|no please|please no|no please dont|dont|do not|dont do it|do not do it|dont run it|do not run it|no dont|no dont run it|no do not run it',
    'cancel|cancel it|cancel that|stop|stop it|stop that|abort|forget it|never mind|nevermind|not now|deny|refuse',
    'nein|nein danke|nein nein|nee|ne|nein bitte nicht|bitte nicht|nicht|nicht ausführen|nein nicht ausführen|tu es nicht|tus nicht|mach es nicht|machs nicht|mach das nicht|nein mach das nicht',
    'abbrechen|brich ab|abbruch|stopp|stop das|lass es|lass das|lass es sein|vergiss es|jetzt nicht|ablehnen',
  ]
    .join('|')
    .split('|')
    .map(normaliseSpoken),
);

/** Lower case, no punctuation, digits as `#2`, one space between words: what recognisers write differently becomes the same. */
function normaliseSpoken(words: string): string {
  let text = words
    .slice(0, 200)
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .replaceAll('ae', 'ä')
    .replaceAll('ue', 'ü')
    .replaceAll('oe', 'ö')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  for (const [digit, names] of Object.entries(DIGITS)) {
    for (const name of [digit, ...names.split(' ')])
      text = text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${name}(?![\\p{L}\\p{N}])`, 'gu'), `#${digit}`);
  }
  while (FILLERS.test(text)) text = text.replace(FILLERS, '');
  return text;
}

export function spokenAnswer(words: string, phrase: Approval['phrase']): 'yes' | 'no' | undefined {
  const said = normaliseSpoken(words);
  if (said === normaliseSpoken(phrase.en) || said === normaliseSpoken(phrase.de)) return 'yes';
  return NOES.has(said) ? 'no' : undefined;
}

/**
 * What a yes must be. After text from outside it has a number in it that nobody could know before the question was there: a page that makes the
 * assistant say the yes aloud must not be heard as the owner's.
 */
export function phraseFor(tainted: boolean, random: () => number): Approval['phrase'] {
  if (!tainted) return { en: 'yes, run it', de: 'ja, ausführen' };
  const digit = String(2 + Math.floor(random() * 8));
  const [english = digit, german = digit] = (DIGITS[digit] ?? '').split(' ');
  return { en: `yes, run number ${english}`, de: `ja, Nummer ${german} ausführen` };
}

/** The question as it is spoken; what is too long to be said is on the card. It ends with the no: if the microphone hears its last words, nothing is allowed by them. */
export function spokenQuestion(plan: ToolPlanView, phrase: Approval['phrase'], language: string): string {
  const isGerman = language.startsWith('de');
  const said = planSummary(plan, language);
  const summary = !said.includes('…') ? said : `${said} ${isGerman ? 'Alles steht auf dem Bildschirm' : 'All of it is on the screen'}`;
  return isGerman
    ? `Ich möchte etwas tun, das dein Wort braucht: ${summary}. Sag „${phrase.de}“, wenn ich darf, sonst sag nein.`
    : `I would like to do something that needs your word: ${summary}. Say "${phrase.en}" if I may, otherwise say no.`;
}
