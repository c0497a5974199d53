import type { ReactNode } from 'react';

/** A subject of the editor. */
export function EditorSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-5">
      <h2 className="border-b border-line pb-2 text-large font-semibold">{title}</h2>
      {children}
    </section>
  );
}

/** A control beside its name; the name goes above where there is no room. */
export function EditorRow({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1.5">
      <span className="min-w-40 flex-1">
        {title}
        {hint !== undefined && <span className="block text-small text-quiet">{hint}</span>}
      </span>
      {children}
    </div>
  );
}
