import { useEffect, useRef, type RefObject } from 'react';

/** Tells when the pointer or the focus comes to an element and when both have left it. The element itself is no control: this only watches. */
export function useAttention(onChange: (attended: boolean) => void): RefObject<HTMLLIElement | null> {
  const elementRef = useRef<HTMLLIElement>(null);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    const element = elementRef.current;
    if (!element) return undefined;
    let attended = false;
    const set = (next: boolean): void => {
      if (next !== attended) latest.current(next);
      attended = next;
    };
    const ending = new AbortController();
    const { signal } = ending;
    element.addEventListener('pointerenter', () => set(true), { signal });
    element.addEventListener('pointerleave', () => set(element.contains(document.activeElement)), { signal });
    element.addEventListener('focusin', () => set(true), { signal });
    element.addEventListener(
      'focusout',
      (event) => set(element.matches(':hover') || (event.relatedTarget instanceof Node && element.contains(event.relatedTarget))),
      { signal },
    );
    return () => ending.abort();
  }, []);
  return elementRef;
}
