/**
 * How much room there is for words: `wide` = stage and conversation side by side, `band` = the stage on top, `round` = the character is a round
 * picture beside the input.
 */
export type Layout = 'wide' | 'band' | 'round';

const BAND_BELOW_PX = 900;
const ROUND_BELOW_PX = 560;
/** A stage band needs this much height besides the conversation. */
const LOW_BELOW_PX = 420;

/** `textScale` 1 = 100 %: larger text makes the same window a smaller one. */
export function layoutOf(widthPx: number, heightPx: number, textScale: number): Layout {
  const width = widthPx / textScale;
  if (width < ROUND_BELOW_PX || (width < BAND_BELOW_PX && heightPx / textScale < LOW_BELOW_PX)) return 'round';
  return width < BAND_BELOW_PX ? 'band' : 'wide';
}
