import type { PlaybackCommand, PlaybackReport } from '../../src-preload/contract/index.ts';
import type { PlacedTiming } from '../audio/playback-messages.ts';
import type { HeardSpeech } from './motion/motion-inputs.ts';
import { createSpeechTrack, type SpeechTrack } from './motion/speech-track.ts';

/**
 * Knows what is heard at any moment: the timings of the speech, placed on the clock of their utterance, and how far that clock is, from what the
 * loudspeaker reports every 80 ms. All times on the clock of `performance.timeOrigin + performance.now()`.
 */
export interface SpeechClock {
  timing(timing: PlacedTiming): void;
  report(report: PlaybackReport): void;
  /** The core's orders, as they go to the loudspeaker: a pause stops the mouth before the sound has faded. */
  obey(command: PlaybackCommand): void;
  /** Loudness of what has just left for the device, 0..1 by ear. */
  level(atMs: number, loudness: number): void;
  /** What people hear at `atMs`, a little ahead or behind now; undefined = nothing is being said. */
  heardAt(atMs: number): HeardSpeech | undefined;
}

interface Utterance {
  track: SpeechTrack;
  /** Stands still by order of the core, whatever is still reported. */
  isHeld: boolean;
  isDropped: boolean;
  /** undefined = not started. */
  progress?: Progress;
}

interface Progress {
  isFlowing: boolean;
  /** `playedMs` of the last report and when it was true. */
  playedMs: number;
  atMs: number;
  /** The utterance's clock minus ours while it flows, smoothed: the audio thread works in bursts. */
  offsetMs: number;
  /** Where the sound set in or went on: nothing earlier is heard again. */
  fromMs: number;
  latencyMs: number;
  hasEnded: boolean;
}

/** Prepared answers may be many; what lies further back is never heard. */
const MAX_UTTERANCES = 16;
/** A loudspeaker that is silent for longer has stopped without a word: a suspended page, a lost device. */
const MAX_UNREPORTED_MS = 300;
const SMOOTHING = 0.3;
/** What differs by more is not a burst but a stall. */
const STALL_MS = 60;
const LEVELS = 24;

export function createSpeechClock(): SpeechClock {
  const utterances = new Map<string, Utterance>();
  const levels: { atMs: number; loudness: number }[] = [];
  let currentId: string | undefined;

  const utteranceOf = (utteranceId: string): Utterance => {
    const known = utterances.get(utteranceId);
    if (known) return known;
    const made: Utterance = { track: createSpeechTrack(), isHeld: false, isDropped: false };
    utterances.set(utteranceId, made);
    for (const oldest of utterances.keys()) {
      if (utterances.size <= MAX_UTTERANCES) break;
      if (oldest !== currentId) utterances.delete(oldest);
    }
    return made;
  };

  const loudnessAt = (atMs: number): number => levels.findLast((level) => level.atMs <= atMs)?.loudness ?? 0;

  return {
    timing({ message, startMs }) {
      utteranceOf(message.utteranceId).track.add(message.phonemes, startMs);
    },
    report(report) {
      const utterance = utteranceOf(report.utteranceId);
      if (utterance.isDropped) return;
      if (report.event === 'resumed') utterance.isHeld = false;
      utterance.progress = progressAfter(utterance.progress, report);
      currentId = report.utteranceId;
    },
    obey({ command, utteranceId }) {
      if (command === 'start' || command === 'finish') return;
      const utterance = utteranceOf(utteranceId);
      utterance.isHeld = command !== 'resume';
      utterance.isDropped ||= command === 'drop';
    },
    level(atMs, loudness) {
      levels.push({ atMs, loudness });
      if (levels.length > LEVELS) levels.shift();
    },
    heardAt(atMs) {
      const utterance = currentId === undefined ? undefined : utterances.get(currentId);
      const progress = utterance?.progress;
      if (!utterance || !progress || currentId === undefined || utterance.isDropped) return undefined;
      const positionMs = positionAt(progress, atMs);
      const isSounding = progress.isFlowing
        ? atMs - progress.atMs < MAX_UNREPORTED_MS + progress.latencyMs
        : positionMs < progress.playedMs;
      if (progress.hasEnded && !isSounding) return undefined;
      return {
        utteranceId: currentId,
        positionMs,
        isFlowing: isSounding && !utterance.isHeld,
        units: utterance.track.units,
        loudness: loudnessAt(atMs - progress.latencyMs),
      };
    },
  };
}

function progressAfter(before: Progress | undefined, { event, playedMs, atMs, outputLatencyMs }: PlaybackReport): Progress {
  const setsIn = event === 'started' || event === 'resumed' || !before?.isFlowing;
  const offsetMs = playedMs - atMs;
  const drift = before ? offsetMs - before.offsetMs : 0;
  const isSteady = !setsIn && before !== undefined && Math.abs(drift) < STALL_MS;
  return {
    isFlowing: event === 'started' || event === 'progress' || event === 'resumed',
    playedMs,
    atMs,
    offsetMs: isSteady ? before.offsetMs + SMOOTHING * drift : offsetMs,
    fromMs: setsIn ? (before?.playedMs ?? playedMs) : before.fromMs,
    latencyMs: outputLatencyMs,
    hasEnded: event === 'ended',
  };
}

/** Sound is heard `latencyMs` after it was played; at a stop what was played is still on its way to the ear. */
function positionAt({ isFlowing, playedMs, atMs: reportedMs, offsetMs, fromMs, latencyMs }: Progress, atMs: number): number {
  if (!isFlowing) return Math.min(playedMs, playedMs + (atMs - reportedMs) - latencyMs);
  const heard = Math.min(offsetMs + atMs, playedMs + MAX_UNREPORTED_MS) - latencyMs;
  // The first sound has nothing before it; a later one goes on from where it stood.
  return fromMs <= PLAYED_AT_START_MS ? heard : Math.max(heard, fromMs);
}

/** `started` is told with the first quantum already played. */
const PLAYED_AT_START_MS = 20;
