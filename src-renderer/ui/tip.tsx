import { Tooltip } from 'radix-ui';
import type { ReactNode } from 'react';
import { KeyName } from './key-name.tsx';

/** A tooltip with a name and, if there is one, the key. It only repeats the control's own name, so screen readers are spared it. */
export function Tip({ label, shortcut, children }: { label: string; shortcut?: string | undefined; children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-w-72 items-center gap-2 rounded-small border border-line bg-raised px-2.5 py-1 text-small text-text shadow-float"
        >
          {label}
          {shortcut !== undefined && <KeyName keys={shortcut} />}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
