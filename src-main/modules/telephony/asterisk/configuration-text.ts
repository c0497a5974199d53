import { phoneError } from '../telephony-errors.ts';

/*
 * Text of Asterisk's configuration files. Every value goes through here, so that none can end its line, begin a comment, a section or an option.
 * Asterisk's reader: a line is `key = value`, `[section]` or `#directive`; `;` begins a comment unless a backslash stands before it; blanks at both ends go.
 */

/** Longer lines are cut by Asterisk. */
const MAX_VALUE_CHARACTERS = 1_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/;
/** Control characters, and the separators that some programs take for line ends. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\p{Surrogate}]/u;

export type OptionValue = string | number | boolean;

/** One block; an option with several values is written once for each. */
export interface Section {
  name: string;
  options: Readonly<Record<string, OptionValue | readonly OptionValue[] | undefined>>;
}

/** The file's text. Throws `phone.bad-configuration` for a name or value that cannot be written. */
export function configurationText(sections: readonly Section[]): string {
  return sections.map(sectionText).join('\n');
}

function sectionText({ name, options }: Section): string {
  const lines = Object.entries(options).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((each): each is OptionValue => each !== undefined)
      .map((each) => `${safeName(key)} = ${safeValue(each, key)}\n`),
  );
  return `[${safeName(name)}]\n${lines.join('')}`;
}

/** For names of sections, options and files, which have no way to be escaped. */
export function safeName(name: string): string {
  if (!NAME.test(name))
    throw phoneError('phone.bad-configuration', { problem: `the name ${printable(name)} has characters that it must not have` });
  return name;
}

/** A value as it stands behind `=`, read back by Asterisk as exactly this. `what` names it for the error; the value itself may be a secret. */
export function safeValue(value: OptionValue, what: string): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || value < 0) throw refused(what);
    return String(value);
  }
  if (value.length > MAX_VALUE_CHARACTERS || UNPRINTABLE.test(value) || value !== value.trim()) throw refused(what);
  return value.replaceAll(';', String.raw`\;`);
}

const refused = (what: string): Error =>
  phoneError('phone.bad-configuration', { problem: `the value of ${printable(what)} has line breaks, blanks at its ends, or is too long` });

const printable = (text: string): string => text.replaceAll(/[^\w.-]/g, '?').slice(0, 40);

/** A display name between quotes: quotes, angle brackets and control characters are left out, because phones and providers stumble over them. */
export function displayName(name: string): string {
  return name
    .replaceAll(/[^\p{L}\p{N}\p{M} .,'&()+-]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 60);
}
