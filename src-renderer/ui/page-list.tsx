import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type MouseEvent, type ReactNode } from 'react';
import { VirtualRows } from './virtual-rows.tsx';

/** Where a row stands that was opened: enough to find the way back to it when the list is made anew. */
export interface ListPlace {
  rowId: string;
  index: number;
  /** From the upper edge of the scroller. */
  topPx: number;
  /** Of the rows that have been measured; without them the list would be as high as it is estimated. */
  sizes: VirtualItem[];
}

interface PageListProps<Row> {
  label: string;
  /** What scrolls: the page, with all that stands above the list. */
  scroller: HTMLElement;
  rows: readonly Row[];
  estimatedRowPx: number;
  /** The end is nearly in view: what comes after it may be asked for. Told at every step there. */
  onNearEnd: () => void;
  /** The list is scrolled there at its beginning, and the focus goes to that row, or to the one after it where it has gone. */
  startAt?: ListPlace | undefined;
  /** It is there: once is enough. */
  onArrived?: () => void;
  /** Something in a row was pressed. */
  onOpened?: (place: ListPlace) => void;
  children: (row: Row) => ReactNode;
}

const NEAR_END_PX = 600;

/**
 * A long list that scrolls with its page. Only what is in view is in the page, with some rows before and after it: so the next row can be reached by Tab,
 * too, and the list moves along.
 */
export function PageList<Row extends { id: string }>(props: PageListProps<Row>) {
  const { label, scroller, rows, estimatedRowPx, onNearEnd, startAt, onArrived, onOpened, children } = props;
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
    initialMeasurementsCache: startAt?.sizes ?? [],
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
  // At each step until the row is in the page: it comes after the scroll.
  useLayoutEffect(() => {
    const list = listRef.current;
    if (!startAt || !list || headPx === 0 || !scroller.isConnected) return;
    const found = rows.findIndex(({ id }) => id === startAt.rowId);
    const index = found === -1 ? Math.min(startAt.index, rows.length - 1) : found;
    const row = [...list.querySelectorAll('[data-index]')].find((element) => indexOf(element) === index);
    if (row) {
      scroller.scrollTop += topIn(scroller, row) - startAt.topPx;
      focusFrom(list, index);
      onArrived?.();
    } else scroller.scrollTop = (virtualizer.measurementsCache[index]?.start ?? 0) - startAt.topPx;
  });
  const remember = ({ target }: MouseEvent): void => {
    const element = target instanceof Element ? target.closest('[data-index]') : null;
    const row = element && rows[indexOf(element)];
    if (row) onOpened?.({ rowId: row.id, index: indexOf(element), topPx: topIn(scroller, element), sizes: virtualizer.takeSnapshot() });
  };

  return (
    // Not a control: it only sees which of the rows' own buttons was pressed, by whatever means.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <section
      ref={listRef}
      aria-label={label}
      className="relative w-full"
      style={{ height: virtualizer.getTotalSize() }}
      onClickCapture={onOpened && remember}
    >
      <VirtualRows virtualizer={virtualizer} rows={rows} headPx={headPx}>
        {children}
      </VirtualRows>
    </section>
  );
}

const indexOf = (row: Element): number => Number(row.getAttribute('data-index'));

const topIn = (scroller: Element, row: Element): number => row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;

/** Headings have no button: the first row from there that has one. */
function focusFrom(list: Element, index: number): void {
  const rows = [...list.querySelectorAll('[data-index]')].filter((row) => indexOf(row) >= index);
  const button = rows.map((row) => row.querySelector('button')).find((found) => found !== null);
  button?.focus({ preventScroll: true });
}
