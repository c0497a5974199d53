import type { PhoneCall, PhoneStatus } from '../../../src-preload/contract/index.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import type { PageHub } from '../../platform/contract-host/index.ts';

/** Calls as the shell shows them: oldest first. */
export interface CallsNow {
  /** Ring in the window. */
  ringing: readonly PhoneCall[];
  /** Somebody speaks here, or it rings there. */
  running: readonly PhoneCall[];
  /** The owner speaks or listens in the window: its microphone, its loudspeaker, its keys are for that call. */
  ownerTalks: boolean;
}

export interface CallWatch extends Disposable {
  now(): CallsNow;
  onChange(listener: (now: CallsNow) => void): Unsubscribe;
}

/** Follows the calls by what pages are told of them. */
export function watchCalls(hub: Pick<PageHub, 'watch'>): CallWatch {
  const calls = new Map<string, PhoneCall>();
  const listeners = new Set<(now: CallsNow) => void>();
  let now: CallsNow = { ringing: [], running: [], ownerTalks: false };

  const refresh = (): void => {
    const all = [...calls.values()].toSorted((one, other) => one.startedAtMs - other.startedAtMs);
    const ringing = all.filter(({ direction, state }) => direction === 'in' && state.state === 'ringing' && !state.screening);
    const running = all.filter(({ state }) => state.state === 'talking' || state.state === 'dialing');
    now = { ringing, running, ownerTalks: running.some(isOwners) };
    for (const listener of listeners) listener(now);
  };
  const stop = hub.watch((name, payload) => {
    if (name === 'phone.call') {
      const call = payload as PhoneCall;
      if (call.state.state === 'ended') calls.delete(call.id);
      else calls.set(call.id, call);
      refresh();
    }
    // An exchange that is gone takes its calls along, whether or not each is told of.
    if (name === 'phone.status' && calls.size > 0 && (payload as PhoneStatus).state === 'off') {
      calls.clear();
      refresh();
    }
  });

  return {
    now: () => now,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispose() {
      stop();
      listeners.clear();
    },
  };
}

function isOwners({ state }: PhoneCall): boolean {
  return state.state === 'talking' && (state.by === 'owner' || state.listening);
}
