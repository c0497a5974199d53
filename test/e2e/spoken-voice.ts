import { createRandom, withPauses } from '../bench/audio.ts';
import { createClipMaker } from '../bench/clips.ts';

/** A person at the microphone: the starter voice in a quiet room. */
export interface SpokenVoice {
  /** Sentences, and between them pauses in milliseconds; begins and ends in silence. 16 kHz mono. */
  say(...parts: readonly (string | number)[]): Promise<Float32Array>;
  close(): Promise<void>;
}

const SAMPLES_PER_MS = 16;
/** The microphone's first moments are lost while it opens. */
const BEFORE_MS = 900;
const AFTER_MS = 400;
const LOUDNESS = 0.5;
/** About -65 dBFS: no room is silent, and the browser's noise suppression behaves oddly where one is. */
const ROOM_NOISE = 0.0008;

export function createSpokenVoice(): SpokenVoice {
  const clips = createClipMaker();
  return {
    async say(...parts) {
      const pieces = await Promise.all(
        [BEFORE_MS, ...parts, AFTER_MS].map(async (part) =>
          typeof part === 'number' ? new Float32Array(part * SAMPLES_PER_MS) : (await clips.speak(part)).samples,
        ),
      );
      const random = createRandom(1);
      return withPauses(
        pieces,
        pieces.slice(1).map(() => 0),
      ).map((sample) => sample * LOUDNESS + (2 * random() - 1) * ROOM_NOISE);
    },
    close: clips.close,
  };
}
