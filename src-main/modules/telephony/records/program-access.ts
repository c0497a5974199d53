import type { CallName } from '../../../../src-preload/contract/index.ts';
import type { Caller, HandlersFor } from '../../../platform/contract-host/index.ts';
import { phoneError } from '../telephony-errors.ts';

type PhoneCallName = Extract<CallName, `phone.${string}`>;

/** What a program with the owner's token (npm run phone) may do without a person: look, end calls, and ask to call out. */
const OPEN_TO_PROGRAMS: ReadonlySet<string> = new Set([
  'phone.status',
  'phone.active',
  'phone.dial',
  'phone.hangUp',
  'phone.log',
  'phone.doctor',
]);

/**
 * The handlers of the telephone with the door for programs in front: all else is `phone.not-allowed` for them, and a call is placed only when the owner has
 * agreed to this very number in the window. `askOwner` absent = no program calls out; it may reject with the reason.
 */
export function guardedFromPrograms<Names extends PhoneCallName>(
  handlers: HandlersFor<Names>,
  askOwner?: (wish: { number: string; purpose: string; by: 'owner' | 'assistant' }) => Promise<boolean>,
): HandlersFor<Names> {
  const guarded = Object.entries(handlers as Record<string, (input: unknown, caller: Caller) => unknown>).map(([name, handle]) => [
    name,
    async (input: unknown, caller: Caller) => {
      if (caller.isProgram === true) {
        if (!OPEN_TO_PROGRAMS.has(name)) throw phoneError('phone.not-allowed');
        if (name === 'phone.dial') {
          const { number, by, purpose = '' } = input as { number: string; by: 'owner' | 'assistant'; purpose?: string };
          if (!(await askOwner?.({ number, by, purpose }))) throw phoneError('phone.not-allowed');
        }
      }
      return handle(input, caller);
    },
  ]);
  return Object.fromEntries(guarded) as HandlersFor<Names>;
}
