import type { CallEnd } from '../../../../src-preload/contract/index.ts';

/** Why a call that was placed did not come about, from Asterisk's cause (Q.850). */
export function endOfCause(cause: number): CallEnd {
  switch (cause) {
    case 17:
      return 'busy';
    case 18:
    case 19:
      return 'not-answered';
    case 1:
    case 22:
    case 28:
      return 'unknown-number';
    case 21:
      return 'rejected';
    case 52:
    case 54:
    case 57:
      return 'forbidden';
    case 16:
    case 31:
      return 'hung-up-there';
    case 3:
    case 20:
    case 27:
    case 34:
    case 38:
    case 41:
    case 42:
    case 50:
    case 58:
    case 102:
      return 'unreachable';
    default:
      return 'failed';
  }
}
