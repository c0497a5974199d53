import { join } from 'node:path';
import type { FaceAnchors, PortraitAnalysis, PortraitReport } from '../../../src-preload/contract/index.ts';
import { AppError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { IdleStop, SupervisedWorker } from '../../platform/workers/index.ts';
import type { PortraitMethods, PreparedPicture } from '../contracts/index.ts';
import { hashFile } from '../models/file-digest.ts';
import { createAnalysisCache } from './analysis-cache.ts';
import { damaged } from './picture-header.ts';

/** Looks at pictures of faces, in a process of its own. Errors are `AppError`s `picture.*` and `face.*`, each with a way on. */
export interface FaceAnalysis {
  /** Which faces are in the picture file, and an upright preview of it (a data URL). Up to 1 s for 12 megapixels. */
  analyse(path: string): Promise<PortraitReport>;
  /** The face mesh for anchors set by hand: 478 x, y, z, flat. */
  fitAnchors(path: string, anchors: FaceAnchors): Promise<number[]>;
  /** The picture as it is stored, with its face. `anchors` overrule `face`, the index of one that was found. Rejects with `face.none` when there is neither. */
  prepare(path: string, choice: { face: number; anchors: FaceAnchors | null }): Promise<PreparedPicture>;
}

/**
 * `modelsDirectory`: the folder of manifest.json with the shipped graphs; `cacheDirectory`: results are kept in its folder `faces`, by the hash of the picture.
 * `idle` ends the worker when no picture was looked at for a while.
 */
export function createFaceAnalysis(deps: {
  worker: Pick<SupervisedWorker<PortraitMethods, unknown>, 'call' | 'onStart' | 'state' | 'reset'>;
  idle: Pick<IdleStop, 'hold'>;
  modelsDirectory: string;
  cacheDirectory: string;
  log: Log;
}): FaceAnalysis {
  const { worker, idle, log } = deps;
  const cache = createAnalysisCache(join(deps.cacheDirectory, 'faces'));
  worker.onStart(async (call) => void (await call('load', { modelsDirectory: deps.modelsDirectory })));

  const look = async <Value>(path: string, run: (known: PortraitAnalysis | null) => Promise<Value>): Promise<Value> => {
    const release = idle.hold();
    try {
      // A picture that ended the process must not forbid all others.
      if (worker.state().state === 'broken') worker.reset();
      return await run(await cache.read(await hashFile(path)));
    } catch (error) {
      throw error instanceof AppError && error.code === 'worker.crashed' ? damaged(error) : error;
    } finally {
      release();
    }
  };

  return {
    analyse: (path) =>
      look(path, async (known) => {
        const { analysis, preview } = await worker.call('analyse', { path, known });
        if (known === null) await cache.write(analysis).catch((error: unknown) => log.warn('face.not-cached', { error }));
        return { analysis, preview: `data:image/jpeg;base64,${Buffer.from(preview).toString('base64')}` };
      }),
    fitAnchors: (path, anchors) => look(path, (known) => worker.call('fitAnchors', { path, known, anchors })),
    prepare: (path, choice) => look(path, (known) => worker.call('prepare', { path, known, ...choice })),
  };
}
