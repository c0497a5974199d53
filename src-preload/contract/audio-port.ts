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

/** From the synthesis worker: nothing more of this utterance will come (cancelled). */
export interface SpeechCancelledMessage {
  type: 'speech.cancelled';
  utteranceId: string;
}

export type AudioPortMessage = CaptureMessage | SpeechAudioMessage | SpeechCancelledMessage;

/** A MessagePort, a WebSocket or an in-process pair, seen alike. */
export interface AudioPort {
  post(message: AudioPortMessage): void;
  onMessage(listener: (message: AudioPortMessage) => void): () => void;
  onClose(listener: () => void): () => void;
  close(): void;
}
