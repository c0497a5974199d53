import { Tooltip } from 'radix-ui';
import type { FocusEvent, ReactNode } from 'react';
import { KeyName } from './key-name.tsx';

const closedTips = new WeakSet<KeyboardEvent>();

/** True when the press of Escape has closed no more than a tooltip: that is nothing the owner has asked for, so it goes on to what Escape is for. */
export function hasOnlyClosedTip(event: KeyboardEvent): boolean {
  return closedTips.has(event);
}

/** A tooltip with a name and, if there is one, the key. It only repeats the control's own name, so screen readers are spared it. */
export function Tip({ label, shortcut, children }: { label: string; shortcut?: string | undefined; children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild onFocus={keepShutForPointers}>
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={8}
          onEscapeKeyDown={(event) => closedTips.add(event)}
          className="z-50 flex max-w-72 items-center gap-2 rounded-small border border-line bg-raised px-2.5 py-1 text-small text-text shadow-float"
        >
          {label}
          {shortcut !== undefined && <KeyName keys={shortcut} />}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** A dialog that was closed with the pointer gives the focus back to its button; the tooltip would stand there until the next click. */
function keepShutForPointers(event: FocusEvent): void {
  if (!event.currentTarget.matches(':focus-visible')) event.preventDefault();
}
