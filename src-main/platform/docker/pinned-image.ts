import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { errorCode, writeFileAtomically } from '../../base/atomic-file.ts';
import { AppError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { buildFromPackages, buildFromRegistry, canBuildFromPackages, type ImageRecipe } from './build-image.ts';
import type { Engine } from './engine.ts';
import { imageChanged, imageNotBuilt, noImage } from './docker-errors.ts';

const RECIPE_LABEL = 'openclaw.recipe';

const pinSchema = z.object({
  imageId: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  recipe: z.string(),
  way: z.enum(['registry', 'packages', 'found']),
  builtAtMs: z.number(),
  /** Images of earlier recipes that this data folder has used, and that may still be in the engine. */
  replaces: z.array(z.string()).default([]),
});
type Pin = z.infer<typeof pinSchema>;

export interface PinnedImageDeps {
  recipe: ImageRecipe;
  /** Remembers which image was built here: `<data>/…/image.json`. */
  pinFile: string;
  /** Where a root file system may be made. */
  cacheDirectory: string;
  wallMs: () => number;
  log: Log;
}

/** An image that was built here, by its id: nothing else is ever started in its place. */
export interface PinnedImage {
  /** The id that was pinned, proven to be in this engine. Rejects with `sandbox.no-image` or `sandbox.image-changed`. */
  verify(engine: Engine): Promise<string>;
  /** Finds an image of this recipe or builds one, and pins it. `progress` 0..1. `signal` ends it at once; it rejects with the signal's reason then. */
  build(engine: Engine, progress: (share: number) => void, signal?: AbortSignal): Promise<string>;
  /** The image of the recipe before, which was built here and is there still: good to go on with until the new one is built. */
  earlier(engine: Engine): Promise<string | undefined>;
  /** Takes away what this data folder has used before and nobody uses now; the engine keeps what a container needs. Resolves with the ids. */
  removeReplaced(engine: Engine): Promise<string[]>;
}

/** Looks for nothing and builds nothing before it is asked. */
export function createPinnedImage(deps: PinnedImageDeps): PinnedImage {
  const { recipe: source, pinFile, wallMs, log } = deps;
  const tagOf = (recipe: string): string => `${source.repository}:${recipe.slice(0, 12)}`;

  return {
    async verify(engine) {
      const [pin, recipe] = await Promise.all([readPin(pinFile), readRecipe(source)]);
      if (!pin || pin.recipe !== recipe) throw noImage();
      const found = await inspect(engine, pin.imageId);
      if (found) {
        if (found.Config.Labels?.[RECIPE_LABEL] !== recipe) throw imageChanged();
        return pin.imageId;
      }
      // The name is there, what it names is another.
      throw (await inspect(engine, tagOf(recipe))) ? imageChanged() : noImage();
    },

    async build(engine, progress, signal) {
      const recipe = await readRecipe(source);
      const tag = tagOf(recipe);
      const pinned = await readPin(pinFile);
      const pin = async (way: Pin['way']): Promise<string> => {
        const image = await inspect(engine, tag);
        if (image?.Config.Labels?.[RECIPE_LABEL] !== recipe) throw imageNotBuilt('it is not there after the build');
        const replaces = pinned ? [...new Set([...pinned.replaces, pinned.imageId])].filter((id) => id !== image.Id) : [];
        await writePin(pinFile, { imageId: image.Id, recipe, way, builtAtMs: wallMs(), replaces });
        log.info('image.built', { way, repository: source.repository, imageId: image.Id });
        return image.Id;
      };
      const known = await inspect(engine, tag);
      // Built for another data folder of this machine, or before this one was emptied. One that replaced ours is not trusted: it is built anew.
      if (known && known.Config.Labels?.[RECIPE_LABEL] === recipe && (!pinned || pinned.recipe !== recipe || pinned.imageId === known.Id))
        return pin('found');
      const labels = { [RECIPE_LABEL]: recipe };
      const order = { engine, recipe: source, cacheDirectory: deps.cacheDirectory, tag, labels, progress, signal, log };
      try {
        await buildFromRegistry(order);
        return await pin('registry');
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof AppError && error.code === 'sandbox.disk-full') throw error;
        log.info('image.registry-build-failed', { error });
        if (!(await canBuildFromPackages())) throw imageNotBuilt(error instanceof Error ? error.message : String(error));
      }
      await buildFromPackages(order).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      });
      return pin('packages');
    },

    async earlier(engine) {
      const [pin, recipe] = await Promise.all([readPin(pinFile), readRecipe(source)]);
      if (!pin || pin.recipe === recipe) return undefined;
      const found = await inspect(engine, pin.imageId);
      return found?.Config.Labels?.[RECIPE_LABEL] === pin.recipe ? pin.imageId : undefined;
    },

    async removeReplaced(engine) {
      const pin = await readPin(pinFile);
      if (!pin || pin.replaces.length === 0) return [];
      const removed: string[] = [];
      const left: string[] = [];
      for (const id of pin.replaces) {
        const found = await inspect(engine, id);
        if (found?.Config.Labels?.[RECIPE_LABEL] === undefined) continue;
        try {
          // Without force: what a container was made from stays.
          await engine.ask(() => engine.docker.getImage(id).remove());
          removed.push(id);
        } catch (error) {
          log.debug('image.not-removed', { imageId: id, error });
          left.push(id);
        }
      }
      await writePin(pinFile, { ...pin, replaces: left });
      if (removed.length > 0) log.info('image.removed', { repository: source.repository, imageIds: removed });
      return removed;
    },
  };
}

async function writePin(file: string, pin: Pin): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFileAtomically(file, `${JSON.stringify(pin, null, 2)}\n`);
}

async function inspect(engine: Engine, name: string) {
  try {
    return await engine.ask(() => engine.docker.getImage(name).inspect());
  } catch (error) {
    if (error instanceof AppError && error.code === 'sandbox.no-image') return undefined;
    throw error;
  }
}

async function readPin(file: string): Promise<Pin | undefined> {
  try {
    const found = pinSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return found.success ? found.data : undefined;
  } catch (error) {
    // Damaged or missing: it is built, or found, again.
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function readRecipe({ folder, files }: ImageRecipe): Promise<string> {
  const hash = createHash('sha256');
  for (const name of files) hash.update(`${name}\n`).update((await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n'));
  return hash.digest('hex');
}
