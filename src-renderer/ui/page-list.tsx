import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react';
import { VirtualRows } from './virtual-rows.tsx';

interface PageListProps<Row> {
  label: string;
  /** What scrolls: the page, with all that stands above the list. */
  scroller: HTMLElement;
  rows: readonly Row[];
  estimatedRowPx: number;
  /** The end is nearly in view: what comes after it may be asked for. Told at every step there. */
  onNearEnd: () => void;
  children: (row: Row) => ReactNode;
}

const NEAR_END_PX = 600;

/**
 * A long list that scrolls with its page. Only what is in view is in the page, with some rows before and after it: so the next row can be reached by Tab,
 * too, and the list moves along.
 */
export function PageList<Row extends { id: string }>({ label, scroller, rows, estimatedRowPx, onNearEnd, children }: PageListProps<Row>) {
  const listRef = useRef<HTMLElement>(null);
  const [headPx, setHeadPx] = useState(0);
  // oxlint-disable-next-line react/incompatible-library -- concerns React Compiler, which this project does not use
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => estimatedRowPx,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    scrollMargin: headPx,
  });
  // What stands above the list wraps and grows, and with it the page that holds both.
  const page = scroller.firstElementChild;
  useEffect(() => {
    const measure = (): void => {
      const list = listRef.current;
      if (list) setHeadPx(Math.round(list.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop));
    };
    const sizes = new ResizeObserver(measure);
    if (page) sizes.observe(page);
    return () => sizes.disconnect();
  }, [page, scroller]);
  const nearEnd = useEffectEvent(onNearEnd);
  useEffect(() => {
    const onScroll = (): void => {
      if (scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < NEAR_END_PX) nearEnd();
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => scroller.removeEventListener('scroll', onScroll);
  }, [scroller]);

  return (
    <section ref={listRef} aria-label={label} className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
      <VirtualRows virtualizer={virtualizer} rows={rows} headPx={headPx}>
        {children}
      </VirtualRows>
    </section>
  );
}
