import type { FoundFace, PortraitAnalysis } from '../../../src-preload/contract/index.ts';
import { ANALYSIS_VERSION } from './analysis-version.ts';
import { doubtsOf } from './doubts.ts';
import type { FaceFinder, FaceMeshFound } from './face-landmarks.ts';
import { headPose } from './head-pose.ts';
import { anchorsOf } from './mesh-points.ts';
import { pyramid, turnRaster, type Raster } from './raster.ts';

/** Looks at a decoded picture. `picture` of the result is the upright one, which all points and sizes are those of. `hash`: of the file. */
export async function analysePicture(
  finder: FaceFinder,
  decoded: Raster,
  hash: string,
): Promise<{ analysis: PortraitAnalysis; picture: Raster }> {
  const { quarterTurns, faces } = await finder.find(decoded);
  const picture = turnRaster(decoded, quarterTurns);
  const levels = pyramid(picture, 64);
  const analysis: PortraitAnalysis = {
    version: ANALYSIS_VERSION,
    hash,
    width: picture.width,
    height: picture.height,
    quarterTurns,
    faces: faces.map((face) => describe(face, levels)),
  };
  return { analysis, picture };
}

function describe(face: FaceMeshFound, levels: readonly [Raster, ...Raster[]]): FoundFace {
  const pose = headPose(face.landmarks);
  const [left, top, right, bottom] = face.box;
  return {
    box: [tenth(left), tenth(top), tenth(right), tenth(bottom)],
    score: Math.round(face.score * 1000) / 1000,
    landmarks: Array.from(face.landmarks, tenth),
    anchors: anchorsOf(Array.from(face.landmarks, tenth)),
    pose,
    doubts: doubtsOf(levels, face.landmarks, pose),
  };
}

/** To a tenth; never the negative zero, which JSON does not keep. */
function tenth(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}
