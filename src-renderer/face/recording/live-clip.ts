import type { SoundOutput } from '../../audio/speaker.ts';
import { CallError } from '../../bridge/index.ts';
import { createClipWriter, type Recording } from './clip-writer.ts';
import { openSoundTap, type SoundTap } from './sound-tap.ts';

export interface LiveClipOptions {
  /** The stage's canvas. */
  canvas: HTMLCanvasElement;
  /** Where the assistant is heard; a clip without it is silent. */
  output?: SoundOutput;
  /** Pixels of the clip. @default the canvas' own size */
  width?: number;
  height?: number;
  /** @default 25 */
  fps?: number;
  /** @default the ground of the dark look */
  ground?: string;
  /** Nothing that is drawn later belongs to the clip. @default 60 000 */
  longestMs?: number;
}

/** A clip of what is seen and heard now. */
export interface LiveClip {
  /** To be called in the task that drew the canvas, with the time for which it was drawn (`MotionFrame.atMs`). */
  drawn(atMs: number): void;
  /** Rejects with `recording.no-picture` when nothing was drawn, or with what the encoder failed of. */
  stop(): Promise<Recording>;
  cancel(): Promise<void>;
}

/** Pictures that may wait for the encoder; the stage is more important than the clip. */
const MOST_WAITING = 6;

/** Begins with the next picture that is drawn. Rejects with `recording.no-codec`. */
export async function startLiveClip(options: LiveClipOptions): Promise<LiveClip> {
  const { canvas, output, fps = 25, ground = '#0f1115', longestMs = 60_000 } = options;
  const { width = canvas.width, height = canvas.height } = options;
  const writer = await createClipWriter({ width, height, fps, ground, steady: false, sound: output !== undefined });
  const tap = await tapOf(output).catch(async (error: unknown) => {
    await writer.cancel();
    throw error;
  });
  const pictureMs = 1000 / fps;
  let startMs: number | undefined;
  let lastMs = -Infinity;
  let waiting = 0;
  let over = false;
  let failure: unknown;
  let lastPicture = Promise.resolve();

  async function end(): Promise<void> {
    over = true;
    tap?.close();
    await lastPicture;
  }

  return {
    drawn(atMs) {
      if (over || atMs <= lastMs || waiting >= MOST_WAITING) return;
      startMs ??= atMs;
      if (atMs - startMs >= longestMs) return;
      lastMs = atMs;
      waiting += 1;
      lastPicture = writer
        .addPicture(canvas, atMs - startMs, pictureMs)
        .catch((error: unknown) => (failure ??= error))
        .then(() => void (waiting -= 1));
    },
    async stop() {
      await end();
      try {
        if (failure !== undefined) throw failure;
        if (startMs === undefined) throw nothingDrawn();
        if (tap !== undefined) await writer.addSound(tap.heard(startMs, lastMs + pictureMs));
        return await writer.finish();
      } finally {
        await writer.cancel();
      }
    },
    async cancel() {
      await end();
      await writer.cancel();
    },
  };
}

async function tapOf(output: SoundOutput | undefined): Promise<SoundTap | undefined> {
  return output && openSoundTap(output);
}

function nothingDrawn(): CallError {
  return new CallError({
    code: 'recording.no-picture',
    message: 'The face was not drawn while the clip was recorded, so there is none. Let it be seen on the stage and record again.',
    details: {},
  });
}
