import type { Unsubscribe } from '../../../base/dispose.ts';
import type { CallSpeaker, PhoneCall, PhoneParty } from '../../../../src-preload/contract/index.ts';
import type { MediaEvent } from '../telephony.ts';

/*
 * What calls need of their neighbours. The lead joins the first to the media worker and the second to the conversation.
 */

/** `PhoneCall.way` of calls that come by the open AudioSocket port: only their sound is ours. */
export const OPEN_LINE_WAY = 'audiosocket';

/** The assistant's ends of calls in the media worker. */
export interface MediaLegs {
  /** Announces a leg: who connects with this UUID belongs to this call. Resolves with where Asterisk shall connect to. */
  open(request: {
    callId: string;
    legId: string;
  }): Promise<{ transport: 'audiosocket' | 'websocket'; host: string; format: 'slin16' | 'slin' }>;
  /** Ends it; never rejects. */
  close(legId: string): Promise<void>;
  /** Whether the other end is heard by the recogniser. Never rejects. */
  listen(legId: string, on: boolean): Promise<void>;
  /** Says it in the call's voice, at once, before all else; resolves when it was said (false = cut off, or could not be said). Never rejects. */
  say(legId: string, notice: CallNotice): Promise<boolean>;
  /** `leg.sound`, `leg.closed`, `leg.digit`, `leg.connected`. */
  onEvent(listener: (event: MediaEvent) => void): Unsubscribe;
}

/** What is said into a call by telephony itself, in the call's language. `briefing` goes to the one that a call is handed on to. */
export type CallNotice =
  | { kind: 'recording' | 'recording-off' | 'one-moment' | 'not-here' }
  | { kind: 'briefing'; text: string; party: PhoneParty };

/** What the assistant is to do in a call. */
export interface VoiceRole {
  /** screening: finds out who it is and what about, nothing more. */
  by: Extract<CallSpeaker, 'assistant' | 'message'> | 'screening';
  purpose: string;
}

/** The conversation's side of a call: hears, thinks, speaks through the leg. All methods but `begin` never reject. */
export interface CallVoice {
  /** Begins (or goes on, under another role) with the conversation of this call, and greets. */
  begin(request: {
    call: PhoneCall;
    legId: string;
    role: VoiceRole;
  }): Promise<{ conversationId: string | null; characterId: string | null }>;
  /** Stops to speak and hear; the conversation stays. The owner speaks, or the call is held. */
  pause(callId: string, on: boolean): void;
  /** A hint that the other end does not hear: whispers, an answering machine, little time left. */
  hint(callId: string, hint: CallHint): void;
  /** The other end has said or keyed the PIN. */
  standing(callId: string, standing: PhoneParty['standing']): void;
  /** The call is over; what was being said is cut off. */
  end(callId: string): void;
  onEvent(listener: (event: VoiceEvent) => void): Unsubscribe;
}

/** The other end, or a notice in the call's own voice while the assistant is not in it. */
export type CallTalker = 'caller' | 'notice';

/** Reads along while people speak with each other. */
export interface CallEar {
  /** Announces a leg that only hears. Resolves with where Asterisk shall connect to. */
  open(call: PhoneCall, legId: string): ReturnType<MediaLegs['open']>;
  /** Who has begun to speak, or has fallen silent. */
  talking(callId: string, who: CallTalker, on: boolean): void;
  /** Never rejects. */
  close(callId: string): Promise<void>;
}

export type CallHint =
  | { kind: 'whisper'; text: string }
  | { kind: 'answering-machine' | 'little-time' | 'pin-right' | 'pin-wrong' | 'pin-locked' }
  | { kind: 'digits'; digits: string };

/** What the conversation tells about a call. */
export type VoiceEvent =
  /** The caller has said who they are and what it is about; text from outside. */
  | { type: 'screened'; callId: string; text: string }
  /** The assistant has come to the end, or the other end is silent for good. */
  | { type: 'wants-end'; callId: string; reason: 'hung-up-here' | 'silence' }
  /** The other end's words; for answering machines and the spoken PIN. */
  | { type: 'heard'; callId: string; text: string; final: boolean; startMs: number; endMs: number };
