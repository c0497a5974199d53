/** The first `length` UTF-16 units, or one less, so that no character is cut in two: servers refuse half of an emoji. */
export function firstCharacters(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

/** The last `length` UTF-16 units, or one less. */
export function lastCharacters(text: string, length: number): string {
  return length === 0 ? '' : text.slice(-length).replace(/^[\uDC00-\uDFFF]/, '');
}
