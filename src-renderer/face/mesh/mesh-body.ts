import { Camera, WebGLRenderer, type Group } from 'three';
import type { BodyFailure, BodyQuality, FaceBody, FaceSource } from '../face-body.ts';
import { contextLost, noWebgl } from '../failures.ts';
import { createMeshScene, type MeshScene } from './mesh-scene.ts';

export interface MeshBodyOptions {
  canvas: HTMLCanvasElement | OffscreenCanvas;
  source: FaceSource;
  quality: BodyQuality;
  /** Called at most once, never while `createMeshBody` runs. The body draws nothing afterwards; a new one, on a new canvas, starts afresh. */
  onFailure: (failure: BodyFailure) => void;
}

/**
 * A still picture that lives: its points are moved by the frame, its eyes and mouth open to what lies behind them. Only what moves is drawn with each
 * frame, over what the canvas keeps; a frame that would change nothing that can be seen is not drawn at all.
 */
export function createMeshBody({ canvas, source, quality, onFailure }: MeshBodyOptions): FaceBody {
  let failed = false;
  const fail = (failure: BodyFailure): void => {
    if (failed) return;
    failed = true;
    queueMicrotask(() => onFailure(failure));
  };
  const lost = (event: Event): void => {
    event.preventDefault();
    fail(contextLost());
  };
  const stage = openStage(canvas, fail);
  canvas.addEventListener('webglcontextlost', lost);
  let scene: MeshScene | undefined;
  let size: BodyQuality | undefined;

  function setQuality(wanted: BodyQuality): void {
    const whole = { ...wanted, width: Math.max(1, Math.round(wanted.width)), height: Math.max(1, Math.round(wanted.height)) };
    if (stage === undefined || failed) return;
    if (size !== undefined && size.width === whole.width && size.height === whole.height && size.effects === whole.effects) return;
    // A canvas is emptied even by its own size.
    if (size?.width !== whole.width || size.height !== whole.height) stage.resize(whole.width, whole.height);
    size = whole;
    if (scene?.adopt(whole)) return;
    scene?.dispose();
    scene = createMeshScene(source, whole);
  }
  setQuality(quality);

  return {
    kind: 'mesh',
    setQuality,
    draw(frame) {
      if (failed || scene === undefined || stage === undefined) return;
      if (!stage.keepsPicture) scene.forget();
      const news = scene.show(frame);
      if (news === 'nothing') return;
      if (news === 'all') stage.render(scene.still);
      stage.render(scene.moving);
    },
    dispose() {
      failed = true;
      canvas.removeEventListener('webglcontextlost', lost);
      scene?.dispose();
      scene = undefined;
      stage?.close();
    },
  };
}

interface Stage {
  /** Whether what was drawn stays: false if another body has opened the canvas without that. */
  readonly keepsPicture: boolean;
  resize(width: number, height: number): void;
  render(group: Group): void;
  close(): void;
}

function openStage(canvas: MeshBodyOptions['canvas'], fail: (failure: BodyFailure) => void): Stage | undefined {
  const context = canvas.getContext('webgl2', {
    alpha: false,
    antialias: false,
    depth: false,
    stencil: false,
    preserveDrawingBuffer: true,
  }) as WebGL2RenderingContext | null;
  if (context === null || context.isContextLost()) {
    fail(context === null ? noWebgl() : contextLost());
    return undefined;
  }
  const renderer = new WebGLRenderer({
    canvas,
    context,
    antialias: false,
    alpha: false,
    depth: false,
    stencil: false,
    preserveDrawingBuffer: true,
  });
  // The canvas may come from another body that left the context in its own state.
  renderer.resetState();
  renderer.autoClear = false;
  renderer.sortObjects = false;
  renderer.setPixelRatio(1);
  const camera = new Camera();
  camera.matrixAutoUpdate = false;
  return {
    keepsPicture: context.getContextAttributes()?.preserveDrawingBuffer === true,
    resize: (width, height) => renderer.setSize(width, height, false),
    // Three draws any object as if it were a scene.
    render: (group) => renderer.render(group, camera),
    close: () => renderer.dispose(),
  };
}
