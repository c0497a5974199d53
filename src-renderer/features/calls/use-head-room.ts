import { useCallback, type RefCallback } from 'react';

/** For the call bar: says in `--call-bar` how much of the window's head it takes. What hangs there (toasts) hangs below it: nothing lies over "hang up". */
export function useHeadRoom(): RefCallback<HTMLElement> {
  return useCallback((bar: HTMLElement | null) => {
    if (!bar) return undefined;
    const { style } = document.documentElement;
    const sizes = new ResizeObserver(() => style.setProperty('--call-bar', `${bar.getBoundingClientRect().bottom}px`));
    sizes.observe(bar);
    return () => {
      sizes.disconnect();
      style.removeProperty('--call-bar');
    };
  }, []);
}
