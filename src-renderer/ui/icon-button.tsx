import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';
import { Tip } from './tip.tsx';

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Its name: read by screen readers, shown as the tooltip. */
  label: string;
  /** Key that does the same, as shown on the keyboard help. */
  shortcut?: string | undefined;
  size?: 'small' | 'medium' | 'large';
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

const SIZES = { small: 'size-8', medium: 'size-10', large: 'size-12' } as const;

/** A round button that is only an icon. A toggle passes `aria-pressed`. */
export function IconButton({ label, shortcut, size = 'medium', children, className, ...rest }: IconButtonProps) {
  return (
    <Tip label={label} shortcut={shortcut}>
      <button
        type="button"
        aria-label={label}
        className={classNames(
          'inline-flex flex-none items-center justify-center rounded-full text-quiet transition-colors hover:bg-hover hover:text-text disabled:opacity-40 aria-pressed:text-text',
          SIZES[size],
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Tip>
  );
}
