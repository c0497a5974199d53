import { toErrorData } from '../../../base/errors.ts';
import { phoneError } from '../telephony-errors.ts';
import { checkGoingOn, ownTalk, putBack, speakerChannel, talkingState, type CallContext, type Guest } from './call-context.ts';
import { sayNotice } from './call-legs.ts';
import { startRecording, stopRecording } from './call-recording.ts';
import { isAssistant } from './call-states.ts';

/*
 * Handing a call on. Somebody else, the guest, is called while the other end waits. Then, by what the owner wants:
 *   blind                            both are joined, and the call is over for us
 *   attended, the assistant speaks   the guest is told first what it is about
 *   attended, the owner speaks       the owner talks with the guest, for as long as they like, and then joins both or comes back
 * A phone of the owner's that has two calls joins their other ends by its own key: the guest is then the other end of the other call.
 * The guest and the other end stay in a bridge of ours, so that whoever stops everything ends this as well. The guest is never recorded: nobody has told them.
 */

export interface TransferOrder {
  endpoint: string;
  callerId: string | undefined;
  number: string;
  kind: 'blind' | 'attended';
  briefing: string;
  /** Both are about to be joined: for the phone that has asked for it. Never rejects. */
  onJoining?: (() => Promise<void>) | undefined;
}

const RING_SECONDS = 40;

/** Resolves when the call is handed on, or the owner speaks with the guest. Rejects with `phone.transfer-failed`, and the call goes on as it was. */
export async function transferCall(context: CallContext, order: TransferOrder): Promise<void> {
  const { by } = ownTalk(context);
  const { channels, deps, parts } = context;
  const { number } = order;
  checkGoingOn(context);
  if (isAssistant(by)) {
    await sayNotice(context, { kind: 'one-moment' });
    deps.voice.pause(context.view().id, true);
    // Nobody is there to be heard, which is no fault of the line.
    if (parts.assistant !== undefined) await deps.media.listen(parts.assistant.legId, false);
  }
  const guest = beginGuest(context, channels.newId('guest'), number);
  try {
    await stopRecording(context);
    await letFarWait(context, order);
    const fate = await callGuest(context, order, guest.channelId);
    talkingState(context);
    if (fate !== 'up') throw phoneError('phone.transfer-failed', { number });
    await channels.join(guest.channelId);
    if (order.kind === 'attended' && order.briefing !== '') {
      await sayNotice(context, { kind: 'briefing', text: order.briefing, party: context.view().party });
    }
    talkingState(context);
    // They may have hung up again, or the owner has had enough.
    if (parts.guest === undefined || guest.isCalledOff) throw phoneError('phone.transfer-failed', { number });
    if (isConsulting(context)) {
      context.step({ type: 'consulting', who: { number, answered: true } });
      return;
    }
    await joinBoth(context);
    await handOn(context, guest, order.onJoining);
  } catch (error) {
    await comeBack(context, guest);
    if (guest.isCalledOff) return;
    if (!context.isOver()) deps.noted(context.view().id, { kind: 'not-handed-on', number });
    throw toErrorData(error).code === 'phone.refused' ? phoneError('phone.transfer-failed', { number }, error) : error;
  }
}

function beginGuest(context: CallContext, channelId: string, number: string): Guest {
  const { held } = ownTalk(context);
  const { parts } = context;
  const { recording } = parts;
  const was = { wasHeld: held, wasRecording: recording !== undefined, wasTold: recording?.isTold === true };
  parts.guest = { channelId, number, isCalledOff: false, ...was };
  return parts.guest;
}

/** Somebody who leaves a call of the owner's for another one. */
export interface Leaving {
  far: string;
  number: string;
}

/** They belong to the call that they leave, which ends them and hears of their end, until the moment at which both are joined. */
export interface Parting extends Leaving {
  isThere(): boolean;
  /** Their call has nothing to do with them any more. */
  part(): void;
}

/**
 * The other end leaves for another call, by `take`, and this call is over. Rejects with what `take` rejects with, or `phone.not-now` where no person speaks here;
 * the call goes on as it was then.
 */
export async function giveAway(context: CallContext, to: Leaving, take: (parting: Parting) => Promise<void>): Promise<void> {
  const { channels, deps, parts } = context;
  const { far } = parts;
  checkPerson(context);
  const guest = beginGuest(context, to.far, to.number);
  try {
    await stopRecording(context);
    await take({
      far,
      number: context.view().party.number,
      isThere: () => channels.has(far),
      part: () => channels.forget(far),
    });
  } catch (error) {
    await stay(context, guest);
    throw error;
  }
  if (context.isOver()) return;
  deps.noted(context.view().id, { kind: 'handed-on', number: to.number });
  await context.end('transferred');
}

/** The other end of another call comes in for whoever speaks here, and the call is over for us. Rejects as {@link giveAway} does. */
export async function takeIn(context: CallContext, parting: Parting, onJoining: () => Promise<void>): Promise<void> {
  const { channels, deps } = context;
  const { far, number } = parting;
  checkPerson(context);
  const guest = beginGuest(context, far, number);
  try {
    await stopRecording(context);
    await joinBoth(context);
    await deps.ari().hold(far, false);
    await channels.join(far);
    await handOn(context, guest, onJoining, parting);
  } catch (error) {
    channels.forget(far);
    await stay(context, guest);
    throw error;
  }
}

function checkPerson(context: CallContext): void {
  const { by } = ownTalk(context);
  checkGoingOn(context);
  if (isAssistant(by) || speakerChannel(context, by) === undefined) throw phoneError('phone.not-now', { state: by });
}

/** Two calls that could not be joined: this one is as it was. */
async function stay(context: CallContext, guest: Guest): Promise<void> {
  const { channels, deps, parts } = context;
  parts.guest = undefined;
  if (context.isOver()) return;
  if (speakerChannel(context, talkingState(context).by) === undefined) {
    await context.end('hung-up-here');
    return;
  }
  await putBack(
    context,
    () => deps.ari().hold(parts.far, guest.wasHeld),
    () => channels.join(parts.far),
    async () => guest.wasRecording && startRecording(context, { isAutomatic: false, isTold: guest.wasTold }),
  );
}

/** The owner's last word, after they have spoken with the guest. Rejects with `phone.not-now` where there is none, and changes nothing then. */
export async function finishTransfer(context: CallContext, how: 'join' | 'return'): Promise<void> {
  const { by, consulting } = talkingState(context);
  const { guest, far } = context.parts;
  if (guest === undefined || consulting?.answered !== true) throw phoneError('phone.not-now', { state: by });
  if (how === 'return') {
    await comeBack(context, guest);
    return;
  }
  try {
    await joinBoth(context);
    await handOn(context, guest);
  } catch (error) {
    await putBack(
      context,
      () => context.channels.leave(far),
      () => context.deps.ari().hold(far, true),
    );
    throw error;
  }
}

/** Where the owner speaks with a guest, the other end hears music; in all other cases that it rings there. */
async function letFarWait(context: CallContext, { kind, number }: TransferOrder): Promise<void> {
  const { by, held } = talkingState(context);
  const { channels, deps, parts } = context;
  const here = speakerChannel(context, by);
  await channels.leave(parts.far);
  if (kind === 'attended' && !isAssistant(by)) {
    await deps.ari().hold(parts.far, true);
    if (held && here !== undefined) await channels.join(here);
    context.step({ type: 'consulting', who: { number, answered: false } });
    return;
  }
  if (held) await deps.ari().hold(parts.far, false);
  await deps.ari().ring(parts.far, true);
  if (kind === 'blind' && here !== undefined) await channels.leave(here);
}

async function callGuest(context: CallContext, { endpoint, callerId }: TransferOrder, channelId: string): Promise<string> {
  const { fate } = await context.channels.bringUp(
    channelId,
    (ari) =>
      ari.originate({
        channelId,
        endpoint,
        args: ['leg'],
        ...(callerId === undefined || callerId === '' ? {} : { callerId }),
        timeoutSeconds: RING_SECONDS,
      }),
    (RING_SECONDS + 5) * 1000,
  );
  return fate;
}

/** The owner is still there to speak with the guest; where their phone has hung up meanwhile, they want both to be joined. */
function isConsulting(context: CallContext): boolean {
  const { by, consulting } = talkingState(context);
  return consulting !== undefined && speakerChannel(context, by) !== undefined;
}

async function joinBoth({ channels, deps, parts }: CallContext): Promise<void> {
  await deps.ari().hold(parts.far, false);
  await deps.ari().ring(parts.far, false);
  await channels.join(parts.far);
}

/** Rejects when one of them has hung up meanwhile: who is left must not be left alone. */
async function handOn(context: CallContext, guest: Guest, onJoining?: TransferOrder['onJoining'], parting?: Parting): Promise<void> {
  const { channels, deps, parts } = context;
  const { id } = context.view();
  await onJoining?.();
  talkingState(context);
  const isThere = parting?.isThere() ?? channels.has(guest.channelId);
  if (!isThere) throw phoneError('phone.transfer-failed', { number: guest.number });
  if (parting !== undefined) {
    parting.part();
    channels.adopt(guest.channelId);
  }
  deps.joined({ callId: id, bridgeId: channels.bridgeId, channelIds: [parts.far, guest.channelId] });
  deps.noted(id, { kind: 'handed-on', number: guest.number });
  await context.end('transferred', { keep: [parts.far, guest.channelId] });
}

/** The guest goes, and the call is as it was. */
export async function comeBack(context: CallContext, guest: Guest): Promise<void> {
  const { channels, deps, parts } = context;
  parts.guest = undefined;
  await channels.hangUp(guest.channelId);
  if (context.isOver()) return;
  const { by, consulting } = talkingState(context);
  const here = speakerChannel(context, by);
  if (here === undefined) {
    // The phone that handed the call on has hung up, and there is nobody to come back to.
    await context.end('hung-up-here');
    return;
  }
  await putBack(
    context,
    () => deps.ari().ring(parts.far, false),
    () => deps.ari().hold(parts.far, guest.wasHeld),
    () => channels.join(parts.far),
    () => (guest.wasHeld ? channels.leave(here) : channels.join(here)),
    async () => guest.wasRecording && startRecording(context, { isAutomatic: false, isTold: guest.wasTold }),
  );
  if (context.isOver()) return;
  if (consulting !== undefined) context.step({ type: 'consulting', who: undefined });
  if (!isAssistant(by) || guest.wasHeld) return;
  if (parts.assistant !== undefined) await deps.media.listen(parts.assistant.legId, true);
  deps.voice.pause(context.view().id, false);
}
