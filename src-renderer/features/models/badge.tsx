import type { ReactNode } from 'react';
import { classNames } from '../../ui/class-names.ts';

const TONES = {
  plain: 'border-line text-quiet',
  good: 'border-listening text-listening-text',
  careful: 'border-needs-you text-needs-you-text',
  bad: 'border-danger text-danger-text',
} as const;

/** A short fact about a model. */
export function Badge({ tone = 'plain', children }: { tone?: keyof typeof TONES; children: ReactNode }) {
  return (
    <span className={classNames('inline-flex items-center gap-1 rounded-small border px-1.5 text-small ', TONES[tone])}>{children}</span>
  );
}
