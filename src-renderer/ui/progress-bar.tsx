import { Progress } from 'radix-ui';

/** `share` 0..1; undefined = under way, nobody knows how far. */
export function ProgressBar({ label, share, valueText }: { label: string; share: number | undefined; valueText?: string }) {
  const percent = share === undefined ? null : Math.round(Math.max(0, Math.min(1, share)) * 100);
  return (
    <Progress.Root
      aria-label={label}
      value={percent}
      max={100}
      getValueLabel={(value) => valueText ?? `${value} %`}
      className="h-1.5 w-full overflow-hidden rounded-full bg-edge/40"
    >
      <Progress.Indicator
        className="block h-full origin-left rounded-full bg-listening transition-transform duration-200 data-[state=indeterminate]:animate-pulse"
        style={{ transform: `scaleX(${(percent ?? 100) / 100})` }}
      />
    </Progress.Root>
  );
}
