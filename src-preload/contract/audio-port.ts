import type { PortraitPortMessage } from './portrait-port.ts';

/**
 * The messages on an audio port: a direct line between the one who hears and plays (window, browser page, `talk`) and a worker. Main never sees them.
 * On a MessagePort they travel as objects; on a WebSocket as binary frames, see audio-frames.ts.
 */

/** To the recognition worker. 16 kHz mono, -1..1, any number of samples (20-32 ms is usual). */
export interface CaptureMessage {
  type: 'capture';
  samples: Float32Array;
}

/** From the synthesis worker: a piece of a segment, in order. */
export interface SpeechAudioMessage {
  type: 'speech';
  utteranceId: string;
  segmentIndex: number;
  sampleRateHz: number;
  samples: Float32Array;
  /** True on the segment's last piece. */
  last: boolean;
}

/**
 * From the synthesis worker: what the mouth does during (a part of) a segment. Leaves before the sound that it belongs to wherever the engine knows
 * it early; parts of a segment come in order, and none twice. From the engine's phoneme lengths, or found in the sound itself.
 */
export interface SpeechTimingMessage {
  type: 'speech.timing';
  utteranceId: string;
  segmentIndex: number;
  /** On the clock of the segment (0 = its first sample), in order, without overlap. */
  phonemes: SpokenPhoneme[];
  /** How the segment is said, for the face. */
  emotion: 'neutral' | 'energetic' | 'calm';
}

export interface SpokenPhoneme {
  /** IPA symbol as the voice uses it; '_' or ' ' = pause. */
  symbol: string;
  startMs: number;
  durationMs: number;
  /** Loudness 0..1, when it was measured; how far the mouth opens for it. */
  level?: number;
}

/** From the synthesis worker: nothing more of this utterance will come (cancelled). */
export interface SpeechCancelledMessage {
  type: 'speech.cancelled';
  utteranceId: string;
}

/** What any such line carries; each end takes what is meant for it. */
export type AudioPortMessage = CaptureMessage | SpeechAudioMessage | SpeechTimingMessage | SpeechCancelledMessage | PortraitPortMessage;

/** A MessagePort, a WebSocket or an in-process pair, seen alike. */
export interface AudioPort {
  post(message: AudioPortMessage): void;
  onMessage(listener: (message: AudioPortMessage) => void): () => void;
  onClose(listener: () => void): () => void;
  close(): void;
}
