import type { Character } from '../../../src-preload/contract/index.ts';
import type { Services } from '../../app/services.ts';
import { createFaceSources } from '../../face/face-sources.ts';
import { liveLines } from '../../face/live-portrait/live-line.ts';
import { faceDriverFor } from './drive-face.ts';
import { openFace, type OpenFace } from './open-face.ts';

export interface MountFaceOptions {
  services: Services;
  canvas: HTMLCanvasElement;
  character: Character;
  /** It is the one on the stage, of which clips are made. */
  recordable: boolean;
  /** Whether the canvas shows the face. It may stop doing so: a graphics driver that gives up leaves it black. */
  onDrawn: (drawn: boolean) => void;
  signal: AbortSignal;
}

/** Faces that were shown last, for all of the page and as long as it lives. This file is loaded with the first face that moves. */
const sources = createFaceSources();

/** Brings a face of this page to life on a canvas. Everything heavy hangs on this file: it is loaded after the first picture. */
export async function mountFace({ services, canvas, character, recordable, onDrawn, signal }: MountFaceOptions): Promise<OpenFace> {
  const { enter, drawn, leave } = services.clip.getState();
  if (recordable) signal.addEventListener('abort', () => leave(canvas), { once: true });
  const face = await openFace({
    canvas,
    character,
    frames: faceDriverFor(services, character),
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
      // What has a way out is said once; where nothing can be drawn the portrait stands, and there is nothing to do about it but mend a model.
      if (isLast && failure.code !== 'face.model-unreadable') console.warn('The face does not move:', failure);
      else services.view.getState().toast({ kind: 'problem', content: { error: { ...failure, details: { name: character.name } } } });
    },
  });
  face.setPaused(!services.view.getState().visible);
  return face;
}
