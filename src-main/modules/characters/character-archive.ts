import { unzip, zip, type UnzipFileInfo, type Zippable } from 'fflate';
import { extname } from 'node:path';
import { readFile } from 'node:fs/promises';
import { expressionSetSchema, portraitFaceSchema, type CharacterMetadata } from '../../../src-preload/contract/index.ts';
import { AppError } from '../../base/errors.ts';
import { CONTENT_TYPES } from './character-files.ts';
import { namedFiles, type LibraryEntry } from './character-library.ts';
import { readPictureHeader } from '../../inference/face/picture-header.ts';
import { FACE_FILE, isFileName, METADATA_FILE } from './character-storage.ts';
import { parseMetadata, writeMetadata } from './metadata-file.ts';
import { readModelFile } from './model-file.ts';
import { SAMPLE_NAME } from './sample-files.ts';

/** A whole character as one file: a zip of its folder, named `<name>.character`. */
export const ARCHIVE_TYPE = 'application/zip';

const MEBIBYTE = 1024 ** 2;
/** What it may unpack to, all together; a character with a large 3D model and a voice sample stays far below. */
const MAX_UNPACKED_BYTES = 300 * MEBIBYTE;
const MAX_FILES = 60;
/** Pixels. The app itself makes none that is larger. */
const MAX_SIDE = 2048;
const PICTURES: ReadonlySet<string> = new Set(['.webp', '.png', '.jpg']);
const SET_FILE = 'set.json';
/** Pictures and models are compressed already; what shrinks more than this is made to blow up. Text shrinks by 20 at most. */
const MAX_RATIO = 100;

export interface ReadArchive {
  metadata: CharacterMetadata;
  /** Everything but `metadata.json`. */
  files: Map<string, Uint8Array>;
}

/**
 * The files that a copy of the character takes along, without `metadata.json`. What nothing names stays where it is: it may be a voice sample that its
 * owner has taken back.
 */
export async function carriedFiles({ character, metadata, files, storage }: LibraryEntry): Promise<string[]> {
  const isThere = (name: string): boolean => files.some((file) => file.name === name);
  const descriptions = new Map<string, Uint8Array>();
  for (const name of [FACE_FILE, SET_FILE]) if (isThere(name)) descriptions.set(name, await storage.read(character.id, name));
  const needed = new Set(neededFiles(metadata, descriptions));
  return [...needed].filter((name) => name !== METADATA_FILE && CONTENT_TYPES[extname(name)] !== undefined && isThere(name));
}

/** Packs the character with every file that it needs. */
export async function packCharacter(entry: LibraryEntry): Promise<Uint8Array> {
  const { character, metadata, storage } = entry;
  const content: Zippable = { [METADATA_FILE]: [writeMetadata(metadata), { level: 6 }] };
  for (const name of await carriedFiles(entry)) {
    content[name] = [await storage.read(character.id, name), { level: extname(name) === '.json' ? 6 : 0 }];
  }
  return new Promise((resolve, reject) => {
    zip(content, (error, packed) => (error ? reject(error) : resolve(packed)));
  });
}

/**
 * Reads a file that somebody sent: nothing in it is believed. Rejects with `character.bad-archive`, or with the error of its metadata. Folders, files of
 * other kinds and files that the metadata does not need are left out.
 */
export async function readArchive(path: string): Promise<ReadArchive> {
  const unpacked = await unpackSafely(await readFile(path));
  const metadataBytes = unpacked.get(METADATA_FILE);
  if (!metadataBytes) throw badArchive('it holds no metadata.json');
  const metadata = parseMetadata(idIn(metadataBytes), metadataBytes);
  const files = new Map<string, Uint8Array>();
  for (const name of neededFiles(metadata, unpacked)) {
    const bytes = unpacked.get(name);
    if (bytes) files.set(name, bytes);
  }
  if (!files.has(metadata.portrait.file)) throw badArchive(`its portrait "${metadata.portrait.file}" is missing`);
  checkNames(metadata);
  for (const [name, bytes] of files) await checkContent(name, bytes);
  checkPictures(metadata, files);
  return { metadata: withoutMissing(metadata, files), files };
}

function unpackSafely(bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  let total = 0;
  let count = 0;
  let refusal: AppError | undefined;
  const filter = ({ name, originalSize, size }: UnzipFileInfo): boolean => {
    count += 1;
    if (count > MAX_FILES) refusal ??= badArchive(`it holds more than ${MAX_FILES} files`);
    // A name with path parts is nobody's honest file; the others are read without it.
    if (!isFileName(name) || CONTENT_TYPES[extname(name)] === undefined) return false;
    total += originalSize;
    if (total > MAX_UNPACKED_BYTES || originalSize > Math.max(MEBIBYTE, size * MAX_RATIO))
      refusal ??= badArchive('it unpacks to far too much');
    return refusal === undefined;
  };
  return new Promise((resolve, reject) => {
    unzip(bytes, { filter }, (error, content) => {
      if (refusal) reject(refusal);
      else if (error) reject(badArchive('it is damaged or no character file', error));
      else resolve(new Map(Object.entries(content)));
    });
  });
}

function idIn(bytes: Uint8Array): string {
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const id = typeof content === 'object' && content !== null && 'id' in content ? content.id : undefined;
    return typeof id === 'string' ? id.slice(0, 64) : '';
  } catch {
    return '';
  }
}

/** The metadata's own files, the face, and the pictures that the expression set names. */
function neededFiles(metadata: CharacterMetadata, unpacked: ReadonlyMap<string, Uint8Array>): string[] {
  const face = portraitFaceSchema.safeParse(parsed(unpacked.get(FACE_FILE))).success ? [FACE_FILE] : [];
  const set = metadata.expressionSet ? expressionSetSchema.safeParse(parsed(unpacked.get(SET_FILE))) : undefined;
  const pictures = set?.success === true ? Object.values(set.data.states).map(({ file }) => file) : [];
  return [...namedFiles(metadata), ...face, ...(pictures.length > 0 ? [SET_FILE, ...pictures] : [])];
}

function parsed(bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** What did not come along is not promised. */
function withoutMissing(metadata: CharacterMetadata, files: ReadonlyMap<string, Uint8Array>): CharacterMetadata {
  const { model, voice, expressionSet, renderer } = metadata;
  const hasModel = model !== null && files.has(model);
  const hasSample = voice.clone !== null && files.has(voice.clone.file);
  return {
    ...metadata,
    model: hasModel ? model : null,
    renderer: renderer.type === '3d' && !hasModel ? { ...renderer, type: 'mesh' } : renderer,
    expressionSet: expressionSet && files.has(SET_FILE),
    voice: hasSample ? voice : { ...voice, clone: null },
  };
}

/** A sample that is called like the portrait would be served, packed and deleted as the portrait. */
function checkNames({ portrait, model, voice }: CharacterMetadata): void {
  if (!isPicture(portrait.file)) throw badArchive(`"${portrait.file}" cannot be a portrait`);
  if (model !== null && CONTENT_TYPES[extname(model)] !== CONTENT_TYPES['.glb']) throw badArchive(`"${model}" cannot be a 3D model`);
  if (voice.clone !== null && !SAMPLE_NAME.test(voice.clone.file)) throw badArchive(`"${voice.clone.file}" cannot be a voice sample`);
}

/** What the pictures say of themselves: a page decodes them whole, and a small file can hold a picture that fills all memory. */
function checkPictures({ portrait }: CharacterMetadata, files: ReadonlyMap<string, Uint8Array>): void {
  const set = expressionSetSchema.safeParse(parsed(files.get(SET_FILE)));
  if (set.success) {
    const { size, box, states } = set.data;
    const [left, top, right, bottom] = box;
    const isInside = left >= 0 && top >= 0 && left < right && top < bottom && right <= portrait.width && bottom <= portrait.height;
    if (size[0] !== portrait.width || size[1] !== portrait.height || !isInside) throw badArchive('its expressions do not fit its portrait');
    for (const { file } of Object.values(states)) {
      if (!isPicture(file)) throw badArchive(`"${file}" cannot be a picture`);
      const bytes = files.get(file);
      if (!bytes) continue;
      const { width, height } = sizeOf(file, bytes);
      if (width > Math.ceil(right - left) || height > Math.ceil(bottom - top)) throw badArchive(`"${file}" is larger than its place`);
    }
  }
  for (const [name, bytes] of files) {
    if (!isPicture(name)) continue;
    const { width, height } = sizeOf(name, bytes);
    if (Math.max(width, height) > MAX_SIDE) throw badArchive(`"${name}" has more than ${MAX_SIDE} pixels a side`);
    if (name === portrait.file && (width !== portrait.width || height !== portrait.height))
      throw badArchive(`"${name}" has another size than it says`);
  }
}

function sizeOf(name: string, bytes: Uint8Array): { width: number; height: number } {
  try {
    return readPictureHeader(bytes);
  } catch (error) {
    throw badArchive(`"${name}" is damaged`, error);
  }
}

const isPicture = (name: string): boolean => PICTURES.has(extname(name));

const KINDS: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  '.png': (bytes) => bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47])),
  '.jpg': (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])),
  '.webp': (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  '.wav': (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WAVE',
};

/** By its first bytes, a file is what its name says. */
async function checkContent(name: string, bytes: Uint8Array): Promise<void> {
  const kind = extname(name);
  const isRight = KINDS[kind]?.(Buffer.from(bytes.subarray(0, 12))) ?? true;
  if (!isRight) throw badArchive(`"${name}" is not what its name says`);
  if (CONTENT_TYPES[kind] === CONTENT_TYPES['.glb']) await readModelFile(bytes);
}

function badArchive(reason: string, cause?: unknown): AppError {
  return new AppError('character.bad-archive', `This file cannot be imported as a character: ${reason}.`, {
    ...(cause === undefined ? {} : { cause }),
    details: { reason },
  });
}
