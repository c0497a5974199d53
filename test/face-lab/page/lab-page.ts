import type { MotionFrame } from '../../../src-preload/contract/index.ts';
import type { BodyFailure, BodyQuality, FaceBody, FaceSource } from '../../../src-renderer/face/face-body.ts';
import type { LabDrawing, LabSource } from '../lab-protocol.ts';

/* Draws bodies of the product outside the app. The driver (face-lab.ts) loads a source, then asks for frames and gets their pixels. */

interface MakeBody {
  canvas: HTMLCanvasElement;
  source: FaceSource;
  quality: BodyQuality;
  onFailure: (failure: BodyFailure) => void;
}
type BodyMaker = (options: MakeBody) => FaceBody | Promise<FaceBody>;

const meshModules = import.meta.glob<{ createMeshBody: BodyMaker }>('../../../src-renderer/face/mesh/mesh-body.ts');
const threeModules = import.meta.glob<{ createThreeDBody: BodyMaker }>('../../../src-renderer/face/three-d/three-d-body.ts');

const canvas = document.createElement('canvas');
document.body.append(canvas);
let drawn = canvas;
let body: FaceBody | undefined;
let failure: BodyFailure | undefined;

async function makerOf(kind: LabSource['body']): Promise<BodyMaker> {
  const [mesh] = Object.values(meshModules);
  const [three] = Object.values(threeModules);
  if (kind === '3d' && three) return (await three()).createThreeDBody;
  if (kind === 'mesh' && mesh) return (await mesh()).createMeshBody;
  return createStillBody;
}

/** The picture as it is: what is drawn while a body does not exist yet, and a measure for "nothing moves". */
function createStillBody({ canvas: target, source, quality }: MakeBody): FaceBody {
  const drawPortrait = (): void => {
    target.getContext('2d')?.drawImage(source.portrait, 0, 0, target.width, target.height);
  };
  const setQuality = ({ width, height }: BodyQuality): void => {
    [target.width, target.height] = [width, height];
  };
  setQuality(quality);
  return { kind: 'mesh', setQuality, draw: drawPortrait, dispose: () => undefined };
}

async function bitmapAt(url: string): Promise<ImageBitmap> {
  return createImageBitmap(await (await fetch(url)).blob());
}

async function load({ character, face, set, body: kind, quality, model }: LabSource): Promise<void> {
  body?.dispose();
  body = undefined;
  failure = undefined;
  // A canvas keeps the kind of context it was first used with.
  drawn.remove();
  drawn = document.createElement('canvas');
  [drawn.width, drawn.height] = [quality.width, quality.height];
  document.body.append(drawn);
  const source: FaceSource = { character, face, portrait: await bitmapAt('/source/portrait') };
  if (set !== undefined) {
    const pictures = new Map<string, ImageBitmap>();
    for (const state of Object.keys(set.states)) pictures.set(state, await bitmapAt(`/source/${state}`));
    source.expressions = { set, pictures };
  }
  if (model) source.modelUrl = new URL('/source/model', location.href).href;
  const make = await makerOf(kind);
  body = await make({ canvas: drawn, source, quality, onFailure: (told) => (failure = told) });
}

/** Draws the frames one after the other and sends the pixels of each that is asked for. */
async function draw(frames: readonly MotionFrame[], keep: 'all' | 'last'): Promise<LabDrawing> {
  if (body === undefined) throw new Error('Nothing is loaded.');
  const copy = new OffscreenCanvas(drawn.width, drawn.height).getContext('2d', { willReadFrequently: true });
  if (copy === null) throw new Error('No canvas.');
  const started = performance.now();
  for (const [index, frame] of frames.entries()) {
    body.draw(frame);
    if (keep === 'last' && index < frames.length - 1) continue;
    copy.clearRect(0, 0, drawn.width, drawn.height);
    // In the same task as the drawing: a WebGL canvas is emptied when it has been shown.
    copy.drawImage(drawn, 0, 0);
    const { data } = copy.getImageData(0, 0, drawn.width, drawn.height);
    // As a blob: two megabytes of plain bytes take the network service half a second on a busy machine.
    await fetch('/drawn', { method: 'POST', body: new Blob([data]) });
  }
  return { width: drawn.width, height: drawn.height, tookMs: performance.now() - started, ...(failure === undefined ? {} : { failure }) };
}

Object.assign(window, { lab: { load, draw, setQuality: (quality: BodyQuality) => body?.setQuality(quality) } });
