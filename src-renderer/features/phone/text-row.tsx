import { Labelled, wrongField } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';

interface TextRowProps {
  label: string;
  hint?: string;
  wrong?: string | undefined;
  value: string;
  maxLength: number;
  mono?: boolean;
  onChange: (value: string) => void;
}

/** One line of text under its name. */
export function TextRow({ label, hint, wrong, value, maxLength, mono = false, onChange }: TextRowProps) {
  return (
    <Labelled label={label} wrong={wrong} {...(hint === undefined ? {} : { hint })}>
      {(id) => (
        <TextField
          id={id}
          {...wrongField(id, wrong)}
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
