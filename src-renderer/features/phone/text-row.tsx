import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';

interface TextRowProps {
  label: string;
  hint?: string;
  value: string;
  maxLength: number;
  mono?: boolean;
  onChange: (value: string) => void;
}

/** One line of text under its name. */
export function TextRow({ label, hint, value, maxLength, mono = false, onChange }: TextRowProps) {
  return (
    <Labelled label={label} {...(hint === undefined ? {} : { hint })}>
      {(id) => (
        <TextField
          id={id}
          autoComplete="off"
          className={mono ? 'font-mono' : ''}
          maxLength={maxLength}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Labelled>
  );
}
