import { joinSamples } from '../../src-main/platform/audio/index.ts';
import { createRandom } from '../bench/audio.ts';
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
        parts.map(async (part) => (typeof part === 'number' ? silence(part) : (await clips.speak(part)).samples)),
      );
      return inQuietRoom(pieces);
    },
    close: clips.close,
  };
}

/** Sounds one after the other as a microphone in a quiet room has them; begins and ends in silence. 16 kHz mono. */
export function inQuietRoom(sounds: readonly Float32Array[]): Float32Array {
  const random = createRandom(1);
  return joinSamples([silence(BEFORE_MS), ...sounds, silence(AFTER_MS)]).map(
    (sample) => sample * LOUDNESS + (2 * random() - 1) * ROOM_NOISE,
  );
}

function silence(durationMs: number): Float32Array {
  return new Float32Array(durationMs * SAMPLES_PER_MS);
}
