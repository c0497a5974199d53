import type { ReactNode } from 'react';

interface SectionProps {
  title: string;
  hint?: string;
  /** At the right of the title. */
  action?: ReactNode;
  children: ReactNode;
}

/** A part of the Hands screen: name, what it is about, its rows. */
export function Section({ title, hint, action, children }: SectionProps) {
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <header className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-[min(16rem,100%)] flex-1">
          <h2 className="text-large font-semibold">{title}</h2>
          {hint !== undefined && <p className="text-small text-quiet">{hint}</p>}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}

/** Rows between hairlines. */
export function Rows({ children }: { children: ReactNode }) {
  return <ul className="divide-y divide-line border-y border-line">{children}</ul>;
}
