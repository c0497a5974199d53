import { existsSync } from 'node:fs';
import { readFile, readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readGgufHeader } from '../../../../src-main/inference/models/gguf-header.ts';
import type { ImportRequest } from '../../../../src-main/inference/models/import-model.ts';
import { importModel } from '../../../../src-main/inference/models/import-model.ts';
import { lookAt, readCatalogue } from '../../../../src-main/inference/models/model-catalogue.ts';
import { verifyModel } from '../../../../src-main/inference/models/receipt.ts';
import { someBytes, writeFiles } from '../../../doubles/model-bench.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { makeGguf } from '../../../fixtures/models/make-gguf.ts';

const gguf = makeGguf({
  'general.architecture': 'qwen3',
  'general.name': 'Qwen3 Test 4B',
  'qwen3.context_length': 32_768,
  'tokenizer.ggml.tokens': ['a', 'b', 'c'.repeat(500)],
});
/** ir_version = 9, then a graph field of 500 bytes. */
const onnx = Buffer.concat([Buffer.from([0x08, 9, 0x3a, 0xf4, 0x03]), someBytes(500)]);
const voice = JSON.stringify({
  audio: { sample_rate: 22_050 },
  espeak: { voice: 'en-us' },
  inference: { noise_scale: 0.6, length_scale: 1, noise_w: 0.8 },
  phoneme_id_map: { a: [1] },
});

const named = (name: string): Buffer => makeGguf({ 'general.architecture': 'qwen3', 'general.name': name });

let folder: string;
let modelsDirectory: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  modelsDirectory = join(folder, 'models');
});

async function importFile(
  files: Readonly<Record<string, Buffer | string>>,
  name: string,
  more: Partial<ImportRequest> = {},
): Promise<string> {
  await writeFiles(folder, files);
  const request: ImportRequest = { path: join(folder, name), job: 'language', mode: 'copy', ...more };
  return importModel(request, { modelsDirectory, freeBytes: () => Promise.resolve(1e12), wallMs: 5 });
}

const catalogue = () => readCatalogue({ version: 1, models: [] }, modelsDirectory, 'linux-x64');

describe('readGgufHeader', () => {
  it('returns what the file says about itself and how long it must be', async () => {
    await writeFiles(folder, { 'a.gguf': gguf });
    await expect(readGgufHeader(join(folder, 'a.gguf'))).resolves.toEqual({
      architecture: 'qwen3',
      name: 'Qwen3 Test 4B',
      type: undefined,
      contextTokens: 32_768,
      tensorCount: 1,
      neededBytes: gguf.length,
      splitCount: 1,
    });
  });

  it('refuses every beginning of a file that is too short', async () => {
    await writeFiles(folder, { 'a.gguf': gguf });
    for (const length of [gguf.length - 180, 300, 60, 20, 4, 0]) {
      await truncate(join(folder, 'a.gguf'), length);
      await expect(readGgufHeader(join(folder, 'a.gguf'))).rejects.toThrow(/cut off|not a GGUF/);
    }
  });
});

describe('importModel', () => {
  it('copies a language model and lists it as one of its own', async () => {
    await expect(importFile({ 'My Model.gguf': gguf }, 'My Model.gguf')).resolves.toBe('imported-qwen3-test-4b');
    const [known] = await catalogue();
    expect(known).toMatchObject({
      origin: 'imported',
      model: { name: 'Qwen3 Test 4B', job: 'language', engine: 'llama', licence: 'unknown' },
      place: { filesFolder: join(modelsDirectory, 'imported-qwen3-test-4b') },
    });
    expect(await readFile(join(modelsDirectory, 'imported-qwen3-test-4b', 'My Model.gguf'))).toEqual(gguf);
    expect(await readdir(modelsDirectory)).toEqual(['imported-qwen3-test-4b']);
  });

  it.each(['Lösung.gguf', "Müller's [best], 4B & more.gguf", '模型.gguf', '.gguf'])(
    'lists %s after a copy and after a reference',
    async (name) => {
      const copied = await importFile({ [name]: gguf }, name);
      const referred = await importFile({}, name, { mode: 'reference' });
      const known = await catalogue();
      expect(known.map(({ model }) => model.id)).toEqual([copied, referred]);
      for (const each of known) await expect(verifyModel(each.model, each.files, each.place, { wallMs: 1 })).resolves.toBeUndefined();
    },
  );

  it("lists a voice with an umlaut in its files' names", async () => {
    const files = { "Müller's voice.onnx": onnx, "Müller's voice.onnx.json": voice };
    const id = await importFile(files, "Müller's voice.onnx", { job: 'synthesis' });
    expect((await catalogue()).map(({ model }) => [model.id, model.name])).toEqual([[id, "Müller's voice"]]);
  });

  it('cuts a name that is too long for a list, not through a character, and takes the file name for an empty one', async () => {
    await importFile({ 'a.gguf': named(`${'x'.repeat(119)}🦞 and more`), 'b.gguf': named(' ') }, 'a.gguf');
    await importFile({}, 'b.gguf');
    expect((await catalogue()).map(({ model }) => model.name).toSorted()).toEqual(['b', 'x'.repeat(119)]);
  });

  it('leaves a model where it is when it is only referred to, and notices when it is gone', async () => {
    await importFile({ 'a.gguf': gguf }, 'a.gguf', { mode: 'reference' });
    const [known] = await catalogue();
    if (!known) throw new Error('nothing was imported');
    expect(await readdir(known.place.folder)).toEqual(['model.json']);
    await expect(verifyModel(known.model, known.files, known.place, { wallMs: 1 })).resolves.toBeUndefined();
    await rm(join(folder, 'a.gguf'));
    await expect(lookAt(known)).resolves.toMatchObject({ state: 'damaged', error: { code: 'model.moved' } });
  });

  it('gives a second model of the same name another id', async () => {
    await importFile({ 'a.gguf': gguf }, 'a.gguf');
    await expect(importFile({}, 'a.gguf')).resolves.toBe('imported-qwen3-test-4b-2');
  });

  it('takes all parts of a split model', async () => {
    const part = makeGguf({ 'general.architecture': 'llama', 'split.count': 2 });
    await importFile({ 'big-00001-of-00002.gguf': part, 'big-00002-of-00002.gguf': part }, 'big-00001-of-00002.gguf');
    expect((await catalogue())[0]?.files.map(({ path, role }) => [path, role])).toEqual([
      ['big-00001-of-00002.gguf', 'model'],
      ['big-00002-of-00002.gguf', undefined],
    ]);
  });

  it('copies a Piper voice with its language', async () => {
    const files = { 'en_US-amy-low.onnx': onnx, 'en_US-amy-low.onnx.json': voice };
    await importFile(files, 'en_US-amy-low.onnx.json', { job: 'synthesis' });
    expect((await catalogue())[0]?.model).toMatchObject({
      id: 'imported-en-us-amy-low',
      engine: 'piper',
      languages: ['en'],
      verification: 'hash',
    });
  });

  it.each<[string, Record<string, Buffer | string>, string, Partial<ImportRequest>, RegExp]>([
    ['a file that is not there', {}, 'a.gguf', {}, /there is no such file/],
    ['a text', { 'a.gguf': 'hello world' }, 'a.gguf', {}, /it is not a GGUF file/],
    ['an empty file', { 'a.gguf': '' }, 'a.gguf', {}, /cut off/],
    [
      'a model that is cut off in its weights',
      { 'a.gguf': gguf.subarray(0, -10) },
      'a.gguf',
      {},
      /it is cut off \(\d+ of \d+ bytes\); download it again/,
    ],
    [
      'a model that cannot talk',
      { 'a.gguf': makeGguf({ 'general.architecture': 'bert' }) },
      'a.gguf',
      {},
      /"bert", which cannot hold a conversation/,
    ],
    [
      'a helper of a picture model',
      { 'a.gguf': makeGguf({ 'general.architecture': 'llama', 'general.type': 'mmproj' }) },
      'a.gguf',
      {},
      /"mmproj"/,
    ],
    ['a model that does not say what it is', { 'a.gguf': makeGguf({ 'general.name': 'x' }) }, 'a.gguf', {}, /which kind of model/],
    [
      'a part whose brother is missing',
      { 'b-00001-of-00002.gguf': makeGguf({ 'general.architecture': 'llama', 'split.count': 2 }) },
      'b-00001-of-00002.gguf',
      {},
      /this part is missing/,
    ],
    ['a voice without its description', { 'v.onnx': onnx }, 'v.onnx', { job: 'synthesis' }, /v\.onnx\.json must lie beside it/],
    [
      'a voice whose description is something else',
      { 'v.onnx': onnx, 'v.onnx.json': '[]' },
      'v.onnx',
      { job: 'synthesis' },
      /does not describe a Piper voice/,
    ],
    [
      'a voice that is cut off',
      { 'v.onnx': onnx.subarray(0, -7), 'v.onnx.json': voice },
      'v.onnx',
      { job: 'synthesis' },
      /it is cut off \(498 of 505 bytes\)/,
    ],
    ['a voice that is a text', { 'v.onnx': 'hello', 'v.onnx.json': voice }, 'v.onnx', { job: 'synthesis' }, /not an ONNX model/],
    ['a name that no list can show', { 'a\nb.gguf': gguf }, 'a\nb.gguf', {}, /rename it/],
    ['a voice in another format', { 'v.mp3': 'hello' }, 'v.mp3', { job: 'synthesis' }, /ends with \.onnx/],
  ])('refuses %s and leaves nothing behind', async (_, files, name, more, reason) => {
    const failure = importFile(files, name, more);
    await expect(failure).rejects.toMatchObject({ code: 'model.bad-import' });
    await expect(failure).rejects.toThrow(reason);
    expect(existsSync(modelsDirectory) ? await readdir(modelsDirectory) : []).toEqual([]);
  });

  it('copies nothing when the disk has no room', async () => {
    await writeFiles(folder, { 'a.gguf': gguf });
    const request: ImportRequest = { path: join(folder, 'a.gguf'), job: 'language', mode: 'copy' };
    const failure = importModel(request, { modelsDirectory, freeBytes: () => Promise.resolve(100), wallMs: 5 });
    await expect(failure).rejects.toMatchObject({ code: 'model.disk-full' });
    expect(await readdir(modelsDirectory)).toEqual([]);
  });
});
