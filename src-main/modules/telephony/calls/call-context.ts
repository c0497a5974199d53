import type { CallEnd, CallSpeaker, CallState, PhoneCall } from '../../../../src-preload/contract/index.ts';
import type { Clock } from '../../../base/clock.ts';
import { toErrorData } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { Gate } from '../../killswitch/index.ts';
import { phoneError } from '../telephony-errors.ts';
import type { AriClient } from '../telephony.ts';
import type { CallChannels } from './call-channels.ts';
import type { CallNote } from './call-notes.ts';
import type { CallEar, CallTalker, CallVoice, MediaLegs } from './call-ports.ts';
import type { CallEvent } from './call-states.ts';
import type { ChannelWatch } from './channel-watch.ts';
import type { OwnerPin } from './owner-pin.ts';
import { isEmergency } from './phone-numbers.ts';
import type { PhonesInUse } from './phones-in-use.ts';
import type { UntoldRecordings } from './untold-recordings.ts';

/** What the owner has set, read at the moment of use. */
export interface CallSettings {
  ringMs(): number;
  whenNobodyAnswers(): 'assistant' | 'message' | 'nothing';
  whenMachineAnswers(): 'message' | 'hang-up';
  /** Longest call of the assistant's. */
  maxMs(): number;
  records(): boolean;
}

/** A recording that Asterisk has finished. */
export interface CallRecording {
  callId: string;
  /** To be fetched and removed by `AriClient.fetchRecording`. */
  name: string;
  /** From the moment of answering. */
  startMs: number;
}

/** Two others that speak with each other after a call was handed on; still ours to end. */
export interface JoinedPair {
  callId: string;
  bridgeId: string;
  channelIds: readonly [string, string];
}

export interface CallDeps {
  /** Throws `phone.not-ready` while there is no exchange. */
  ari: () => AriClient;
  media: MediaLegs;
  voice: CallVoice;
  gate: Gate;
  watch: ChannelWatch;
  pin: OwnerPin;
  settings: CallSettings;
  clock: Clock;
  log: Log;
  changed: (call: PhoneCall) => void;
  /** From now on it rings here. */
  rings: (call: PhoneCall) => void;
  untold: UntoldRecordings;
  phones: PhonesInUse;
  joined: (pair: JoinedPair) => void;
  noted: (callId: string, note: CallNote) => void;
  /** Somebody in a call has begun to speak, or has fallen silent; `atMs` from the moment of answering. The other end is told of only while it is recorded. */
  talks?: ((callId: string, who: CallTalker, on: boolean, atMs: number) => void) | undefined;
  /** For captions while the assistant is not in the call; absent = there are none then. */
  ear?: CallEar | undefined;
}

/** Somebody that the call is to be handed on to, from the moment at which they are called. */
export interface Guest {
  channelId: string;
  number: string;
  /** The owner does not want it any more; the act that calls them looks at it. */
  isCalledOff: boolean;
  /** How the call was before, for coming back. */
  wasHeld: boolean;
  wasRecording: boolean;
  /** They knew that they are recorded. */
  wasTold: boolean;
}

/** The channels by what they are for; undefined = there is none. */
export interface CallParts {
  far: string;
  farIsUp: boolean;
  owner: string | undefined;
  mobile: string | undefined;
  /** The phone here has dialled by itself and waits to be picked up. */
  hereWaits: boolean;
  assistant: { channelId: string; legId: string } | undefined;
  guest: Guest | undefined;
  /** Says a notice while the assistant is not in the call. */
  notice: { channelId: string; legId: string } | undefined;
  /** `isTold`: the other end knows. */
  recording: { name: string; startMs: number; isTold: boolean } | undefined;
  /** Recordings that should have ended and could not be stopped: they go on as long as Asterisk likes, and are not kept. */
  runsOn: Set<string>;
  /** They have put us on hold, hear their own music and need not send anything. */
  isHeldThere: boolean;
  /** How often either end has put the other on hold: who compares two moments knows whether they were heard all the time between. */
  holds: number;
}

/** One call, as its acts see it. */
export interface CallContext {
  readonly deps: CallDeps;
  readonly channels: CallChannels;
  readonly parts: CallParts;
  view(): PhoneCall;
  /** Throws `phone.no-call` or `phone.not-now` for what the drawing does not know. */
  step(event: CallEvent): void;
  patch(change: Partial<Pick<PhoneCall, 'party' | 'answeredAtMs' | 'screeningText' | 'conversationId' | 'characterId' | 'trouble'>>): void;
  isOver(): boolean;
  /** Neither window nor mobile phones ring any more. */
  stopRinging(): void;
  /** Begins at once, resolves when everything of it is gone. A second end changes nothing. Never rejects. */
  end(reason: CallEnd, options?: { cause?: number; keep?: readonly [string, string] }): Promise<void>;
}

export type Talking = Extract<CallState, { state: 'talking' }>;

/** Throws unless somebody speaks with the other end now. */
export function talkingState(context: CallContext): Talking {
  const { state } = context.view();
  if (state.state === 'talking') return state;
  throw state.state === 'ended' ? phoneError('phone.no-call') : phoneError('phone.not-now', { state: state.state });
}

/** Throws also while the call is being handed on: the other end waits, and nobody else can be let in. */
export function ownTalk(context: CallContext): Talking {
  const state = talkingState(context);
  if (context.parts.guest !== undefined) throw phoneError('phone.not-now', { state: 'consulting' });
  return state;
}

/** Throws where an emergency centre is in the call: it asks back, and whoever called it has to be there. */
export function checkNoEmergency({ way, party: { number } }: PhoneCall): void {
  if (way !== 'internal' && isEmergency(number)) throw phoneError('phone.emergency-call', { number });
}

/** After an act that failed: each step is tried whatever becomes of the others; what cannot be put back is only written down. */
export async function putBack({ deps, isOver, view }: CallContext, ...steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const step of steps) {
    if (isOver()) return;
    try {
      await step();
    } catch (error) {
      deps.log.warn('call.not-put-back', { callId: view().id, ...toErrorData(error) });
    }
  }
}

/** Between two steps of an act: the call may have ended, or everything may have been stopped. */
export function checkGoingOn({ deps, isOver }: CallContext): void {
  if (isOver()) throw phoneError('phone.no-call');
  deps.gate.pass('call');
}

/** The channel of whoever speaks on this side. */
export function speakerChannel({ parts }: CallContext, by: CallSpeaker): string | undefined {
  if (by === 'owner') return parts.owner;
  return by === 'mobile' ? parts.mobile : parts.assistant?.channelId;
}
