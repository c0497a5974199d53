import type { Caller, HandlersFor } from '../../platform/contract-host/index.ts';
import type { KillSwitchService } from './kill-switch-service.ts';
import { mayNotLift } from './killswitch-errors.ts';

type Calls =
  | 'killswitch.snapshot'
  | 'killswitch.engage'
  | 'killswitch.prepareLift'
  | 'killswitch.lift'
  | 'killswitch.setPassphrase'
  | 'killswitch.cutLanguage';

/** The contract's side of the kill switch. A program that holds the owner's token may stop, and nothing else. */
export function createKillSwitchHandlers({ killSwitch }: { killSwitch: KillSwitchService }): HandlersFor<Calls> {
  return {
    'killswitch.snapshot': () => killSwitch.state(),
    'killswitch.engage': ({ level }) => killSwitch.engage({ level, trigger: 'window' }),
    'killswitch.prepareLift'(_input, caller) {
      mustBePerson(caller);
      return killSwitch.prepareLift();
    },
    'killswitch.lift'(request, caller) {
      mustBePerson(caller);
      // A telephone call makes no calls here; whoever speaks in it may stop, and never lift.
      if (caller.door === 'phone') throw mayNotLift();
      return killSwitch.lift(request, caller.door);
    },
    'killswitch.setPassphrase'({ current, next }, caller) {
      mustBePerson(caller);
      return killSwitch.setPassphrase(current, next);
    },
    'killswitch.cutLanguage'({ cut }, caller) {
      if (!cut) mustBePerson(caller);
      return killSwitch.cutLanguage(cut);
    },
  };
}

function mustBePerson({ isProgram }: Caller): void {
  if (isProgram) throw mayNotLift();
}
