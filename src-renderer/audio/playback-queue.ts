import type { PlaybackCommand, SpeechAudioMessage, SpeechCancelledMessage, SpeechTimingMessage } from '../../src-preload/contract/index.ts';
import type { PlacedTiming } from './playback-messages.ts';
import { createSegmentPlaces, type SegmentPlaces } from './segment-places.ts';
import { createUtterancePlayer, type PlaybackFact, type UtterancePlayer } from './utterance-player.ts';

/**
 * The sound of all utterances that the core has prepared or started. Runs on the audio thread: `render` is called for every quantum, commands and
 * sound come in between. What was dropped stays dropped, however late its sound arrives.
 */
export interface PlaybackQueue {
  receive(message: SpeechAudioMessage | SpeechTimingMessage | SpeechCancelledMessage): void;
  obey(command: PlaybackCommand): void;
  /** Overwrites `output` with the next frames. */
  render(output: Float32Array): void;
}

/** Speculative answers that are neither started nor dropped; more than this means that a `drop` was lost. */
const MAX_HELD = 8;
const MAX_REMEMBERED = 256;

export function createPlaybackQueue(
  contextRateHz: number,
  report: (fact: PlaybackFact) => void,
  onTiming: (timing: PlacedTiming) => void,
): PlaybackQueue {
  const players = new Map<string, UtterancePlayer>();
  const places = new Map<string, SegmentPlaces>();
  const finished = new Set<string>();

  const remember = (utteranceId: string): void => {
    players.delete(utteranceId);
    places.delete(utteranceId);
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
    const player = createUtterancePlayer(utteranceId, contextRateHz, report);
    players.set(utteranceId, player);
    places.set(utteranceId, createSegmentPlaces(onTiming));
    return player;
  };

  return {
    receive(message) {
      if (message.type === 'speech.cancelled') return players.get(message.utteranceId)?.finish(undefined);
      const player = playerOf(message.utteranceId);
      if (message.type === 'speech') player?.add(message);
      places.get(message.utteranceId)?.receive(message);
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
    render(output) {
      output.fill(0);
      for (const [utteranceId, player] of players) {
        player.render(output);
        if (player.isOver()) remember(utteranceId);
      }
    },
  };
}
