import type { Clock, Timer } from '../../base/clock.ts';
import type { PlaybackCommand, PlaybackReport, SpeechAudioMessage } from '../../../src-preload/contract/index.ts';

/** Sound as it left the queue. */
export interface PlayedPiece {
  utteranceId: string;
  /** `clock.nowMs()` at which its first sample left. */
  atMs: number;
  sampleRateHz: number;
  samples: Float32Array;
}

/**
 * A loudspeaker without a sound card: takes what the page's playback worklet takes, lets it leave in real time, and reports in the same way.
 * Used where there is no page: in the terminal, benches and tests.
 */
export interface Speaker {
  receive(message: SpeechAudioMessage): void;
  command(command: PlaybackCommand): void;
  /** Everything that was played, in order. */
  readonly played: readonly PlayedPiece[];
  /** Called with each piece as it leaves, e.g. to send it back into the microphone as an echo. */
  onPiece(listener: (piece: PlayedPiece) => void): void;
  dispose(): void;
}

interface Utterance {
  id: string;
  pieces: { samples: Float32Array; sampleRateHz: number }[];
  state: 'waiting' | 'playing' | 'paused';
  playedMs: number;
  started: boolean;
  /** Segments whose last piece has come. */
  completeSegments: number;
  segmentCount: number | undefined;
}

/** Sound leaves in steps of this length, like a device's buffer. */
const STEP_MS = 10;
const PROGRESS_EVERY_MS = 100;

export function createSpeaker(deps: { clock: Clock; report: (report: PlaybackReport) => void }): Speaker {
  const { clock } = deps;
  const utterances = new Map<string, Utterance>();
  const dropped = new Set<string>();
  const played: PlayedPiece[] = [];
  const listeners: ((piece: PlayedPiece) => void)[] = [];
  let timer: Timer | undefined;
  let nextStepMs = 0;

  const of = (id: string): Utterance => {
    const known = utterances.get(id);
    if (known) return known;
    const utterance: Utterance = {
      id,
      pieces: [],
      state: 'waiting',
      playedMs: 0,
      started: false,
      completeSegments: 0,
      segmentCount: undefined,
    };
    utterances.set(id, utterance);
    return utterance;
  };
  const send = (utterance: Utterance, event: PlaybackReport['event'], atMs: number): void =>
    deps.report({ utteranceId: utterance.id, event, playedMs: utterance.playedMs, atMs, outputLatencyMs: 0 });

  const playing = (): Utterance | undefined => [...utterances.values()].find((utterance) => utterance.state === 'playing');

  const step = (): void => {
    timer = undefined;
    const utterance = playing();
    if (!utterance) return;
    const nowMs = clock.nowMs();
    while (nextStepMs <= nowMs) {
      if (!leave(utterance, nextStepMs)) break;
      nextStepMs += STEP_MS;
    }
    if (isOver(utterance)) {
      utterances.delete(utterance.id);
      return send(utterance, 'ended', nowMs);
    }
    if (utterance.pieces.length === 0) nextStepMs = Math.max(nextStepMs, nowMs);
    timer = clock.after(Math.max(1, nextStepMs - clock.nowMs()), step);
  };

  /** Lets one step of sound go; false when there is none. */
  const leave = (utterance: Utterance, atMs: number): boolean => {
    const piece = utterance.pieces[0];
    if (!piece) return false;
    const count = Math.min(piece.samples.length, Math.round((piece.sampleRateHz * STEP_MS) / 1000));
    const samples = piece.samples.subarray(0, count);
    if (count === piece.samples.length) utterance.pieces.shift();
    else piece.samples = piece.samples.subarray(count);
    const entry = { utteranceId: utterance.id, atMs, sampleRateHz: piece.sampleRateHz, samples };
    played.push(entry);
    for (const listener of listeners) listener(entry);
    const before = utterance.playedMs;
    utterance.playedMs += (count / piece.sampleRateHz) * 1000;
    if (!utterance.started) {
      utterance.started = true;
      send(utterance, 'started', atMs);
    } else if (Math.floor(before / PROGRESS_EVERY_MS) !== Math.floor(utterance.playedMs / PROGRESS_EVERY_MS))
      send(utterance, 'progress', atMs);
    return true;
  };

  const wake = (): void => {
    if (timer || !playing()) return;
    nextStepMs = clock.nowMs();
    step();
  };

  return {
    played,
    receive(message) {
      if (dropped.has(message.utteranceId)) return;
      const utterance = of(message.utteranceId);
      if (message.samples.length > 0) utterance.pieces.push({ samples: message.samples, sampleRateHz: message.sampleRateHz });
      if (message.last) utterance.completeSegments += 1;
      wake();
    },
    command(command) {
      if (command.command === 'drop') {
        dropped.add(command.utteranceId);
        utterances.delete(command.utteranceId);
        return;
      }
      const utterance = of(command.utteranceId);
      if (command.command === 'finish') utterance.segmentCount = command.segmentCount;
      if (command.command === 'start' && utterance.state === 'waiting') utterance.state = 'playing';
      if (command.command === 'pause') {
        utterance.state = 'paused';
        send(utterance, 'paused', clock.nowMs());
      }
      if (command.command === 'resume') {
        utterance.state = 'playing';
        send(utterance, 'resumed', clock.nowMs());
      }
      wake();
    },
    onPiece: (listener) => void listeners.push(listener),
    dispose() {
      timer?.cancel();
      utterances.clear();
    },
  };
}

function isOver(utterance: Utterance): boolean {
  return utterance.segmentCount !== undefined && utterance.completeSegments >= utterance.segmentCount && utterance.pieces.length === 0;
}
