import type { Disposable, Unsubscribe } from '../../../base/dispose.ts';
import { toErrorData, type ErrorData } from '../../../base/errors.ts';
import type { PhoneCall } from '../../../../src-preload/contract/index.ts';
import { phoneError } from '../telephony-errors.ts';
import type { AriChannel, AriClient, AriEvent } from '../telephony.ts';
import { readArrival } from './arrivals.ts';
import { OWN_PREFIX } from './call-channels.ts';
import { createHourlyLimit } from './call-limits.ts';
import { checkNoEmergency } from './call-context.ts';
import { createCallRegister, type CallRegister, type RegisterDeps } from './call-register.ts';
import { createChannelWatch } from './channel-watch.ts';
import { createControlWatch } from './control-watch.ts';
import type { LiveCall } from './live-call.ts';
import { isEmergency } from './phone-numbers.ts';
import { createReceiver } from './receive-calls.ts';
import { routeTo } from './routes.ts';
import { placeTestCall } from './test-call.ts';

export interface CallsDeps extends RegisterDeps {
  /** Something that the owner should know at once: `phone.control-lost`, `phone.engine-lost`; null = control is there again, or nobody asks for it any more. */
  trouble: (error: ErrorData | null) => void;
}

export interface DialRequest {
  number: string;
  by: 'owner' | 'assistant';
  purpose?: string | undefined;
  way?: string | undefined;
}

/** All calls that are under way. What is asked of a call that is over rejects with `phone.no-call`. */
export interface Calls extends Disposable, Pick<CallRegister, 'onCall' | 'onRecording' | 'onNote'> {
  /** The exchange is there, or gone. */
  attach(ari: AriClient | undefined): void;
  active(): PhoneCall[];
  /** Throws what stands at `phone.dial` of the contract, and `killswitch.engaged`. */
  dial(request: DialRequest): PhoneCall;
  answer(callId: string, by: 'owner' | 'assistant' | 'message'): Promise<PhoneCall>;
  reject(callId: string, reason: 'busy' | 'declined' | 'blocked'): Promise<void>;
  transfer(callId: string, request: { number: string; kind: 'blind' | 'attended'; briefing?: string | undefined }): Promise<PhoneCall>;
  finishTransfer(callId: string, how: 'join' | 'return'): Promise<PhoneCall>;
  takeOver(callId: string): Promise<PhoneCall>;
  /** The call itself, for all acts that concern no other one. */
  get(callId: string): LiveCall;
  /** The exchange has died: everything ends with `engine-lost`. */
  engineLost(): void;
  /** The exchange calls itself. Rejects with `phone.test-call-failed` or `phone.test-call-silent`. */
  testCall(): Promise<void>;
  /** Hangs up everything, without a word. Resolves with what was cut off. */
  stopAll(): Promise<string[]>;
}

export function createCalls(deps: CallsDeps): Calls {
  const { clock, gate, lines, log, settings } = deps;
  const watch = createChannelWatch(clock);
  const register = createCallRegister(deps, watch);
  const control = createControlWatch({ register, watch, trouble: deps.trouble, clock, log });
  const receive = createReceiver(deps, register);
  const hourly = createHourlyLimit(clock);
  let detach: Unsubscribe[] = [];

  const background = (work: Promise<unknown>, what: string): void =>
    void work.catch((error: unknown) => log.warn(what, { ...toErrorData(error) }));
  const transfer = async (
    live: LiveCall,
    { number: typed, kind, briefing = '' }: Parameters<Calls['transfer']>[1],
    onJoining?: () => Promise<void>,
  ): Promise<PhoneCall> => {
    gate.pass('call');
    checkNoEmergency(live.view());
    const { endpoint, callerId, number, way } = routeTo(typed, 'owner', lines);
    // They would see the owner's number and place, and talk with somebody else.
    if (way !== 'internal' && isEmergency(number)) throw phoneError('phone.emergency-transfer', { number });
    await live.transfer({ endpoint, callerId, number, kind, briefing, onJoining });
    return live.view();
  };
  const joining = new Set<LiveCall>();
  /** The other ends of two calls in which the owner speaks. */
  const join = async (both: readonly [LiveCall, LiveCall], onJoining: () => Promise<void>): Promise<void> => {
    gate.pass('call');
    const [live, other] = both;
    // Asked at both at once, each would wait for the other.
    if (live === other || both.some((each) => joining.has(each))) throw phoneError('phone.not-now', { state: 'consulting' });
    for (const each of both) checkNoEmergency(each.view());
    for (const each of both) joining.add(each);
    try {
      await live.joinWith(other, onJoining);
    } finally {
      for (const each of both) joining.delete(each);
    }
  };
  /** A phone hands its call on by its own key. Only those of the owner's own may: it leaves at the owner's cost, by the owner's rules. */
  const referred = async ({
    channel: { id },
    destination,
    otherChannelId,
  }: Extract<AriEvent, { type: 'ChannelTransfer' }>): Promise<void> => {
    const answer = (progress: Parameters<AriClient['transferProgress']>[1]): Promise<void> =>
      register
        .control()
        .transferProgress(id, progress)
        .catch((error: unknown) => log.warn('call.refer-not-answered', { progress, ...toErrorData(error) }));
    const live = register.all().find((each) => each.hasOwner(id));
    const other = otherChannelId === undefined ? undefined : register.all().find((each) => each.hasOwner(otherChannelId));
    if (live === undefined || (otherChannelId !== undefined && other === undefined)) return answer('declined');
    await answer('progress');
    try {
      if (other === undefined) await transfer(live, { number: destination, kind: 'blind' }, () => answer('answered'));
      else await join([live, other], () => answer('answered'));
    } catch (error) {
      log.info('call.not-transferred', { ...toErrorData(error) });
      await answer(toErrorData(error).code === 'phone.transfer-failed' ? 'unavailable' : 'declined');
    }
  };
  const started = (channel: AriChannel, args: readonly string[]): void => {
    if (register.isKnown(channel.id)) return;
    const arriving = channel.id.startsWith(OWN_PREFIX) ? undefined : readArrival(channel, args);
    if (arriving !== undefined) {
      receive(channel, arriving);
      return;
    }
    // Late, or brought here by a REFER that nobody asked for.
    log.info('call.uninvited', { channelId: channel.id });
    background(register.control().hangUp(channel.id), 'call.not-hung-up');
  };
  /** Brings each event to whom it concerns. */
  const hear = (event: AriEvent): void => {
    watch.hear(event);
    register.phones.hear(event);
    for (const live of register.all()) live.hearAri(event);
    switch (event.type) {
      case 'StasisStart':
        // Who has taken one call is not called on the same phone for the next.
        for (const live of register.all()) live.spare(register.phones);
        started(event.channel, event.args);
        break;
      case 'StasisEnd':
      case 'ChannelDestroyed':
        control.channelGone(event.channel.id);
        break;
      case 'RecordingFinished':
        register.recordingFinished(event.recordingName);
        break;
      case 'ChannelTransfer':
        background(referred(event), 'call.not-transferred');
        break;
      default:
    }
  };
  const setHeld = async (those: readonly LiveCall[], on: boolean): Promise<void> => {
    await Promise.all(
      those.map((live) => live.hold(on).catch((error: unknown) => log.warn('call.not-held', { on, ...toErrorData(error) }))),
    );
  };
  /** Those in which the owner speaks, with the other end or with a third person. */
  const ownTalks = (besides: string): LiveCall[] => register.all().filter((live) => live.view().id !== besides && isOwnTalk(live.view()));
  /** Those that will have to wait. Throws where the owner speaks with a third person, who cannot be made to. */
  const othersOf = (callId: string): LiveCall[] => {
    const others = ownTalks(callId);
    if (others.some(isAsking)) throw phoneError('phone.not-now', { state: 'consulting' });
    return others;
  };
  /** It came to nothing: they go on, unless the owner speaks in another call by now. */
  const goOn = async (others: readonly LiveCall[]): Promise<void> => {
    if (ownTalks('').length === 0) await setHeld(others, false);
  };
  /** Whoever speaks with one is not heard by the other. When it comes to nothing, the others go on as well. */
  const withOthersHeld = async (callId: string, act: () => Promise<void>): Promise<void> => {
    const others = othersOf(callId);
    const holding = setHeld(others, true);
    try {
      await Promise.all([act(), holding]);
    } catch (error) {
      await holding;
      await goOn(others);
      throw error;
    }
  };
  /** Two that were begun at once are both answered: whichever the owner came into last goes on alone. */
  const speaking = new Set<string>();
  const keepApart = (call: PhoneCall): void => {
    if (!isOwnTalk(call)) speaking.delete(call.id);
    else if (!speaking.has(call.id)) {
      speaking.add(call.id);
      const others = ownTalks(call.id);
      void setHeld(others.some(isAsking) ? [register.get(call.id)] : others, true);
    }
  };
  const leave = [
    register.onCall(keepApart),
    deps.media.onEvent((event) => {
      for (const live of register.all()) if (live.hasLeg(event.legId)) live.hearMedia(event);
    }),
    deps.voice.onEvent((event) => register.calls.get(event.callId)?.hearVoice(event)),
  ];

  return {
    onCall: register.onCall,
    onRecording: register.onRecording,
    onNote: register.onNote,
    get: register.get,
    active: register.views,
    attach(client) {
      for (const stop of detach) stop();
      detach = [];
      control.leave();
      register.phones.forget(register.phones.channelIds());
      register.attach(client);
      if (client === undefined) return;
      detach = [client.onEvent(hear), client.onState((state) => control.state(state, client))];
      if (client.state() === 'connected') control.state('connected', client);
    },
    dial({ number, by, purpose, way }) {
      gate.pass('call');
      register.control();
      const route = routeTo(number, by, lines, way);
      if (register.calls.size >= settings.maxCallsAtOnce()) throw phoneError('phone.busy-here');
      const others = by === 'owner' ? othersOf('') : [];
      if (by === 'assistant') gate.pass('answer');
      if (by === 'assistant' && !hourly.take(settings.maxCallsPerHour())) throw phoneError('phone.limit');
      const call = register.newCall('out', register.partyOf(route.number, ''), route.way, purpose);
      const live = register.begin({ call, far: `${OWN_PREFIX}${call.id}.far.0`, farIsUp: false });
      void setHeld(others, true);
      const stop = register.onCall(({ id, state }) => {
        if (id !== call.id || state.state === 'dialing') return;
        stop();
        if (state.state === 'ended') void goOn(others);
      });
      live.place({ by, endpoint: route.endpoint, callerId: route.callerId });
      return live.view();
    },
    async answer(callId, by) {
      const live = register.get(callId);
      gate.pass('call');
      if (by === 'owner') await withOthersHeld(callId, () => live.answer(by));
      else await live.answer(by);
      return live.view();
    },
    async reject(callId, reason) {
      const live = register.get(callId);
      const { number } = live.view().party;
      await live.reject(reason);
      if (reason === 'blocked' && number !== '') await deps.book.block(number, true);
    },
    transfer: (callId, request) => transfer(register.get(callId), request),
    async finishTransfer(callId, how) {
      const live = register.get(callId);
      await live.finishTransfer(how);
      return live.view();
    },
    async takeOver(callId) {
      const live = register.get(callId);
      await withOthersHeld(callId, live.takeOver);
      return live.view();
    },
    testCall: () => placeTestCall(deps, watch, register),
    engineLost: control.engineLost,
    async stopAll() {
      const names = register.all().map((live): string => (live.view().direction === 'in' ? 'incoming call' : 'outgoing call'));
      const pairs = [...register.pairs];
      await Promise.all([
        ...register.all().map((live) => live.end('stopped')),
        ...pairs.map((pair) => control.endPair(pair)),
        ...[...register.tests].map((test) => test.close()),
      ]);
      return [...names, ...pairs.map(() => 'transferred call')];
    },
    async dispose() {
      control.dispose();
      for (const stop of [...leave, ...detach]) stop();
      const pairs = [...register.pairs];
      await Promise.all([...register.all().map((live) => live.end('stopped')), ...pairs.map((pair) => control.endPair(pair))]);
      watch.giveUp();
    },
  };
}

function isOwnTalk({ state }: PhoneCall): boolean {
  return state.state === 'talking' && state.by === 'owner' && (!state.held || state.consulting !== undefined);
}

function isAsking(live: LiveCall): boolean {
  const { state } = live.view();
  return state.state === 'talking' && state.consulting !== undefined;
}
