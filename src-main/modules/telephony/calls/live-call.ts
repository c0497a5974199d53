import type { CallEnd, PhoneCall } from '../../../../src-preload/contract/index.ts';
import type { Timer } from '../../../base/clock.ts';
import { toErrorData } from '../../../base/errors.ts';
import { phoneError, phoneReason } from '../telephony-errors.ts';
import type { AriEvent, MediaEvent } from '../telephony.ts';
import { createAnsweringMachineDetector } from './answering-machine.ts';
import { answerCall, letAssistantSpeak, placeCall, ringMobiles, screenCall, type DialOrder, type RingingPhone } from './call-answer.ts';
import { handOver, holdCall, listenIn, muteOwner, recordCall, sendDigits, takeOver } from './call-acts.ts';
import { createCallChannels } from './call-channels.ts';
import { createEarKeeper } from './call-ear.ts';
import { createFarSound } from './far-sound.ts';
import { TALK_PAUSE_MS } from './call-recording.ts';
import type { CallContext, CallDeps, CallParts } from './call-context.ts';
import { closeAssistant, openAssistant, sayNotice } from './call-legs.ts';
import { noteOf } from './call-notes.ts';
import type { VoiceEvent } from './call-ports.ts';
import { isAssistant, nextState } from './call-states.ts';
import {
  comeBack,
  finishTransfer,
  giveAway,
  takeIn,
  transferCall,
  type Leaving,
  type Parting,
  type TransferOrder,
} from './call-transfer.ts';
import { createDigitCollector, spokenPin } from './owner-pin.ts';
import type { PhonesInUse } from './phones-in-use.ts';

/** One call from its first ring to its end. Acts follow one another; the end waits for none of them. */
export interface LiveCall {
  view(): PhoneCall;
  has(channelId: string): boolean;
  /** The owner is in it with ears or mouth, by whichever phone; with `channelId`, by that one. */
  hasOwner(channelId?: string): boolean;
  hasLeg(legId: string): boolean;
  /** Those of its channels that Asterisk must have now. */
  upChannelIds(): string[];
  /** Rings here: the window by the event, these phones by a call of their own; asked for when it begins to ring. */
  ring(mobiles: () => readonly string[]): void;
  /** The assistant asks who it is, then it rings. */
  screen(mobiles: () => readonly string[]): Promise<void>;
  place(order: DialOrder): void;
  answer(by: 'owner' | 'assistant' | 'message'): Promise<void>;
  reject(reason: 'busy' | 'declined' | 'blocked'): Promise<void>;
  takeOver(): Promise<void>;
  handOver(): Promise<void>;
  listenIn(on: boolean): Promise<void>;
  whisper(text: string): void;
  hold(on: boolean): Promise<void>;
  mute(on: boolean): Promise<void>;
  record(on: boolean): Promise<void>;
  sendDigits(digits: string): Promise<void>;
  transfer(order: TransferOrder): Promise<void>;
  /** Joins both others, or comes back: at once, too, while it still rings there. */
  finishTransfer(how: 'join' | 'return'): Promise<void>;
  /** By a phone of the owner's that speaks in both: the other end of `other` comes in, and both calls are over. When it rejects, both are as they were. */
  joinWith(other: LiveCall, onJoining: () => Promise<void>): Promise<void>;
  /** The other end leaves for another call. */
  giveAway(to: Leaving, take: (parting: Parting) => Promise<void>): Promise<void>;
  /** While it rings: softly or aloud. */
  ringQuietly(on: boolean): void;
  /** Rings no longer at phones that are in use by now. */
  spare(phones: Pick<PhonesInUse, 'has' | 'holds'>): void;
  /** Never rejects. */
  end(reason: CallEnd, cause?: number): Promise<void>;
  hearAri(event: AriEvent): void;
  hearMedia(event: MediaEvent): void;
  hearVoice(event: VoiceEvent): void;
  /** After the control connection was lost: channels that Asterisk has no more. */
  lose(channelIds: readonly string[]): void;
  setTrouble(trouble: PhoneCall['trouble']): void;
}

/** Nobody is asked for longer who they are. */
const SCREENING_MS = 45_000;
const LAST_WORDS_MS = 30_000;
const MOST_LATE_MS = 5_000;
const REJECT_CAUSES = { busy: 17, declined: 16, blocked: 21 } as const;

export interface NewCall {
  call: PhoneCall;
  far: string;
  farIsUp: boolean;
  /** A phone of the owner's own that has dialled by itself. */
  here?: { by: 'owner' | 'mobile'; channelId: string };
}

export function createLiveCall(deps: CallDeps, { call, far, farIsUp, here }: NewCall): LiveCall {
  const { clock, log } = deps;
  const { id } = call;
  const channels = createCallChannels({ callId: id, ari: deps.ari, watch: deps.watch, log });
  const parts: CallParts = {
    far,
    farIsUp,
    owner: here?.by === 'owner' ? here.channelId : undefined,
    mobile: here?.by === 'mobile' ? here.channelId : undefined,
    hereWaits: here !== undefined,
    assistant: undefined,
    guest: undefined,
    notice: undefined,
    recording: undefined,
    runsOn: new Set(),
    isHeldThere: false,
    holds: 0,
  };
  const timers = new Map<'ring' | 'screening' | 'longest' | 'last-words', Timer>();
  /** Only where the assistant has placed the call: who takes one of the owner's was heard by the owner. */
  let machine: ReturnType<typeof createAnsweringMachineDetector> | undefined;
  const digits = createDigitCollector(clock, (keyed) => void tryPin(keyed, true));
  let view = call;
  let mobilesThatRing: readonly RingingPhone[] = [];
  let acts: Promise<unknown> = Promise.resolve();
  let ending: Promise<void> | undefined;
  if (call.direction === 'in') channels.adopt(far);
  if (here !== undefined) channels.adopt(here.channelId);

  const set = (next: PhoneCall): void => {
    view = next;
    deps.changed(next);
    ear.follow();
    farSound.follow();
  };
  const startTimer = (name: 'ring' | 'screening' | 'longest' | 'last-words', delayMs: number, run: () => void): void => {
    timers.get(name)?.cancel();
    // It may have ended while the act that begins to wait went on.
    if (ending === undefined) timers.set(name, clock.after(delayMs, run));
  };
  /** One act after the other. */
  const exclusive = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const mine = acts.then(() => {
      if (ending !== undefined) throw phoneError('phone.no-call');
      return work();
    });
    acts = mine.catch(() => undefined);
    return mine;
  };
  const inBackground = (what: string, work: Promise<unknown>): void =>
    void work.catch((error: unknown) => log.warn(what, { callId: id, ...toErrorData(error) }));

  const end: CallContext['end'] = (reason, { cause, keep } = {}) => {
    if (ending !== undefined) return ending;
    for (const timer of timers.values()) timer.cancel();
    digits.dispose();
    deps.pin.forget(id);
    const { assistant } = parts;
    deps.voice.end(id);
    // News of them may never come, and nobody would be called on that phone any more.
    deps.phones.forget(deps.phones.channelIds().filter((each) => channels.has(each) && keep?.includes(each) !== true));
    ending = Promise.all([channels.close({ cause, ...(keep ? { keep } : {}) }), assistant && deps.media.close(assistant.legId)]).then(
      () => undefined,
    );
    const state = nextState(view.state, { type: 'ended', reason });
    if (state) set({ ...view, state, endedAtMs: clock.wallMs() });
    return ending;
  };

  const context: CallContext = {
    deps,
    channels,
    parts,
    view: () => view,
    isOver: () => ending !== undefined,
    step(event) {
      if (ending !== undefined) throw phoneError('phone.no-call');
      const state = nextState(view.state, event);
      if (state === undefined) throw phoneError('phone.not-now', { state: view.state.state });
      const note = state === view.state ? undefined : noteOf(event);
      if (state !== view.state) set({ ...view, state });
      if (note !== undefined) deps.noted(id, note);
      if (event.type === 'held' && event.on) parts.holds += 1;
      if (event.type === 'answered' || event.type === 'speaker') watchLength();
    },
    patch(change) {
      if (ending === undefined) set({ ...view, ...change });
    },
    stopRinging() {
      for (const name of ['ring', 'screening'] as const) timers.get(name)?.cancel();
      for (const { channelId } of mobilesThatRing) if (channelId !== parts.mobile) void channels.hangUp(channelId);
      mobilesThatRing = [];
    },
    end,
  };

  const ear = createEarKeeper(context);
  const farSound = createFarSound(context);

  /** Only what the assistant leads has a limit. */
  function watchLength(): void {
    for (const name of ['longest', 'last-words'] as const) timers.get(name)?.cancel();
    const { state } = view;
    if (state.state !== 'talking' || !isAssistant(state.by)) return;
    const maxMs = deps.settings.maxMs();
    startTimer('last-words', Math.max(0, maxMs - LAST_WORDS_MS), () => deps.voice.hint(id, { kind: 'little-time' }));
    startTimer('longest', maxMs, () => void end('limit'));
  }

  const ringHere = (mobiles: () => readonly string[]): void => {
    const ringMs = deps.settings.ringMs();
    deps.rings(view);
    inBackground('call.not-ringing', deps.ari().ring(parts.far, true));
    startTimer('ring', ringMs, () => inBackground('call.not-taken', exclusive(nobodyAnswers)));
    mobilesThatRing = ringMobiles(context, mobiles(), ringMs + 2_000, exclusive);
  };

  const nobodyAnswers = async (): Promise<void> => {
    if (view.state.state !== 'ringing') return;
    const next = deps.settings.whenNobodyAnswers();
    context.stopRinging();
    try {
      if (next !== 'nothing') {
        await answerCall(context, next);
        return;
      }
    } catch (error) {
      log.warn('call.assistant-not-in', { callId: id, ...toErrorData(error) });
    }
    if (parts.farIsUp && parts.assistant !== undefined) await sayNotice(context, { kind: 'not-here' });
    await end('not-answered', { cause: 19 });
  };

  const screened = async (text: string, mobiles: () => readonly string[]): Promise<void> => {
    if (view.state.state !== 'ringing' || !view.state.screening) return;
    timers.get('screening')?.cancel();
    context.patch({ screeningText: text.trim().slice(0, 500) });
    await sayNotice(context, { kind: 'one-moment' });
    deps.voice.pause(id, true);
    if (parts.assistant !== undefined) await deps.media.listen(parts.assistant.legId, false);
    context.step({ type: 'screened' });
    ringHere(mobiles);
  };
  let afterScreening: (() => readonly string[]) | undefined;

  const isTalking = (): boolean => view.state.state === 'talking';
  const isAssistantsCall = (): boolean => view.state.state === 'talking' && isAssistant(view.state.by);

  async function tryPin(keyed: string, isKeyed: boolean): Promise<void> {
    if (!isAssistantsCall()) return;
    const isCandidate = view.direction === 'in' && view.party.standing !== 'owner' && deps.pin.isSet() && /^\d{4,12}$/.test(keyed);
    if (!isCandidate) {
      if (isKeyed) deps.voice.hint(id, { kind: 'digits', digits: keyed });
      return;
    }
    const result = await deps.pin.check(id, keyed);
    if (ending !== undefined) return;
    if (result === 'right') {
      context.patch({ party: { ...view.party, standing: 'owner' } });
      deps.voice.standing(id, 'owner');
    }
    deps.voice.hint(id, { kind: `pin-${result}` });
  }

  /** A leg that went by itself. */
  const legGone = (channelId: string): void => {
    const { state } = view;
    channels.forget(channelId);
    if (channelId === parts.far) {
      // A call that is being placed hears it with its cause.
      if (state.state !== 'dialing') void end('hung-up-there');
    } else if (channelId === parts.owner) {
      parts.owner = undefined;
      if (state.state === 'talking' && state.listening) context.step({ type: 'listening', on: false });
      else if (parts.guest !== undefined) speakerGone();
      else if (state.state === 'talking' && state.by === 'owner') void end('hung-up-here');
      else if (state.state === 'dialing') void end('hung-up-here');
    } else if (channelId === parts.mobile) {
      parts.mobile = undefined;
      if (parts.guest !== undefined) speakerGone();
      else if (state.state === 'dialing' || (state.state === 'talking' && state.by === 'mobile')) void end('hung-up-here');
    } else if (channelId === parts.guest?.channelId) guestGone();
    else if (channelId === parts.assistant?.channelId) inBackground('call.assistant-lost', exclusive(reopenAssistant));
  };

  const isConsulting = (): boolean => view.state.state === 'talking' && view.state.consulting?.answered === true;

  /** Whoever hangs up on a guest that they speak with wants both others to be joined. Else the act that calls the guest goes on without them. */
  function speakerGone(): void {
    if (isConsulting())
      inBackground(
        'call.not-joined',
        exclusive(() => finishTransfer(context, 'join')),
      );
  }

  function guestGone(): void {
    const { guest } = parts;
    if (isConsulting())
      inBackground(
        'call.not-back',
        exclusive(async () => guest && guest === parts.guest && comeBack(context, guest)),
      );
    else parts.guest = undefined;
  }

  /** The media worker has gone and come again, or Asterisk has lost it. */
  const reopenAssistant = async (): Promise<void> => {
    const { state } = view;
    await closeAssistant(context);
    if (state.state !== 'talking' || !isAssistant(state.by)) return;
    try {
      await openAssistant(context);
      await letAssistantSpeak(context, state.by === 'message' ? 'message' : 'assistant');
    } catch (error) {
      context.patch({ trouble: toErrorData(error) });
      await end('failed');
    }
  };

  return {
    view: () => view,
    has: channels.has,
    hasOwner: (channelId) =>
      [parts.owner, parts.mobile].some((each) => each !== undefined && (channelId === undefined || channelId === each)),
    hasLeg: (legId) => parts.assistant?.legId === legId,
    upChannelIds: channels.upIds,
    ring: ringHere,
    async screen(mobiles) {
      afterScreening = mobiles;
      try {
        await exclusive(() => screenCall(context));
        startTimer('screening', SCREENING_MS, () =>
          inBackground(
            'call.not-screened',
            exclusive(() => screened('', mobiles)),
          ),
        );
      } catch (error) {
        if (ending !== undefined) return;
        log.warn('call.not-screened', { callId: id, ...toErrorData(error) });
        ringHere(mobiles);
      }
    },
    place(order) {
      if (isAssistant(order.by)) machine = createAnsweringMachineDetector();
      void placeCall(context, order);
    },
    answer: (by) => exclusive(() => answerCall(context, by)),
    async reject(reason) {
      if (view.state.state !== 'ringing')
        throw phoneError(ending === undefined ? 'phone.not-now' : 'phone.no-call', { state: view.state.state });
      context.stopRinging();
      if (parts.farIsUp) {
        await sayNotice(context, { kind: 'not-here' });
        // Somebody may have answered during that.
        if (isTalking()) throw phoneError('phone.not-now', { state: 'talking' });
      }
      await end(reason === 'blocked' ? 'blocked' : 'rejected', { cause: REJECT_CAUSES[reason] });
    },
    takeOver: () => exclusive(() => takeOver(context)),
    handOver: () => exclusive(() => handOver(context)),
    listenIn: (on) => exclusive(() => listenIn(context, on)),
    whisper(text) {
      if (!isAssistantsCall()) throw phoneError(ending === undefined ? 'phone.not-now' : 'phone.no-call', { state: view.state.state });
      deps.voice.hint(id, { kind: 'whisper', text });
      deps.noted(id, { kind: 'whispered', text });
    },
    hold: (on) => exclusive(() => holdCall(context, on)),
    mute: (on) => exclusive(() => muteOwner(context, on)),
    record: (on) => exclusive(() => recordCall(context, on)),
    sendDigits: (keys) => exclusive(() => sendDigits(context, keys)),
    transfer: (order) => exclusive(() => transferCall(context, order)),
    async finishTransfer(how) {
      const { guest } = parts;
      if (how === 'join' || guest === undefined || isConsulting()) {
        await exclusive(() => finishTransfer(context, how));
        return;
      }
      // The act that calls them is still under way, and ends with that.
      guest.isCalledOff = true;
      await channels.hangUp(guest.channelId);
      await acts;
    },
    joinWith: (other, onJoining) =>
      exclusive(() => other.giveAway({ far: parts.far, number: view.party.number }, (parting) => takeIn(context, parting, onJoining))),
    giveAway: (to, take) => exclusive(() => giveAway(context, to, take)),
    ringQuietly(on) {
      if (view.state.state === 'ringing') context.step({ type: 'quietly', on });
    },
    spare(phones) {
      const isBusy = ({ channelId, extension }: RingingPhone): boolean => phones.has(extension) && !phones.holds(channelId);
      for (const { channelId } of mobilesThatRing.filter(isBusy)) void channels.hangUp(channelId);
      mobilesThatRing = mobilesThatRing.filter((each) => !isBusy(each));
    },
    end: (reason, cause) => end(reason, cause === undefined ? {} : { cause }),
    hearAri(event) {
      if (ending !== undefined) return;
      switch (event.type) {
        case 'Dial':
          if (event.peer.id === parts.far && view.state.state === 'dialing' && /^(?:RINGING|PROGRESS|PROCEEDING)$/.test(event.status)) {
            if (event.status === 'RINGING') context.step({ type: 'rings-there' });
            const phone = parts.owner ?? parts.mobile;
            if (phone !== undefined && event.status === 'RINGING') inBackground('call.no-tone', deps.ari().ring(phone, true));
          }
          break;
        case 'ChannelHold':
        case 'ChannelUnhold':
          if (event.channel.id !== parts.far) break;
          parts.isHeldThere = event.type === 'ChannelHold';
          if (parts.isHeldThere) parts.holds += 1;
          break;
        case 'ChannelDtmfReceived':
          if (event.channel.id === parts.far && isAssistantsCall()) digits.press(event.digit);
          break;
        case 'ChannelTalkingStarted':
        case 'ChannelTalkingFinished': {
          const { answeredAtMs } = view;
          if (event.channel.id !== parts.far || answeredAtMs === null) break;
          const isBegin = event.type === 'ChannelTalkingStarted';
          deps.ear?.talking(id, 'caller', isBegin);
          // A busy machine hears of it late. The clock of an Asterisk elsewhere may be any.
          const nowMs = clock.wallMs();
          const toldAtMs = Math.abs(nowMs - event.toldAtMs) < MOST_LATE_MS ? event.toldAtMs : nowMs;
          deps.talks?.(id, 'caller', isBegin, Math.max(0, toldAtMs - answeredAtMs - (isBegin ? 0 : TALK_PAUSE_MS)));
          break;
        }
        case 'StasisEnd':
        case 'ChannelDestroyed':
          if (channels.has(event.channel.id)) legGone(event.channel.id);
          break;
        default:
      }
    },
    hearMedia(event) {
      if (ending !== undefined || event.type !== 'leg.sound') return;
      if (event.what === 'tone' && isAssistantsCall()) void end('fax');
      else if (farSound.isInCharge()) return;
      else if (event.what === 'nothing-comes') context.patch({ trouble: phoneReason('phone.one-way-sound') });
      else if (event.what === 'comes-again' && view.trouble?.code === 'phone.one-way-sound') context.patch({ trouble: null });
    },
    hearVoice(event) {
      if (ending !== undefined) return;
      if (event.type === 'screened')
        inBackground(
          'call.not-screened',
          exclusive(() => screened(event.text, afterScreening ?? (() => []))),
        );
      else if (event.type === 'wants-end') {
        if (isAssistantsCall() || view.state.state === 'ringing') void end(event.reason);
      } else if (isAssistantsCall()) {
        const pin = event.final ? spokenPin(event.text) : undefined;
        if (pin !== undefined && view.direction === 'in') void tryPin(pin, false);
        if (machine?.heard(event) === 'machine') machineAnswered();
      }
    },
    lose(lost) {
      if (lost.includes(parts.far)) void end('engine-lost');
      for (const channelId of lost) if (ending === undefined && channels.has(channelId)) legGone(channelId);
    },
    setTrouble: (trouble) => context.patch({ trouble }),
  };

  function machineAnswered(): void {
    if (deps.settings.whenMachineAnswers() === 'hang-up') void end('answering-machine');
    else deps.voice.hint(id, { kind: 'answering-machine' });
  }
}
