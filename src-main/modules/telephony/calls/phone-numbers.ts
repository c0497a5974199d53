import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

/**
 * What was dialled. emergency: in no case for the assistant · internal: a phone of the owner's own · outside: in E.164 (`+4930…`) · short: a service number of
 * the network, as it was dialled · bad: none that can be called.
 */
export type DialledNumber = { kind: 'emergency' | 'internal' | 'outside' | 'short'; number: string } | { kind: 'bad' };

/** Emergency numbers of the world; a number that is one of them in any country is one of them here. */
const EMERGENCY = new Set(
  (
    '000 100 101 102 103 104 105 106 108 110 111 112 113 114 115 116 117 118 119 120 122 123 124 125 127 128 129 130 131 132 133 140 141 144 ' +
    '150 155 158 159 160 161 166 180 185 190 191 192 193 194 195 196 197 198 199 911 912 913 988 990 991 992 993 994 995 996 997 998 999 15 17 18'
  ).split(' '),
);
/** The assistant's own extension: never leaves the exchange. */
const ASSISTANT_EXTENSION = '100';
const INTERNAL = /^1\d{3}$/;

/** `countryPrefix`: calling code without plus (`49`) of numbers that are dialled without one. */
export function readDialled(typed: string, countryPrefix: string): DialledNumber {
  const digits = typed.replaceAll(/[^\d+*#]/g, '').replaceAll(/(?!^)\+/g, '');
  if (digits === ASSISTANT_EXTENSION || INTERNAL.test(digits)) return { kind: 'internal', number: digits };
  if (isEmergency(digits)) return { kind: 'emergency', number: emergencyPart(digits) };
  if (/^\d{2,6}$/.test(digits)) return { kind: 'short', number: digits };
  const found = parse(digits, countryPrefix);
  return found?.isPossible() === true ? { kind: 'outside', number: found.number } : { kind: 'bad' };
}

/** Whether the network's numbering plan knows such a number; those that only look possible are for the owner's own fingers. */
export function isValidNumber(number: string): boolean {
  return parsePhoneNumberFromString(number)?.isValid() === true;
}

/** A number as the network tells it, for comparing and showing: E.164 where that can be found out, '' for a withheld one. */
export function readCaller(told: string, countryPrefix: string): string {
  const digits = told.replaceAll(/[^\d+*#]/g, '').slice(0, 40);
  if (/[a-z]/i.test(told) && !/^\+?\d/.test(told.trim())) return '';
  if (!/^\+?\d+$/.test(digits) || digits.length < 6) return digits.replaceAll(/(?!^)\+/g, '');
  const found = parse(digits, countryPrefix);
  return found?.isPossible() === true ? found.number : digits;
}

/** Calling code of a country (`de` → `49`); `49` for a country that nobody knows. */
export function countryPrefixOf(country: string): string {
  const code = country.toUpperCase();
  return isSupportedCountry(code) ? getCountryCallingCode(code) : '49';
}

/** With or without country, network prefix, outside line, or a code that hides the caller's own number. */
export function isEmergency(digits: string): boolean {
  return EMERGENCY.has(emergencyPart(digits));
}

function emergencyPart(digits: string): string {
  const bare = digits.replace(/^(?:[*#]+\d{1,4}[*#])+/, '').replaceAll(/[*#]/g, '');
  const candidates = [bare];
  const international = /^(?:\+|00|011)(\d+)$/.exec(bare)?.[1];
  if (international !== undefined) {
    candidates.push(international);
    for (const length of [1, 2, 3]) candidates.push(international.slice(length), international.slice(length).replace(/^0/, ''));
  }
  // An outside line: 0112, 9911.
  candidates.push(bare.replace(/^[09]/, ''), bare.replace(/^[09]{2}/, ''));
  return candidates.find((candidate) => EMERGENCY.has(candidate)) ?? bare;
}

function parse(digits: string, countryPrefix: string): ReturnType<typeof parsePhoneNumberFromString> {
  const international = countryPrefix === '1' ? digits.replace(/^011/, '+') : digits.replace(/^00/, '+');
  return parsePhoneNumberFromString(international, { defaultCallingCode: countryPrefix });
}
