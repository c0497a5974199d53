import { RadioGroup } from 'radix-ui';

interface SegmentsProps<Value extends string> {
  label: string;
  value: Value;
  choices: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
  describedBy?: string | undefined;
}

/** One of a few, all visible. Wraps where long words need it. */
export function Segments<Value extends string>({ label, value, choices, onChange, describedBy }: SegmentsProps<Value>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      aria-describedby={describedBy}
      value={value}
      onValueChange={(next) => {
        const choice = choices.find((candidate) => candidate.value === next);
        if (choice) onChange(choice.value);
      }}
      className="inline-flex max-w-full flex-wrap gap-1 rounded-base border border-line p-1"
    >
      {choices.map((choice) => (
        <RadioGroup.Item
          key={choice.value}
          value={choice.value}
          className="min-h-8 rounded-small px-3 text-base text-quiet transition-colors hover:text-text data-[state=checked]:bg-hover data-[state=checked]:font-medium data-[state=checked]:text-text data-[state=checked]:ring-1 data-[state=checked]:ring-edge"
        >
          {choice.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
