import { PerspectiveCamera, Scene, WebGLRenderer } from 'three';
import type { MotionFrame } from '../../../src-preload/contract/index.ts';
import type { BodyFailure, BodyQuality, FaceBody, FaceSource } from '../face-body.ts';
import { contextLost } from '../failures.ts';
import { AvatarProblem } from './avatar-problem.ts';
import { createPoser } from './avatar-poser.ts';
import { frameFace } from './framing.ts';
import { loadAvatar, type Avatar } from './load-avatar.ts';
import { makeMaterialsPlain } from './plain-materials.ts';
import { drawsBySoftware } from './software-drawing.ts';
import { createStudio } from './studio.ts';

export interface ThreeDBodyOptions {
  canvas: HTMLCanvasElement | OffscreenCanvas;
  /** With `modelUrl`. */
  source: FaceSource;
  quality: BodyQuality;
  /** Told once, when the body can no longer draw. */
  onFailure: (failure: BodyFailure) => void;
  /** Ends loading; a body that exists is ended by `dispose`. */
  signal?: AbortSignal;
}

/**
 * The body of a VRM (0.x and 1.0) or of a GLB with ARKit's or Oculus' face shapes, on a transparent ground. Rejects with an {@link AvatarProblem} (a
 * BodyFailure) when the file cannot be shown or WebGL is missing, and with the signal's reason.
 */
export async function createThreeDBody({ canvas, source, quality, onFailure, signal }: ThreeDBodyOptions): Promise<FaceBody> {
  const avatar = await loadAvatar(await fetchModel(source.modelUrl, signal));
  try {
    signal?.throwIfAborted();
    return assembleBody({ canvas, avatar, source, quality, onFailure });
  } catch (error) {
    avatar.dispose();
    throw error;
  }
}

async function fetchModel(url: string | undefined, signal: AbortSignal | undefined): Promise<ArrayBuffer> {
  if (url === undefined) throw new AvatarProblem('This character has no model. Choose a VRM or GLB file for it.');
  try {
    const response = await fetch(url, signal === undefined ? {} : { signal });
    if (response.ok) return await response.arrayBuffer();
    throw new AvatarProblem(`The model's file could not be read (${response.status}). Choose the file again.`);
  } catch (cause) {
    if (signal?.aborted || cause instanceof AvatarProblem) throw cause;
    throw new AvatarProblem("The model's file could not be read. Choose the file again.", { cause });
  }
}

function assembleBody({ canvas, avatar, source, quality, onFailure }: ThreeDBodyOptions & { avatar: Avatar }): FaceBody {
  const poser = createPoser(avatar);
  const simple = drawsBySoftware();
  const renderer = createRenderer(canvas, { antialias: !simple });
  const camera = new PerspectiveCamera();
  if (simple) makeMaterialsPlain(avatar.scene, avatar.vrm);
  const studio = createStudio({ simple });
  studio.lights.position.copy(poser.face.centre);
  studio.lights.scale.setScalar(poser.face.height);
  const scene = new Scene();
  scene.add(avatar.scene, studio.lights);
  let lost = false;

  function onLost(event: Event): void {
    // Without this the browser never gives the context back, and the stage could not try again.
    event.preventDefault();
    if (lost) return;
    lost = true;
    onFailure(contextLost());
  }
  canvas.addEventListener('webglcontextlost', onLost);

  function setQuality({ width, height, effects }: BodyQuality): void {
    // A canvas is emptied even by its own size.
    if (canvas.width !== width || canvas.height !== height) renderer.setSize(width, height, false);
    frameFace(camera, poser.face, width, height);
    const { effects: style } = source.character.renderer;
    studio.setMood(effects && style !== 'none' ? style : 'plain');
  }
  setQuality(quality);

  return {
    kind: '3d',
    setQuality,
    draw(frame: MotionFrame) {
      if (lost) return;
      poser.pose(frame);
      renderer.render(scene, camera);
    },
    dispose() {
      canvas.removeEventListener('webglcontextlost', onLost);
      studio.dispose();
      avatar.dispose();
      renderer.dispose();
    },
  };
}

function createRenderer(canvas: HTMLCanvasElement | OffscreenCanvas, options: { antialias: boolean }): WebGLRenderer {
  try {
    const renderer = new WebGLRenderer({ canvas, alpha: true, powerPreference: 'low-power', ...options });
    // A canvas keeps the kind of context that it was first used with: without depth, what is behind would be drawn in front.
    if (renderer.getContext().getContextAttributes()?.depth === false) throw new Error('The canvas was made for a flat picture.');
    if (renderer.getContext().isContextLost()) throw new Error('The canvas has lost its context.');
    renderer.setPixelRatio(1);
    renderer.setClearAlpha(0);
    return renderer;
  } catch (cause) {
    if ((canvas.getContext('webgl2') as WebGL2RenderingContext | null)?.isContextLost()) throw contextLost();
    throw new AvatarProblem('This machine cannot draw in 3D (WebGL is off). The still picture is shown instead.', {
      code: 'face.no-webgl',
      cause,
    });
  }
}
