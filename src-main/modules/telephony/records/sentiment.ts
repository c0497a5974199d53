import type { CallSegment } from '../../../../src-preload/contract/index.ts';

/*
 * How a caller sounded, by the words they used: a small list of our own, made for telephone talk in English and German. It tells a friendly call from an
 * angry one, and claims no more; irony and everything that is only in the voice escapes it.
 */

const GOOD = new Set(
  `thanks thank great perfect wonderful good lovely nice happy glad pleased helpful excellent awesome brilliant super fine appreciate kind love enjoy
   danke dankeschön vielen prima toll perfekt wunderbar gut schön freut gerne freundlich hilfreich ausgezeichnet klasse super spitze herzlich liebe lieb
   zufrieden glücklich fantastisch hervorragend nett`.split(/\s+/),
);
const BAD = new Set(
  `bad angry annoyed terrible awful horrible wrong broken complaint complain unacceptable ridiculous useless upset disappointed disappointing problem refund
   worst hate late cancel cancelled unfortunately scam lawyer furious rude damage damaged failed
   schlecht ärgerlich verärgert wütend schrecklich furchtbar falsch kaputt beschwerde beschweren unverschämt unmöglich lächerlich nutzlos enttäuscht
   enttäuschend problem katastrophe katastrophal hasse verspätet leider betrug anwalt frechheit schaden beschädigt mangelhaft unzufrieden
   kündigen kündigung mahnung`.split(/\s+/),
);
const NEGATIONS = new Set(`not no never isn't wasn't don't didn't can't nicht kein keine keinen nie niemals`.split(/\s+/));
/** A negation turns the words that follow this closely. */
const REACH = 3;
/** Below so many telling words the mark is drawn towards the middle. */
const CERTAIN_AT = 3;

/** -1 (angry) … 1 (friendly) from what the other end said; null when they said nothing. */
export function sentimentOf(segments: readonly Pick<CallSegment, 'speaker' | 'text'>[]): number | null {
  const said = segments.filter(({ speaker }) => speaker === 'caller');
  if (said.length === 0) return null;
  let good = 0;
  let bad = 0;
  for (const { text } of said) {
    const words = text.toLowerCase().match(/[\p{L}']+/gu) ?? [];
    for (const [index, word] of words.entries()) {
      const kind = GOOD.has(word) ? 1 : BAD.has(word) ? -1 : 0;
      if (kind === 0) continue;
      const isTurned = !NEGATIONS.has(word) && words.slice(Math.max(0, index - REACH), index).some((before) => NEGATIONS.has(before));
      if (kind === 1 && !isTurned) good += 1;
      // "No problem" is no praise, but no complaint either.
      else if (kind === 1 || !isTurned) bad += 1;
    }
  }
  const count = good + bad;
  if (count === 0) return 0;
  const mark = (good - bad) / Math.max(CERTAIN_AT, count);
  return Math.round(mark * 100) / 100;
}
