import type { SpokenRule } from './mapped-text.ts';

const CURRENCY: Record<string, readonly [one: string, many: string, cents: string]> = {
  $: ['dollar', 'dollars', 'cents'],
  '€': ['euro', 'euros', 'cents'],
  '£': ['pound', 'pounds', 'pence'],
  '¥': ['yen', 'yen', ''],
};
const SCALE: Record<string, string> = { k: ' thousand', m: ' million', bn: ' billion', b: ' billion', t: ' trillion' };
const UNITS: Record<string, readonly [one: string, many: string]> = {
  km: ['kilometer', 'kilometers'],
  m: ['meter', 'meters'],
  cm: ['centimeter', 'centimeters'],
  mm: ['millimeter', 'millimeters'],
  ft: ['foot', 'feet'],
  mi: ['mile', 'miles'],
  kg: ['kilogram', 'kilograms'],
  g: ['gram', 'grams'],
  mg: ['milligram', 'milligrams'],
  lb: ['pound', 'pounds'],
  lbs: ['pound', 'pounds'],
  oz: ['ounce', 'ounces'],
  l: ['liter', 'liters'],
  L: ['liter', 'liters'],
  ml: ['milliliter', 'milliliters'],
  mL: ['milliliter', 'milliliters'],
  ms: ['millisecond', 'milliseconds'],
  s: ['second', 'seconds'],
  sec: ['second', 'seconds'],
  min: ['minute', 'minutes'],
  h: ['hour', 'hours'],
  hr: ['hour', 'hours'],
  hrs: ['hour', 'hours'],
  kB: ['kilobyte', 'kilobytes'],
  KB: ['kilobyte', 'kilobytes'],
  MB: ['megabyte', 'megabytes'],
  GB: ['gigabyte', 'gigabytes'],
  TB: ['terabyte', 'terabytes'],
  Hz: ['hertz', 'hertz'],
  kHz: ['kilohertz', 'kilohertz'],
  MHz: ['megahertz', 'megahertz'],
  GHz: ['gigahertz', 'gigahertz'],
  W: ['watt', 'watts'],
  kW: ['kilowatt', 'kilowatts'],
  kWh: ['kilowatt hour', 'kilowatt hours'],
  V: ['volt', 'volts'],
  'm²': ['square meter', 'square meters'],
  'km²': ['square kilometer', 'square kilometers'],
  'm³': ['cubic meter', 'cubic meters'],
  'km/h': ['kilometer per hour', 'kilometers per hour'],
  'm/s': ['meter per second', 'meters per second'],
  mph: ['mile per hour', 'miles per hour'],
  'Mbit/s': ['megabit per second', 'megabits per second'],
  Mbps: ['megabit per second', 'megabits per second'],
  '°C': ['degree Celsius', 'degrees Celsius'],
  '°F': ['degree Fahrenheit', 'degrees Fahrenheit'],
};
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const FRACTIONS: Record<string, string> = {
  '1/2': 'one half',
  '1/3': 'one third',
  '2/3': 'two thirds',
  '1/4': 'one quarter',
  '3/4': 'three quarters',
};
const DECADES = ['hundreds', 'tens', 'twenties', 'thirties', 'forties', 'fifties', 'sixties', 'seventies', 'eighties', 'nineties'];
const TITLES: Record<string, string> = {
  Dr: 'Doctor',
  Prof: 'Professor',
  Mr: 'Mister',
  Mrs: 'Missus',
  Ms: 'Miz',
  Jr: 'Junior',
  Sr: 'Senior',
  Gen: 'General',
  Capt: 'Captain',
};
const ABBREVIATIONS: Record<string, string> = {
  'e.g': 'for example',
  'i.e': 'that is',
  vs: 'versus',
  approx: 'approximately',
  incl: 'including',
  excl: 'excluding',
  est: 'established',
  dept: 'department',
  govt: 'government',
};

const NUMBER = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`;
const MONTH_NAMES = MONTHS.join('|');
const alternatives = (table: Record<string, unknown>): string =>
  Object.keys(table)
    .sort((a, b) => b.length - a.length)
    .map((key) => key.replaceAll(/[$.]/gu, String.raw`\$&`))
    .join('|');

/** What espeak gets wrong in English, checked against its phonemes. */
export const englishRules: readonly SpokenRule[] = [
  // Times and dates come first: their digits must not be taken for numbers.
  [
    /\b(\d{4})-(0?[1-9]|1[0-2])-(0?[1-9]|[12]\d|3[01])\b(?!-)/dgu,
    (match) => [`${month(match[2])} ${ordinal(match[3])}, ${year(match[1])}`],
  ],
  [/\b(0?[1-9]|1[0-2])\/(0?[1-9]|[12]\d|3[01])\/(\d{4})\b/dgu, (match) => [`${month(match[1])} ${ordinal(match[2])}, ${year(match[3])}`]],
  [/\b(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?(?= \d{1,2}\b)/dgu, (match) => [monthNamed(match[1])]],
  [new RegExp(`\\b(${MONTH_NAMES}) (0?[1-9]|[12]\\d|3[01])(?!\\d|[.:]\\d|st|nd|rd|th)`, 'dgu'), (match) => [1, ` ${ordinal(match[2])}`]],
  [
    /\b([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?:\s?([apAP])\.?[mM]\b(?:\.(?=\s+\p{Ll}|,))?)?/dgu,
    (match) => [clock(match[1], match[2], match[3])],
  ],
  [/(?<![\d.,:/–-])(1[1-9]\d\d|20\d\d)\s?[–—-]\s?(1[1-9]\d\d|20\d\d)(?![\d–-])/dgu, (match) => [`${year(match[1])} to ${year(match[2])}`]],
  [/(?<=\d\s?)([apAP])\.[mM]\.(?=(\s+\p{Lu}|\s*$)?)/dgu, (match) => [`${match[1]?.toUpperCase()}M${match[2] === undefined ? '' : '.'}`]],
  [
    new RegExp(
      `(?<=\\b(?:[Ii]n|[Ss]ince|of|[Bb]y|[Ff]rom|[Uu]ntil|till|[Bb]efore|[Aa]fter|[Aa]round|to|year|the|and|${MONTH_NAMES}|\\d(?:st|nd|rd|th),?|,) )(1[1-9]\\d\\d|20[1-9]\\d)(?![\\d.,:%]\\d|[\\d%]|s)(?! (?:${alternatives(UNITS)}|people|percent|dollars|euros)\\b)`,
      'dgu',
    ),
    (match) => [year(match[1])],
  ],
  [/\b(1[1-9]|20)(\d)0s\b/dgu, (match) => [decade(match[1], match[2])]],
  // Money.
  [
    /(?:US)?([$€£¥])\s?(\d+(?:\.\d+)?)\s?[–—-]\s?[$€£¥]?(\d+(?:\.\d+)?)(?![\d.,]\d)/dgu,
    (match) => [2, ' to ', 3, ` ${money(match[1], '2').slice(2)}`],
  ],
  [
    new RegExp(`(?:US|A|C)?([$€£¥])\\s?(${NUMBER})(?:\\s?(k|[mM]|bn|[bB]|[tT])\\b| (thousand|million|billion|trillion))?`, 'dgu'),
    (match) => [money(match[1], match[2], match[3], match[4])],
  ],
  [new RegExp(`(?<![\\d.,])(${NUMBER})\\s?([€£¥])`, 'dgu'), (match) => [money(match[2], match[1])]],
  // Quantities.
  [
    new RegExp(`(?<![\\d.,])(${NUMBER})([ \\u00a0]?)(${alternatives(UNITS)})(?![\\p{L}\\d²³/])(?!\\.\\p{L})`, 'dgu'),
    (match) => (isUnit(match[2], match[3]) ? [1, ` ${unit(match[3], match[1])}`] : undefined),
  ],
  [
    /(?<![\d/])([1-3]\/[2-4])(?![\d/])/dgu,
    (match) => (FRACTIONS[match[1] ?? ''] === undefined ? undefined : [FRACTIONS[match[1] ?? ''] ?? '']),
  ],
  [/(?<![\d/.])24\/7\b/dgu, ['24 7']],
  [/(?<![\d/.])(\d{1,3})\/(\d{1,3})(?![\d/])/dgu, [1, ' out of ', 2]],
  [
    /(?<![\d.,:/–-])(\d+(?:\.\d+)?)\s?[–—-]\s?(?=(\d+(?:\.\d+)?)(?![\d/–-]|\.\d))/dgu,
    (match) => (isRange(match) ? [1, ' to '] : undefined),
  ],
  [/(?<![\w.])(\d+(?:\.\d+)?)x\b/dgu, [1, ' times']],
  [/(?<=\d)\s?[x*]\s?(?=\d)/dgu, [' times ']],
  [/(?<=[\p{L}\d)])\^(-?\d+)/dgu, [' to the power of ', 1]],
  [/(?<=[\p{L}\d)])²/dgu, [' squared']],
  [/(?<=[\p{L}\d)])³/dgu, [' cubed']],
  [/(?<![\w.])(\d+)k\b/dgu, [1, ' thousand']],
  [/(?:~|≈)\s?(?=\d)/dgu, ['about ']],
  [/(?<![\p{L}\d])#(?=\d)/dgu, ['number ']],
  [/\b(?:No|no|Nos)\.\s?(?=\d)/dgu, ['number ']],
  // Abbreviations.
  [new RegExp(`\\b(${alternatives(TITLES)})\\.(?=\\s+\\p{Lu})`, 'dgu'), (match) => [TITLES[match[1] ?? ''] ?? '']],
  [
    new RegExp(`\\b(${alternatives(ABBREVIATIONS)})\\.(?=(\\s*$)?)`, 'dgiu'),
    (match) => [ABBREVIATIONS[match[1]?.toLowerCase() ?? ''] ?? '', match[2] === undefined ? '' : '.'],
  ],
  [/\betc\.(?=\s+[\p{Ll}(]|[,;:)])/dgu, ['et cetera']],
  [/\bPh\.?D\b\.?/dgu, ['P H D']],
  [/\bC#(?![\p{L}\d])/dgu, ['C sharp']],
  [/\s*(?:→|⇒|->|=>)\s*/dgu, [', ']],
  [/(?<=\p{L})\/(?=\p{L})/dgu, [' ']],
];

/** "5-10" is a range, "555-1234" a telephone number, "10-5" neither. */
function isRange(match: RegExpExecArray): boolean {
  const [whole, from = '', to = ''] = match;
  return Number(from) < Number(to) && (!whole.endsWith('-') || to.length < 4);
}

function month(number: string | undefined): string {
  return MONTHS[Number(number) - 1] ?? '';
}

function monthNamed(beginning: string | undefined): string {
  return MONTHS.find((name) => name.startsWith((beginning ?? '').slice(0, 3))) ?? '';
}

function ordinal(number: string | undefined): string {
  const value = Number(number);
  const teen = value % 100 > 10 && value % 100 < 14;
  return `${value}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th')}`;
}

/** 1999 → 19 99, 1905 → 19 oh 5, 1900 → 19 hundred, 2005 → 2005. */
function year(number: string | undefined): string {
  const value = Number(number);
  if (value < 1100 || (value >= 2000 && value < 2010) || value > 2099) return String(value);
  const rest = value % 100;
  if (rest === 0) return `${Math.floor(value / 100)} hundred`;
  return `${Math.floor(value / 100)} ${rest < 10 ? `oh ${rest}` : rest}`;
}

function decade(century: string | undefined, digit: string | undefined): string {
  if (century === '20' && digit === '0') return 'two thousands';
  return `${century} ${DECADES[Number(digit)] ?? ''}`;
}

/** 10:00 → 10 o'clock, 3:05 pm → 3 oh 5 PM. */
function clock(hours: string | undefined, minutes: string | undefined, half: string | undefined): string {
  const hour = Number(hours);
  const minute = Number(minutes);
  const said = minute === 0 ? '' : minute < 10 ? ` oh ${minute}` : ` ${minute}`;
  if (half !== undefined) return `${hour}${said} ${half.toUpperCase()}M`;
  return said === '' ? (hour > 12 || hour === 0 ? `${hour} hundred hours` : `${hour} o'clock`) : `${hour}${said}`;
}

function money(sign: string | undefined, amount: string | undefined, scale?: string, scaleWord?: string): string {
  const [one, many, cents] = CURRENCY[sign ?? ''] ?? ['', '', ''];
  const said = scale === undefined ? (scaleWord === undefined ? '' : ` ${scaleWord}`) : (SCALE[scale.toLowerCase()] ?? '');
  const [whole = '', part] = (amount ?? '').split('.');
  if (said !== '' || part === undefined || part.length !== 2 || cents === '')
    return `${amount}${said} ${said === '' && amount === '1' ? one : many}`;
  const rest = Number(part);
  if (rest === 0) return `${whole} ${whole === '1' ? one : many}`;
  const small = rest === 1 ? cents.replace(/s$/u, '').replace('pence', 'penny') : cents;
  return whole === '0' ? `${rest} ${small}` : `${whole} ${whole === '1' ? one : many} and ${rest} ${small}`;
}

/** One-letter units need the blank ("5 m", "20 s"): "5m" may be five million, "90s" a decade. */
function isUnit(blank: string | undefined, sign: string | undefined): boolean {
  return blank !== '' || (sign?.length ?? 0) > 1;
}

function unit(sign: string | undefined, amount: string | undefined): string {
  const [one, many] = UNITS[sign ?? ''] ?? ['', ''];
  return amount === '1' ? one : many;
}
