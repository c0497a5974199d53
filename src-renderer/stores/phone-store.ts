import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, CallInput, CallResult } from '../../src-preload/contract/index.ts';
import type { CallCaption, PhoneCall, PhoneStatus } from '../../src-preload/contract/index.ts';
import { errorDataOf } from '../bridge/index.ts';

export type TalkingCall = PhoneCall & { state: Extract<PhoneCall['state'], { state: 'talking' }> };

export interface CallLevels {
  /** The other end, 0..1. */
  caller: number;
  /** Whoever speaks here, 0..1. */
  here: number;
}

/** Calls and the exchange as the core tells of them. Nothing here is believed before the core has said so. */
export interface PhoneState {
  /** Undefined until the core has answered. */
  status: PhoneStatus | undefined;
  /** Calls that are not over, oldest first. */
  calls: readonly PhoneCall[];
  /** What was said in each of them, by call, in order. Goes with its call. */
  captions: ReadonlyMap<string, readonly CallCaption[]>;
  /** The call that ended last: shown until somebody puts it away. */
  ended: PhoneCall | undefined;
  /** The call that is shown large, of several; undefined = the one that {@link shownCall} finds. */
  chosenId: string | undefined;
  /** Whether the panel under the bar is open. */
  panelOpen: boolean;
  /** This page is the telephone: the owner's calls are spoken here. */
  isTelephone: boolean;
  load(): Promise<void>;
  loadStatus(): Promise<void>;
  setUp(existing?: CallInput<'phone.setUp'>['existing']): Promise<void>;
  setQuiet(untilMs: number | null): Promise<void>;
  /** The call that it has become. */
  dial(input: CallInput<'phone.dial'>): Promise<PhoneCall>;
  answer(callId: string, by: CallInput<'phone.answer'>['by']): Promise<void>;
  reject(callId: string, reason: CallInput<'phone.reject'>['reason']): Promise<void>;
  hangUp(callId: string): Promise<void>;
  /** A switch of a call; the new state comes back with the answer. */
  change(name: CallSwitch, callId: string, on: boolean): Promise<void>;
  takeOver(callId: string): Promise<void>;
  handOver(callId: string): Promise<void>;
  whisper(callId: string, text: string): Promise<void>;
  sendDigits(callId: string, digits: string): Promise<void>;
  transfer(input: CallInput<'phone.transfer'>): Promise<void>;
  finishTransfer(callId: string, how: CallInput<'phone.finishTransfer'>['how']): Promise<void>;
  show(callId: string): void;
  setPanelOpen(open: boolean): void;
  putEndedAway(callId: string): void;
  /** How loud a call is right now. Not part of the state: it changes ten times a second, and only meters look. */
  levelsOf(callId: string): CallLevels;
}

export type CallSwitch = 'phone.listenIn' | 'phone.hold' | 'phone.mute' | 'phone.record';

const SILENCE: CallLevels = { caller: 0, here: 0 };
/** More than an hour of talk is kept in the log, not in the panel. */
const MAX_CAPTIONS = 400;

export function createPhoneStore(bridge: Bridge): StoreApi<PhoneState> {
  const levels = new Map<string, CallLevels>();
  /** Calls that were told of since the list was last asked for. */
  const told = new Set<string>();
  const put = (call: PhoneCall): void => store.setState((state) => withCall(state, call));
  const gone = (callId: string): void =>
    store.setState(({ calls, captions }) => ({ calls: without(calls, callId), captions: dropped(captions, callId) }));
  /** A call that is over for the core is over here, whatever was missed. */
  const ask = async <Name extends CallAsk>(name: Name, input: CallInput<Name>): Promise<CallResult<Name>> => {
    try {
      return await bridge.call(name, input);
    } catch (error) {
      if (errorDataOf(error).code === 'phone.no-call') gone(input.callId);
      throw error;
    }
  };
  const store = createStore<PhoneState>()((set, get) => ({
    status: undefined,
    calls: [],
    captions: new Map<string, readonly CallCaption[]>(),
    ended: undefined,
    chosenId: undefined,
    panelOpen: false,
    isTelephone: bridge.door === 'window',
    async load() {
      const before = get().calls;
      told.clear();
      const [active] = await Promise.all([bridge.call('phone.active', {}), get().loadStatus()]);
      // What was told while the list was on its way is newer. Of the rest, what the list does not know is over.
      const listed = active.filter((call) => call.state.state !== 'ended' && !told.has(call.id));
      set(({ calls, captions }) => {
        const next = byStart([...calls.filter((call) => told.has(call.id)), ...listed]);
        const over = before.filter((call) => !next.some(({ id }) => id === call.id));
        return { calls: next, captions: over.reduce((rest, call) => dropped(rest, call.id), captions) };
      });
    },
    async loadStatus() {
      set({ status: await bridge.call('phone.status', {}) });
    },
    async setUp(existing) {
      set({ status: await bridge.call('phone.setUp', existing ? { existing } : {}) });
    },
    async setQuiet(untilMs) {
      set({ status: await bridge.call('phone.setQuiet', { untilMs }) });
    },
    async dial(input) {
      const call = await bridge.call('phone.dial', input);
      put(call);
      return call;
    },
    answer: async (callId, by) => put(await ask('phone.answer', { callId, by })),
    reject: (callId, reason) => ask('phone.reject', { callId, reason }),
    hangUp: (callId) => ask('phone.hangUp', { callId }),
    change: async (name, callId, on) => put(await ask(name, { callId, on })),
    takeOver: async (callId) => put(await ask('phone.takeOver', { callId })),
    handOver: async (callId) => put(await ask('phone.handOver', { callId })),
    whisper: (callId, text) => ask('phone.whisper', { callId, text }),
    sendDigits: (callId, digits) => ask('phone.sendDigits', { callId, digits }),
    transfer: async (input) => put(await ask('phone.transfer', input)),
    finishTransfer: async (callId, how) => put(await ask('phone.finishTransfer', { callId, how })),
    show: (chosenId) => set({ chosenId }),
    setPanelOpen: (panelOpen) => set({ panelOpen }),
    putEndedAway: (callId) => set(({ ended }) => (ended?.id === callId ? { ended: undefined } : {})),
    levelsOf: (callId) => levels.get(callId) ?? SILENCE,
  }));
  bridge.on('phone.status', (status) => store.setState({ status }));
  bridge.on('phone.call', (call) => {
    told.add(call.id);
    if (!isMeasured(call)) levels.delete(call.id);
    put(call);
  });
  bridge.on('phone.caption', (caption) => store.setState(({ captions }) => ({ captions: withCaption(captions, caption) })));
  bridge.on('phone.levels', ({ callId, caller, here }) => void levels.set(callId, { caller, here }));
  bridge.onConnection((connection) => {
    if (connection === 'open') store.getState().load().catch(ignore);
  });
  return store;
}

/** Nobody tells of a level that falls with the assistant's leg: the last one would stand for ever. */
const isMeasured = ({ state }: PhoneCall): boolean =>
  state.state === 'talking' ? state.by === 'assistant' || state.by === 'message' : state.state !== 'ended';

/** Everything that is asked about one call. */
type CallAsk = Extract<
  Parameters<Bridge['call']>[0],
  | 'phone.answer'
  | 'phone.reject'
  | 'phone.hangUp'
  | 'phone.takeOver'
  | 'phone.handOver'
  | 'phone.whisper'
  | 'phone.sendDigits'
  | 'phone.transfer'
  | 'phone.finishTransfer'
  | CallSwitch
>;

/** The lost connection is shown already, and the next one asks again. */
const ignore = (): void => undefined;

function withCall(state: PhoneState, call: PhoneCall): Partial<PhoneState> {
  const known = state.calls.find((other) => other.id === call.id);
  if (call.state.state === 'ended') {
    // The answer to a switch may come after the end was told: the end is told once.
    if (!known) return {};
    return {
      calls: without(state.calls, call.id),
      captions: dropped(state.captions, call.id),
      ended: call,
      ...(state.chosenId === call.id ? { chosenId: undefined } : {}),
    };
  }
  // An answer that comes after the end must not bring the call back.
  if (!known && state.ended?.id === call.id) return {};
  // Another one calls through one's own call: the panel opens for what has just been picked up.
  const begins = !known || (known.state.state === 'ringing' && call.state.state !== 'ringing');
  return {
    calls: byStart([...without(state.calls, call.id), call]),
    ...(begins && call.state.state === 'talking'
      ? { chosenId: call.id, panelOpen: call.state.by === 'assistant' || call.state.by === 'message' }
      : {}),
    ...(begins && call.state.state === 'dialing' ? { chosenId: call.id } : {}),
  };
}

/** A later one with the same `seq` takes the place of the earlier. */
function withCaption(captions: PhoneState['captions'], caption: CallCaption): PhoneState['captions'] {
  const own = captions.get(caption.callId) ?? [];
  const place = own.findIndex((other) => other.seq === caption.seq);
  const next = place < 0 ? [...own, caption].toSorted((a, b) => a.seq - b.seq) : own.with(place, caption);
  return new Map(captions).set(caption.callId, next.slice(-MAX_CAPTIONS));
}

function dropped(captions: PhoneState['captions'], callId: string): PhoneState['captions'] {
  const rest = new Map(captions);
  rest.delete(callId);
  return rest;
}

function without(calls: readonly PhoneCall[], callId: string): PhoneCall[] {
  return calls.filter((call) => call.id !== callId);
}

function byStart(calls: readonly PhoneCall[]): PhoneCall[] {
  return calls.toSorted((a, b) => a.startedAtMs - b.startedAtMs);
}

export function isRingingIn(call: PhoneCall): boolean {
  return call.state.state === 'ringing';
}

/** The call that calls for the owner. While the assistant asks who it is, nobody is to be called. */
export function rungCall({ calls }: Pick<PhoneState, 'calls'>): PhoneCall | undefined {
  return calls.find(({ state }) => state.state === 'ringing' && !state.screening);
}

export function isTalking(call: PhoneCall | undefined): call is TalkingCall {
  return call?.state.state === 'talking';
}

/** A dialplan of other people's leads it: we have its sound, and can do no more than end it. */
export function isLedElsewhere({ way }: PhoneCall): boolean {
  return way === 'audiosocket';
}

/** The call that the bar shows, of those that do not ring: the chosen one, else one that is not on hold, else the youngest. */
export function shownCall({ calls, chosenId }: Pick<PhoneState, 'calls' | 'chosenId'>): PhoneCall | undefined {
  const open = calls.filter((call) => !isRingingIn(call));
  return open.find((call) => call.id === chosenId) ?? open.findLast((call) => !isTalking(call) || !call.state.held) ?? open.at(-1);
}
