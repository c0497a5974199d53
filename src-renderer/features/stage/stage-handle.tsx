import type { KeyboardEvent, PointerEvent } from 'react';

interface StageHandleProps {
  label: string;
  percent: number;
  onChange: (percent: number) => void;
}

const SMALLEST = 35;
const LARGEST = 72;
const KEY_STEP = 3;

/** The line between stage and conversation; it can be dragged and moved with the arrow keys. */
export function StageHandle({ label, percent, onChange }: StageHandleProps) {
  const set = (next: number): void => onChange(Math.max(SMALLEST, Math.min(LARGEST, next)));
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const screen = event.currentTarget.parentElement?.getBoundingClientRect();
    if (screen) set(((event.clientX - screen.left) / screen.width) * 100);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -KEY_STEP, ArrowRight: KEY_STEP }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    set(percent + step);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a separator that can be moved is a control
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- and one that holds its own wider target, which an <hr> cannot
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={Math.round(percent)}
      aria-valuemin={SMALLEST}
      aria-valuemax={LARGEST}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      className="group relative z-10 w-px flex-none cursor-col-resize touch-none bg-line"
    >
      <span className="absolute inset-y-0 -left-1.5 w-3.5" />
      <span className="absolute inset-y-0 -left-px w-0.75 bg-transparent transition-colors group-hover:bg-edge group-focus-visible:bg-listening" />
    </div>
  );
}
