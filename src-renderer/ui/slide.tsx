import { Slider } from 'radix-ui';
import { useState } from 'react';
import { classNames } from './class-names.ts';

interface SlideProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** What is shown and read out, e.g. "90 %". */
  format: (value: number) => string;
  /** While it is dragged. */
  onMove?: ((value: number) => void) | undefined;
  /** When it is let go. */
  onChange: (value: number) => void;
  describedBy?: string | undefined;
  /** As wide as there is room, for long ranges. */
  wide?: boolean;
}

/** A number on a line. */
export function Slide({ label, value, min, max, step, format, onMove, onChange, describedBy, wide = false }: SlideProps) {
  const [dragged, setDragged] = useState<number>();
  const shown = dragged ?? value;
  return (
    <div className={classNames('flex max-w-full items-center gap-3', wide ? 'w-full' : 'w-72')}>
      <Slider.Root
        value={[shown]}
        min={min}
        max={max}
        step={step}
        onValueChange={([next]) => {
          if (next === undefined) return;
          setDragged(next);
          onMove?.(next);
        }}
        onValueCommit={([next]) => {
          setDragged(undefined);
          if (next !== undefined) onChange(next);
        }}
        className="relative flex h-6 min-w-0 grow touch-none items-center"
      >
        <Slider.Track className="relative h-1 grow rounded-full bg-edge/50">
          <Slider.Range className="absolute h-full rounded-full bg-listening" />
        </Slider.Track>
        <Slider.Thumb
          aria-label={label}
          aria-describedby={describedBy}
          aria-valuetext={format(shown)}
          className="block size-4 rounded-full border-2 border-listening bg-ground"
        />
      </Slider.Root>
      <span className="w-14 text-right text-small text-quiet tabular-nums">{format(shown)}</span>
    </div>
  );
}
