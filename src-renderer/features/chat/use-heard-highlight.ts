import { useEffect, type RefObject } from 'react';
import { placeOf } from './heard-range.ts';

/** `to-come` while it is being spoken, `never-heard` for good after an interruption. Colours are in answer.css. */
export type UnheardLook = 'to-come' | 'never-heard';

/**
 * Marks the words of an answer that were not heard (yet). Uses the browser's highlights: ranges beside the document instead of a span around each word,
 * so that neither React nor the markdown renderer has work while words light up. Without highlights (older browsers) all words look heard.
 */
export function useHeardHighlight(ref: RefObject<HTMLElement | null>, raw: string, heardChars: number | null, look: UnheardLook): void {
  useEffect(() => {
    const element = ref.current;
    if (!element || heardChars === null || heardChars >= raw.length || !('highlights' in CSS)) return undefined;
    const range = new Range();
    const highlight = highlightOf(look);
    const mark = (): void => {
      highlight.delete(range);
      if (setUnheard(range, element, raw, heardChars)) highlight.add(range);
    };
    mark();
    // Markdown is rendered later than this, and code is coloured later still.
    const changes = new MutationObserver(mark);
    changes.observe(element, { childList: true, characterData: true, subtree: true });
    return () => {
      changes.disconnect();
      highlight.delete(range);
    };
  }, [ref, raw, heardChars, look]);
}

function highlightOf(look: UnheardLook): Highlight {
  const known = CSS.highlights.get(look);
  if (known) return known;
  const made = new Highlight();
  CSS.highlights.set(look, made);
  return made;
}

function setUnheard(range: Range, element: HTMLElement, raw: string, heardChars: number): boolean {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Text && !node.parentElement?.closest('button')) nodes.push(node);
  }
  const place = placeOf(
    raw,
    heardChars,
    nodes.map((node) => node.data),
  );
  const first = place && nodes[place.piece];
  const last = nodes.at(-1);
  if (!place || !first || !last) return false;
  range.setStart(first, place.offset);
  range.setEnd(last, last.length);
  return true;
}
