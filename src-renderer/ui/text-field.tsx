import type { InputHTMLAttributes, Ref } from 'react';
import { classNames } from './class-names.ts';

interface TextFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  ref?: Ref<HTMLInputElement>;
}

export function TextField({ className, ...rest }: TextFieldProps) {
  return (
    <input
      className={classNames(
        'min-h-9 w-full rounded-base border border-edge bg-raised px-3 text-base text-text placeholder:text-quiet',
        className,
      )}
      {...rest}
    />
  );
}
