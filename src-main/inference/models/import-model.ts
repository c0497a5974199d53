import { copyFile, mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { piperConfigSchema } from '../piper/piper-config.ts';
import { hashFile } from './file-digest.ts';
import { requireFreeSpace } from './free-space.ts';
import type { FreeBytes } from './free-space.ts';
import { GgufFormatError, readGgufHeader } from './gguf-header.ts';
import type { GgufHeader } from './gguf-header.ts';
import { importedModelSchema, NAME_LENGTH } from './manifest-schema.ts';
import type { ManifestModel, ModelFile } from './manifest-schema.ts';
import { IMPORTED_PREFIX } from './model-catalogue.ts';
import { badImport, fromWriteError } from './model-errors.ts';
import { measure, writeReceipt } from './receipt.ts';

export interface ImportRequest {
  /** A GGUF file, or either file of a Piper voice (`….onnx` and `….onnx.json` side by side). */
  path: string;
  job: 'language' | 'synthesis';
  /** `reference` leaves the files where they are; the model is gone when they are moved. */
  mode: 'copy' | 'reference';
}

export interface ImportEnvironment {
  modelsDirectory: string;
  freeBytes: FreeBytes;
  wallMs: number;
}

/** Kinds of GGUF that are not a language model that can answer. */
const NO_CHAT_ARCHITECTURES = new Set(['bert', 'nomic-bert', 'jina-bert-v2', 'clip', 't5encoder', 'whisper', 'wavtokenizer-dec']);
const NO_CHAT_TYPES = new Set(['adapter', 'mmproj', 'imatrix', 'projector']);
/** Working memory beside the weights: context of 8192 tokens and buffers of a mid-sized model. */
const CONTEXT_BYTES = 800_000_000;
/** A Piper graph takes about this much more in memory than on disk. */
const PIPER_MEMORY_FACTOR = 2.4;

/**
 * Takes a model of the owner's own. The file is looked at before anything is written: what is damaged or of another kind is refused with
 * `model.bad-import` and the reason. Resolves with the new model's id.
 */
export async function importModel(request: ImportRequest, environment: ImportEnvironment): Promise<string> {
  const path = resolve(request.path);
  const status = await stat(path).catch(() => undefined);
  if (!status?.isFile()) throw badImport(path, 'there is no such file');
  const directory = dirname(path);
  const found = request.job === 'language' ? await languageModel(path) : await piperVoice(path);
  const id = await freeId(found.name, environment.modelsDirectory);
  const model = checkedModel(path, { ...found, id });
  try {
    await place(model, directory, request.mode, environment);
  } catch (error) {
    await rm(join(environment.modelsDirectory, `.${id}.incoming`), { recursive: true, force: true });
    throw fromWriteError(error, environment.modelsDirectory, 0);
  }
  return id;
}

/** The receipt is read back through the same schema: what it would not take must not be written, or the model would lie there unseen. */
function checkedModel(path: string, model: ManifestModel): ManifestModel {
  const checked = importedModelSchema.safeParse(model);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const isName = issue?.path.at(-1) === 'path';
  throw badImport(path, isName ? 'its name has characters that no list can show; rename it' : (issue?.message ?? 'it cannot be described'));
}

/** What a model calls itself, short enough for a list; else its file's name. */
function displayName(ownName: string | undefined, fileName: string): string {
  const name = ownName?.trim() || fileName;
  // A cut in the middle of a character leaves its first half, which is no text.
  return name.slice(0, NAME_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
}

/** Everything of the entry but its id, which depends on what is there already. */
type FoundModel = Omit<ManifestModel, 'id'>;

async function languageModel(path: string): Promise<FoundModel> {
  const header = await ggufHeaderOf(path);
  if (NO_CHAT_ARCHITECTURES.has(header.architecture) || NO_CHAT_TYPES.has(header.type ?? 'model'))
    throw badImport(path, `it holds a model of kind "${header.type ?? header.architecture}", which cannot hold a conversation`);
  const names = header.splitCount > 1 ? splitNames(path, header.splitCount) : [basename(path)];
  const files = await Promise.all(names.map((name, index) => ggufFile(join(dirname(path), name), index === 0)));
  return {
    name: displayName(header.name, basename(path, '.gguf')),
    job: 'language',
    engine: 'llama',
    // A GGUF does not say which languages it knows; those the header lists are what it was tuned for, not what it can answer in.
    languages: [],
    licence: 'unknown',
    memoryBytes: files.reduce((sum, file) => sum + file.sizeBytes, CONTEXT_BYTES),
    packs: [],
    verification: 'hub',
    files,
  };
}

async function ggufHeaderOf(path: string): Promise<GgufHeader> {
  let header: GgufHeader;
  try {
    header = await readGgufHeader(path);
  } catch (error) {
    throw error instanceof GgufFormatError ? badImport(path, error.message) : error;
  }
  const { size } = await stat(path);
  if (size < header.neededBytes) throw badImport(path, `it is cut off (${size} of ${header.neededBytes} bytes); download it again`);
  return header;
}

/** `name-00001-of-00003.gguf` → the names of all parts, the first one first. */
function splitNames(path: string, count: number): string[] {
  const match = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/.exec(basename(path));
  if (match?.[1] === undefined || match[3] === undefined || Number(match[3]) !== count)
    throw badImport(path, `it is one of ${count} parts and its name does not say which`);
  if (Number(match[2]) !== 1) throw badImport(path, 'it is not the first of its parts; choose the one that ends with 00001');
  return Array.from({ length: count }, (_, index) => `${match[1]}-${String(index + 1).padStart(5, '0')}-of-${match[3]}.gguf`);
}

async function ggufFile(path: string, isFirst: boolean): Promise<ModelFile> {
  const status = await stat(path).catch(() => undefined);
  if (!status) throw badImport(path, 'this part is missing');
  if (!isFirst) await ggufHeaderOf(path);
  return { path: basename(path), ...(isFirst ? { role: 'model' } : {}), kind: 'file', sizeBytes: status.size, sha256: null, sources: [] };
}

async function piperVoice(path: string): Promise<FoundModel> {
  const model = path.replace(/\.json$/, '');
  const config = `${model}.json`;
  if (!model.endsWith('.onnx')) throw badImport(path, 'a Piper voice is a file that ends with .onnx and one that ends with .onnx.json');
  const text = await readFile(config, 'utf8').catch(() => undefined);
  if (text === undefined) throw badImport(path, `its description ${basename(config)} must lie beside it`);
  const parsed = piperConfigSchema.safeParse(parseJson(text));
  if (!parsed.success || parsed.data.phoneme_type !== 'espeak')
    throw badImport(config, 'it does not describe a Piper voice that takes phonemes');
  await requireWholeOnnx(model);
  const [graph, description] = await Promise.all([hashedFile(model, 'model'), hashedFile(config, 'config')]);
  const language = parsed.data.espeak?.voice.toLowerCase().split(/[-_]/)[0];
  if (language === undefined || !/^[a-z]{2,3}$/.test(language)) throw badImport(config, 'it does not say which language the voice speaks');
  return {
    name: displayName(undefined, basename(model, '.onnx')),
    job: 'synthesis',
    engine: 'piper',
    languages: [language],
    licence: 'unknown',
    memoryBytes: Math.round(graph.sizeBytes * PIPER_MEMORY_FACTOR),
    packs: [],
    verification: 'hash',
    files: [graph, description],
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function hashedFile(path: string, role: string): Promise<ModelFile> {
  const [{ size }, sha256] = await Promise.all([stat(path), hashFile(path)]);
  return { path: basename(path), role, kind: 'file', sizeBytes: size, sha256, sources: [] };
}

/**
 * An ONNX file is one protobuf message: a row of fields with their lengths. If walking over them does not end exactly at the file's end, it is
 * cut off or something else; the engine would end its process over it.
 */
async function requireWholeOnnx(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(24);
    let at = 0;
    let hasGraph = false;
    while (at < size) {
      const { bytesRead } = await file.read(head, 0, head.length, at);
      const tag = readVarint(head.subarray(0, bytesRead), 0);
      const value = tag && readVarint(head.subarray(0, bytesRead), tag.end);
      const wireType = tag ? tag.value % 8 : -1;
      if (!tag || !value || (wireType !== 0 && wireType !== 2)) throw badImport(path, 'it is not an ONNX model');
      hasGraph ||= Math.floor(tag.value / 8) === 7;
      at += value.end + (wireType === 2 ? value.value : 0);
    }
    if (at > size) throw badImport(path, `it is cut off (${size} of ${at} bytes); download it again`);
    if (!hasGraph) throw badImport(path, 'it is not an ONNX model');
  } finally {
    await file.close();
  }
}

function readVarint(bytes: Uint8Array, from: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let index = from; index < Math.min(bytes.length, from + 8); index++) {
    const byte = bytes[index] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * (index - from));
    if (byte < 0x80) return { value, end: index + 1 };
  }
  return undefined;
}

async function freeId(name: string, modelsDirectory: string): Promise<string> {
  const plain =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9.]+/g, '-')
      .replaceAll(/^[-.]+|[-.]+$/g, '')
      .slice(0, 60) || 'model';
  const taken = new Set(await readdir(modelsDirectory).catch(() => []));
  for (let number = 1; ; number++) {
    const id = `${IMPORTED_PREFIX}${plain}${number === 1 ? '' : `-${number}`}`;
    if (!taken.has(id)) return id;
  }
}

/** Copies the files, or notes where they are, and lets the model appear by one rename. */
async function place(model: ManifestModel, directory: string, mode: ImportRequest['mode'], environment: ImportEnvironment): Promise<void> {
  const incoming = join(environment.modelsDirectory, `.${model.id}.incoming`);
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });
  if (mode === 'copy') {
    const bytes = model.files.reduce((sum, file) => sum + file.sizeBytes, 0);
    await requireFreeSpace([{ folder: environment.modelsDirectory, bytes }], environment.freeBytes);
    for (const file of model.files) await copyFile(join(directory, file.path), join(incoming, file.path));
  }
  const filesFolder = mode === 'copy' ? incoming : directory;
  const files = await Promise.all(
    model.files.map(async (file) => {
      const measured = await measure(join(filesFolder, file.path), file);
      return { path: file.path, sha256: file.sha256, sizeBytes: measured?.sizeBytes ?? 0, modifiedMs: measured?.modifiedMs ?? 0 };
    }),
  );
  const imported = { model, referenceDirectory: mode === 'reference' ? directory : null };
  await writeReceipt(incoming, { version: 1, modelId: model.id, installedAtMs: environment.wallMs, files, imported });
  await rename(incoming, join(environment.modelsDirectory, model.id));
}
