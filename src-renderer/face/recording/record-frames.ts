import type { MotionFrame } from '../../../src-preload/contract/index.ts';
import { CallError } from '../../bridge/index.ts';
import type { BodyFailure, BodyQuality, FaceBody, FaceSource } from '../face-body.ts';
import type { CreateBody } from '../live-face.ts';
import { releaseCanvas } from '../../ui/rendering.ts';
import { isBodyFailure } from '../failures.ts';
import { createClipWriter, type Recording, type Sound } from './clip-writer.ts';

export interface FramesOptions {
  source: FaceSource;
  createBody: CreateBody;
  /**
   * One for each picture, in order; picture n stands for `n / fps` of the clip, whatever the frames' own times are. While it is awaited, the face and
   * the encoders are made ready.
   */
  frames: Awaitable<readonly MotionFrame[]>;
  /** Begins with the first picture; cut softly where the pictures end. */
  sound?: Awaitable<Sound>;
  /** Pixels. @default 1280 */
  width?: number;
  /** @default 720 */
  height?: number;
  /** @default 25 */
  fps?: number;
  /** The style's shaders. @default true */
  effects?: boolean;
  /** Behind a transparent body. @default the ground of the dark look */
  ground?: string;
  /** Share of the pictures done, 0..1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

type Awaitable<Value> = Value | Promise<Value>;

/** Where the sound is cut before its end, it fades out over this time. */
const FADE_MS = 80;

/**
 * Draws frames into an MP4 by their place, not by the clock: faster than real time where the machine can, and never with a dropped picture. Rejects
 * with `recording.no-codec`, `recording.body-failed`, the code of a {@link BodyFailure} where no body could be made, or the signal's reason; nothing
 * stays behind.
 */
export async function recordFrames(options: FramesOptions): Promise<Recording> {
  const { source, createBody, width = 1280, height = 720, fps = 25, effects = true, ground = '#0f1115', signal } = options;
  signal?.throwIfAborted();
  const content = Promise.all([options.frames, options.sound]);
  // Looked at further down; until then something else may fail.
  content.catch(() => undefined);
  const writer = await createClipWriter({ width, height, fps, ground, steady: true, sound: options.sound !== undefined });
  let failure: BodyFailure | undefined;
  let body: FaceBody | undefined;
  const canvas = document.createElement('canvas');
  try {
    [canvas.width, canvas.height] = [writer.width, writer.height];
    const quality: BodyQuality = { width: writer.width, height: writer.height, effects };
    try {
      body = await createBody({ canvas, source, quality, onFailure: (told) => (failure = told) });
    } catch (error) {
      if (!isBodyFailure(error)) throw error;
      const { code, message } = error;
      throw new CallError({ code, message, details: { name: source.character.name } });
    }
    const pictureMs = 1000 / fps;
    const [frames, sound] = await content;
    signal?.throwIfAborted();
    if (sound !== undefined) await writer.addSound(cut(sound, frames.length * pictureMs));
    for (const [index, frame] of frames.entries()) {
      signal?.throwIfAborted();
      body.draw(frame);
      await body.settled?.();
      if (failure !== undefined) throw bodyFailed(failure);
      await writer.addPicture(canvas, index * pictureMs, pictureMs);
      options.onProgress?.((index + 1) / frames.length);
      // The page stays usable meanwhile.
      await nextTask();
    }
    return await writer.finish();
  } finally {
    body?.dispose();
    releaseCanvas(canvas);
    await writer.cancel();
  }
}

function bodyFailed(failure: BodyFailure): CallError {
  return new CallError({
    code: 'recording.body-failed',
    message: 'The face could not be drawn to the end, so there is no clip. Try again.',
    details: { reason: failure.code },
  });
}

function cut({ samples, sampleRateHz }: Sound, durationMs: number): Sound {
  const length = Math.round((durationMs * sampleRateHz) / 1000);
  if (samples.length <= length) return { samples, sampleRateHz };
  const kept = samples.slice(0, length);
  const fade = Math.min(length, Math.round((FADE_MS * sampleRateHz) / 1000));
  for (let index = 0; index < fade; index += 1) {
    const at = length - 1 - index;
    kept[at] = (kept[at] ?? 0) * (index / fade);
  }
  return { samples: kept, sampleRateHz };
}

/** A turn of the event loop. Unlike a timer it is not slowed down in a window that is covered. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
