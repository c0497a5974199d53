/*
 * Lengths of time and numbers as people say them, in English and German, both ways.
 */

export type SpokenLanguage = 'en' | 'de';

interface UnitWords {
  ms: number;
  en: readonly [one: string, many: string];
  de: readonly [one: string, many: string, manyDative: string, oneCounted: string, oneDative: string];
}
const UNITS: readonly UnitWords[] = [
  { ms: 86_400_000, en: ['day', 'days'], de: ['Tag', 'Tage', 'Tagen', 'ein', 'einem'] },
  { ms: 3_600_000, en: ['hour', 'hours'], de: ['Stunde', 'Stunden', 'Stunden', 'eine', 'einer'] },
  { ms: 60_000, en: ['minute', 'minutes'], de: ['Minute', 'Minuten', 'Minuten', 'eine', 'einer'] },
  { ms: 1_000, en: ['second', 'seconds'], de: ['Sekunde', 'Sekunden', 'Sekunden', 'eine', 'einer'] },
];

/** "one hour and 30 minutes"; at most two units. `dative`: after German "in", "vor". */
export function inWords(durationMs: number, language: SpokenLanguage, form: 'plain' | 'dative' = 'plain'): string {
  let rest = Math.max(0, Math.round(durationMs / 1_000)) * 1_000;
  const parts: string[] = [];
  for (const { ms, en, de } of UNITS) {
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    if (count === 0 || parts.length === 2) continue;
    const [one, many, manyDative, oneCounted, oneDative] = de;
    if (language === 'en') parts.push(count === 1 ? `one ${en[0]}` : `${count} ${en[1]}`);
    else if (count === 1) parts.push(`${form === 'dative' ? oneDative : oneCounted} ${one}`);
    else parts.push(`${count} ${form === 'dative' ? manyDative : many}`);
  }
  if (parts.length === 0) return language === 'en' ? 'a moment' : form === 'dative' ? 'einem Moment' : 'einen Moment';
  return parts.join(language === 'en' ? ' and ' : ' und ');
}

const EN_SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const EN_TENS: Record<string, number> = { twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90 };
const DE_SMALL =
  'null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn'.split(
    ' ',
  );
const DE_TENS: Record<string, number> = {
  zwanzig: 20,
  dreißig: 30,
  dreissig: 30,
  vierzig: 40,
  fünfzig: 50,
  sechzig: 60,
  siebzig: 70,
  achtzig: 80,
  neunzig: 90,
};
const DE_ONES: Record<string, number> = { ein: 1, eine: 1, einen: 1, einem: 1, einer: 1, zwo: 2 };

/** A number below a thousand in digits or words: "10", "ten", "twenty five", "fünfundzwanzig", "eine", "a", "half an" = 0.5. */
export function spokenNumber(words: string): number | undefined {
  const text = words.trim().toLowerCase().replaceAll('-', ' ');
  if (/^\d{1,6}(?:[.,]\d{1,3})?$/.test(text)) return Number(text.replace(',', '.'));
  if (['a', 'an', 'one'].includes(text)) return 1;
  if (['half a', 'half an', 'halbe', 'eine halbe', 'einer halben', 'halben'].includes(text)) return 0.5;
  if (['a quarter of an', 'quarter of an', 'a quarter', 'eine viertel', 'einer viertel', 'viertel'].includes(text)) return 0.25;
  if (['one and a half', 'anderthalb', 'eineinhalb'].includes(text)) return 1.5;
  return englishNumber(text) ?? germanNumber(text);
}

function englishNumber(text: string): number | undefined {
  const small = EN_SMALL.indexOf(text);
  if (small >= 0) return small;
  const [tens = '', ones = '', ...more] = text.split(' ');
  const ten = EN_TENS[tens];
  if (ten === undefined || more.length > 0) return text === 'a hundred' || text === 'one hundred' || text === 'hundred' ? 100 : undefined;
  const one = ones === '' ? 0 : EN_SMALL.indexOf(ones);
  return one >= 0 && one < 10 ? ten + one : undefined;
}

function germanNumber(text: string): number | undefined {
  const joined = text.replaceAll(' ', '');
  const small = DE_SMALL.indexOf(joined);
  if (small >= 0) return small;
  if (DE_ONES[joined] !== undefined) return DE_ONES[joined];
  if (DE_TENS[joined] !== undefined) return DE_TENS[joined];
  if (joined === 'hundert' || joined === 'einhundert') return 100;
  const [ones = '', tens = '', ...more] = joined.split('und');
  const ten = DE_TENS[tens];
  const one = DE_ONES[ones] ?? DE_SMALL.indexOf(ones);
  return ten !== undefined && more.length === 0 && one > 0 && one < 10 ? ten + one : undefined;
}

const UNIT_MS: readonly [pattern: RegExp, ms: number][] = [
  [/^(?:s|secs?|seconds?|sekunden?)$/, 1_000],
  [/^(?:m|mins?|minutes?|minuten?)$/, 60_000],
  [/^(?:h|hrs?|hours?|stunden?|viertelstunden?)$/, 3_600_000],
  [/^(?:days?|tage?n?)$/, 86_400_000],
  [/^(?:weeks?|wochen?)$/, 604_800_000],
];

/** "ten minutes", "an hour and a half", "1 h 20 min", "anderthalb Stunden", "einer Viertelstunde" in ms; undefined = it is something else. */
export function spokenDuration(words: string): number | undefined {
  let text = words
    .trim()
    .toLowerCase()
    .replaceAll('-', ' ')
    .replace(/[.!?]+$/, '');
  let extra = 0;
  if (/^(?:an hour|a minute|a day|one hour|one minute) and a half$/.test(text))
    return (spokenDuration(text.replace(/ and a half$/, '')) ?? 0) * 1.5;
  text = text
    .replace(/(?:^| )(?:einer |eine )?viertelstunde$/, () => ((extra += 900_000), ''))
    .replace(/(?:^| )(?:einer |eine )?dreiviertelstunde$/, () => ((extra += 2_700_000), ''));
  text = text.replaceAll(/(\d)\s*(s|secs?|m|mins?|h|hrs?)(?=\s|$)/g, '$1 $2').trim();
  if (text === '') return extra || undefined;
  let total = extra;
  for (const part of text.split(/,? (?:and|und) (?=\S+ )|, /)) {
    const [, count = '', unit = ''] = /^(.+?) (\p{L}+)$/u.exec(part.trim()) ?? [];
    for (const [number, name] of pairsOf(count, unit)) {
      const value = spokenNumber(number);
      const ms = UNIT_MS.find(([pattern]) => pattern.test(name))?.[1];
      if (value === undefined || ms === undefined) return undefined;
      total += value * ms;
    }
  }
  return total > 0 ? Math.round(total) : undefined;
}

/** "1 h 20 min" has two pairs with nothing between them. */
function pairsOf(count: string, unit: string): [number: string, unit: string][] {
  const earlier = /^(\S+) (\p{L}+) (\S+)$/u.exec(count);
  const isUnit = earlier !== null && UNIT_MS.some(([pattern]) => pattern.test(earlier[2] ?? ''));
  return isUnit
    ? [
        [earlier[1] ?? '', earlier[2] ?? ''],
        [earlier[3] ?? '', unit],
      ]
    : [[count, unit]];
}
