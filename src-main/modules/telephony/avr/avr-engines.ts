/** A message of a prompt as AVR sends it. */
export interface AvrMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** What the compatibility server lends to others: our ears, head and voice. Each ends when its signal is aborted, and throws `AppError`s. */
export interface AvrEngines {
  /** 8 kHz mono, -1..1, in pieces as they come; gives each finished utterance. Ends when the sound has ended and all is said. */
  transcribe(sound: AsyncIterable<Float32Array>, signal: AbortSignal): AsyncIterable<string>;
  /** Gives the answer in pieces. */
  prompt(messages: readonly AvrMessage[], signal: AbortSignal): AsyncIterable<string>;
  /** Gives speech in pieces, at whatever rate the voice has. */
  speak(text: string, signal: AbortSignal): AsyncIterable<{ samples: Float32Array; sampleRateHz: number }>;
}

/** What telephones of AVR speak: 8 kHz. */
export const AVR_SAMPLE_RATE_HZ = 8_000;
