/*
 * "Stop everything", before any model sees it. Whole utterances only: the words may stand in a sentence of somebody who talks about them. A wrong yes costs
 * a lift, a wrong no costs trust, so what people really shout is in, however a recogniser spells it.
 */

/** These begin no sentence about anything else. */
const UNMISTAKABLE: readonly string[] = [
  // English
  'stop everything',
  'stop everything now',
  'everything stop',
  'emergency stop',
  'emergency off',
  'emergency shutdown',
  'hit the kill switch',
  'press the kill switch',
  'pull the kill switch',
  'activate the kill switch',
  'engage the kill switch',
  // German
  'stopp alles',
  'alles stopp',
  'alles stoppen',
  'stoppe alles',
  'notaus',
  'nothalt',
  'not halt',
  'not stopp',
  'notstopp',
  'notabschaltung',
  'zieh die notbremse',
  'hör mit allem auf',
];

/** "Stop all" begins "Stop all timers", "Cancel everything" may go on with "on Friday": these count when nothing more comes. */
const WHEN_OVER: readonly string[] = [
  // English
  'stop it all',
  'stop all',
  'stop all of it',
  'kill switch',
  'killswitch',
  'the kill switch',
  'use the kill switch',
  'shut everything down',
  'shut down everything',
  'shut it all down',
  'turn everything off',
  'switch everything off',
  'halt everything',
  'abort everything',
  'cancel everything',
  'everything off',
  // German
  'alles anhalten',
  'halt alles an',
  'halte alles an',
  'haltet alles an',
  'alles halt',
  'alles aus',
  'alles ausschalten',
  'alles abschalten',
  'schalt alles aus',
  'schalte alles aus',
  'schalt alles ab',
  'schalte alles ab',
  'mach alles aus',
  'brich alles ab',
  'alles abbrechen',
  'beende alles',
  'not aus',
  'not abschaltung',
  'notbremse',
  'notausschalter',
  'not aus schalter',
];

/** What small recognisers have written for a shouted word here. Only whole utterances are compared, so that none of these makes a phrase of a sentence. */
const MISHEARD: ReadonlyMap<string, string> = new Map([
  ['stopp', 'stop'],
  ['stob', 'stop'],
  ['sop', 'stop'],
  ['stopped', 'stop'],
  ['play', 'please'],
  ['lease', 'please'],
  ['pleas', 'please'],
]);

/** Words that change nothing about it, at either end. */
const FILLERS = new Set(
  (
    'please now immediately right away at once hey ok okay so just the computer assistant openclaw claw oh god ' +
    'bitte sofort jetzt hallo mal doch los schnell und computer assistent ach nein no'
  ).split(' '),
);

const MAX_LENGTH = 120;

/** `names`: what the assistant is called; its name may stand in front or behind. `isPartial`: more words may come. */
export function isStopPhrase(
  words: string,
  { names = [], isPartial = false }: { names?: readonly string[]; isPartial?: boolean } = {},
): boolean {
  if (words.length > MAX_LENGTH) return false;
  const nameWords = new Set(names.flatMap((name) => normalise(name)));
  const heard = normalise(words).map((word) => MISHEARD.get(word) ?? word);
  for (const candidate of trimmed(heard, (word) => FILLERS.has(word) || nameWords.has(word))) {
    const text = candidate.join(' ');
    if (UNMISTAKABLE_SPELLED.has(text) || (!isPartial && WHEN_OVER_SPELLED.has(text))) return true;
  }
  return false;
}

/** "stopp" and "stop" are one word to a recogniser. */
const spelled = (phrases: readonly string[]): ReadonlySet<string> =>
  new Set(
    phrases.map((phrase) =>
      phrase
        .split(' ')
        .map((word) => MISHEARD.get(word) ?? word)
        .join(' '),
    ),
  );
const UNMISTAKABLE_SPELLED = spelled(UNMISTAKABLE);
const WHEN_OVER_SPELLED = spelled(WHEN_OVER);

function normalise(text: string): string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/['’`]/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .split(' ')
    .filter((word) => word !== '');
}

/** The words without any number of fillers at both ends: each of these is what may have been meant. */
function trimmed(words: readonly string[], isFiller: (word: string) => boolean): string[][] {
  const fronts = countWhile(words, isFiller);
  const backs = countWhile(words.toReversed(), isFiller);
  const all: string[][] = [];
  for (let front = 0; front <= fronts; front += 1)
    for (let back = 0; back <= backs && front + back < words.length; back += 1) all.push(words.slice(front, words.length - back));
  return all;
}

function countWhile(words: readonly string[], isFiller: (word: string) => boolean): number {
  const index = words.findIndex((word) => !isFiller(word));
  return index < 0 ? words.length : index;
}
