import { UserRound } from 'lucide-react';
import type { PhoneParty } from '../../../src-preload/contract/index.ts';
import { classNames } from '../../ui/class-names.ts';
import { initialsOf } from './initials.ts';

const SIZES = { small: 'size-9 text-small', large: 'size-16 text-title' } as const;

/** Whoever is at the other end: the initials, or the outline of somebody. Says nothing that the name beside it does not say. */
export function PartyPicture({
  party,
  size = 'small',
  rings = false,
}: {
  party: Pick<PhoneParty, 'name'>;
  size?: keyof typeof SIZES;
  rings?: boolean;
}) {
  const initials = initialsOf(party.name);
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'relative inline-flex flex-none items-center justify-center rounded-full border border-line bg-hover font-semibold text-text select-none',
        SIZES[size],
        rings && 'ringing',
      )}
    >
      {initials === '' ? <UserRound className="size-1/2 text-quiet" /> : initials}
    </span>
  );
}
