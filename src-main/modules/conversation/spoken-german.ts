import type { SpokenRule } from './mapped-text.ts';

const CURRENCY: Record<string, string> = {
  '€': 'Euro',
  EUR: 'Euro',
  $: 'Dollar',
  USD: 'Dollar',
  '£': 'Pfund',
  GBP: 'Pfund',
  CHF: 'Franken',
  '¥': 'Yen',
};
const UNITS: Record<string, string> = {
  km: 'Kilometer',
  m: 'Meter',
  cm: 'Zentimeter',
  mm: 'Millimeter',
  kg: 'Kilogramm',
  g: 'Gramm',
  mg: 'Milligramm',
  t: 'Tonnen',
  l: 'Liter',
  L: 'Liter',
  ml: 'Milliliter',
  ms: 'Millisekunden',
  s: 'Sekunden',
  Sek: 'Sekunden',
  min: 'Minuten',
  Min: 'Minuten',
  h: 'Stunden',
  Std: 'Stunden',
  kB: 'Kilobyte',
  KB: 'Kilobyte',
  MB: 'Megabyte',
  GB: 'Gigabyte',
  TB: 'Terabyte',
  Hz: 'Hertz',
  kHz: 'Kilohertz',
  MHz: 'Megahertz',
  GHz: 'Gigahertz',
  W: 'Watt',
  kW: 'Kilowatt',
  kWh: 'Kilowattstunden',
  V: 'Volt',
  'm²': 'Quadratmeter',
  qm: 'Quadratmeter',
  'km²': 'Quadratkilometer',
  'm³': 'Kubikmeter',
  'km/h': 'Kilometer pro Stunde',
  'm/s': 'Meter pro Sekunde',
  'Mbit/s': 'Megabit pro Sekunde',
  '°C': 'Grad Celsius',
  '°F': 'Grad Fahrenheit',
  '°': 'Grad',
  Mio: 'Millionen',
  Mrd: 'Milliarden',
  Tsd: 'Tausend',
};
const MONTHS = ['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli', 'August', 'September', 'Oktober', 'November', 'Dezember'];
const FRACTIONS: Record<string, string> = {
  '1/2': 'ein halb',
  '1/3': 'ein Drittel',
  '2/3': 'zwei Drittel',
  '1/4': 'ein Viertel',
  '3/4': 'drei Viertel',
};
const ABBREVIATIONS: Record<string, string> = {
  'z. B': 'zum Beispiel',
  'd. h': 'das heißt',
  'u. a': 'unter anderem',
  'o. Ä': 'oder Ähnliches',
  'u. Ä': 'und Ähnliches',
  'i. d. R': 'in der Regel',
  's. o': 'siehe oben',
  's. u': 'siehe unten',
  'v. a': 'vor allem',
  'z. T': 'zum Teil',
  'z. Zt': 'zur Zeit',
  'u. v. m': 'und vieles mehr',
  usw: 'und so weiter',
  etc: 'et cetera',
  bzw: 'beziehungsweise',
  ca: 'circa',
  inkl: 'inklusive',
  exkl: 'exklusive',
  evtl: 'eventuell',
  ggf: 'gegebenenfalls',
  bspw: 'beispielsweise',
  sog: 'sogenannte',
  vgl: 'vergleiche',
  max: 'maximal',
  mind: 'mindestens',
  zzgl: 'zuzüglich',
  MwSt: 'Mehrwertsteuer',
  Dr: 'Doktor',
  Prof: 'Professor',
  Hr: 'Herr',
  Fr: 'Frau',
  St: 'Sankt',
  Tel: 'Telefon',
  Abb: 'Abbildung',
  Nr: 'Nummer',
};
/** After these words an ordinal ends in -en … */
const DATIVE = '(?:in|mit|von|bei|nach|zu|aus|auf|an|vor|seit) der|am|vom|zum|zur|beim|im|dem|den|des|einen|einem|einer|ab|bis|seit|jeden';
/** … and after these in -e. */
const NOMINATIVE = 'der|die|das|diese|jede';

const NUMBER = String.raw`\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?`;
const DAY = '0?[1-9]|[12]\\d|3[01]';
const MONTH = '0?[1-9]|1[0-2]';
const MONTH_NAMES = MONTHS.join('|');
const alternatives = (table: Record<string, unknown>): string =>
  Object.keys(table)
    .sort((a, b) => b.length - a.length)
    .map((key) => key.replaceAll(/[$.]/gu, String.raw`\$&`).replaceAll(/ /gu, String.raw`[ \u00a0\u202f]?`))
    .join('|');
const END_OF_SENTENCE = String.raw`(?=(\s+(?:\p{Lu}\p{Ll}|[„“"]))?)`;

/** What espeak gets wrong in German, checked against its phonemes. */
export const germanRules: readonly SpokenRule[] = [
  // Dates and times come first: their digits must not be taken for numbers.
  [
    /\b(\d{4})-(0?[1-9]|1[0-2])-(0?[1-9]|[12]\d|3[01])\b(?!-)/dgu,
    (match) => [`${dayOf(match[3], before(match))} ${month(match[2])} ${year(match[1])}`],
  ],
  [
    new RegExp(`(?<![\\d.])(${DAY})\\.\\s?(${MONTH})\\.\\s?(\\d{4}|\\d{2})(?![\\d.]\\d|\\d)`, 'dgu'),
    (match) => [`${dayOf(match[1], before(match))} ${month(match[2])} ${year(match[3])}`],
  ],
  [
    new RegExp(`(?<=\\b(?:${DATIVE}|und|oder) )(${DAY})\\.(${MONTH})\\.`, 'dgu'),
    (match) => [`${dayOf(match[1], before(match))} ${month(match[2])}`],
  ],
  [new RegExp(`(?<![\\d.,])(${DAY})\\.(?= (?:${MONTH_NAMES})\\b)`, 'dgu'), (match) => [dayOf(match[1], before(match))]],
  [/\b([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?:\s?(Uhr)\b)?/dgu, (match) => [clock(match[1], match[2])]],
  [new RegExp(`(?<=(?:^|[^\\p{L}])(?:${DATIVE}) )(\\d{1,2})\\.(?= \\p{Lu}?\\p{L})`, 'dgiu'), (match) => [`${ordinalStem(match[1])}en`]],
  [new RegExp(`(?<=(?:^|[^\\p{L}])(?:${NOMINATIVE}) )(\\d{1,2})\\.(?= \\p{L})`, 'dgiu'), (match) => [`${ordinalStem(match[1])}e`]],
  [
    /(?<=(?:^|[^\p{L}])ein )(\d{1,2})\.(?= (Mal|Jahr|Kind|Beispiel|Problem|Thema|Wort|Buch|Bild|Haus|Land|Spiel|Argument|Ziel|Produkt)?\p{L}*)/dgiu,
    (match) => [`${ordinalStem(match[1])}${match[2] === undefined ? 'er' : 'es'}`],
  ],
  [/(?<![\d.,:])(1[1-9])(\d\d)(?![\d.,:]\d|\d)/dgu, (match) => [`${match[1]} hundert${match[2] === '00' ? '' : ` ${Number(match[2])}`}`]],
  // Money: "42,50 €" is said "42 Euro 50".
  [/([€$£¥])\s?((?:\d{1,3}(?:\.\d{3})+|\d+)(?:[.,]\d{1,2})?)(?!\d)/dgu, (match) => [money(match[1], match[2])]],
  [
    new RegExp(`(?<![\\d.,])((?:\\d{1,3}(?:\\.\\d{3})+|\\d+)(?:,\\d{2})?)\\s?(€|\\$|£|¥|EUR|USD|GBP|CHF)(?![\\p{L}\\d])`, 'dgu'),
    (match) => [money(match[2], match[1])],
  ],
  // Quantities.
  [
    new RegExp(`(?<![\\d.,])(${NUMBER})([ \\u00a0\\u202f]?)(${alternatives(UNITS)})(\\.?)(?![\\p{L}\\d²³/])`, 'dgu'),
    (match) => quantity(match),
  ],
  [
    /(?<![\d/])([1-3]\/[2-4])(?![\d/])/dgu,
    (match) => (FRACTIONS[match[1] ?? ''] === undefined ? undefined : [FRACTIONS[match[1] ?? ''] ?? '']),
  ],
  [/(?<![\d/.])24\/7\b/dgu, ['24 7']],
  [/(?<![\d/.])(\d{1,3})\/(\d{1,3})(?![\d/])/dgu, [1, ' von ', 2]],
  [
    /(?<![\d.,:/–-])(\d+(?:,\d+)?)\s?[–—-]\s?(?=(\d+(?:,\d+)?)(?![\d/–-]|[.,]\d))/dgu,
    (match) => (isRange(match) ? [1, ' bis '] : undefined),
  ],
  [/(?<![\w.])(\d+(?:,\d+)?)x\b/dgu, [1, ' mal']],
  [/(?<=\d)\s?[x*]\s?(?=\d)/dgu, [' mal ']],
  [/(?<=[\p{L}\d)])\^(-?\d+)/dgu, [' hoch ', 1]],
  [/(?<=[\p{L}\d)])²/dgu, [' Quadrat']],
  [/(?<=[\p{L}\d)])³/dgu, [' hoch drei']],
  [/(?:~|≈)\s?(?=\d)/dgu, ['ungefähr ']],
  [/±\s?(?=\d)/dgu, ['plus minus ']],
  // Abbreviations; the point at the end of a sentence stays.
  [
    new RegExp(`(?<![\\p{L}\\d.])(${alternatives(ABBREVIATIONS)})\\.${END_OF_SENTENCE}`, 'dgu'),
    (match) => [`${abbreviation(match[1])}${endsSentence(match) ? '.' : ''}`],
  ],
  [/\bS\.\s?(?=\d)/dgu, ['Seite ']],
  [/(?<=\p{Ll})str\.(?=\s*\d)/dgu, ['straße']],
  [/(?<![\p{L}\d])(EU|KI|DB|EZB)(?![\p{L}\d])/dgu, (match) => [(match[1] ?? '').split('').join(' ')]],
  [/\bC#(?![\p{L}\d])/dgu, ['C sharp']],
  [/(?<=\p{Ll})[:*_](?=innen?\b)/dgu, ['']],
  [/\s*(?:→|⇒|->|=>)\s*/dgu, [', ']],
];

const before = (match: RegExpExecArray): string => match.input.slice(Math.max(0, match.index - 12), match.index);

const ONES = ['', 'erst', 'zweit', 'dritt', 'viert', 'fünft', 'sechst', 'siebt', 'acht', 'neunt', 'zehnt', 'elft', 'zwölft'];
const UNDER_TWENTY = ['dreizehn', 'vierzehn', 'fünfzehn', 'sechzehn', 'siebzehn', 'achtzehn', 'neunzehn'];
const DIGITS = ['', 'einund', 'zweiund', 'dreiund', 'vierund', 'fünfund', 'sechsund', 'siebenund', 'achtund', 'neunund'];
const TENS = ['', '', 'zwanzig', 'dreißig', 'vierzig', 'fünfzig', 'sechzig', 'siebzig', 'achtzig', 'neunzig'];

/** 3 → dritt, 21 → einundzwanzigst; up to 99. */
function ordinalStem(number: string | undefined): string {
  const value = Number(number);
  if (value === 0) return 'nullt';
  const small = ONES[value];
  if (small !== undefined) return small;
  if (value < 20) return `${UNDER_TWENTY[value - 13] ?? ''}t`;
  return `${DIGITS[value % 10] ?? ''}${TENS[Math.floor(value / 10)] ?? ''}st`;
}

/** "am" 3. → dritten, "der" 3. → dritte, 3. alone → dritter. */
function dayOf(day: string | undefined, textBefore: string): string {
  const stem = ordinalStem(day);
  if (new RegExp(`(?:^|[^\\p{L}])(?:${DATIVE}|und|oder)\\s$`, 'iu').test(textBefore)) return `${stem}en`;
  return new RegExp(`(?:^|[^\\p{L}])(?:${NOMINATIVE})\\s$`, 'iu').test(textBefore) ? `${stem}e` : `${stem}er`;
}

function month(number: string | undefined): string {
  return MONTHS[Number(number) - 1] ?? '';
}

/** 1999 → 19 hundert 99; from 2000 on as a number. */
function year(number: string | undefined): string {
  const value = Number(number);
  if (value < 1100 || value >= 2000) return String(value);
  return `${Math.floor(value / 100)} hundert${value % 100 === 0 ? '' : ` ${value % 100}`}`;
}

function clock(hours: string | undefined, minutes: string | undefined): string {
  const minute = Number(minutes);
  return `${Number(hours)} Uhr${minute === 0 ? '' : ` ${minute}`}`;
}

function money(sign: string | undefined, amount: string | undefined): string {
  const [whole = '', part] = (amount ?? '').split(/,|\.(?=\d{1,2}$)/u);
  const name = CURRENCY[sign ?? ''] ?? '';
  const count = whole === '1' ? 'ein' : whole;
  if (part === undefined || Number(part) === 0) return `${count} ${name}`;
  return whole === '0' ? `${Number(part)} Cent` : `${count} ${name} ${Number(part.padEnd(2, '0'))}`;
}

/** One-letter units need the blank: "5g" is a network, "12a" a house. The point of "5 Min." stays only where the text ends. */
function quantity(match: RegExpExecArray): readonly (string | number)[] | undefined {
  const [whole, amount, blank, sign = '', point] = match;
  if (blank === '' && sign.length === 1 && sign !== '°') return undefined;
  const isLast = match.index + whole.length >= match.input.trimEnd().length;
  const name = amount === '1' ? singular(UNITS[sign] ?? '') : (UNITS[sign] ?? '');
  return [1, ` ${name}${point !== '' && (isLast || !/^(?:Min|Std|Sek|Mio|Mrd|Tsd)$/u.test(sign)) ? '.' : ''}`];
}

function singular(name: string): string {
  return name.replace(/^(.*(?:sekunde|Sekunde|Minute|Stunde|stunde|Tonne|Million|Milliarde))(?:n|en)$/u, '$1');
}

function abbreviation(written: string | undefined): string {
  const key = (written ?? '').replaceAll(/[\u00a0\u202f ]/gu, '');
  return Object.entries(ABBREVIATIONS).find(([name]) => name.replaceAll(' ', '') === key)?.[1] ?? '';
}

/** Only words that can close a sentence keep its point. */
function endsSentence(match: RegExpExecArray): boolean {
  const canClose = /^(?:usw|etc|u\.?\s?[vÄ]|o\.?\s?Ä|MwSt)/u.test(match[1] ?? '');
  return match.index + match[0].length >= match.input.trimEnd().length || (canClose && match[2] !== undefined);
}

/** "5-10" is a range, "555-1234" a telephone number, "10-5" neither; years may be joined by a hyphen. */
function isRange(match: RegExpExecArray): boolean {
  const [whole, from = '', to = ''] = match;
  const isAscending = Number(from.replace(',', '.')) < Number(to.replace(',', '.'));
  return isAscending && (!whole.endsWith('-') || to.length < 4 || from.length === 4);
}
