import { strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import { readFile } from 'node:fs/promises';
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
  if (body === undefined || body instanceof Uint8Array) throw new Error('The export is no file');
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
