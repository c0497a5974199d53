import type { SpokenPhoneme } from '../../../src-preload/contract/index.ts';
import type { FaceSource } from '../face-body.ts';
import type { CreateBody } from '../live-face.ts';
import type { Recording, Sound } from './clip-writer.ts';
import { previewFrames } from './preview-frames.ts';
import { recordFrames } from './record-frames.ts';

export interface PreviewOptions {
  /** Whose face; its character says how lively and with which effects. */
  source: FaceSource;
  /** As for the stage: with its own way to a simpler body. */
  createBody: CreateBody;
  /** What is said, see `fetchSample`; silence without it. */
  sample?: Promise<Sample>;
  /** How long the film is, for what is said. @default 3000 */
  durationMs?: (soundMs: number) => number;
  /** Share of the pictures done, 0..1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

type Sample = Sound & { phonemes: readonly SpokenPhoneme[] };

const USUAL_MS = 3000;

/** An MP4 of 1280 × 720 in which the character says its sample. Rejects as `recordFrames` does. */
export async function recordPreview({ source, createBody, sample, durationMs, ...rest }: PreviewOptions): Promise<Recording> {
  const { character } = source;
  const { fps, effects } = character.renderer;
  const framesFor = (said: Sample | undefined) => {
    const soundMs = said ? (said.samples.length / said.sampleRateHz) * 1000 : 0;
    return previewFrames({ character, phonemes: said?.phonemes ?? [], durationMs: durationMs?.(soundMs) ?? USUAL_MS, fps });
  };
  const frames = sample === undefined ? framesFor(undefined) : sample.then(framesFor);
  return recordFrames({ source, createBody, frames, fps, effects: effects !== 'none', ...(sample ? { sound: sample } : {}), ...rest });
}
