import { useId, type ReactNode } from 'react';

interface LabelledProps {
  label: string;
  hint?: string;
  /** What cannot be right about what is filled in; stands in the place of the hint. The field itself says so with {@link wrongField}. */
  wrong?: string | undefined;
  children: (id: string) => ReactNode;
}

/** A field under its name. */
export function Labelled({ label, hint, wrong, children }: LabelledProps) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-small text-quiet">
        {label}
      </label>
      {children(id)}
      {wrong !== undefined && (
        <p id={wrongId(id)} className="text-small text-danger-text [overflow-wrap:anywhere]">
          {wrong}
        </p>
      )}
      {wrong === undefined && hint !== undefined && <p className="text-small text-quiet">{hint}</p>}
    </div>
  );
}

/** For screen readers: this field is wrong, and why. */
export function wrongField(id: string, wrong: string | undefined): { 'aria-invalid'?: true; 'aria-describedby'?: string } {
  return wrong === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': wrongId(id) };
}

const wrongId = (id: string): string => `${id}-wrong`;
