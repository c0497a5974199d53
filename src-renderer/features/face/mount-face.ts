import type { Character } from '../../../src-preload/contract/index.ts';
import type { Services } from '../../app/services.ts';
import { createFaceSources } from '../../face/face-sources.ts';
import { liveLines } from '../../face/live-portrait/live-line.ts';
import { faceDriverFor } from './drive-face.ts';
import { openFace, type OpenFace } from './open-face.ts';
import { watchPointer } from './watch-pointer.ts';

export interface MountFaceOptions {
  services: Services;
  canvas: HTMLCanvasElement;
  character: Character;
  /** The character as it is now: some of it may change while its face moves, see `drawingOf`. */
  current: () => Character;
  /** It is the one on the stage, of which clips are made. */
  recordable: boolean;
  /** Whether the canvas shows the face. It may stop doing so: a graphics driver that gives up leaves it black. */
  onDrawn: (drawn: boolean) => void;
  /** Begins anew on a fresh canvas. */
  retry: () => void;
  signal: AbortSignal;
}

/** Faces that were shown last, for all of the page and as long as it lives. This file is loaded with the first face that moves. */
const sources = createFaceSources();

/** Brings a face of this page to life on a canvas. Everything heavy hangs on this file: it is loaded after the first picture. */
export async function mountFace({
  services,
  canvas,
  character,
  current,
  recordable,
  onDrawn,
  retry,
  signal,
}: MountFaceOptions): Promise<OpenFace> {
  const { enter, drawn, leave } = services.clip.getState();
  if (recordable) signal.addEventListener('abort', () => leave(canvas), { once: true });
  const face = await openFace({
    canvas,
    character,
    frames: faceDriverFor(services, character, { current, attention: watchPointer(canvas, signal) }),
    borrow: sources.borrow,
    openLine: liveLines(services.bridge),
    onDrawn() {
      onDrawn(true);
      if (recordable) enter({ canvas, name: character.name });
    },
    ...(recordable ? { onFrame: ({ atMs }) => drawn(canvas, atMs) } : {}),
    signal,
    onFailure(failure, isLast) {
      onDrawn(false);
      if (recordable) leave(canvas);
      const { toast } = services.view.getState();
      const content = { error: { code: failure.code, message: failure.message, details: { name: character.name } } };
      // What has a way out is said once; where nothing can be drawn the portrait stands, and there is nothing to do about it but mend a model.
      if (failure.code === 'face.context-lost') toast({ kind: 'problem', content, retry });
      else if (isLast && failure.code !== 'face.model-unreadable') console.warn('The face does not move:', failure);
      else toast({ kind: 'problem', content });
    },
  });
  face.setPaused(!services.view.getState().visible);
  return face;
}
