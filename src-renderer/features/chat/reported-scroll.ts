import { elementScroll, observeElementOffset, type VirtualizerOptions } from '@tanstack/react-virtual';

type Scrolling = Pick<VirtualizerOptions<HTMLDivElement, HTMLDivElement>, 'scrollToFn' | 'observeElementOffset'>;

/**
 * How a list that holds on to its end scrolls, and learns where it is. As long as everything fits, nothing can scroll and the browser reports nothing:
 * the virtualizer (virtual-core 3.19.11) then believes in a place behind the end and looks for it in every frame, for five seconds after each new row,
 * with a layout each time. So whatever it writes is read back at once.
 */
export function reportedScroll(): Scrolling {
  let report: (() => void) | undefined;
  return {
    observeElementOffset(instance, tell) {
      report = () => {
        if (instance.scrollElement) tell(instance.scrollElement.scrollTop, false);
      };
      return observeElementOffset(instance, tell);
    },
    scrollToFn(offset, options, instance) {
      elementScroll(offset, options, instance);
      if (options.behavior !== 'smooth') report?.();
    },
  };
}
