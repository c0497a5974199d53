import type { i18n } from 'i18next';
import type { ErrorData } from '../../src-preload/contract/index.ts';
import { formatBytes } from './format.ts';

/** Where catalogues of errors live in i18next: flat, by code, apart from the page's own words. */
export const ERRORS = 'errors';

/** The sentence for an error or notice in the reader's language; the core's English one where the catalogue does not know the code. */
export function errorText(words: i18n, error: ErrorData): string {
  // A sentence that names what it is about, `code_path`, is preferred where there is one.
  const context = ['path', 'variable', 'program'].find((name) => error.details[name] !== undefined);
  const options = { ns: ERRORS, keySeparator: false, nsSeparator: false, ...readable(words, error.details), context };
  // Codes come from the core at run time, so they cannot be checked by the compiler; the i18n test looks for each of them.
  const code = error.code as never;
  const sentence = words.exists(code, options as never) ? String(words.t(code, options as never)) : error.message;
  // A status on the wire may leave the details out; a sentence with holes helps nobody.
  return sentence.includes('{{') ? error.message : sentence;
}

/** Sizes, rights and ways in as people say them: the core names the latter two by the contract's own words. */
function readable(words: i18n, details: ErrorData['details']): ErrorData['details'] {
  const said = (key: string, value: string): string => (words.exists(key) ? String(words.t(key as never)) : value);
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => {
      if (typeof value === 'number') return [name, name.endsWith('Bytes') ? formatBytes(words.language, value) : value];
      if (name === 'right') return [name, said(`hands.rights.${value}`, value)];
      return [name, name === 'channel' ? said(`tools.askers.${value}`, value) : value];
    }),
  );
}
