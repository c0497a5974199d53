interface SelectProps {
  id?: string;
  label?: string;
  value: string;
  choices: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
  describedBy?: string | undefined;
}

/** One of many. The system's own list: it works with every screen reader and needs no script. */
export function Select({ id, label, value, choices, onChange, describedBy }: SelectProps) {
  return (
    <select
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="select min-h-9 w-full max-w-72 rounded-base border border-edge bg-raised px-3 text-base text-text hover:bg-hover"
    >
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value} className="bg-raised text-text">
          {choice.label}
        </option>
      ))}
    </select>
  );
}
