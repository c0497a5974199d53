import { Switch } from 'radix-ui';

interface ToggleProps {
  id?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Needed when no `<label>` points at `id`. */
  label?: string;
  describedBy?: string | undefined;
}

/** On or off, in effect at once. Its state is the knob's place before it is a colour. */
export function Toggle({ id, checked, onChange, label, describedBy }: ToggleProps) {
  return (
    <Switch.Root
      id={id}
      checked={checked}
      onCheckedChange={onChange}
      aria-label={label}
      aria-describedby={describedBy}
      className="relative h-6 w-11 flex-none rounded-full border border-edge bg-hover transition-colors data-[state=checked]:border-listening data-[state=checked]:bg-listening"
    >
      <Switch.Thumb className="block size-4 translate-x-1 rounded-full bg-edge transition-transform data-[state=checked]:translate-x-[1.4rem] data-[state=checked]:bg-ground" />
    </Switch.Root>
  );
}
