/**
 * The fewest single-letter edits that turn `needle` into any stretch of `haystack` (P. H. Sellers, "The theory and computation of
 * evolutionary distances: pattern recognition", J. Algorithms 1, 1980). Time: product of the lengths.
 */
export function approximateDistance(needle: string, haystack: string): number {
  const pattern = Array.from(needle);
  const column = [0, ...pattern.map((_letter, index) => index + 1)];
  let best = pattern.length;
  for (const letter of haystack) {
    let diagonal = 0;
    for (const [index, wanted] of pattern.entries()) {
      const left = column[index + 1] ?? 0;
      column[index + 1] = Math.min(left + 1, (column[index] ?? 0) + 1, diagonal + (letter === wanted ? 0 : 1));
      diagonal = left;
    }
    best = Math.min(best, column.at(-1) ?? best);
  }
  return best;
}
