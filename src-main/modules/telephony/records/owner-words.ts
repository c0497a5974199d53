import type { CallRecord, PhoneCall } from '../../../../src-preload/contract/index.ts';
import type { CallTalker } from '../calls/call-ports.ts';

/** A place of the recording of which nobody has read what was said. */
export type UnheardPiece = NonNullable<CallRecord['unheard']>[number];

/**
 * Where in a call's recording people speak with each other without the assistant: nobody recognises that while it is spoken. Asterisk tells when the other end
 * speaks, and our own notices are known; the rest is the owner's. Only what is recorded counts, so that without a recording nothing is written down.
 */
export interface OwnerWords {
  /** `atMs`, here and below: from the moment of answering on. */
  onCall(call: PhoneCall, atMs: number): void;
  /** The other end, or a notice of ours, has begun to speak, or has fallen silent. */
  onTalking(who: CallTalker, on: boolean, atMs: number): void;
  /** In their order; a call that goes on is taken to end at `endMs`. */
  pieces(endMs: number): UnheardPiece[];
}

interface Stretch {
  startMs: number;
  endMs: number;
}
interface Talk extends Stretch {
  who: CallTalker;
}

/** A breath within what somebody says. */
const BREATH_MS = 700;
/** Asterisk has to be sure of a voice before it tells. */
const ONSET_MS = 400;
/** Nobody says a word in less. */
const LEAST_MS = 400;
/** What a call may hold; more is left out at the end. */
const MAX_TALKS = 20_000;

export function createOwnerWords(): OwnerWords {
  const led: Stretch[] = [];
  const talks: Talk[] = [];
  let ledSinceMs: number | undefined;
  const talksSinceMs = new Map<CallTalker, number>();
  const withOpen = (known: readonly Stretch[], startMs: number | undefined, endMs: number): Stretch[] =>
    startMs === undefined ? [...known] : [...known, { startMs, endMs }];
  return {
    onCall({ state }, atMs) {
      const isLed = state.state === 'talking' && (state.by === 'owner' || state.by === 'mobile') && state.recording && !state.held;
      if (isLed) ledSinceMs ??= atMs;
      else {
        led.splice(0, led.length, ...withOpen(led, ledSinceMs, atMs));
        ledSinceMs = undefined;
      }
    },
    onTalking(who, on, atMs) {
      const startMs = talksSinceMs.get(who);
      if (on) talksSinceMs.set(who, startMs ?? atMs);
      else if (startMs !== undefined) {
        if (talks.length < MAX_TALKS) talks.push({ who, startMs, endMs: Math.max(startMs, atMs) });
        talksSinceMs.delete(who);
      }
    },
    pieces(endMs) {
      const open = Array.from(talksSinceMs, ([who, startMs]): Talk => ({ who, startMs, endMs }));
      const others = joined([...talks, ...open].toSorted((left, right) => left.startMs - right.startMs));
      return withOpen(led, ledSinceMs, endMs).flatMap((stretch) => piecesOf(stretch, others));
    },
  };
}

function joined(talks: readonly Talk[]): Talk[] {
  const found: Talk[] = [];
  for (const { who, startMs, endMs } of talks) {
    const last = found.at(-1);
    if (last?.who === who && startMs - last.endMs <= BREATH_MS) last.endMs = Math.max(last.endMs, endMs);
    else found.push({ who, startMs: Math.max(0, startMs - (who === 'caller' ? ONSET_MS : 0)), endMs });
  }
  return found;
}

/** The others' talks within the stretch, and between them the owner's. Notices are known already. */
function piecesOf({ startMs, endMs }: Stretch, others: readonly Talk[]): UnheardPiece[] {
  const found: UnheardPiece[] = [];
  const add = (speaker: UnheardPiece['speaker'], fromMs: number, toMs: number): void => {
    if (toMs - fromMs >= LEAST_MS) found.push({ speaker, startMs: Math.round(fromMs), endMs: Math.round(toMs) });
  };
  let atMs = startMs;
  for (const talk of others) {
    const from = Math.max(talk.startMs, atMs);
    const to = Math.min(talk.endMs, endMs);
    if (to <= from) continue;
    add('owner', atMs, from);
    if (talk.who === 'caller') add('caller', from, to);
    atMs = to;
  }
  add('owner', atMs, endMs);
  return found;
}
