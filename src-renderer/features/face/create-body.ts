import type { RendererConfig } from '../../../src-preload/contract/index.ts';
import type { FaceSource } from '../../face/face-body.ts';
import { hasFace } from '../../face/face-source.ts';
import type { CreateBody } from '../../face/live-face.ts';
import type { OpenLiveLine } from '../../face/live-portrait/live-line.ts';

/* The code of a body is loaded when it is first needed: three.js is larger than the rest of the page. */
const mesh: CreateBody = async (options) => (await import('../../face/mesh/mesh-body.ts')).createMeshBody(options);
const threeD: CreateBody = async (options) => (await import('../../face/three-d/three-d-body.ts')).createThreeDBody(options);

const livePortrait =
  (open: OpenLiveLine): CreateBody =>
  async (options) =>
    (await import('../../face/live-portrait/live-portrait-body.ts')).createLivePortraitBody({ ...options, open });

/**
 * How a character is drawn, the wanted way first; each is the way out when the one before fails. SadTalker and Wav2Lip make films, not a stage. A 3D
 * character whose picture shows no face has no way out but that picture. `openLine`: absent where no core is at hand that paints with LivePortrait.
 */
export function bodiesFor(type: RendererConfig['type'], source: Pick<FaceSource, 'face'>, openLine?: OpenLiveLine): readonly CreateBody[] {
  if (type === 'liveportrait' && openLine && hasFace(source)) return [livePortrait(openLine), mesh];
  if (type === '3d') return hasFace(source) ? [threeD, mesh] : [threeD];
  return [mesh];
}
