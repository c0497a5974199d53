import type { Character, MotionFrame } from '../../../src-preload/contract/index.ts';
import type { BodyFailure, FaceSource } from '../../face/face-body.ts';
import type { FrameMaker } from '../../face/face-driver.ts';
import { createLiveFace, type CreateBody, type LiveFace } from '../../face/live-face.ts';
import type { OpenLiveLine } from '../../face/live-portrait/live-line.ts';
import { releaseCanvas } from '../../ui/rendering.ts';
import { bodiesFor } from './create-body.ts';

export interface OpenFaceOptions {
  canvas: HTMLCanvasElement;
  character: Character;
  frames: FrameMaker;
  /** Lends the decoded face until `release`. */
  borrow: (character: Character, signal: AbortSignal) => Promise<{ source: FaceSource; release: () => void }>;
  /** Absent where no core is at hand that paints with LivePortrait. */
  openLine?: OpenLiveLine;
  /** The canvas shows the face. */
  onDrawn: () => void;
  /** Each frame in the task that drew it, while the canvas holds its picture. */
  onFrame?: (frame: MotionFrame) => void;
  /** One way of drawing failed; `isLast` = there is none left, and what the canvas shows is worth nothing. */
  onFailure: (failure: BodyFailure, isLast: boolean) => void;
  signal: AbortSignal;
}

export interface OpenFace {
  setPaused(paused: boolean): void;
}

/**
 * Loads a character's face and moves it on the canvas until the signal, by the best way that works. The canvas is worth nothing afterwards. Rejects when
 * its files cannot be read.
 */
export async function openFace(options: OpenFaceOptions): Promise<OpenFace> {
  const { character, signal } = options;
  const borrowed = await options.borrow(character, signal);
  // Its pictures may have been decoded for an earlier version of the character's words and numbers.
  const source = { ...borrowed.source, character };
  let paused = false;
  let face: LiveFace | undefined;
  let isTouched = false;
  const start = ([createBody, ...others]: readonly CreateBody[]): void => {
    if (!createBody || signal.aborted) return;
    isTouched = true;
    face = drawFace(options, source, createBody, (failure) => {
      face = undefined;
      options.onFailure(failure, others.length === 0);
      start(others);
    });
    face.setPaused(paused);
  };
  const end = (): void => {
    // A body that is still being made must not find its canvas gone.
    const ended = face?.dispose() ?? Promise.resolve();
    borrowed.release();
    if (isTouched) void ended.then(() => releaseCanvas(options.canvas));
  };
  if (signal.aborted) end();
  else start(bodiesFor(character.renderer.type, source, options.openLine));
  signal.addEventListener('abort', end, { once: true });
  return {
    setPaused(next) {
      paused = next;
      face?.setPaused(next);
    },
  };
}

function drawFace(
  { canvas, frames, onDrawn, onFrame }: OpenFaceOptions,
  source: FaceSource,
  createBody: CreateBody,
  onFailure: (failure: BodyFailure) => void,
): LiveFace {
  return createLiveFace({ canvas, source, frames, createBody, onFirstFrame: onDrawn, ...(onFrame ? { onFrame } : {}), onFailure });
}
