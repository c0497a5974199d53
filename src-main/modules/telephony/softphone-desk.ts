import type { PhoneCall } from '../../../src-preload/contract/index.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import type { PageHub } from '../../platform/contract-host/index.ts';
import { phoneError } from './telephony-errors.ts';

/**
 * Which of the owner's pages is their telephone. One at a time: a call rings in one place, and one microphone goes into it.
 *
 *   free --a page claims--> held --the page goes--> free
 *                            |  ^
 *                            '--' another page takes it over
 *
 * A page that goes in mid-call has perhaps only lost the core for a moment, and its call goes on: the others are told that the place is free when it has ended.
 */
export interface SoftphoneDesk extends Disposable {
  /** Throws `phone.softphone-elsewhere` while another page has it and it is not taken over, and `phone.softphone-in-call` while that one talks. */
  claim(clientId: string, options: { takeOver: boolean }): void;
  /** Another page than this one has it. */
  isElsewhere(clientId: string): boolean;
  isHeld(): boolean;
  /** A page of the owner's is open, which may become it. A program's is none, for nobody sits there; nor is one on another machine, which sound does not reach. */
  hasPage(): boolean;
}

export interface SoftphoneDeskDeps {
  hub: Pick<PageHub, 'callers' | 'onGone' | 'tell'>;
  calls: () => readonly PhoneCall[];
  onCall: (listener: () => void) => Unsubscribe;
  /** The page that had it has gone, or gives it to another one: it is no telephone any more, and cannot say so itself. */
  onLost: () => void;
}

export function createSoftphoneDesk({ hub, calls, onCall, onLost }: SoftphoneDeskDeps): SoftphoneDesk {
  let holder: string | undefined;
  /** The page has gone in the middle of this one's call. */
  let isWaitedFor = false;
  const tellOthers = (free: boolean): void => {
    for (const { clientId } of hub.callers()) if (clientId !== holder) hub.tell('phone.softphoneMoved', { free }, clientId);
  };
  const leaveHub = hub.onGone((clientId) => {
    if (clientId !== holder) return;
    holder = undefined;
    onLost();
    isWaitedFor = calls().some(isOnIt);
    if (!isWaitedFor) tellOthers(true);
  });
  const leaveCalls = onCall(() => {
    if (!isWaitedFor || calls().some(isOnIt)) return;
    isWaitedFor = false;
    tellOthers(true);
  });
  return {
    claim(clientId, { takeOver }) {
      if (holder === clientId) return;
      if (holder !== undefined) {
        if (!takeOver) throw phoneError('phone.softphone-elsewhere');
        if (calls().some(isOnIt)) throw phoneError('phone.softphone-in-call');
        onLost();
      }
      holder = clientId;
      isWaitedFor = false;
      tellOthers(false);
    },
    isElsewhere: (clientId) => holder !== undefined && holder !== clientId,
    isHeld: () => holder !== undefined,
    hasPage: () => hub.callers().some(({ door, isProgram = false, isRemote = false }) => door !== 'phone' && !isProgram && !isRemote),
    dispose() {
      leaveHub();
      leaveCalls();
    },
  };
}

/** The owner speaks or listens with it, or has dialled. */
function isOnIt({ state, purpose }: PhoneCall): boolean {
  if (state.state === 'dialing') return purpose === '';
  return state.state === 'talking' && (state.by === 'owner' || state.listening);
}
