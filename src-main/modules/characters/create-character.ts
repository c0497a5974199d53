import { createHash } from 'node:crypto';
import type { CallInput, Character, VoiceProfile } from '../../../src-preload/contract/index.ts';
import { carriedFiles, readArchive, type ReadArchive } from './character-archive.ts';
import { FACE_FILE, type FileContent } from './character-storage.ts';
import { noConsent } from './characters-errors.ts';
import type { CharactersCore } from './characters-service.ts';
import { readModelFile } from './model-file.ts';
import { newMetadata } from './new-character.ts';
import { styleOf } from './persona-words.ts';
import { drawPlaceholder } from './placeholder-portrait.ts';

/** A picture, a name and a few words become a character. Whole creation within two seconds, most of it the look at the picture. */
export async function createFromPortrait(core: CharactersCore, input: CallInput<'characters.createFromPortrait'>): Promise<Character> {
  const { deps } = core;
  if (input.voiceSample !== null && !input.consent) throw noConsent();
  const { path } = await deps.uploads.locate(input.portrait);
  const [prepared, sample] = await Promise.all([
    deps.studio.prepare(path, { face: input.face, anchors: input.anchors }),
    input.voiceSample === null ? undefined : readSample(core, input.voiceSample),
  ]);
  const portraitFile = `portrait.${prepared.extension}`;
  const metadata = newMetadata({
    name: input.name,
    description: input.description,
    style: input.style,
    portrait: { file: portraitFile, hash: prepared.face.portraitHash, width: prepared.width, height: prepared.height },
    model: null,
    createdAtMs: deps.clock.wallMs(),
  });
  const files = new Map<string, FileContent>([
    [portraitFile, prepared.picture],
    [FACE_FILE, json(prepared.face)],
    ...(sample ? [[sample.file, sample.wav] as const] : []),
  ]);
  return core.addNew(sample ? { ...metadata, voice: { ...metadata.voice, ...sample.voice } } : metadata, files);
}

/** A VRM or GLB file becomes a character; its portrait is drawn, since nobody has rendered the model yet. */
export async function createFromModel(core: CharactersCore, input: CallInput<'characters.createFromModel'>): Promise<Character> {
  const { deps } = core;
  const { path } = await deps.uploads.locate(input.model);
  const { extension } = await readModelFile(path);
  const portrait = drawPlaceholder(input.name);
  const model = `model${extension}`;
  const metadata = newMetadata({
    name: input.name,
    description: input.description,
    style: extension === '.vrm' ? 'anime' : styleOf(input.description),
    portrait: { file: 'portrait.png', hash: hashOf(portrait.picture), width: portrait.width, height: portrait.height },
    model,
    createdAtMs: deps.clock.wallMs(),
  });
  return core.addNew(
    metadata,
    new Map<string, FileContent>([
      ['portrait.png', portrait.picture],
      [model, { path }],
    ]),
  );
}

/** A character file that somebody sent. Its face is taken over only when it belongs to the picture; else the picture is looked at anew. */
export async function importCharacter(core: CharactersCore, uploadId: string): Promise<Character> {
  const { deps } = core;
  const { path } = await deps.uploads.locate(uploadId);
  const { metadata, files } = await withCheckedSample(core, await readArchive(path));
  const portrait = files.get(metadata.portrait.file);
  const { id: _id, ...rest } = metadata;
  if (portrait === undefined || metadata.model !== null) return core.addNew(rest, files);
  // Decoded once in the worker that can bear it: a picture of 20,000 pixels a side never reaches a page.
  const picture = await uploaded(core, portrait);
  const { analysis } = await deps.studio.analyse(picture.path);
  const hash = hashOf(portrait);
  const face = files.get(FACE_FILE);
  const fits =
    face !== undefined &&
    faceHash(face) === hash &&
    analysis.width === metadata.portrait.width &&
    analysis.height === metadata.portrait.height;
  if (fits) return core.addNew({ ...rest, portrait: { ...rest.portrait, hash } }, files);
  const prepared = await deps.studio.prepare(picture.path, { face: 0, anchors: null });
  const portraitFile = `portrait.${prepared.extension}`;
  const kept = [...files].filter(([name]) => name !== metadata.portrait.file && name !== FACE_FILE);
  return core.addNew(
    {
      ...rest,
      // The patches belong to the picture as it was.
      expressionSet: false,
      portrait: { file: portraitFile, hash: prepared.face.portraitHash, width: prepared.width, height: prepared.height },
    },
    new Map<string, FileContent>([...kept, [portraitFile, prepared.picture], [FACE_FILE, json(prepared.face)]]),
  );
}

/** The voice sample goes through the same check as one that is given here. Rejects with the sentence that says what is wrong with it. */
async function withCheckedSample(core: CharactersCore, { metadata, files }: ReadArchive): Promise<ReadArchive> {
  const { clone } = metadata.voice;
  const sample = clone === null ? undefined : files.get(clone.file);
  if (clone === null || sample === undefined) return { metadata, files };
  const { wav, durationMs } = await core.deps.prepareSample((await uploaded(core, sample)).path);
  const file = sampleName(wav);
  const others = [...files].filter(([name]) => name !== clone.file);
  return {
    metadata: { ...metadata, voice: { ...metadata.voice, clone: { ...clone, file, durationMs } } },
    files: new Map([...others, [file, wav]]),
  };
}

/** Bytes as a file, for whoever reads files only. */
async function uploaded({ deps }: CharactersCore, bytes: Uint8Array): Promise<{ path: string }> {
  return deps.uploads.locate(await deps.uploads.add(bytes));
}

/** A copy that can be changed, with everything that belongs to it. */
export async function duplicateCharacter(core: CharactersCore, id: string): Promise<Character> {
  const entry = core.library.require(id);
  const { character, metadata, storage } = entry;
  const content = new Map<string, FileContent>();
  for (const name of await carriedFiles(entry)) content.set(name, await storage.read(id, name));
  const { id: _id, ...rest } = metadata;
  const createdAt = new Date(core.deps.clock.wallMs()).toISOString();
  return core.addNew({ ...rest, name: copyName(character.name, core.library.all()), createdBy: 'me', createdAt }, content);
}

/**
 * Reads and checks an uploaded voice. The caller has seen the consent; when it was given is written beside the sample for good. Where no installed voice
 * can copy another one, the character gets the nearest there is until one can.
 */
export async function readSample(
  { deps }: CharactersCore,
  uploadId: string,
): Promise<{ wav: Uint8Array; file: string; voice: Partial<VoiceProfile> }> {
  const { path } = await deps.uploads.locate(uploadId);
  const { wav, durationMs, nearest } = await deps.prepareSample(path);
  const consentAt = new Date(deps.clock.wallMs()).toISOString();
  // Another sample is another file: whoever still plays the old one keeps it until it is gone from the metadata.
  const file = sampleName(wav);
  if (nearest) {
    deps.notices.raise({
      level: 'info',
      code: 'voice.cannot-clone',
      message: 'No installed voice can copy another one. The nearest of them speaks; the sample is kept for a voice that can.',
      details: {},
      action: 'open-models',
    });
  }
  return { wav, file, voice: { ...nearest, clone: { file, durationMs, consentAt, transcript: '' } } };
}

function sampleName(wav: Uint8Array): string {
  return `voice-${hashOf(wav).slice(0, 8)}.wav`;
}

function copyName(name: string, others: readonly Character[]): string {
  const taken = new Set(others.map((other) => other.name));
  const base = name.replace(/ \d+$/, '').slice(0, 56);
  for (let number = 2; ; number += 1) if (!taken.has(`${base} ${number}`)) return `${base} ${number}`;
}

function faceHash(bytes: Uint8Array): unknown {
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof content === 'object' && content !== null && 'portraitHash' in content ? content.portraitHash : undefined;
  } catch {
    return undefined;
  }
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** SHA-256, hex. */
function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
