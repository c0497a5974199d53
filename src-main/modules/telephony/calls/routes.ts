import type { MobilePhone, TrunkView } from '../../../../src-preload/contract/index.ts';
import { phoneError } from '../telephony-errors.ts';
import { isValidNumber, readDialled } from './phone-numbers.ts';

/** The ways out, as they are now. */
export interface PhoneLines {
  trunks(): readonly TrunkView[];
  mobiles(): readonly MobilePhone[];
  hasDongle(): boolean;
  /** Calling code of numbers without one where no trunk says otherwise. */
  countryPrefix(): string;
}

export interface Route {
  /** As it is shown and stored. */
  number: string;
  endpoint: string;
  callerId: string | undefined;
  /** Trunk, `internal` or `dongle`. */
  way: string;
}

/**
 * How a number is reached. Throws `phone.bad-number`, `phone.emergency-refused` or `phone.no-way-out`. The assistant reaches only numbers that the numbering plan knows,
 * and never an emergency number, however it is written; the owner's own fingers may dial anything.
 */
export function routeTo(typed: string, by: 'owner' | 'assistant', lines: PhoneLines, way?: string): Route {
  const trunk = trunkFor(lines, way);
  const dialled = readDialled(typed, trunk?.countryPrefix ?? lines.countryPrefix());
  switch (dialled.kind) {
    case 'bad':
      throw phoneError('phone.bad-number', { number: typed.trim() });
    case 'emergency':
      if (by === 'assistant') throw phoneError('phone.emergency-refused', { number: dialled.number });
      break;
    case 'internal': {
      const isPhone = lines.mobiles().some(({ extension }) => extension === dialled.number);
      if (!isPhone) throw phoneError('phone.bad-number', { number: dialled.number });
      return { number: dialled.number, endpoint: `PJSIP/${dialled.number}`, callerId: undefined, way: 'internal' };
    }
    case 'short':
      if (by === 'assistant') throw phoneError('phone.bad-number', { number: dialled.number });
      break;
    case 'outside':
      if (by === 'assistant' && !isValidNumber(dialled.number)) throw phoneError('phone.bad-number', { number: typed.trim() });
  }
  const { number } = dialled;
  if (trunk !== undefined) return { number, endpoint: `PJSIP/${number}@trunk-${trunk.id}`, callerId: trunk.callerId, way: trunk.id };
  if (lines.hasDongle() && (way === undefined || way === 'dongle'))
    return { number, endpoint: `Dongle/dongle0/${number}`, callerId: undefined, way: 'dongle' };
  throw phoneError('phone.no-way-out');
}

/** The one that was asked for, else the first that works; one whose state nobody knows is better than none. */
function trunkFor(lines: PhoneLines, way: string | undefined): TrunkView | undefined {
  const usable = lines
    .trunks()
    .filter(({ enabled, status, id }) => enabled && status !== 'rejected' && status !== 'unreachable' && (way === undefined || id === way));
  return usable.find(({ status, registers }) => status === 'registered' || !registers) ?? usable[0];
}
