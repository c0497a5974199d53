import type { PlaybackCommand, SpeechAudioMessage, SpeechCancelledMessage } from '../../../../src-preload/contract/index.ts';
import { createSoundQueue, type SoundQueue } from './sound-queue.ts';
import { createUtterancePlayer, fade, type PlaybackFact, type UtterancePlayer } from './utterance-player.ts';

/**
 * All that a leg says: sounds that are ready (greetings, notices), and the utterances that the conversation has prepared or started. What is ready is
 * heard before all else; what was dropped stays dropped, however late its sound arrives.
 */
export interface LegPlayer {
  receive(message: SpeechAudioMessage | SpeechCancelledMessage): void;
  obey(command: PlaybackCommand): void;
  /** Resolves when the last sample was sent: true, or false when it was cut off. */
  play(soundId: string, samples: Float32Array, sampleRateHz: number): Promise<boolean>;
  /** Cuts off what is ready, then everything. */
  silence(): void;
  /** Overwrites `frame` with the next 20 ms; returns whether somebody speaks in it. */
  render(frame: Float32Array): boolean;
  /** Something is being played, or waits for more of its sound. */
  isBusy(): boolean;
  dispose(): void;
}

interface Ready {
  soundId: string;
  queue: SoundQueue;
  state: 'waiting' | 'playing' | 'cut';
  done: (wasPlayed: boolean) => void;
}

/** Speculative answers that are neither started nor dropped; more than this means that a `drop` was lost. */
const MAX_HELD = 8;
const MAX_REMEMBERED = 256;
const CUT_FADE_SAMPLES = 80;

export function createLegPlayer(rateHz: number, report: (fact: PlaybackFact) => void): LegPlayer {
  const players = new Map<string, UtterancePlayer>();
  const finished = new Set<string>();
  let ready: Ready[] = [];

  const remember = (utteranceId: string): void => {
    players.delete(utteranceId);
    finished.add(utteranceId);
    for (const oldest of finished) {
      if (finished.size <= MAX_REMEMBERED) break;
      finished.delete(oldest);
    }
  };

  const playerOf = (utteranceId: string): UtterancePlayer | undefined => {
    if (finished.has(utteranceId)) return undefined;
    const known = players.get(utteranceId);
    if (known) return known;
    const held = [...players].filter(([, player]) => player.isHeld());
    if (held.length >= MAX_HELD && held[0]) remember(held[0][0]);
    const player = createUtterancePlayer(utteranceId, rateHz, report);
    players.set(utteranceId, player);
    return player;
  };

  const renderReady = (frame: Float32Array): boolean => {
    const current = ready[0];
    if (!current) return false;
    if (current.state === 'cut') {
      const played = current.queue.read(frame.subarray(0, CUT_FADE_SAMPLES));
      fade(frame.subarray(0, played), 'out');
      ready.shift();
      current.done(false);
      return played > 0;
    }
    const played = current.queue.read(frame);
    if (current.state === 'waiting') fade(frame.subarray(0, Math.min(played, CUT_FADE_SAMPLES)), 'in');
    current.state = 'playing';
    if (played < frame.length) {
      ready.shift();
      current.done(true);
    }
    return played > 0;
  };

  const dropAll = (): void => {
    for (const [utteranceId, player] of players) {
      if (player.isHeld()) remember(utteranceId);
      else player.drop();
    }
  };

  return {
    receive(message) {
      if (message.type === 'speech.cancelled') players.get(message.utteranceId)?.finish(undefined);
      else playerOf(message.utteranceId)?.add(message);
    },
    obey(command) {
      if (command.command === 'drop') {
        const player = players.get(command.utteranceId);
        if (!player || player.isHeld()) remember(command.utteranceId);
        else player.drop();
        return;
      }
      const player = playerOf(command.utteranceId);
      if (command.command === 'finish') player?.finish(command.segmentCount);
      else player?.[command.command]();
    },
    play(soundId, samples, sampleRateHz) {
      const queue = createSoundQueue(rateHz);
      queue.add(samples, sampleRateHz);
      queue.end();
      return new Promise((done) => void ready.push({ soundId, queue, state: 'waiting', done }));
    },
    silence() {
      if (ready.length === 0) return dropAll();
      for (const waiting of ready.filter(({ state }) => state === 'waiting')) waiting.done(false);
      ready = ready.filter(({ state }) => state !== 'waiting');
      for (const sound of ready) sound.state = 'cut';
    },
    render(frame) {
      frame.fill(0);
      if (ready.length > 0) return renderReady(frame);
      let sounds = false;
      for (const [utteranceId, player] of players) {
        // One speaks at a time: a second one waits for its turn within the frame after.
        if (!sounds) sounds = player.render(frame);
        if (player.isOver()) remember(utteranceId);
      }
      return sounds;
    },
    isBusy: () => ready.length > 0 || [...players.values()].some((player) => !player.isHeld() && !player.isOver()),
    dispose() {
      for (const sound of ready) sound.done(false);
      ready = [];
      players.clear();
    },
  };
}
