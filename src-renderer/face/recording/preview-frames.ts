import type { Character, MotionFrame, SpokenPhoneme, TalkState } from '../../../src-preload/contract/index.ts';
import { createMotion } from '../motion/motion.ts';
import { createSpeechTrack } from '../motion/speech-track.ts';

export interface PreviewFramesOptions {
  character: Pick<Character, 'renderer' | 'voice'>;
  /** On the clock of the clip. */
  phonemes: readonly SpokenPhoneme[];
  durationMs: number;
  fps: number;
  /** Chooses the small accidents: when it blinks, where it looks. The same seed makes the same clip. @default 1 */
  seed?: number;
}

/** Before the clip begins the face is already alive: a clip must not open with a start from stillness. */
const WARM_UP_MS = 1_200;

const SPEAKING: TalkState = { state: 'speaking', paused: false };
const READY: TalkState = { state: 'ready' };

/** What the face does in a clip: `fps` frames a second from 0 on, speaking these phonemes, at rest before and after. */
export function previewFrames({ character, phonemes, durationMs, fps, seed = 1 }: PreviewFramesOptions): MotionFrame[] {
  const motion = createMotion({ seed, expressiveness: character.renderer.expressiveness, emotion: character.voice.emotion });
  const track = createSpeechTrack();
  track.add(phonemes, 0);
  const last = phonemes.at(-1);
  const endMs = last === undefined ? 0 : last.startMs + last.durationMs;
  const frameMs = 1000 / fps;
  const warmUp = Math.round(WARM_UP_MS / frameMs);
  const frames: MotionFrame[] = [];
  for (let index = -warmUp; index < Math.round(durationMs / frameMs); index += 1) {
    const atMs = index * frameMs;
    const isSpoken = phonemes.length > 0 && atMs >= -LEAD_MS && atMs < endMs + FADE_MS;
    const frame = motion.frameAt(atMs, {
      talk: isSpoken ? SPEAKING : READY,
      speech: isSpoken ? { utteranceId: 'preview', positionMs: atMs, isFlowing: true, units: track.units, loudness: 0 } : undefined,
      microphoneLevel: 0,
    });
    if (index >= 0) frames.push(frame);
  }
  return frames;
}

/** The mouth gets ready before the first sound, and closes after the last. */
const LEAD_MS = 200;
const FADE_MS = 300;
