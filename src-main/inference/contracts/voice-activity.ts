/** Samples per frame of the detector: 32 ms at 16 kHz (Silero VAD v6). */
export const VOICE_FRAME_SAMPLES = 512;
/** Sample rate of every sound that enters recognition. */
export const INPUT_SAMPLE_RATE_HZ = 16_000;

/** Says for each 32 ms frame how probable speech is. Keeps state from frame to frame: one instance per session. */
export interface VoiceActivityDetector {
  /** `frame`: 512 samples, -1..1, 16 kHz mono. Returns 0..1. */
  probability(frame: Float32Array): Promise<number>;
  /** Forgets the past, e.g. after silence of some seconds or when a session starts. */
  reset(): void;
}
