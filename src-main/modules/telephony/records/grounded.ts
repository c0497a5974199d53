import { DIGIT_WORDS } from '../digit-words.ts';

/*
 * A model that writes about a call may add what nobody said: a name of its example, a day, a number. Sentences with such a fact are not kept.
 */

const NUMBER_WORDS: Readonly<Record<string, string>> = {
  ...DIGIT_WORDS,
  ...Object.fromEntries('ein eine einen einem einer'.split(' ').map((word) => [word, '1'])),
  ten: '10',
  zehn: '10',
  eleven: '11',
  elf: '11',
  twelve: '12',
  zwölf: '12',
  fifteen: '15',
  fünfzehn: '15',
  twenty: '20',
  zwanzig: '20',
  thirty: '30',
  dreißig: '30',
  forty: '40',
  vierzig: '40',
  fifty: '50',
  fünfzig: '50',
  hundred: '100',
  hundert: '100',
};
const DAYS = new Set(
  (
    'monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag today tomorrow tonight ' +
    'heute morgen übermorgen january february march april june july august september october november december januar februar märz mai juni juli oktober dezember'
  ).split(' '),
);
/** What people are called in a summary without having a name. */
const ROLES = new Set(
  'i caller owner assistant customer unknown anrufer anruferin besitzer besitzerin assistent assistentin kunde kundin unbekannt herr frau mr mrs ms dr'.split(
    ' ',
  ),
);

/** Every fact of the text (numbers, names, days) is somewhere in `source`. `allNames`: each capital letter begins a name, also in German and at the start. */
export function isGrounded(text: string, source: string, options: { language: 'en' | 'de'; allNames?: boolean }): boolean {
  const known = new Set(wordsOf(source));
  const digits = source.replace(/\D/g, '');
  const numbers = new Set([...known].flatMap((word) => NUMBER_WORDS[word] ?? (/^\d+$/.test(word) ? word.replace(/^0+(?=\d)/, '') : [])));
  const isKnown = (word: string): boolean => known.has(word) || ROLES.has(word);
  const hasNumber = (word: string): boolean => numbers.has(word.replace(/^0+(?=\d)/, '')) || (word.length >= 3 && digits.includes(word));
  return (
    wordsOf(text).every((word) => (/^\d+$/.test(word) ? hasNumber(word) : !DAYS.has(word) || known.has(word))) &&
    namesIn(text, options).every((name) => isKnown(name.toLowerCase()))
  );
}

function namesIn(text: string, { language, allNames }: { language: 'en' | 'de'; allNames?: boolean }): string[] {
  if (allNames === true) return text.match(/\p{Lu}[\p{L}]*/gu) ?? [];
  // Every German noun has a capital letter: a name is one behind a title, or two in a row.
  const found =
    language === 'de'
      ? (text.match(/\b(?:Herrn?|Frau|Dr\.?|Doktor)\s+\p{Lu}\p{L}+|\p{Lu}\p{Ll}+\s+\p{Lu}\p{Ll}+/gu) ?? []).flatMap((pair) =>
          pair.split(/\s+/).slice(-1),
        )
      : (text.match(/(?<=[\p{L}\p{N},;]\s)\p{Lu}\p{L}*/gu) ?? []);
  return found;
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
