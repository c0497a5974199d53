import { z } from 'zod';
import type { Character } from '../../src-preload/contract/index.ts';
import { expressionSetSchema, type ExpressionSet } from '../../src-preload/contract/characters.ts';
import { portraitFaceSchema } from '../../src-preload/contract/faces.ts';
import type { FaceSource } from './face-body.ts';

/** How files become pictures; the browser's own functions outside tests. */
export interface FaceSourceDeps {
  fetch: (url: string, init: { signal: AbortSignal }) => Promise<Response>;
  decode: (file: Blob) => Promise<ImageBitmap>;
}

const browser: FaceSourceDeps = {
  fetch: (url, init) => fetch(url, init),
  // The picture as people see it: turned by EXIF, in the colours of its profile.
  decode: (file) => createImageBitmap(file, { imageOrientation: 'from-image', colorSpaceConversion: 'default' }),
};

const LANDMARK_NUMBERS = 478 * 3;

/**
 * Fetches and decodes what a body draws from. An expression set that cannot be read is left out: the portrait alone is enough. Rejects with the
 * signal's reason, or with an `Error` that names the file when portrait or face are missing or damaged.
 */
export async function loadFaceSource(character: Character, signal: AbortSignal, deps: FaceSourceDeps = browser): Promise<FaceSource> {
  const at = (file: string): string => `${character.assets}/${encodeURIComponent(file)}`;
  const opened: ImageBitmap[] = [];
  const picture = async (file: string): Promise<ImageBitmap> => {
    const bitmap = await deps.decode(await (await open(at(file), signal, deps)).blob());
    opened.push(bitmap);
    signal.throwIfAborted();
    return bitmap;
  };
  const expressionsOf = async (): Promise<FaceSource['expressions']> => {
    if (!character.expressionSet) return undefined;
    try {
      const set = await readJson(at('set.json'), expressionSetSchema, signal, deps);
      return { set, pictures: await patchesOf(set, picture) };
    } catch (error) {
      if (signal.aborted) throw error;
      console.warn(`The expression set of ${character.name} is left out:`, error);
      return undefined;
    }
  };
  const faceOf = async (): Promise<FaceSource['face']> => {
    try {
      return await readJson(at('face.json'), portraitFaceSchema, signal, deps);
    } catch (error) {
      // A model brings a face of its own; its picture need not have one.
      if (signal.aborted || character.model === null) throw error;
      return faceless(character);
    }
  };
  try {
    const [portrait, face, expressions] = await settled([picture(character.portrait.file), faceOf(), expressionsOf()]);
    return {
      character,
      portrait,
      face,
      ...(expressions ? { expressions } : {}),
      ...(character.model === null ? {} : { modelUrl: at(character.model) }),
    };
  } catch (error) {
    for (const bitmap of opened) bitmap.close();
    throw error;
  }
}

/** False for a 3D character whose picture shows no face: nothing but its model can be moved. */
export function hasFace({ face }: Pick<FaceSource, 'face'>): boolean {
  return face.landmarks.some((value) => value !== 0);
}

/** Lets the pictures' memory go. */
export function closeFaceSource({ portrait, expressions }: FaceSource): void {
  portrait.close();
  for (const picture of expressions?.pictures.values() ?? []) picture.close();
}

/** What the decoded pictures take, at four bytes a pixel. */
export function faceSourceBytes({ portrait, expressions }: FaceSource): number {
  const pictures = [portrait, ...(expressions?.pictures.values() ?? [])];
  return pictures.reduce((sum, { width, height }) => sum + 4 * width * height, 0);
}

async function patchesOf(set: ExpressionSet, picture: (file: string) => Promise<ImageBitmap>): Promise<ReadonlyMap<string, ImageBitmap>> {
  const states = Object.entries(set.states);
  const pictures = await settled(states.map(([, { file }]) => picture(file)));
  return new Map(
    states.map(([state], index) => [state, pictures[index]]).filter((entry): entry is [string, ImageBitmap] => entry[1] !== undefined),
  );
}

/** All of them, or the first failure once none is under way any more: no picture is opened behind the back of who closes them. */
async function settled<const Parts extends readonly Promise<unknown>[]>(
  parts: Parts,
): Promise<{ -readonly [Index in keyof Parts]: Awaited<Parts[Index]> }> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}

async function readJson<Schema extends z.ZodType>(
  url: string,
  schema: Schema,
  signal: AbortSignal,
  deps: FaceSourceDeps,
): Promise<z.infer<Schema>> {
  const content: unknown = await (await open(url, signal, deps)).json();
  const parsed = schema.safeParse(content);
  if (!parsed.success) throw new Error(`${url} is not what it should be: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

async function open(url: string, signal: AbortSignal, deps: FaceSourceDeps): Promise<Response> {
  const response = await deps.fetch(url, { signal });
  if (!response.ok) throw new Error(`${url} could not be read (${response.status}).`);
  return response;
}

function faceless({ portrait: { width, height, hash } }: Character): FaceSource['face'] {
  return {
    version: 1,
    portraitHash: hash,
    width,
    height,
    landmarks: Array.from({ length: LANDMARK_NUMBERS }, () => 0),
    source: 'anchors',
    pose: { yaw: 0, pitch: 0, roll: 0 },
    head: [0, 0, width, height],
    shouldersY: height,
  };
}
