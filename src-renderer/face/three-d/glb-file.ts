import { AvatarProblem } from './avatar-problem.ts';
import { imageSize } from './image-size.ts';

/** What a model may cost. Generous for a person's figure, far below what would stop a laptop. */
const LIMITS = {
  fileBytes: 200 * 1024 * 1024,
  /** The description of a model, without its geometry and pictures. */
  jsonBytes: 32 * 1024 * 1024,
  triangles: 1_000_000,
  /** Numbers of one list (positions, weights …). */
  accessorCount: 5_000_000,
  nodes: 5_000,
  pictures: 256,
  /** Pixels of one picture's longer side. */
  pictureSide: 8192,
} as const;

const MAGIC = 0x46_54_6c_67; // "glTF"
const JSON_CHUNK = 0x4e_4f_53_4a;
const BINARY_CHUNK = 0x00_4e_49_42;
const TRIANGLES_MODE = 4;

/** Ways to compress that would need decoders of their own; the exporter can leave each out. */
const UNREAD_EXTENSIONS: Readonly<Record<string, string>> = {
  KHR_draco_mesh_compression: 'Draco',
  KHR_texture_basisu: 'Basis',
  EXT_meshopt_compression: 'Meshopt',
  KHR_meshopt_compression: 'Meshopt',
};

/** A checked file: the loader may have it. */
export interface GlbFile {
  bytes: ArrayBuffer;
  /** Where the bytes of picture number i are. */
  pictures: readonly GlbPicture[];
}

export interface GlbPicture {
  mimeType: string;
  bytes: Uint8Array<ArrayBuffer>;
}

interface Item {
  readonly [key: string]: unknown;
}

/**
 * Reads the outside of a binary glTF file (glTF 2.0 specification, "GLB File Format") and refuses, with a sentence for its owner, what is damaged, what
 * would have to be fetched from elsewhere, and what is too large. Throws {@link AvatarProblem}.
 */
export function readGlb(bytes: ArrayBuffer): GlbFile {
  if (bytes.byteLength > LIMITS.fileBytes) throw new AvatarProblem('The model is larger than 200 MB. Export it with smaller pictures.');
  const { description, binary } = chunksOf(bytes);
  const unread = textList(description['extensionsRequired']).find((name) => name in UNREAD_EXTENSIONS);
  if (unread !== undefined)
    throw new AvatarProblem(`The model is compressed with ${UNREAD_EXTENSIONS[unread]}. Export it without compression.`);
  checkBuffers(items(description['buffers']), binary);
  checkAmounts(description);
  return { bytes, pictures: picturesOf(description, binary) };
}

function chunksOf(bytes: ArrayBuffer): { description: Item; binary: Uint8Array<ArrayBuffer> } {
  const view = new DataView(bytes);
  if (bytes.byteLength < 20 || view.getUint32(0, true) !== MAGIC)
    throw new AvatarProblem('This is not a GLB or VRM file. Export the model as "glTF binary" or VRM.');
  if (view.getUint32(4, true) !== 2) throw new AvatarProblem('The model is of an old glTF version. Export it as glTF 2.0.');
  const end = view.getUint32(8, true);
  if (end > bytes.byteLength) throw new AvatarProblem('The model file is cut off. Copy or export it again.');
  let description: Item | undefined;
  let binary = new Uint8Array(new ArrayBuffer(0));
  for (let at = 12; at + 8 <= end;) {
    const length = view.getUint32(at, true);
    const kind = view.getUint32(at + 4, true);
    if (at + 8 + length > end) throw new AvatarProblem('The model file is damaged. Copy or export it again.');
    if (kind === JSON_CHUNK && description === undefined) description = descriptionOf(new Uint8Array(bytes, at + 8, length));
    if (kind === BINARY_CHUNK && binary.length === 0) binary = new Uint8Array(bytes, at + 8, length);
    at += 8 + length;
  }
  if (description === undefined) throw new AvatarProblem('The model file is empty. Export it again.');
  return { description, binary };
}

function descriptionOf(bytes: Uint8Array): Item {
  if (bytes.length > LIMITS.jsonBytes)
    throw new AvatarProblem('The description of the model is too large to be read. Export it again with fewer parts.');
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (isItem(parsed)) return parsed;
  } catch (cause) {
    throw new AvatarProblem('The description of the model is damaged. Export it again.', { cause });
  }
  throw new AvatarProblem('The description of the model is damaged. Export it again.');
}

function checkBuffers(buffers: readonly Item[], binary: Uint8Array): void {
  if (buffers.length > 1 || buffers.some((buffer) => buffer['uri'] !== undefined))
    throw new AvatarProblem('The model keeps parts of itself in other files. Export it as one file with everything inside.');
  if (buffers.some((buffer) => wholeNumber(buffer['byteLength']) > binary.length))
    throw new AvatarProblem('The model file is cut off. Copy or export it again.');
}

function checkAmounts(description: Item): void {
  const accessors = items(description['accessors']);
  const tooMuch = new AvatarProblem('The model is too detailed to be moved here. Export it with fewer triangles, at most a million.');
  if (items(description['nodes']).length > LIMITS.nodes) throw tooMuch;
  if (accessors.some((accessor) => wholeNumber(accessor['count']) > LIMITS.accessorCount)) throw tooMuch;
  const countOf = (index: unknown): number => wholeNumber(accessors[wholeNumber(index)]?.['count']);
  let triangles = 0;
  for (const mesh of items(description['meshes']))
    for (const primitive of items(mesh['primitives'])) {
      if ((primitive['mode'] ?? TRIANGLES_MODE) !== TRIANGLES_MODE) continue;
      const attributes = primitive['attributes'];
      triangles += countOf(primitive['indices'] ?? (isItem(attributes) ? attributes['POSITION'] : undefined)) / 3;
    }
  if (triangles > LIMITS.triangles) throw tooMuch;
}

function picturesOf(description: Item, binary: Uint8Array<ArrayBuffer>): GlbPicture[] {
  const images = items(description['images']);
  if (images.length > LIMITS.pictures) throw new AvatarProblem('The model has too many pictures. Export it with at most 256.');
  const views = items(description['bufferViews']);
  return images.map((image) => {
    const bytes = image['uri'] === undefined ? embedded(views[wholeNumber(image['bufferView'])], binary) : fromDataAddress(image['uri']);
    const size = imageSize(bytes);
    if (size === undefined)
      throw new AvatarProblem('A picture of the model is neither PNG, JPEG nor WebP. Export the model with such pictures.');
    if (Math.max(size.width, size.height) > LIMITS.pictureSide)
      throw new AvatarProblem(`A picture of the model is larger than ${LIMITS.pictureSide} pixels. Export it with smaller pictures.`);
    return { mimeType: size.mimeType, bytes };
  });
}

function embedded(view: Item | undefined, binary: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const from = wholeNumber(view?.['byteOffset']);
  const length = wholeNumber(view?.['byteLength']);
  if (length === 0 || from + length > binary.length)
    throw new AvatarProblem('A picture of the model is missing in the file. Export it again.');
  return binary.subarray(from, from + length);
}

function fromDataAddress(address: unknown): Uint8Array<ArrayBuffer> {
  const base64 = typeof address === 'string' ? /^data:image\/[a-z]+;base64,(.*)$/s.exec(address)?.[1] : undefined;
  if (base64 === undefined)
    throw new AvatarProblem('The model keeps its pictures in other files. Export it as one file with everything inside.');
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new AvatarProblem('A picture of the model is damaged. Export it again.', { cause });
  }
}

const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value);
const items = (value: unknown): readonly Item[] => (Array.isArray(value) ? value.filter(isItem) : []);
const textList = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []);
/** 0 for everything that is not a count, an offset or an index. */
const wholeNumber = (value: unknown): number => (typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0);
