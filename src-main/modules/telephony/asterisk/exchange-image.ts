import { join } from 'node:path';
import type { Clock } from '../../../base/clock.ts';
import type { Log } from '../../../base/log.ts';
import { createPinnedImage, findEngine, type Engine, type PinnedImage } from '../../../platform/docker/index.ts';
import { AppError } from '../../../base/errors.ts';
import { inOurWords } from './exchange-errors.ts';
import type { Prepared } from './exchange-start.ts';

export interface ExchangeImageDeps {
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
  dataDirectory: string;
  cacheDirectory: string;
  /** `resources/asterisk`. */
  recipeFolder: string;
}

/** The image that Asterisk runs from: another recipe is another image. */
export const exchangeImage = ({ clock, log, dataDirectory, cacheDirectory, recipeFolder }: ExchangeImageDeps): PinnedImage =>
  createPinnedImage({
    recipe: {
      folder: recipeFolder,
      files: ['Dockerfile', 'packages.txt', 'prepare.sh'],
      repository: 'openclaw-asterisk',
      suite: 'sid',
      usualPackages: 200,
      script: 'prepare.sh',
      directories: [],
    },
    pinFile: join(dataDirectory, 'phone', 'image.json'),
    cacheDirectory,
    wallMs: () => clock.wallMs(),
    log,
  });

export type FoundImage = Pick<Prepared, 'imageId' | 'hasEarlierImage'>;

/** The one that was built here, or a new one where there is none or the recipe is another by now; its id. */
async function findImage(image: PinnedImage, engine: Engine, progress: (share: number) => void, signal?: AbortSignal): Promise<string> {
  try {
    return await image.verify(engine);
  } catch (error) {
    if (!(error instanceof AppError) || !['sandbox.no-image', 'sandbox.image-changed'].includes(error.code)) throw error;
    return image.build(engine, progress, signal);
  }
}

/** Builds it where it is not there yet. */
export const newestImage = async (
  image: PinnedImage,
  engine: Engine,
  progress: (share: number) => void,
  signal?: AbortSignal,
): Promise<FoundImage> => ({
  imageId: await findImage(image, engine, progress, signal),
  hasEarlierImage: false,
});

/** What a start begins with: an image of an earlier recipe is not waited for, it serves until the new one is built. */
export async function imageToStart(
  image: PinnedImage,
  engine: Engine,
  progress: (share: number) => void,
  signal?: AbortSignal,
): Promise<FoundImage> {
  const earlier = await image.earlier(engine);
  return earlier === undefined ? newestImage(image, engine, progress, signal) : { imageId: earlier, hasEarlierImage: true };
}

/** Builds the image ahead of the first set-up, for the tests' own set-up. Rejects with `phone.no-docker`, `phone.docker-silent` or `phone.image-not-built`. */
export async function prepareExchangeImage(
  deps: ExchangeImageDeps & { dockerHost: string | undefined; platform?: NodeJS.Platform; progress?: (share: number) => void },
): Promise<string> {
  try {
    const engine = await findEngine({ dockerHost: deps.dockerHost, platform: deps.platform ?? process.platform });
    return await findImage(exchangeImage(deps), engine, deps.progress ?? (() => undefined));
  } catch (error) {
    throw inOurWords(error);
  }
}
