import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';

/** `main` is the one action that a screen is for; `danger` ends or removes something. */
export type ButtonLook = 'main' | 'plain' | 'quiet' | 'danger';

const LOOKS: Record<ButtonLook, string> = {
  main: 'bg-accent-fill text-on-accent font-semibold hover:brightness-110 active:brightness-95',
  plain: 'border border-edge text-text hover:bg-hover active:bg-line',
  quiet: 'text-quiet hover:bg-hover hover:text-text active:bg-line',
  danger: 'bg-danger-fill text-white font-semibold hover:brightness-110 active:brightness-95',
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: ButtonLook;
  icon?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = 'plain', icon, children, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classNames(
        'inline-flex min-h-9 items-center justify-center gap-2 rounded-base px-4 py-1.5 text-base transition-colors disabled:opacity-50',
        LOOKS[look],
        className,
      )}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}
