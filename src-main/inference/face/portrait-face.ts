import type { PortraitFace } from '../../../src-preload/contract/index.ts';
import { headPose } from './head-pose.ts';
import { estimateHead } from './head-region.ts';
import { MESH_POINTS } from './mesh-points.ts';
import { at, type Raster } from './raster.ts';

/** Of the data in `face.json`. */
const PORTRAIT_FACE_VERSION = 1;

/**
 * What a character is moved by: the chosen face with its head and shoulders. `landmarks`: 478 x, y, z in pixels of `picture`, the stored portrait.
 */
export function portraitFace(
  picture: Raster,
  options: { landmarks: ArrayLike<number>; source: PortraitFace['source']; portraitHash: string },
): PortraitFace {
  const { landmarks, source, portraitHash } = options;
  const { width, height } = picture;
  return {
    version: PORTRAIT_FACE_VERSION,
    portraitHash,
    width,
    height,
    landmarks: Array.from({ length: MESH_POINTS * 3 }, (_, index) => Math.round(at(landmarks, index) * 10) / 10 + 0),
    source,
    pose: headPose(landmarks),
    ...estimateHead(picture, landmarks),
  };
}
