import type { PhoneCall } from '../../src-preload/contract/index.ts';
import { errorDataOf } from '../bridge/index.ts';
import { isRingingIn, isTalking, shownCall, type CallSwitch } from '../stores/phone-store.ts';
import type { Services } from './services.ts';

/** What the owner can do with calls, from buttons and keys alike. Failures become a message on screen. */
export interface CallActions {
  /** The owner speaks. */
  answer(call: PhoneCall): Promise<void>;
  letAssistantAnswer(call: PhoneCall): Promise<void>;
  /** Not now: the assistant takes a message. */
  takeMessage(call: PhoneCall): Promise<void>;
  /** Turned away, and blocked from now on, which can be taken back. A number that is withheld cannot be blocked: such a caller hears "busy". */
  turnAway(call: PhoneCall): Promise<void>;
  hangUp(call: PhoneCall): Promise<void>;
  takeOver(call: PhoneCall): Promise<void>;
  handOver(call: PhoneCall): Promise<void>;
  /** The end of asking somebody whether they take the call. */
  finishTransfer(call: PhoneCall, how: 'join' | 'return'): Promise<void>;
  set(name: CallSwitch, call: PhoneCall, on: boolean): Promise<void>;
  /** The talk button while the owner is on the telephone here: mutes, or shows the call. False = they are not. */
  talk(): boolean;
  /** The call that keys mean: the one that has rung longest, for those that answer; else the one that the bar shows. */
  ringing(): PhoneCall | undefined;
  current(): PhoneCall | undefined;
}

export function createCallActions({
  phone,
  phoneEnd,
  phoneBook,
  view,
}: Pick<Services, 'phone' | 'phoneEnd' | 'phoneBook' | 'view'>): CallActions {
  const { fail, toast } = view.getState();
  const ask = async (work: () => Promise<void>, onFailure: () => void = nothing): Promise<void> => {
    try {
      await work();
    } catch (error) {
      onFailure();
      fail(error);
    }
  };
  /** In the click's own tick: the tone ends, and sound is made ready while the core is asked. */
  const silence = (call: PhoneCall): void => phoneEnd.ringer?.silence(call.id);
  const accept = (call: PhoneCall, mode: 'talk' | 'listen'): void => phoneEnd.softphone?.accept(call.id, mode);
  const letGo = (call: PhoneCall): void => phoneEnd.softphone?.hangUp(call.id);
  const state = () => phone.getState();
  /** Keys reach what is out of sight on a page that is no telephone. */
  const isHere = (): boolean => {
    const { isTelephone } = state();
    if (!isTelephone) toast({ kind: 'problem', content: { key: 'telephoneElsewhere' } });
    return isTelephone;
  };
  let mutesAsked = 0;
  /** The microphone in the click's own tick. Refused, it follows the core again: open there and shut here would be a silence that nobody explains. */
  const mute = (call: PhoneCall, on: boolean): Promise<void> => {
    mutesAsked += 1;
    const own = mutesAsked;
    phoneEnd.softphone?.setMuted(on);
    return ask(
      () => state().change('phone.mute', call.id, on),
      () => {
        const now = state().calls.find(({ id }) => id === call.id);
        // Clicked again meanwhile, or over.
        if (own !== mutesAsked || !isTalking(now)) return;
        phoneEnd.softphone?.setMuted(now.state.muted);
        toast({ kind: 'problem', content: { key: now.state.muted ? 'stillMuted' : 'stillHeard' } });
      },
    );
  };

  const actions: CallActions = {
    answer(call) {
      silence(call);
      if (!isHere()) return Promise.resolve();
      accept(call, 'talk');
      return ask(
        () => state().answer(call.id, 'owner'),
        () => letGo(call),
      );
    },
    letAssistantAnswer(call) {
      silence(call);
      return ask(() => state().answer(call.id, 'assistant'));
    },
    takeMessage(call) {
      silence(call);
      return ask(() => state().answer(call.id, 'message'));
    },
    turnAway(call) {
      silence(call);
      const { number, name } = call.party;
      if (number === '') return ask(() => state().reject(call.id, 'busy'));
      return ask(async () => {
        await state().reject(call.id, 'blocked');
        await phoneBook.getState().block(number, true);
        toast({
          kind: 'undo',
          content: { key: 'callerBlocked', values: { name: name || number } },
          undo: () => void phoneBook.getState().block(number, false).catch(fail),
        });
      });
    },
    hangUp(call) {
      silence(call);
      // Whoever puts the receiver down while asking somebody joins both; the core must know first that this is not meant.
      const isAsking = isTalking(call) && call.state.consulting !== undefined;
      if (!isAsking) letGo(call);
      return ask(() =>
        state()
          .hangUp(call.id)
          .finally(() => letGo(call))
          .catch((error: unknown) => {
            // What was let go here a moment ago, or ended there in the same moment, is what was asked for.
            if (errorDataOf(error).code !== 'phone.no-call') throw error;
          }),
      );
    },
    takeOver(call) {
      if (!isHere()) return Promise.resolve();
      accept(call, 'talk');
      return ask(
        () => state().takeOver(call.id),
        () => letGo(call),
      );
    },
    handOver: (call) =>
      ask(async () => {
        await state().handOver(call.id);
        letGo(call);
      }),
    finishTransfer: (call, how) => ask(() => state().finishTransfer(call.id, how)),
    set(name, call, on) {
      if (name === 'phone.mute') return mute(call, on);
      if (name === 'phone.listenIn' && on) {
        if (!isHere()) return Promise.resolve();
        accept(call, 'listen');
      }
      if (name === 'phone.listenIn' && !on) letGo(call);
      return ask(() => state().change(name, call.id, on));
    },
    talk() {
      const call = actions.current();
      if (!state().isTelephone || !isTalking(call)) return false;
      const { by, held, listening, consulting } = call.state;
      if (by !== 'owner' && !listening) return false;
      if (by === 'owner' && (!held || consulting)) toggleCallMute(actions);
      else state().setPanelOpen(true);
      return true;
    },
    ringing: () => state().calls.find(isRingingIn),
    current: () => shownCall(state()),
  };
  return actions;
}

const nothing = (): void => undefined;

/** Take over, or hand back: whoever does not speak now, speaks. */
export function toggleSpeaker(actions: CallActions): void {
  const call = actions.current();
  if (!isTalking(call)) return;
  void (call.state.by === 'owner' || call.state.by === 'mobile' ? actions.handOver(call) : actions.takeOver(call));
}

export function toggleCallMute(actions: CallActions): void {
  const call = actions.current();
  if (isTalking(call)) void actions.set('phone.mute', call, !call.state.muted);
}
