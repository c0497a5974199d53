/**
 * Where in rendered markdown the listener is. The core counts characters of the raw answer; the page shows it without marks, links' addresses and
 * fences. Rendered characters appear in the raw text in the same order, so walking both together finds the place.
 */
export interface RenderedPlace {
  /** Index into the list of rendered pieces. */
  piece: number;
  offset: number;
}

/** The first rendered place that belongs to raw characters from `heardChars` on; undefined when everything rendered was heard. */
export function placeOf(raw: string, heardChars: number, pieces: readonly string[]): RenderedPlace | undefined {
  const hidden = addressSpans(raw);
  let at = 0;
  for (const [piece, text] of pieces.entries()) {
    for (let offset = 0; offset < text.length; offset += 1) {
      const character = text[offset];
      if (character === undefined || /\s/.test(character)) continue;
      const found = findFrom(raw, character, at, hidden);
      // A sign that the renderer made up (a list's number, a typographic quote) keeps its neighbour's place.
      if (found === undefined) continue;
      if (found >= heardChars) return { piece, offset };
      at = found + 1;
    }
  }
  return undefined;
}

/** How far a rendered character may be ahead: the longest run of marks between two visible characters. */
const REACH = 80;

function findFrom(raw: string, character: string, from: number, hidden: readonly [number, number][]): number | undefined {
  for (let index = from, steps = 0; index < raw.length && steps < REACH; index += 1, steps += 1) {
    const span = hidden.find(([start, end]) => index >= start && index < end);
    if (span) {
      index = span[1] - 1;
      continue;
    }
    if (raw[index] === character) return index;
  }
  return undefined;
}

/** Link addresses and code fences with their language: raw text that is never rendered. */
function addressSpans(raw: string): [number, number][] {
  return [...raw.matchAll(/\]\([^)\s]*(?:\s+"[^"]*")?\)|^ {0,3}```[^\n]*$/gm)].map((match) => [match.index, match.index + match[0].length]);
}
