import type { PhoneCall } from '../../src-preload/contract/index.ts';
import type { CallMedia } from './call-media.ts';
import type { SipInvitation } from './sip-line.ts';
import { createSoundJudge, type SoundFinding } from './sound-judge.ts';
import type { SoftphoneCall } from './softphone-port.ts';

/*
 * Which calls have their sound in this page:
 *
 *   accept ──> waiting ──the exchange calls──> connecting ──> open ──> (gone)
 *                 └── nothing comes for 30 s ──────────────────────────> (gone)
 *   the exchange calls ──> ringing without a sound ──accept──> connecting
 */

export interface CallDeskDeps {
  /** `onFailed`: the connection is lost for good. */
  createMedia: (callbacks: { onStream: (stream: MediaStream) => void; onFailed: () => void }) => CallMedia;
  play: (stream: MediaStream) => () => void;
  /** The microphone is wanted by at least one call, or by none any more. */
  onMicrophoneWanted: (wanted: boolean) => void;
  onCalls: (calls: readonly SoftphoneCall[]) => void;
  onFinding: (callId: string, finding: SoundFinding, atMs: number) => void;
  isMuted: () => boolean;
  /** The core says that the owner's microphone is shut or open: from another page, or because another call is spoken in now. */
  onMuted: (muted: boolean) => void;
  nowMs: () => number;
}

export interface CallDesk {
  accept(callId: string, mode: SoftphoneCall['mode']): void;
  invite(invitation: SipInvitation): void;
  /** What the core says about a call. */
  follow(call: PhoneCall): void;
  hangUp(callId: string): void;
  hangUpAll(): void;
  useTrack(track: MediaStreamTrack | undefined): void;
  /** False = this call's sound is not here. */
  sendDigits(callId: string, digits: string): Promise<boolean>;
  levels(): { here: number; there: number };
  dispose(): void;
}

interface Entry {
  callId: string;
  mode: SoftphoneCall['mode'];
  phase: SoftphoneCall['phase'];
  hears: boolean;
  trouble: SoftphoneCall['trouble'];
  invitation?: SipInvitation;
  media?: CallMedia;
  stopPlaying?: () => void;
  patience?: ReturnType<typeof setTimeout>;
  judge: ReturnType<typeof createSoundJudge>;
  level: { here: number; there: number };
}

const PATIENCE_MS = 30_000;
/** How soon the first sound is noticed. */
const TICK_MS = 20;
/** Counting costs about a millisecond. */
const TICKS_PER_COUNT = 5;
const DIGIT_SPACING_MS = 190;
const PAUSE_MS = 500;

export function createCallDesk(deps: CallDeskDeps): CallDesk {
  const entries = new Map<string, Entry>();
  /** The exchange has called, and nobody has clicked. */
  const ringing = new Map<string, SipInvitation>();
  const known = new Map<string, PhoneCall>();
  let track: MediaStreamTrack | undefined;
  let ticker: ReturnType<typeof setInterval> | undefined;
  let ticks = 0;

  const isHeld = (callId: string): boolean => {
    const call = known.get(callId);
    return call !== undefined && isOnHold(call);
  };

  const changed = (): void => {
    const all = [...entries.values()].toReversed();
    deps.onMicrophoneWanted(all.some(({ mode }) => mode === 'talk'));
    for (const entry of all) entry.media?.send(entry.mode === 'talk' && !isHeld(entry.callId) ? track : undefined);
    deps.onCalls(all.map(({ callId, mode, phase, hears, trouble }) => ({ callId, mode, phase, hears, trouble })));
    if (all.some(({ media }) => media)) ticker ??= setInterval(tick, TICK_MS);
    else {
      clearInterval(ticker);
      ticker = undefined;
    }
  };

  const drop = (callId: string): void => {
    ringing.get(callId)?.end();
    ringing.delete(callId);
    const entry = entries.get(callId);
    if (!entry) return;
    entries.delete(callId);
    letGo(entry);
    changed();
  };

  const found = (entry: Entry, finding: SoundFinding): void => {
    const isNews = finding === 'hears' ? !entry.hears || entry.trouble !== null : entry.trouble !== finding;
    if (!isNews) return;
    if (finding === 'hears') entry.hears = true;
    entry.trouble = finding === 'hears' ? null : finding;
    changed();
    deps.onFinding(entry.callId, finding, deps.nowMs());
  };

  const count = async (entry: Entry, media: CallMedia): Promise<void> => {
    const counts = await media.count();
    if (entry.media !== media || entry.phase !== 'open') return;
    entry.level = counts;
    const quiet = isHeld(entry.callId);
    const finding = entry.judge.look(counts, { comes: !quiet, goes: !quiet && entry.mode === 'talk' && !deps.isMuted() });
    if (finding) found(entry, finding);
  };

  const tick = (): void => {
    ticks += 1;
    for (const entry of entries.values()) {
      const { media } = entry;
      if (!media) continue;
      if (!entry.hears && media.hasPlayed()) found(entry, 'hears');
      // Closed in between: nothing to count any more.
      if (ticks % TICKS_PER_COUNT === 0) count(entry, media).catch(() => undefined);
    }
  };

  const connect = async (entry: Entry, invitation: SipInvitation): Promise<void> => {
    ringing.delete(entry.callId);
    clearTimeout(entry.patience);
    // The exchange calls a second time for the same call: the newer one counts.
    letGo(entry);
    const isCurrent = (): boolean => entries.get(entry.callId) === entry && entry.invitation === invitation;
    const media = deps.createMedia({
      onStream(stream) {
        entry.stopPlaying?.();
        entry.stopPlaying = deps.play(stream);
      },
      onFailed: () => isCurrent() && drop(entry.callId),
    });
    Object.assign(entry, { invitation, media, phase: 'connecting', judge: createSoundJudge() });
    invitation.onEnd(() => isCurrent() && drop(entry.callId));
    changed();
    try {
      await invitation.accept(media);
      if (!isCurrent()) return;
      entry.phase = 'open';
      changed();
    } catch {
      // The exchange took it back meanwhile, or the sound could not be agreed on: the core sees that nobody answered.
      if (isCurrent()) drop(entry.callId);
    }
  };

  const accept = (callId: string, mode: Entry['mode']): void => {
    const present = entries.get(callId);
    if (present) {
      present.mode = mode;
      return changed();
    }
    if (known.get(callId)?.state.state === 'ended') return;
    const entry: Entry = {
      callId,
      mode,
      phase: 'waiting',
      hears: false,
      trouble: null,
      judge: createSoundJudge(),
      level: { here: 0, there: 0 },
      patience: setTimeout(() => drop(callId), PATIENCE_MS),
    };
    entries.set(callId, entry);
    const invitation = ringing.get(callId);
    if (invitation) void connect(entry, invitation);
    else changed();
  };

  return {
    accept,
    invite(invitation) {
      const { callId } = invitation;
      const entry = entries.get(callId);
      if (entry) return void connect(entry, invitation);
      ringing.set(callId, invitation);
      invitation.onEnd(() => ringing.get(callId) === invitation && ringing.delete(callId));
      const call = known.get(callId);
      const mode = wantedMode(call);
      // While another speaks in that call, the microphone stays out of it until the core says that it is the owner's turn.
      if (invitation.answersAtOnce || mode) accept(callId, mode ?? (call?.state.state === 'talking' ? 'listen' : 'talk'));
    },
    follow(call) {
      const { id, state } = call;
      const before = known.get(id);
      // Also those that are over, for a click that comes too late; a page sees some thousand calls in its life at most.
      known.set(id, call);
      if (state.state === 'ended') return drop(id);
      const entry = entries.get(id);
      if (entry) {
        // Who speaks is the core's to say. While it still says ringing or dialing, the click counts.
        if (state.state === 'talking') entry.mode = modeOf(call) ?? entry.mode;
        const muted = muteOf(call);
        // Only what is new: what was told before a click here must not take that back.
        if (entry.mode === 'talk' && muted !== undefined && muted !== muteOf(before)) deps.onMuted(muted);
        return changed();
      }
      const mode = wantedMode(call);
      if (mode && ringing.has(id)) accept(id, mode);
    },
    hangUp: drop,
    hangUpAll() {
      for (const callId of [...entries.keys(), ...ringing.keys()]) drop(callId);
    },
    useTrack(next) {
      track = next;
      if (entries.size > 0) changed();
    },
    async sendDigits(callId, digits) {
      const { media, invitation, phase } = entries.get(callId) ?? {};
      if (!media || !invitation || phase !== 'open') return false;
      for (const piece of digits.split(/(w)/)) {
        if (piece === 'w') await delay(PAUSE_MS);
        else if (piece !== '') await sendPiece(piece, media, invitation);
      }
      return true;
    },
    levels() {
      const level = { here: 0, there: 0 };
      for (const entry of entries.values()) {
        level.there = Math.max(level.there, entry.level.there);
        if (entry.mode === 'talk' && !deps.isMuted()) level.here = Math.max(level.here, entry.level.here);
      }
      return level;
    },
    dispose() {
      for (const callId of [...entries.keys(), ...ringing.keys()]) drop(callId);
      clearInterval(ticker);
    },
  };
}

/** Whoever asks a third person meanwhile speaks. */
function isOnHold({ state }: PhoneCall): boolean {
  return state.state === 'talking' && state.held && state.consulting === undefined;
}

/** Whether the call that the owner speaks in now is a muted one; undefined = they do not speak in it. Of several calls each has its own. */
function muteOf(call: PhoneCall | undefined): boolean | undefined {
  if (call?.state.state !== 'talking' || call.state.by !== 'owner' || isOnHold(call)) return undefined;
  return call.state.muted;
}

/** How the owner takes part in a call, by what the core says; undefined = not, or not yet. */
function modeOf({ state }: PhoneCall): SoftphoneCall['mode'] | undefined {
  if (state.state !== 'talking') return undefined;
  if (state.by === 'owner') return 'talk';
  return state.listening ? 'listen' : undefined;
}

/**
 * Whether the owner has asked for this call without a click in this page: answered from the tray, or dialled. The exchange calls the window for a call that
 * goes out only when it is the owner's own.
 */
function wantedMode(call: PhoneCall | undefined): SoftphoneCall['mode'] | undefined {
  if (call?.state.state === 'dialing') return 'talk';
  return call && modeOf(call);
}

function letGo(entry: Entry): void {
  clearTimeout(entry.patience);
  const { invitation, media, stopPlaying } = entry;
  // First, so that its end is not taken for the end of the call.
  delete entry.invitation;
  delete entry.media;
  delete entry.stopPlaying;
  stopPlaying?.();
  invitation?.end();
  media?.close();
}

async function sendPiece(digits: string, media: CallMedia, invitation: SipInvitation): Promise<void> {
  const inSound = media.sendDigits(digits);
  for (const digit of digits) {
    if (!inSound) invitation.sendInfoDigit(digit);
    await delay(DIGIT_SPACING_MS);
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
