import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  characterMetadataSchema,
  expressionSetSchema,
  portraitFaceSchema,
  type Character,
  type ExpressionSet,
  type PortraitFace,
} from '../../src-preload/contract/index.ts';
import type { FaceFinder, Landmarks } from './face-finder.ts';
import { readPicture } from './picture.ts';

/** Everything of one person that a body may draw from. */
export interface Person {
  name: string;
  character: Character;
  /** The portrait's file, as it is. */
  portrait: Uint8Array;
  face: PortraitFace;
  set?: ExpressionSet;
  /** Pictures of the expression set by state. */
  patches: ReadonlyMap<string, Uint8Array>;
  /** VRM or GLB. */
  model?: Uint8Array;
}

const CHARACTERS = resolve(import.meta.dirname, '../../resources/characters');

/** A shipped character, with what the characters' folder holds of it; the face is looked for where the folder has none. */
export async function shippedPerson(id: string, finder: FaceFinder): Promise<Person> {
  const folder = join(CHARACTERS, id);
  const metadata = await readJson(join(folder, 'metadata.json'), characterMetadataSchema);
  const file = metadata?.portrait.file ?? 'portrait.webp';
  const person = await personFromPicture(id, join(folder, file), finder);
  const face = await readJson(join(folder, 'face.json'), portraitFaceSchema);
  const set = await readJson(join(folder, 'set.json'), expressionSetSchema);
  const patches = new Map<string, Uint8Array>();
  for (const [state, { file: patch }] of Object.entries(set?.states ?? {})) patches.set(state, await readFile(join(folder, patch)));
  return {
    ...person,
    character: metadata === undefined ? person.character : { ...metadata, shipped: true, assets: '' },
    face: face ?? person.face,
    ...(set === undefined ? {} : { set, patches }),
  };
}

/** Anybody, from one picture alone. */
export async function personFromPicture(name: string, file: string, finder: FaceFinder): Promise<Person> {
  const portrait = await readFile(file);
  const picture = await readPicture(portrait);
  const landmarks = await finder.find(picture);
  if (landmarks === undefined) throw new Error(`There is no face in ${file}.`);
  return {
    name,
    character: characterOf(name, picture),
    portrait,
    face: faceOf(landmarks, picture, createHash('sha256').update(portrait).digest('hex')),
    patches: new Map(),
  };
}

/** A 3D character; its portrait is a grey card. */
export async function personFromModel(name: string, file: string): Promise<Person> {
  const size = { width: 640, height: 800 };
  const card = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGMw8coDAAGiAO3O1dsmAAAAAElFTkSuQmCC', 'base64');
  return {
    name,
    character: characterOf(name, size, 'model'),
    portrait: card,
    face: faceOf(
      Array.from({ length: 478 * 3 }, () => 0),
      size,
      '',
    ),
    patches: new Map(),
    model: await readFile(file),
  };
}

function characterOf(name: string, { width, height }: { width: number; height: number }, model?: string): Character {
  const empty = { en: '', de: '' };
  const metadata = characterMetadataSchema.parse({
    version: 1,
    id: 'lab',
    name,
    description: empty,
    style: 'realistic',
    createdBy: 'lab',
    createdAt: '2026-01-01T00:00:00.000Z',
    portrait: { file: 'portrait', hash: '', width, height },
    model: model ?? null,
    voice: {},
    systemPrompt: empty,
    examples: { en: [], de: [] },
    sample: empty,
    personality: {},
    renderer: { type: model === undefined ? 'mesh' : '3d' },
  });
  return { ...metadata, shipped: false, assets: '' };
}

/** Head and shoulders by the proportions of a usual portrait; pose 0, as the mesh's own z says the rest. */
function faceOf(landmarks: Landmarks, { width, height }: { width: number; height: number }, portraitHash: string): PortraitFace {
  const x = landmarks.filter((_value, index) => index % 3 === 0);
  const y = landmarks.filter((_value, index) => index % 3 === 1);
  const [left, top, right, bottom] = [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
  const [faceWidth, faceHeight] = [right - left, bottom - top];
  return {
    version: 1,
    portraitHash,
    width,
    height,
    landmarks,
    source: 'detected',
    pose: { yaw: 0, pitch: 0, roll: 0 },
    head: [left - faceWidth * 0.2, top - faceHeight * 0.35, right + faceWidth * 0.2, bottom],
    shouldersY: Math.min(height, bottom + faceHeight * 0.25),
  };
}

async function readJson<Value>(file: string, schema: { parse: (value: unknown) => Value }): Promise<Value | undefined> {
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  return exists ? schema.parse(JSON.parse(await readFile(file, 'utf8'))) : undefined;
}
