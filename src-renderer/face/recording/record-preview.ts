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
  sample?: Sound & { phonemes: readonly SpokenPhoneme[] };
  /** @default 3000 */
  durationMs?: number;
  /** Share of the pictures done, 0..1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** An MP4 of 1280 × 720 in which the character says its sample. Rejects as `recordFrames` does. */
export async function recordPreview({ source, createBody, sample, durationMs = 3_000, ...rest }: PreviewOptions): Promise<Recording> {
  const { character } = source;
  const { fps, effects } = character.renderer;
  return recordFrames({
    source,
    createBody,
    frames: previewFrames({ character, phonemes: sample?.phonemes ?? [], durationMs, fps }),
    fps,
    effects: effects !== 'none',
    ...(sample === undefined ? {} : { sound: { samples: sample.samples, sampleRateHz: sample.sampleRateHz } }),
    ...rest,
  });
}
