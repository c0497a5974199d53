import type { CallInput, PhoneContact } from '../../../src-preload/contract/index.ts';

/** What the form holds: numbers as they are typed, one a line. */
export interface ContactForm extends Omit<PhoneContact, 'id' | 'numbers'> {
  numbers: string;
}

export const NEW_CONTACT: ContactForm = {
  name: '',
  numbers: '',
  language: '',
  blocked: false,
  isFavourite: false,
  mayAsk: false,
  note: '',
};

const MAX_NUMBERS = 10;

/** A number without the signs that people write between digits; undefined = it is none. */
export function plainNumber(typed: string): string | undefined {
  const text = typed.trim();
  // "(0)" in "+49 (0)30" is for those who call from within the country.
  const plain = (text.startsWith('+') ? text.replace('(0)', '') : text).replaceAll(/[\s()/.-]/g, '').replace(/^00(?=[1-9])/, '+');
  return /^\+?[\d*#]{2,39}$/.test(plain) ? plain : undefined;
}

const linesOf = ({ numbers }: Pick<ContactForm, 'numbers'>): string[] => numbers.split(/[\n,;]/).filter((line) => line.trim() !== '');

/** The first line that is no number; undefined = all are, or there are none yet. */
export function wrongLine(form: Pick<ContactForm, 'numbers'>): string | undefined {
  return linesOf(form)
    .find((line) => plainNumber(line) === undefined)
    ?.trim();
}

export function hasTooManyNumbers(form: Pick<ContactForm, 'numbers'>): boolean {
  return new Set(linesOf(form).map(plainNumber)).size > MAX_NUMBERS;
}

/** What the core is asked to keep; undefined while a name or a number is missing or wrong. */
export function contactOf(form: ContactForm, id: string | undefined): CallInput<'phone.saveContact'> | undefined {
  const numbers = [...new Set(linesOf(form).map(plainNumber))];
  const name = form.name.trim();
  if (name === '' || numbers.length === 0 || hasTooManyNumbers(form) || wrongLine(form) !== undefined) return undefined;
  return { ...form, name, numbers: numbers.filter((number) => number !== undefined), ...(id === undefined ? {} : { id }) };
}
