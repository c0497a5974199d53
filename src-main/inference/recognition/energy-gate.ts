/**
 * Knows silence by its loudness. The voice detector's probability stays up for 60-90 ms after the last sound; a frame that is as quiet as the
 * room ends a speech that much sooner. Only ever says "silent" of frames; what is speech is the detector's matter.
 */
export interface EnergyGate {
  /** True when the frame (dBFS) is hardly louder than the room and far quieter than the speech so far. */
  isSilent(frameDecibels: number): boolean;
  /** Learns from a frame outside speech (`room`) or inside (`speech`). */
  learn(frameDecibels: number, where: 'room' | 'speech'): void;
  /** A new speech: its loudness is not known yet. */
  nextSpeech(): void;
}

/** A room is never quieter than this; below it only digital silence differs. */
const QUIETEST_ROOM_DB = -85;
const ROOM_MARGIN_DB = 9;
const SPEECH_DISTANCE_DB = 24;
/** The room's loudness follows louder frames slowly and quieter ones at once. */
const ROOM_RISE = 0.03;

export function createEnergyGate(): EnergyGate {
  let room: number | undefined;
  let speech = Number.NEGATIVE_INFINITY;
  return {
    isSilent: (frame) => room !== undefined && frame < Math.min(room + ROOM_MARGIN_DB, speech - SPEECH_DISTANCE_DB),
    learn(frame, where) {
      const loudness = Math.max(frame, QUIETEST_ROOM_DB);
      if (where === 'speech') speech = Math.max(speech, loudness);
      else room = room === undefined || loudness < room ? loudness : room + (loudness - room) * ROOM_RISE;
    },
    nextSpeech() {
      speech = Number.NEGATIVE_INFINITY;
    },
  };
}
