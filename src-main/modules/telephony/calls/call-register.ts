import { createId } from '../../../base/ids.ts';
import type { Unsubscribe } from '../../../base/dispose.ts';
import { toErrorData } from '../../../base/errors.ts';
import type { PhoneCall, PhoneContact, PhoneParty } from '../../../../src-preload/contract/index.ts';
import { phoneError } from '../telephony-errors.ts';
import type { AriClient } from '../telephony.ts';
import type { CallChannels } from './call-channels.ts';
import type { CallDeps, CallRecording, CallSettings, JoinedPair } from './call-context.ts';
import { readRecordingName } from './call-recording.ts';
import type { CallNote } from './call-notes.ts';
import { firstState } from './call-states.ts';
import { cleanCallerName } from './caller-name.ts';
import type { ChannelWatch } from './channel-watch.ts';
import { createLiveCall, type LiveCall, type NewCall } from './live-call.ts';
import { createPhonesInUse, type PhonesInUse } from './phones-in-use.ts';
import type { PhoneLines } from './routes.ts';

/** Who is known. */
export interface CallerBook {
  find(number: string): PhoneContact | undefined;
  isBlocked(number: string): boolean;
  block(number: string, blocked: boolean): Promise<void>;
}

export interface RegisterDeps extends Pick<CallDeps, 'media' | 'voice' | 'gate' | 'pin' | 'clock' | 'log' | 'talks' | 'ear' | 'untold'> {
  settings: CallSettings & { maxCallsAtOnce(): number; maxCallsPerHour(): number; screensUnknown(): boolean; isQuiet(): boolean };
  book: CallerBook;
  lines: PhoneLines;
}

/** The calls that are under way, and whoever wants to hear of them. */
export interface CallRegister {
  readonly calls: ReadonlyMap<string, LiveCall>;
  /** Calls that were handed on: no calls of the owner's any more, but ours to end. */
  readonly pairs: Set<JoinedPair>;
  /** Test calls of the set-up: nobody's calls, but ours to end. */
  readonly tests: Set<CallChannels>;
  readonly phones: PhonesInUse;
  /** Throws `phone.not-ready`. */
  control(): AriClient;
  attach(ari: AriClient | undefined): void;
  all(): LiveCall[];
  /** Throws `phone.no-call`. */
  get(callId: string): LiveCall;
  newCall(direction: 'in' | 'out', party: PhoneParty, way: string, purpose?: string): PhoneCall;
  partyOf(number: string, toldName: string): PhoneParty;
  /** `hushed`: nobody is told of it before it rings or somebody speaks. */
  begin(fresh: NewCall, options?: { hushed: boolean }): LiveCall;
  isKnown(channelId: string): boolean;
  /** Without those that nobody was told of. */
  views(): PhoneCall[];
  /** Asterisk has it whole, just now or since long ago. */
  recordingFinished(name: string): void;
  onCall(listener: (call: PhoneCall) => void): Unsubscribe;
  onRecording(listener: (recording: CallRecording) => void): Unsubscribe;
  /** Something that somebody here did in a call. */
  onNote(listener: (callId: string, note: CallNote) => void): Unsubscribe;
}

export function createCallRegister(deps: RegisterDeps, watch: ChannelWatch): CallRegister {
  const { book, clock, untold } = deps;
  const calls = new Map<string, LiveCall>();
  const pairs = new Set<JoinedPair>();
  const tests = new Set<CallChannels>();
  const phones = createPhonesInUse();
  const hushed = new Set<string>();
  const callListeners = new Set<(call: PhoneCall) => void>();
  const recordingListeners = new Set<(recording: CallRecording) => void>();
  const noteListeners = new Set<(callId: string, note: CallNote) => void>();
  let ari: AriClient | undefined;

  const control = (): AriClient => {
    if (ari === undefined) throw phoneError('phone.not-ready');
    return ari;
  };
  const tell = (call: PhoneCall): void => {
    for (const listener of callListeners) listener(call);
  };
  /** Who is in a call must not be startled by the next one. */
  const attune = (): void => {
    for (const live of calls.values()) live.ringQuietly([...calls.values()].some((other) => other !== live && other.hasOwner()));
  };
  const callDeps: CallDeps = {
    ...deps,
    phones,
    ari: control,
    watch,
    changed(call) {
      if (hushed.has(call.id) && call.state.state === 'ringing' && !call.state.screening) return;
      hushed.delete(call.id);
      if (call.state.state === 'ended') calls.delete(call.id);
      tell(call);
      attune();
    },
    rings(call) {
      hushed.delete(call.id);
      tell(call);
    },
    joined: (pair) => void pairs.add(pair),
    noted(callId, note) {
      for (const listener of noteListeners) listener(callId, note);
    },
  };

  return {
    calls,
    pairs,
    tests,
    phones,
    control,
    attach: (client) => void (ari = client),
    all: () => [...calls.values()],
    get(callId) {
      const live = calls.get(callId);
      if (live === undefined) throw phoneError('phone.no-call');
      return live;
    },
    newCall: (direction, party, way, purpose = '') => ({
      id: createId('call'),
      direction,
      party,
      way: way.slice(0, 80),
      state: firstState(direction),
      startedAtMs: clock.wallMs(),
      answeredAtMs: null,
      endedAtMs: null,
      purpose,
      screeningText: '',
      conversationId: null,
      characterId: null,
      trouble: null,
    }),
    partyOf(number, toldName) {
      const contact = number === '' ? undefined : book.find(number);
      const isBlocked = contact?.blocked === true || (number !== '' && book.isBlocked(number));
      const standing = isBlocked ? 'blocked' : contact === undefined ? 'unknown' : 'known';
      return { number, name: contact?.name ?? cleanCallerName(toldName), contactId: contact?.id ?? null, standing };
    },
    begin(fresh, options) {
      if (options?.hushed === true) hushed.add(fresh.call.id);
      const live = createLiveCall(callDeps, fresh);
      calls.set(fresh.call.id, live);
      attune();
      if (options?.hushed !== true) tell(live.view());
      return live;
    },
    isKnown: (channelId) =>
      [...calls.values()].some((live) => live.has(channelId)) ||
      [...pairs].some(({ channelIds }) => channelIds.includes(channelId)) ||
      [...tests].some((test) => test.has(channelId)),
    views: () => [...calls.values()].map((live) => live.view()).filter(({ id }) => !hushed.has(id)),
    recordingFinished(name) {
      const recording = readRecordingName(name);
      if (recording === undefined) return;
      if (!untold.has(name)) {
        for (const listener of recordingListeners) listener(recording);
        return;
      }
      control()
        .removeRecording(name)
        .then(() => untold.remove(name))
        .catch((error: unknown) => deps.log.warn('call.recording-not-removed', { callId: recording.callId, ...toErrorData(error) }));
    },
    onCall(listener) {
      callListeners.add(listener);
      return () => void callListeners.delete(listener);
    },
    onRecording(listener) {
      recordingListeners.add(listener);
      return () => void recordingListeners.delete(listener);
    },
    onNote(listener) {
      noteListeners.add(listener);
      return () => void noteListeners.delete(listener);
    },
  };
}
