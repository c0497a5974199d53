import type { TextareaHTMLAttributes } from 'react';
import { classNames } from './class-names.ts';

/** Several lines of text; grows with them up to a third of the window. */
export function TextArea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <textarea
      className={classNames(
        'text-area min-h-20 w-full resize-y rounded-base border border-edge bg-raised px-3 py-2 text-base text-text placeholder:text-quiet',
        className,
      )}
      {...rest}
    />
  );
}
