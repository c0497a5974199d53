/** How often in a row the same stretch may stand at the end of an answer. */
const REPEATS = 3;
const SHORTEST_STRETCH = 12;
/** For a stretch without words: tables and rulers repeat their lines on purpose. */
const SHORTEST_LINE = 50;
const LONGEST_STRETCH = 160;

/** True when the text has begun to repeat itself: small models do not stop by themselves then. */
export function endsInLoop(text: string): boolean {
  const longest = Math.min(LONGEST_STRETCH, Math.floor(text.length / REPEATS));
  for (let length = SHORTEST_STRETCH; length <= longest; length += 1) {
    const stretch = text.slice(-length);
    if (!text.endsWith(stretch.repeat(REPEATS))) continue;
    if (length >= SHORTEST_LINE || /[\p{L}\p{N}]/u.test(stretch)) return true;
  }
  return false;
}
