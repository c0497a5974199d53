import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../../src-main/base/log.ts';
import { engineError, type Engine } from '../../../../src-main/platform/docker/index.ts';
import { createPinnedImage } from '../../../../src-main/platform/docker/pinned-image.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

interface FoundImage {
  id: string;
  recipe?: string;
  isUsed?: boolean;
}

const idOf = (letter: string): string => `sha256:${letter.repeat(64)}`;

const ask: Engine['ask'] = (question) =>
  question(new AbortController().signal).catch((error: unknown) => {
    throw engineError(error);
  });

/** An engine that has these images, each also under the name of its recipe. */
function engineWith(images: Map<string, FoundImage>): Engine {
  const find = (name: string): FoundImage | undefined =>
    [...images.values()].find(({ id, recipe }) => id === name || name === `ours:${recipe?.slice(0, 12)}`);
  const getImage = (name: string) => ({
    async inspect() {
      const found = find(name);
      if (!found) throw new Error(`No such image: ${name}`);
      return { Id: found.id, Config: { Labels: found.recipe === undefined ? null : { 'openclaw.recipe': found.recipe } } };
    },
    async remove() {
      if (find(name)?.isUsed) throw new Error('conflict: image is being used by a container');
      images.delete(name);
    },
  });
  return { docker: { getImage }, ask } as unknown as Engine;
}

async function openPinned(...images: FoundImage[]) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'Dockerfile'), 'FROM somewhere\n');
  const recipe = createHash('sha256').update('Dockerfile\nFROM somewhere\n').digest('hex');
  const pinFile = join(folder, 'image.json');
  const present = new Map(images.map((each) => [each.id, each]));
  const image = createPinnedImage({
    recipe: { folder, files: ['Dockerfile'], repository: 'ours', suite: 'sid', usualPackages: 1, directories: [] },
    pinFile,
    cacheDirectory: folder,
    wallMs: () => 1,
    log: silentLog,
  });
  return {
    folder,
    image,
    recipe,
    engine: engineWith(present),
    present,
    pin: (content: object) => writeFile(pinFile, JSON.stringify({ way: 'registry', builtAtMs: 0, ...content })),
    pinned: async () => JSON.parse(await readFile(pinFile, 'utf8')) as { imageId: string; replaces: string[] },
  };
}

describe('createPinnedImage', () => {
  it('goes on with the image of the recipe before until the new one is there, and then takes it away', async () => {
    const { image, recipe, engine, present, pin, pinned } = await openPinned({ id: idOf('a'), recipe: 'before' });
    expect(await image.earlier(engine)).toBeUndefined();
    await pin({ imageId: idOf('a'), recipe: 'before' });
    await expect(image.verify(engine)).rejects.toMatchObject({ code: 'sandbox.no-image' });
    expect(await image.earlier(engine)).toBe(idOf('a'));
    present.set(idOf('b'), { id: idOf('b'), recipe });
    expect(await image.build(engine, () => undefined)).toBe(idOf('b'));
    expect(await pinned()).toMatchObject({ imageId: idOf('b'), replaces: [idOf('a')] });
    expect(await image.earlier(engine)).toBeUndefined();
    expect(await image.removeReplaced(engine)).toEqual([idOf('a')]);
    expect([...present.keys()]).toEqual([idOf('b')]);
    expect((await pinned()).replaces).toEqual([]);
  });

  it('ends a build at once when it is told to, and tries no other way then', async () => {
    const { folder, image, engine } = await openPinned();
    await writeFile(join(folder, 'Dockerfile'), `FROM somewhere@${idOf('a')}\n`);
    const shut = new AbortController();
    const pulls = (_name: string, { abortSignal }: { abortSignal?: AbortSignal }) =>
      new Promise((_resolve, reject) => {
        abortSignal?.addEventListener('abort', () => reject(new Error('aborted')));
        shut.abort(new Error('everything was stopped'));
      });
    Object.assign(engine.docker, { pull: pulls });
    await expect(image.build(engine, () => undefined, shut.signal)).rejects.toThrow('everything was stopped');
  });

  it('does not go on with an image that is not the one that was built', async () => {
    const { image, engine, pin } = await openPinned({ id: idOf('a'), recipe: 'another' });
    await pin({ imageId: idOf('a'), recipe: 'before' });
    expect(await image.earlier(engine)).toBeUndefined();
  });

  it('takes away nothing that a container uses, nothing that is not ours, and forgets what is not there any more', async () => {
    const used = { id: idOf('c'), recipe: 'older', isUsed: true };
    const { image, recipe, engine, present, pin, pinned } = await openPinned({ id: idOf('d') }, used);
    present.set(idOf('b'), { id: idOf('b'), recipe });
    await pin({ imageId: idOf('b'), recipe, replaces: [idOf('c'), idOf('d'), idOf('e')] });
    expect(await image.removeReplaced(engine)).toEqual([]);
    expect([...present.keys()]).toEqual([idOf('d'), idOf('c'), idOf('b')]);
    expect((await pinned()).replaces).toEqual([idOf('c')]);
    used.isUsed = false;
    expect(await image.removeReplaced(engine)).toEqual([idOf('c')]);
  });

  it('reads what was written before images were replaced', async () => {
    const { image, recipe, engine, present, pin } = await openPinned();
    present.set(idOf('b'), { id: idOf('b'), recipe });
    await pin({ imageId: idOf('b'), recipe });
    expect(await image.verify(engine)).toBe(idOf('b'));
    expect(await image.removeReplaced(engine)).toEqual([]);
  });
});
