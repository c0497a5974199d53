import type { Bridge, Character } from '../../../src-preload/contract/index.ts';
import { closeFaceSource, loadFaceSource } from '../../face/face-source.ts';
import type { CreateBody } from '../../face/live-face.ts';
import { liveLines } from '../../face/live-portrait/live-line.ts';
import { fetchClip, fetchSample, recordPreview } from '../../face/recording/index.ts';
import { bodiesFor } from '../face/create-body.ts';
import { fileNameOf } from './file-kind.ts';

export interface RecordCharacterOptions {
  bridge: Bridge;
  character: Character;
  /** Three seconds, or until the sample sentence has ended. */
  length: 'short' | 'whole';
  /** Share of the pictures done, 0..1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

const SHORT_MS = 3000;
/** Nobody waits for a longer one; a sample of 300 signs ends before. */
const LONGEST_MS = 30_000;
/** Still there for a moment after the last word. */
const TAIL_MS = 400;

export interface CharacterClip {
  blob: Blob;
  fileName: string;
  /** As players name them; empty when another program chose them. */
  codecs: readonly string[];
}

/** An MP4 of a character saying its sample. Rejects with the core's reason, `recording.…` of what the browser cannot do, or the signal's reason. */
export async function recordCharacter({ bridge, character, length, onProgress, signal }: RecordCharacterOptions): Promise<CharacterClip> {
  const { type } = character.renderer;
  // These make films outside the app; how long they are is the sample's business.
  if (type === 'sadtalker' || type === 'wav2lip')
    return {
      blob: await fetchClip(bridge, character.id, { signal, onProgress }),
      fileName: `${fileNameOf(character.name)}.mp4`,
      codecs: [],
    };
  // The voice is made by another process: it speaks while face and encoders are made ready here. Awaited only once they are.
  const sample = fetchSample(bridge, { id: character.id }, signal);
  sample.catch(() => undefined);
  const source = await loadFaceSource(character, signal);
  try {
    const { blob, codecs } = await recordPreview({
      source,
      sample,
      durationMs: (soundMs) => (length === 'short' ? SHORT_MS : Math.min(LONGEST_MS, soundMs + TAIL_MS)),
      createBody: firstThatWorks(bridge, character),
      onProgress,
      signal,
    });
    return { blob, fileName: `${fileNameOf(character.name)}.mp4`, codecs };
  } finally {
    closeFaceSource(source);
  }
}

function firstThatWorks(bridge: Bridge, character: Character): CreateBody {
  return async (options) => {
    let problem: unknown;
    for (const createBody of bodiesFor(character.renderer.type, options.source, liveLines(bridge))) {
      try {
        return await createBody(options);
      } catch (error) {
        problem ??= error;
      }
    }
    throw problem;
  };
}
