import type { StoreApi } from 'zustand/vanilla';
import type { ErrorData, PhoneCall } from '../../src-preload/contract/index.ts';
import type { MicrophoneWishes } from '../audio/microphone.ts';

/*
 * The owner's own end of a call: a page as a telephone. Screens know this file and nothing behind it.
 *
 * Who does what: `phone.answer`, `phone.takeOver`, `phone.listenIn`, `phone.hangUp` … are asked of the core, which decides whose sound goes where. The
 * softphone only brings the sound of that call into this page, when its owner has said so with `accept`, and takes it away again when the core ends it.
 */

/**
 *   off --the exchange is ready--> connecting --> registered --lost--> connecting --> …
 *                                      |  ^
 *                                      v  | by itself, with growing pauses
 *                                     failed
 *   any --another page of the owner's is the telephone--> elsewhere --it goes, or is taken over--> connecting
 */
export type SoftphoneLine =
  /** The phone is not set up, or the exchange is not ready. */
  | { state: 'off' }
  /** One page at a time is the owner's telephone. */
  | { state: 'elsewhere' }
  | { state: 'connecting' }
  | { state: 'registered' }
  /** `phone.softphone-refused`, `phone.softphone-unreachable`. */
  | { state: 'failed'; error: ErrorData };

/** A call whose sound is here, or is about to be. */
export interface SoftphoneCall {
  callId: string;
  /** waiting: the owner has clicked and the exchange has not called yet · connecting: sound is being agreed on · open: sound flows. */
  phase: 'waiting' | 'connecting' | 'open';
  /** Whether the microphone goes into it; the owner's own mute is `muted` below. */
  mode: 'talk' | 'listen';
  /** The first sound of the other end was played. */
  hears: boolean;
  /** One-way sound, found by counting; null = none found. */
  trouble: 'nothing-comes' | 'nothing-goes' | null;
}

export interface SoftphoneState {
  line: SoftphoneLine;
  /** Newest first; more than one only while others are on hold. */
  calls: readonly SoftphoneCall[];
  /** The owner's own mute, for all calls. */
  muted: boolean;
  /** Of the calls' microphone, which is opened with the first click and let go with the last call. */
  microphone: 'off' | 'ok' | 'denied' | 'none';
  /** The microphone went away in mid-call, and another one took its place; until the owner chooses one, or the last call ends. Labels of the system. */
  replaced: { gone: string; used: string } | null;
}

export interface Softphone {
  readonly state: StoreApi<SoftphoneState>;
  /**
   * The owner wants the sound of this call: has clicked answer or take over (`talk`) or listen in (`listen`, the microphone stays out of it). Call it in
   * the click's own tick, before the core is asked: microphone and sound are made ready meanwhile. Again with another mode for a call that is here
   * changes that. Forgotten when the exchange has not called within 30 s.
   */
  accept(callId: string, mode: 'talk' | 'listen'): void;
  /** Makes this page the telephone, where another one is; rejects with `phone.softphone-in-call` while that one talks. */
  takeOver(): Promise<void>;
  /** Takes the sound of this call out of the page at once. The call itself goes on or ends as the core is asked beside it. */
  hangUp(callId: string): void;
  /** The microphone, in the same tick; `phone.mute` beside it tells the core. */
  setMuted(on: boolean): void;
  /** `0-9 * # A-D`, `w` = half a second's pause. Rejects with `phone.no-call` where this call's sound is not here. */
  sendDigits(callId: string, digits: string): Promise<void>;
  /** From the settings; takes effect at once, in running calls too. Devices by name, see audio/device-choice.ts; `volume` 0..1. */
  configure(wishes: { microphone: MicrophoneWishes; speaker: string; volume: number }): void;
  /** Loudness now on the meter's scale, 0..1; cheap enough for every frame. `here` is what the microphone sends. */
  levels(): { here: number; there: number };
  /** Ends calls and registration; for a page that goes. */
  dispose(): void;
}

/** Ring tones of this page. Begin by themselves with `phone.call`. */
export interface Ringer {
  /** All calls that there are: an event may have been lost with the connection, or have come before the page was there. */
  know(calls: readonly PhoneCall[]): void;
  /** Only the page that is the telephone rings; none does before this is called. */
  setOn(on: boolean): void;
  /** The owner has clicked anything about this call: its tone ends in the same tick, whatever the core says later. */
  silence(callId: string): void;
  /** 0..1 */
  setVolume(volume: number): void;
  setSpeaker(name: string): void;
  dispose(): void;
}
