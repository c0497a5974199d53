import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadImage } from '@napi-rs/canvas';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Character } from '../../../../src-preload/contract/index.ts';
import { characterMetadataSchema } from '../../../../src-preload/contract/characters.ts';
import {
  closeFaceSource,
  faceSourceBytes,
  hasFace,
  loadFaceSource,
  type FaceSourceDeps,
} from '../../../../src-renderer/face/face-source.ts';

const nova = join(import.meta.dirname, '../../../../resources/characters/default');

afterEach(() => vi.restoreAllMocks());

async function readNova(changes: Partial<Character> = {}): Promise<Character> {
  const metadata = characterMetadataSchema.parse(JSON.parse(await readFile(join(nova, 'metadata.json'), 'utf8')));
  return { ...metadata, shipped: true, assets: '/characters/default/1', ...changes };
}

interface Shelf {
  deps: FaceSourceDeps;
  asked: string[];
  open: () => number;
}

/** Serves Nova's own files, with changes, and decodes them for real. */
function createShelf(changes: Record<string, string | undefined> = {}): Shelf {
  const asked: string[] = [];
  let open = 0;
  return {
    asked,
    open: () => open,
    deps: {
      async fetch(url) {
        asked.push(url);
        const file = decodeURIComponent(url.slice('/characters/default/1/'.length));
        if (file in changes) return changes[file] === undefined ? new Response('', { status: 404 }) : new Response(changes[file]);
        return new Response(await readFile(join(nova, file)));
      },
      async decode(file) {
        const { width, height } = await loadImage(Buffer.from(await file.arrayBuffer()));
        open += 1;
        return {
          width,
          height,
          close: () => {
            open -= 1;
          },
        };
      },
    },
  };
}

const never = new AbortController().signal;

describe('loadFaceSource', () => {
  it('brings the portrait, the face and the pictures of the expression set', async () => {
    const character = await readNova();
    const shelf = createShelf();
    const source = await loadFaceSource(character, never, shelf.deps);
    expect([source.portrait.width, source.portrait.height]).toEqual([source.face.width, source.face.height]);
    expect([...(source.expressions?.pictures.keys() ?? [])].toSorted()).toEqual(
      Object.keys(source.expressions?.set.states ?? {}).toSorted(),
    );
    expect(source.modelUrl).toBeUndefined();
    expect(hasFace(source)).toBe(true);
    expect(shelf.asked.every((url) => url.startsWith(`${character.assets}/`))).toBe(true);
    expect(faceSourceBytes(source)).toBeGreaterThan(4 * source.face.width * source.face.height);
    closeFaceSource(source);
    expect(shelf.open()).toBe(0);
  });

  it('does without an expression set that is damaged, and keeps none of its pictures', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const shelf = createShelf({ 'set.json': '{"size": "none"}' });
    const source = await loadFaceSource(await readNova(), never, shelf.deps);
    expect(source.expressions).toBeUndefined();
    expect(shelf.open()).toBe(1);
    expect(warn).toHaveBeenCalledOnce();
  });

  it.each([
    ['the face is missing', { 'face.json': undefined }, '/characters/default/1/face.json could not be read (404).'],
    ['the face is damaged', { 'face.json': '{}' }, '/characters/default/1/face.json is not what it should be'],
    ['the portrait is missing', { 'portrait.webp': undefined }, '/characters/default/1/portrait.webp could not be read (404).'],
  ])('says which file when %s, and leaves nothing open', async (_name, changes, message) => {
    const shelf = createShelf(changes);
    await expect(loadFaceSource(await readNova(), never, shelf.deps)).rejects.toThrow(message);
    expect(shelf.open()).toBe(0);
  });

  it('takes a 3D model without a face in its picture', async () => {
    const shelf = createShelf({ 'face.json': undefined });
    const character = await readNova({ model: 'my avatar.vrm', expressionSet: false });
    const source = await loadFaceSource(character, never, shelf.deps);
    expect(source.modelUrl).toBe('/characters/default/1/my%20avatar.vrm');
    expect(hasFace(source)).toBe(false);
    expect(source.expressions).toBeUndefined();
  });

  it('ends when it is not wanted any more, and leaves nothing open', async () => {
    const shelf = createShelf();
    const ending = new AbortController();
    const loading = loadFaceSource(await readNova(), ending.signal, shelf.deps);
    ending.abort(new Error('another character'));
    await expect(loading).rejects.toThrow('another character');
    expect(shelf.open()).toBe(0);
  });
});
