import type { i18n } from 'i18next';
import type { ErrorData } from '../../src-preload/contract/index.ts';
import { formatBytes } from './format.ts';

/** Where catalogues of errors live in i18next: flat, by code, apart from the page's own words. */
export const ERRORS = 'errors';

/** The sentence for an error or notice in the reader's language; the core's English one where the catalogue does not know the code. */
export function errorText(words: i18n, error: ErrorData): string {
  const options = { ns: ERRORS, keySeparator: false, nsSeparator: false, ...readable(words.language, error.details) };
  // Codes come from the core at run time, so they cannot be checked by the compiler; the i18n test looks for each of them.
  const code = error.code as never;
  const sentence = words.exists(code, options as never) ? String(words.t(code, options as never)) : error.message;
  // A status on the wire may leave the details out; a sentence with holes helps nobody.
  return sentence.includes('{{') ? error.message : sentence;
}

/** Sizes as people say them. */
function readable(language: string, details: ErrorData['details']): ErrorData['details'] {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      typeof value === 'number' && name.endsWith('Bytes') ? formatBytes(language, value) : value,
    ]),
  );
}
