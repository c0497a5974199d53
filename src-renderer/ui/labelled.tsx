import { useId, type ReactNode } from 'react';

/** A field under its name. */
export function Labelled({ label, hint, children }: { label: string; hint?: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-small text-quiet">
        {label}
      </label>
      {children(id)}
      {hint !== undefined && <p className="text-small text-quiet">{hint}</p>}
    </div>
  );
}
