import type { i18n } from 'i18next';
import type { ErrorData } from '../../src-preload/contract/index.ts';

/** The sentence for an error or notice in the reader's language; the core's English one where the catalogue does not know the code. */
export function errorText(words: i18n, error: ErrorData): string {
  const key = `errors.${error.code}`;
  // Codes come from the core at run time, so their keys cannot be checked by the compiler; the i18n test looks for each of them.
  return words.exists(key) ? String(words.t(key as never, error.details as never)) : error.message;
}
