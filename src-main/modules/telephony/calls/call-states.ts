import { assertNever } from '../../../base/assert-never.ts';
import type { CallEnd, CallSpeaker, CallState } from '../../../../src-preload/contract/index.ts';

/*
 * The life of a call. Both directions in one drawing; every arrow that is missing is impossible.
 *
 *   comes in                                              goes out
 *      │                                                     │
 *   ringing (screening) ── screened ──▶ ringing            dialing ── rings-there ──▶ dialing (ringing)
 *      │   asked who it is                 │                  │                           │
 *      │                                   │                  │                           │
 *      └────────────── answered (by) ──────┴────────┬─────────┴──────── answered (by) ────┘
 *                                                   ▼
 *                    ┌───────────────▶  talking by owner | mobile | assistant | message
 *                    │ speaker · held · muted · listening · recording          │
 *                    │ consulting: the owner asks a third, and comes back      │
 *                    └─────────────────────────────────────────────────────────┘
 *   from everywhere: ended (reason) ──▶ ended. Nothing leads out of there, and the first reason stays.
 *   while it rings: quietly, as long as the owner is in another call.
 */

export type CallEvent =
  | { type: 'screening' }
  | { type: 'screened' }
  | { type: 'quietly'; on: boolean }
  | { type: 'rings-there' }
  | { type: 'answered'; by: CallSpeaker }
  | { type: 'speaker'; by: CallSpeaker }
  | { type: 'held' | 'muted' | 'listening' | 'recording'; on: boolean }
  | { type: 'consulting'; who: Talking['consulting'] }
  | { type: 'ended'; reason: CallEnd };

/** Where every call begins. */
export function firstState(direction: 'in' | 'out'): CallState {
  return direction === 'in' ? { state: 'ringing', screening: false } : { state: 'dialing', ringing: false };
}

/** The state after the event; the same object when nothing changes; undefined when the event is impossible in this state. Pure. */
export function nextState(state: CallState, event: CallEvent): CallState | undefined {
  if (state.state === 'ended') return undefined;
  switch (event.type) {
    case 'ended':
      return { state: 'ended', reason: event.reason };
    case 'screening':
      return state.state === 'ringing' ? { ...state, screening: true } : undefined;
    case 'screened':
      return state.state === 'ringing' && state.screening ? { ...state, screening: false } : undefined;
    case 'quietly':
      if (state.state !== 'ringing') return undefined;
      return (state.quietly ?? false) === event.on ? state : { ...state, quietly: event.on };
    case 'rings-there':
      return state.state === 'dialing' ? (state.ringing ? state : { state: 'dialing', ringing: true }) : undefined;
    case 'answered':
      return state.state === 'talking'
        ? undefined
        : { state: 'talking', by: event.by, held: false, muted: false, listening: false, recording: false };
    case 'speaker':
      // Whoever speaks now begins with an open microphone, and listens because of that and not in secret.
      return state.state === 'talking'
        ? { ...state, by: event.by, held: false, muted: false, listening: false, consulting: undefined }
        : undefined;
    case 'held':
      return state.state === 'talking' ? changed(state, 'held', event.on) : undefined;
    case 'recording':
      return state.state === 'talking' ? changed(state, 'recording', event.on) : undefined;
    case 'consulting':
      return state.state === 'talking' && !isAssistant(state.by) ? { ...state, consulting: event.who } : undefined;
    case 'muted':
      return state.state === 'talking' && state.by === 'owner' ? changed(state, 'muted', event.on) : undefined;
    case 'listening':
      return state.state === 'talking' && isAssistant(state.by) ? changed(state, 'listening', event.on) : undefined;
    default:
      return assertNever(event, 'event of a call');
  }
}

/** The assistant's voice, with or without leave to do more than take a message. */
export function isAssistant(by: CallSpeaker): boolean {
  return by === 'assistant' || by === 'message';
}

type Talking = Extract<CallState, { state: 'talking' }>;

function changed(state: Talking, name: 'held' | 'muted' | 'listening' | 'recording', on: boolean): Talking {
  return state[name] === on ? state : { ...state, [name]: on };
}
