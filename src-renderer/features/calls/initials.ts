/** First letters of the first and the last word of a name; '' where it has no letters (numbers, "*97"). */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const [first] = words;
  const last = words.length > 1 ? words.at(-1) : undefined;
  return [first, last].map((word) => ([...(word ?? '')][0] ?? '').toLocaleUpperCase()).join('');
}
