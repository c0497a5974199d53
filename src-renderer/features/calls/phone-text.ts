import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** A number as it is written in its country: `+49 30 901820`. What is no full number (extensions, codes) stays as it is. */
export function phoneText(number: string): string {
  return (number.startsWith('+') && parsePhoneNumberFromString(number)?.formatInternational()) || number;
}
