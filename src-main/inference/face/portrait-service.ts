import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { PortraitAnalysis } from '../../../src-preload/contract/index.ts';
import { AppError } from '../../base/errors.ts';
import type { MethodOf } from '../../platform/workers/workers.ts';
import type { PortraitMethods } from '../contracts/index.ts';
import { createFaceFinder, type FaceFinder } from './face-landmarks.ts';
import { fitAnchors } from './fit-anchors.ts';
import { decodePicture, encodePortrait, encodePreview } from './picture-codec.ts';
import { analysePicture } from './portrait-analysis.ts';
import { portraitFace } from './portrait-face.ts';
import { turnRaster, type Raster } from './raster.ts';

type Params<Name extends keyof PortraitMethods> = MethodOf<PortraitMethods, Name>['params'];
type Result<Name extends keyof PortraitMethods> = MethodOf<PortraitMethods, Name>['result'];

/** Larger files are not read into memory. */
const MAX_FILE_BYTES = 128 * 1024 * 1024;

/** The portrait worker's pictures without its process. */
export interface PortraitService {
  load(params: Params<'load'>): Promise<Result<'load'>>;
  analyse(params: Params<'analyse'>): Promise<Result<'analyse'>>;
  fitAnchors(params: Params<'fitAnchors'>): Promise<Result<'fitAnchors'>>;
  prepare(params: Params<'prepare'>): Promise<Result<'prepare'>>;
  dispose(): Promise<void>;
}

/** A picture that was looked at, upright. */
interface Looked {
  analysis: PortraitAnalysis;
  picture: Raster;
}

/** Keeps the last picture decoded: choosing, dragging anchors and creating come right after each other. One call works at a time. */
export function createPortraitService(): PortraitService {
  let finder: FaceFinder | undefined;
  let last: Looked | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  /** Two large pictures at once would need twice the memory and be no faster. */
  const inTurn = <Value>(run: () => Promise<Value>): Promise<Value> => {
    const result = turn.then(run);
    turn = result.catch(() => undefined);
    return result;
  };

  const look = async (path: string, known: PortraitAnalysis | null): Promise<Looked> => {
    if (!finder) throw new AppError('face.not-loaded', 'The look at pictures is not prepared yet. Try again in a moment.');
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) {
      throw new AppError('picture.too-heavy', 'This file is larger than 128 MB: save the picture as JPEG and choose that.');
    }
    const bytes = await readFile(path);
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (last?.analysis.hash === hash) return last;
    const decoded = await decodePicture(bytes);
    last =
      known?.hash === hash
        ? { analysis: known, picture: turnRaster(decoded, known.quarterTurns) }
        : await analysePicture(finder, decoded, hash);
    return last;
  };

  return {
    load: (params) =>
      inTurn(async () => {
        const former = finder;
        finder = await createFaceFinder(params);
        await former?.dispose();
      }),
    analyse: ({ path, known }) =>
      inTurn(async () => {
        const { analysis, picture } = await look(path, known);
        return { analysis, preview: await encodePreview(picture) };
      }),
    fitAnchors: ({ path, known, anchors }) =>
      inTurn(async () => {
        const { analysis } = await look(path, known);
        return fitAnchors(anchors, analysis.width, analysis.height);
      }),
    prepare: ({ path, known, face, anchors }) =>
      inTurn(async () => {
        const { analysis, picture } = await look(path, known);
        const landmarks = anchors ? fitAnchors(anchors, analysis.width, analysis.height) : analysis.faces[face]?.landmarks;
        if (!landmarks) throw noFace();
        const encoded = await encodePortrait(picture);
        const portraitHash = createHash('sha256').update(encoded).digest('hex');
        const source = anchors ? 'anchors' : 'detected';
        return {
          picture: encoded,
          extension: 'jpg',
          width: picture.width,
          height: picture.height,
          face: portraitFace(picture, { landmarks, source, portraitHash }),
        };
      }),
    dispose: () =>
      inTurn(async () => {
        last = undefined;
        await finder?.dispose();
        finder = undefined;
      }),
  };
}

function noFace(): AppError {
  return new AppError(
    'face.none',
    'No face was found in this picture: set the marks for eyes, mouth and chin by hand, or choose another picture.',
  );
}
