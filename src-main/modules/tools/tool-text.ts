/** Longest result that the model and the record get, in characters. */
const RESULT_CHARS = 8_000;

/** Head and tail of a long text, with a line between that says how much is missing; never cuts a surrogate pair. */
export function boundText(text: string, limit: number = RESULT_CHARS): string {
  if (text.length <= limit) return text;
  const headLength = Math.floor(limit * 0.7);
  const tailLength = Math.floor(limit * 0.25);
  const head = text.slice(0, headLength).replace(/[\ud800-\udbff]$/, '');
  const tail = text.slice(text.length - tailLength).replace(/^[\udc00-\udfff]/, '');
  return `${head}\n[… ${text.length - head.length - tail.length} characters left out …]\n${tail}`;
}

/** One line for a card or a spoken question. */
export function oneLine(text: string, limit = 160): string {
  // Sliced first: the patterns below need not see a megabyte.
  const line = text
    .slice(0, limit * 4)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The same value always gives the same text: keys in order. */
export function stableText(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      inner !== null && typeof inner === 'object' && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([left], [right]) => (left < right ? -1 : 1)))
        : inner,
    ) ?? 'undefined'
  );
}
