import type { Virtualizer } from '@tanstack/react-virtual';
import type { ReactNode } from 'react';

interface VirtualRowsProps<Row> {
  virtualizer: Pick<Virtualizer<Element, HTMLDivElement>, 'getVirtualItems' | 'measureElement'>;
  rows: readonly Row[];
  /** What stands above the list within its scroller. */
  headPx?: number;
  children: (row: Row, index: number) => ReactNode;
}

/** The rows of a long list that are in view, each at its place and measured there. What holds them is as high as all of them together, and their origin. */
export function VirtualRows<Row extends object>({ virtualizer, rows, headPx = 0, children }: VirtualRowsProps<Row>) {
  return virtualizer.getVirtualItems().map((item) => {
    const row = rows[item.index];
    return (
      row && (
        <div
          key={item.key}
          ref={virtualizer.measureElement}
          data-index={item.index}
          className="absolute top-0 left-0 w-full"
          style={{ transform: `translateY(${item.start - headPx}px)` }}
        >
          {children(row, item.index)}
        </div>
      )
    );
  });
}
