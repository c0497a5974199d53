import { strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCharactersRig } from '../../../doubles/characters-rig.ts';
import { SHIPPED_CHARACTERS, shippedCharacter } from '../../../doubles/shipped-characters.ts';

type Rig = Awaited<ReturnType<typeof createCharactersRig>>;

/** What a page gets when it follows the address of an export. */
async function exported(rig: Rig, id: string): Promise<{ fileName: string; bytes: Uint8Array }> {
  const { fileName, url } = await rig.call['characters.export']({ id }, rig.caller);
  const answer = await rig.downloads.answer({ method: 'GET', pathname: url, isOwn: true, body: nothing(), contentLength: undefined });
  const body = answer?.body;
  if (body === undefined || !('path' in body)) throw new Error('The export is no file');
  return { fileName, bytes: await readFile(body.path) };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A GET has no body.
}

const importing = async (rig: Rig, bytes: Uint8Array) => rig.call['characters.import']({ file: await rig.upload(bytes) }, rig.caller);

/** Nova's own files with changed metadata. */
async function archive(patch: object = {}, more: Zippable = {}): Promise<Uint8Array> {
  const metadata = { ...shippedCharacter('default'), id: 'nora', name: 'Nora', createdBy: 'a friend', expressionSet: false, ...patch };
  return zipSync({
    'metadata.json': strToU8(JSON.stringify(metadata)),
    'portrait.webp': await readFile(join(SHIPPED_CHARACTERS, 'default', 'portrait.webp')),
    'face.json': await readFile(join(SHIPPED_CHARACTERS, 'default', 'face.json')),
    ...more,
  });
}

/** A PNG that says it has this size; nothing of it is decoded. */
function pngOf(width: number, height: number): Uint8Array {
  const bytes = Buffer.alloc(64);
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]).copy(bytes);
  bytes.writeUInt32BE(13, 8);
  bytes.write('IHDR', 12, 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

/** The smallest GLB with a mesh (Khronos glTF 2.0, chapter 4). */
function smallModel(): Uint8Array {
  const content = Buffer.from('{"asset":{"version":"2.0"},"meshes":[{}]}'.padEnd(44));
  const header = Buffer.alloc(20);
  for (const [index, value] of [0x46546c67, 2, header.length + content.length, content.length, 0x4e4f534a].entries())
    header.writeUInt32LE(value, index * 4);
  return Buffer.concat([header, content]);
}

const pngPortrait = (width: number, height: number) => ({ file: 'portrait.png', hash: '', width, height });
const cloneOf = (file: string) => ({
  voice: { ...shippedCharacter('default').voice, clone: { file, durationMs: 1, consentAt: '2027', transcript: '' } },
});

/** An archive with Nova's expressions, one of them another picture. */
async function withExpressions(picture: Uint8Array, portrait: object = {}): Promise<Uint8Array> {
  const folder = join(SHIPPED_CHARACTERS, 'default');
  const set: unknown = JSON.parse(await readFile(join(folder, 'set.json'), 'utf8'));
  const renamed = JSON.stringify(set).replace('blink.webp', 'blink.png');
  return archive({ expressionSet: true, ...portrait }, { 'set.json': strToU8(renamed), 'blink.png': picture });
}

describe('a character as one file', () => {
  it('comes back as it was, under an id of its own, with its pictures and its voice', async () => {
    const rig = await createCharactersRig();
    const { id } = await rig.call['characters.duplicate']({ id: 'cyberpunk-host' }, rig.caller);
    const original = await rig.call['characters.setVoiceSample'](
      { id, voiceSample: await rig.upload('RIFF....WAVE a voice'), consent: true },
      rig.caller,
    );
    const { fileName, bytes } = await exported(rig, id);
    const copy = await importing(rig, bytes);
    expect(fileName).toBe('Rex 2.character');
    expect(copy).toEqual({ ...original, id: 'rex-2-2', assets: copy.assets });
    for (const name of ['portrait.webp', 'face.json', 'set.json', 'blink.webp', original.voice.clone?.file ?? '']) {
      const [left, right] = await Promise.all([readFile(join(rig.folder, id, name)), readFile(join(rig.folder, 'rex-2-2', name))]);
      expect([name, left.equals(right)]).toEqual([name, true]);
    }
  });

  it('of a shipped character is an own one after it has been imported', async () => {
    const rig = await createCharactersRig();
    const copy = await importing(rig, (await exported(rig, 'default')).bytes);
    expect([copy.id, copy.name, copy.shipped]).toEqual(['nova', 'Nova', false]);
  });

  it('brings nothing along that no character needs', async () => {
    const rig = await createCharactersRig();
    const { id } = await importing(
      rig,
      await archive({}, { 'run.sh': strToU8('rm -rf /'), 'extra.png': strToU8('x'), 'folder/a.json': strToU8('{}') }),
    );
    const { bytes } = await exported(rig, id);
    expect(Object.keys(unzipSync(bytes)).toSorted()).toEqual(['face.json', 'metadata.json', 'portrait.webp']);
  });

  it('looks at the picture anew when its face belongs to another one', async () => {
    const rig = await createCharactersRig();
    const { id } = await importing(rig, await archive({}, { 'face.json': strToU8('{"portraitHash":"another"}') }));
    const face: unknown = JSON.parse(await readFile(join(rig.folder, id, 'face.json'), 'utf8'));
    expect(face).toMatchObject({ source: 'detected', width: 640 });
  });

  it.each([
    ['is no zip', async () => Buffer.from('not a zip at all'), 'character.bad-archive'],
    ['is cut off', async () => (await archive()).subarray(0, 5000), 'character.bad-archive'],
    ['holds no metadata', async () => zipSync({ 'portrait.webp': strToU8('x') }), 'character.bad-archive'],
    ['holds metadata that do not fit', () => archive({ name: '' }), 'character.unreadable'],
    ['comes from a newer version', () => archive({ version: 9 }), 'character.newer-version'],
    ['has an id with path parts', () => archive({ id: '../../etc' }), 'character.unreadable'],
    [
      'names a portrait elsewhere',
      () => archive({ portrait: { ...shippedCharacter('default').portrait, file: '../../secret.webp' } }),
      'character.bad-archive',
    ],
    [
      'has no portrait',
      () => archive({ portrait: { ...shippedCharacter('default').portrait, file: 'other.webp' } }),
      'character.bad-archive',
    ],
    ['has a page for a portrait', () => archive({}, { 'portrait.webp': strToU8('<html><script>') }), 'character.bad-archive'],
    ['has a broken 3D model', () => archive({ model: 'model.glb' }, { 'model.glb': strToU8('glTF but no more') }), 'character.bad-model'],
    [
      'holds a picture of a gigapixel',
      () => archive({ portrait: pngPortrait(40_000, 40_000) }, { 'portrait.png': pngOf(40_000, 40_000) }),
      'character.bad-archive',
    ],
    [
      'holds such a picture beside a 3D model',
      () =>
        archive(
          { portrait: pngPortrait(40_000, 40_000), model: 'model.glb' },
          { 'portrait.png': pngOf(40_000, 40_000), 'model.glb': smallModel() },
        ),
      'character.bad-archive',
    ],
    [
      'has a portrait of another size than it says',
      () => archive({ portrait: pngPortrait(100, 100) }, { 'portrait.png': pngOf(200, 100) }),
      'character.bad-archive',
    ],
    ['has an expression larger than its place', () => withExpressions(pngOf(486, 100)), 'character.bad-archive'],
    ['calls its portrait a voice', () => archive(cloneOf('portrait.webp')), 'character.bad-archive'],
    [
      'has a voice in which nothing is heard',
      () => archive(cloneOf('voice-1.wav'), { 'voice-1.wav': strToU8('RIFF....WAVE silent') }),
      'voice.sample-silent',
    ],
    ['blows up', () => archive({}, { 'set.json': [new Uint8Array(60_000_000), { level: 9 }] }), 'character.bad-archive'],
    [
      'holds thousands of files',
      () => archive({}, Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`f${index}.json`, strToU8('{}')]))),
      'character.bad-archive',
    ],
  ])('is refused when it %s, and nothing stays', async (_what, make, code) => {
    const rig = await createCharactersRig();
    await expect(importing(rig, await make())).rejects.toMatchObject({ code });
    expect(await rig.ids()).toEqual(['default', 'cyberpunk-host', 'retro-assistant']);
  });

  it('keeps an expression that fits its place', async () => {
    const rig = await createCharactersRig();
    const { expressionSet } = await importing(rig, await withExpressions(pngOf(485, 569)));
    expect(expressionSet).toBe(true);
  });

  it('leaves a voice sample that was taken back on the machine, and so does a copy', async () => {
    const rig = await createCharactersRig();
    const { id } = await rig.call['characters.duplicate']({ id: 'default' }, rig.caller);
    await rig.call['characters.setVoiceSample']({ id, voiceSample: await rig.upload('RIFF....WAVE a voice'), consent: true }, rig.caller);
    await rig.call['characters.setVoiceSample']({ id, voiceSample: null, consent: false }, rig.caller);
    const copy = await rig.call['characters.duplicate']({ id }, rig.caller);
    const names = [...Object.keys(unzipSync((await exported(rig, id)).bytes)), ...(await readdir(join(rig.folder, copy.id)))];
    expect(names.filter((name) => name.endsWith('.wav'))).toEqual([]);
  });

  it('does not promise what did not come along', async () => {
    const rig = await createCharactersRig();
    const nova = shippedCharacter('default');
    const clone = { file: 'voice-1.wav', durationMs: 1, consentAt: '2027', transcript: '' };
    const { model, voice, expressionSet, renderer } = await importing(
      rig,
      await archive({
        model: 'model.vrm',
        expressionSet: true,
        voice: { ...nova.voice, clone },
        renderer: { ...nova.renderer, type: '3d' },
      }),
    );
    expect([model, voice.clone, expressionSet, renderer.type]).toEqual([null, null, false, 'mesh']);
  });
});
