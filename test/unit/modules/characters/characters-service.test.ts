import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { characterMetadataSchema, type CharacterMetadata } from '../../../../src-preload/contract/index.ts';
import { createAda, createCharactersRig, type CharactersRig as Rig } from '../../../doubles/characters-rig.ts';
import { SHIPPED_CHARACTERS } from '../../../doubles/shipped-characters.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const SHIPPED = ['default', 'cyberpunk-host', 'retro-assistant'];

const stored = async (rig: Rig, id: string): Promise<CharacterMetadata> =>
  characterMetadataSchema.parse(JSON.parse(await readFile(join(rig.folder, id, 'metadata.json'), 'utf8')));

describe("createCharacters' list", () => {
  it('shows the shipped ones first, Nova in front, then the own by name', async () => {
    const rig = await createCharactersRig();
    await createAda(rig, { name: 'Zoe' });
    await createAda(rig, { name: 'Ada' });
    expect(await rig.ids()).toEqual([...SHIPPED.slice(0, 1), 'cyberpunk-host', 'retro-assistant', 'ada', 'zoe']);
  });

  it('filters by style, tag and creator', async () => {
    const rig = await createCharactersRig();
    await createAda(rig);
    const ids = async (filter: Parameters<(typeof rig.call)['characters.list']>[0]) =>
      (await rig.call['characters.list'](filter, rig.caller)).map(({ id }) => id);
    expect(await ids({ style: 'cyberpunk' })).toEqual(['cyberpunk-host']);
    expect(await ids({ tag: 'retro' })).toEqual(['retro-assistant']);
    expect(await ids({ createdBy: 'me' })).toEqual(['ada']);
    expect(await ids({ createdBy: 'me', style: 'cyberpunk' })).toEqual([]);
  });

  it('gives every file an address that changes when a file does, and not for words', async () => {
    const rig = await createCharactersRig();
    const { id, assets } = await createAda(rig);
    const renamed = await rig.call['characters.update']({ id, patch: { name: 'Ada Lovelace' } }, rig.caller);
    expect([renamed.name, renamed.assets]).toEqual(['Ada Lovelace', assets]);
    const voiced = await rig.call['characters.setVoiceSample']({ id, voiceSample: await rig.upload('a voice'), consent: true }, rig.caller);
    expect(voiced.assets).not.toBe(assets);
  });

  it('leaves out a folder that it cannot read, keeps it as it is and says why, once', async () => {
    const rig = await createCharactersRig();
    await mkdir(join(rig.folder, 'broken'), { recursive: true });
    await writeFile(join(rig.folder, 'broken', 'metadata.json'), '{"version": 1, "id": "broken"');
    expect(await rig.ids()).toEqual(SHIPPED);
    await rig.ids();
    expect(rig.notices.snapshot().notices).toMatchObject([
      { code: 'character.unreadable', details: { id: 'broken', reason: 'its metadata is not JSON' } },
    ]);
    await rm(join(rig.folder, 'broken'), { recursive: true });
    await rig.ids();
    expect(rig.codes()).toEqual([]);
  });

  it.each([
    ['no metadata', undefined, 'character.unreadable'],
    ['an array', '[]', 'character.unreadable'],
    ['no version', '{"id":"odd"}', 'character.unreadable'],
    ['a newer version', '{"version":7,"id":"odd"}', 'character.newer-version'],
    ['a field that does not fit', '{"version":1,"id":"odd","name":""}', 'character.unreadable'],
  ])('reports a folder with %s and never writes to it', async (_what, content, code) => {
    const rig = await createCharactersRig();
    await mkdir(join(rig.folder, 'odd'), { recursive: true });
    if (content !== undefined) await writeFile(join(rig.folder, 'odd', 'metadata.json'), content);
    expect([await rig.ids(), rig.codes()]).toEqual([SHIPPED, [code]]);
    await expect(async () => rig.call['characters.use']({ id: 'odd' }, rig.caller)).rejects.toMatchObject({ code });
    await expect(async () => rig.call['characters.update']({ id: 'odd', patch: { name: 'X' } }, rig.caller)).rejects.toMatchObject({
      code,
    });
    expect(await readdir(join(rig.folder, 'odd'))).toEqual(content === undefined ? [] : ['metadata.json']);
    expect((await createAda(rig, { name: 'Odd' })).id).toBe('odd-2');
  });

  it('reports a folder whose metadata belongs to another one', async () => {
    const rig = await createCharactersRig();
    await createAda(rig);
    await cp(join(rig.folder, 'ada'), join(rig.folder, 'copy'), { recursive: true });
    expect(await rig.ids()).toEqual([...SHIPPED, 'ada']);
    expect(rig.notices.snapshot().notices[0]?.message).toContain('it says that it belongs to "ada"');
  });

  it('still shows a character whose portrait was deleted from the disk, with a sentence about it', async () => {
    const rig = await createCharactersRig();
    await createAda(rig);
    await rig.call['characters.use']({ id: 'ada' }, rig.caller);
    await rm(join(rig.folder, 'ada', 'portrait.webp'));
    expect(await rig.ids()).toEqual([...SHIPPED, 'ada']);
    expect(rig.notices.snapshot().notices).toMatchObject([
      { code: 'character.file-missing', details: { id: 'ada', file: 'portrait.webp' } },
    ]);
    expect(rig.characters.speaker('page').id).toBe('ada');
  });

  it('never lets a folder of the owner take the place of a shipped one', async () => {
    const rig = await createCharactersRig();
    await cp(join(SHIPPED_CHARACTERS, 'default'), join(rig.folder, 'default'), { recursive: true });
    const [nova] = await rig.call['characters.list']({}, rig.caller);
    expect([nova?.id, nova?.shipped, rig.codes()]).toEqual(['default', true, ['character.id-taken']]);
  });
});

describe("createCharacters' use", () => {
  it('changes who speaks and answers for the page, and for sessions to come', async () => {
    const rig = await createCharactersRig();
    expect(rig.characters.speaker('page').id).toBe('default');
    await rig.call['characters.use']({ id: 'cyberpunk-host' }, rig.caller);
    expect(rig.characters.speaker('page')).toMatchObject({
      id: 'cyberpunk-host',
      voice: { emotion: 'energetic' },
      patterns: [{ kind: 'stutter' }, { kind: 'glitch' }, { kind: 'repeats' }],
    });
    expect(rig.characters.speaker('a new page').id).toBe('cyberpunk-host');
    expect(rig.characters.persona('cyberpunk-host')?.name).toBe('Rex');
    expect(rig.changed).toContain('cyberpunk-host');
    const restarted = await createCharactersRig({ dataDirectory: rig.dataDirectory });
    expect(restarted.characters.speaker('page').id).toBe('cyberpunk-host');
  });

  it('leaves another page that chose for itself with its own', async () => {
    const rig = await createCharactersRig();
    await rig.call['characters.use']({ id: 'retro-assistant' }, { clientId: 'other', door: 'browser' });
    await rig.call['characters.use']({ id: 'cyberpunk-host' }, rig.caller);
    expect([rig.characters.speaker('other').id, rig.characters.speaker('page').id]).toEqual(['retro-assistant', 'cyberpunk-host']);
    rig.characters.clientGone('other');
    expect(rig.characters.speaker('other').id).toBe('cyberpunk-host');
  });

  it('refuses one that is not there, and the former stays', async () => {
    const rig = await createCharactersRig();
    await expect(async () => rig.call['characters.use']({ id: 'nobody' }, rig.caller)).rejects.toMatchObject({ code: 'character.unknown' });
    expect(rig.characters.speaker('page').id).toBe('default');
  });

  it('ends with the one that was clicked last, however long the one before takes to read', async () => {
    const rig = await createCharactersRig();
    await rig.call['characters.preload']({ id: 'retro-assistant' }, rig.caller);
    await Promise.all([
      rig.call['characters.use']({ id: 'cyberpunk-host' }, rig.caller),
      rig.call['characters.use']({ id: 'retro-assistant' }, rig.caller),
    ]);
    expect([rig.characters.speaker('page').id, rig.characters.speaker('a new page').id, rig.changed.at(-1)]).toEqual([
      'retro-assistant',
      'retro-assistant',
      'retro-assistant',
    ]);
  });

  it('holds for now when it cannot be remembered', async () => {
    const rig = await createCharactersRig();
    await mkdir(join(rig.dataDirectory, 'config.json', 'in-the-way'), { recursive: true });
    await rig.call['characters.use']({ id: 'cyberpunk-host' }, rig.caller);
    expect([rig.characters.speaker('page').id, rig.changed.at(-1)]).toEqual(['cyberpunk-host', 'cyberpunk-host']);
    expect(rig.log.messages('warn')).toContain('character.not-remembered');
  });

  it('goes back to Nova when the one that speaks is deleted or its folder vanishes', async () => {
    const rig = await createCharactersRig();
    await createAda(rig);
    await rig.call['characters.use']({ id: 'ada' }, rig.caller);
    await rig.call['characters.delete']({ id: 'ada' }, rig.caller);
    expect([rig.characters.speaker('page').id, rig.characters.speaker('new').id, rig.changed.at(-1)]).toEqual([
      'default',
      'default',
      'default',
    ]);
    await rig.call['characters.restore']({ id: 'ada' }, rig.caller);
    await rig.call['characters.use']({ id: 'ada' }, rig.caller);
    await rm(join(rig.folder, 'ada'), { recursive: true });
    await rig.ids();
    expect(rig.characters.speaker('page').id).toBe('default');
  });

  it('speaks with a plain voice even when nothing at all is there', async () => {
    const rig = await createCharactersRig({ shippedDirectory: join(await temporaryFolder(), 'missing') });
    expect(rig.characters.speaker('page')).toMatchObject({ id: 'default', voice: { pitch: 0, speed: 1, voice: 'auto' }, patterns: [] });
  });
});

describe("createCharacters' warm characters", () => {
  it('answer from memory, also when the disk is gone, and hold ten at most', async () => {
    const rig = await createCharactersRig();
    const { id, assets } = await createAda(rig);
    await rig.call['characters.preload']({ id }, rig.caller);
    await rm(join(rig.folder, id, 'portrait.webp'));
    const answer = await rig.characters.files({
      method: 'GET',
      pathname: `${assets}/portrait.webp`,
      isOwn: true,
      body: nothing(),
      contentLength: undefined,
    });
    expect(answer).toEqual({
      status: 200,
      contentType: 'image/webp',
      cacheControl: 'private, max-age=31536000, immutable',
      body: Buffer.from('a picture'),
    });
    const before = rig.characters.warmBytes();
    for (let index = 0; index < 12; index += 1) {
      const other = await createAda(rig, { name: `Other ${index}` });
      await rig.call['characters.preload']({ id: other.id }, rig.caller);
    }
    expect(rig.characters.warmBytes()).toBe(before * 10);
  });
});

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A GET has no body.
}

const get = (rig: Rig, pathname: string) =>
  rig.characters.files({ method: 'GET', pathname, isOwn: true, body: nothing(), contentLength: undefined });

describe("createCharacters' files", () => {
  it('come from the folder, with their kind', async () => {
    const rig = await createCharactersRig();
    const { assets } = await createAda(rig);
    expect(await get(rig, `${assets}/face.json`)).toMatchObject({
      status: 200,
      contentType: 'application/json; charset=utf-8',
      body: { path: join(rig.folder, 'ada', 'face.json') },
    });
  });

  it('are not kept by a page under an address of yesterday', async () => {
    const rig = await createCharactersRig();
    await createAda(rig);
    expect(await get(rig, '/characters/ada/000000000000/portrait.webp')).toMatchObject({ status: 200, cacheControl: 'no-store' });
  });

  it.each(['/../default/metadata.json', '/..%2f..%2fconfig.json', '/nothing.webp', '/.hidden.json', '', '/metadata.json/x', '/page.html'])(
    'are never anything else: %s',
    async (rest) => {
      const rig = await createCharactersRig();
      const { assets } = await createAda(rig);
      await writeFile(join(rig.folder, 'ada', 'page.html'), '<script>1</script>');
      await rig.ids();
      expect(await get(rig, assets + rest)).toBeUndefined();
    },
  );
});

describe("createCharacters' createFromPortrait", () => {
  it('stores portrait, face and what its words say about voice, manner and prompt', async () => {
    const rig = await createCharactersRig();
    const ada = await createAda(rig);
    const metadata = await stored(rig, 'ada');
    expect(ada).toEqual({ ...metadata, shipped: false, assets: ada.assets });
    expect(metadata).toMatchObject({
      version: 1,
      id: 'ada',
      name: 'Ada',
      description: { en: 'Calm, precise. Pauses often.', de: 'Calm, precise. Pauses often.' },
      style: 'realistic',
      createdBy: 'me',
      createdAt: '2027-01-15T08:00:00.000Z',
      portrait: { file: 'portrait.webp', width: 640, height: 800 },
      voice: { voice: 'auto', emotion: 'calm', clone: null },
      personality: { traits: ['Calm', 'precise'], speechPatterns: [{ kind: 'pauses', amount: 0.5, description: 'Pauses often' }] },
      renderer: { type: 'mesh', fps: 25, height: 720, expressiveness: 0.8, effects: 'none' },
    });
    expect(metadata.systemPrompt.en.startsWith('You are Ada')).toBe(true);
    expect((await readdir(join(rig.folder, 'ada'))).toSorted()).toEqual(['face.json', 'metadata.json', 'portrait.webp']);
    expect(rig.events.filter(({ name }) => name === 'characters.changed')).toEqual([
      { name: 'characters.changed', payload: { characterId: 'ada' } },
    ]);
  });

  it('makes folders of names in any script, and no two the same', async () => {
    const rig = await createCharactersRig();
    const names = ['Tante Käthe', 'Tante Käthe', '明日香', '../../etc', 'A'.repeat(60)];
    const ids = [];
    for (const name of names) ids.push((await createAda(rig, { name })).id);
    expect(ids).toEqual(['tante-kathe', 'tante-kathe-2', 'character', 'etc', 'a'.repeat(48)]);
  });

  it('leaves nothing when the picture has no face', async () => {
    const rig = await createCharactersRig();
    const portrait = await rig.upload('nobody here');
    await expect(async () =>
      rig.call['characters.createFromPortrait'](
        { portrait, name: 'X', description: '', face: 0, anchors: null, voiceSample: null, consent: false },
        rig.caller,
      ),
    ).rejects.toMatchObject({ code: 'face.none' });
    expect(await rig.ids()).toEqual(SHIPPED);
  });

  it('refuses a voice without the consent of the one it belongs to, and marks the consent in the file', async () => {
    const rig = await createCharactersRig();
    await expect(createAda(rig, { voiceSample: 'a voice' })).rejects.toMatchObject({ code: 'character.no-consent' });
    expect(await rig.ids()).toEqual(SHIPPED);
    const ada = await createAda(rig, { voiceSample: 'a voice', consent: true });
    expect(ada.voice.clone).toEqual({
      file: expect.stringMatching(/^voice-[0-9a-f]{8}\.wav$/),
      durationMs: 5_000,
      consentAt: '2027-01-15T08:00:00.000Z',
      transcript: '',
    });
    const path = join(rig.folder, 'ada', ada.voice.clone?.file ?? '');
    expect(await readFile(path, 'utf8')).toBe('a voice');
    // Whoever speaks as Ada is told where her sample lies.
    await rig.call['characters.use']({ id: 'ada' }, rig.caller);
    expect(rig.characters.speaker(rig.caller.clientId).samplePath).toBe(path);
  });

  it('takes the nearest voice where none can copy the sample, and says so', async () => {
    const rig = await createCharactersRig({ nearest: { voice: 'en_US-joe', pitch: 5 } });
    const { voice } = await createAda(rig, { voiceSample: 'a voice', consent: true });
    expect([voice.voice, voice.pitch, voice.clone?.durationMs, rig.codes()]).toEqual(['en_US-joe', 5, 5_000, ['voice.cannot-clone']]);
  });

  it('says that an upload is gone after an hour', async () => {
    const rig = await createCharactersRig();
    const portrait = await rig.upload('a picture');
    await rig.clock.advance(3_600_001);
    await expect(async () =>
      rig.call['characters.createFromPortrait'](
        { portrait, name: 'X', description: '', face: 0, anchors: null, voiceSample: null, consent: false },
        rig.caller,
      ),
    ).rejects.toMatchObject({ code: 'upload.gone' });
  });
});

describe("createCharacters' changes", () => {
  it('never touch a shipped character', async () => {
    const rig = await createCharactersRig();
    const refusal = { code: 'character.shipped', details: { name: 'Nova' } };
    await expect(async () => rig.call['characters.update']({ id: 'default', patch: { name: 'X' } }, rig.caller)).rejects.toMatchObject(
      refusal,
    );
    await expect(async () => rig.call['characters.delete']({ id: 'default' }, rig.caller)).rejects.toMatchObject(refusal);
    await expect(async () =>
      rig.call['characters.setVoiceSample']({ id: 'default', voiceSample: null, consent: false }, rig.caller),
    ).rejects.toMatchObject(refusal);
  });

  it('of the voice in a patch neither bring nor take a sample', async () => {
    const rig = await createCharactersRig();
    const { id, voice } = await createAda(rig, { voiceSample: 'a voice', consent: true });
    const forged = { file: 'portrait.webp', durationMs: 1, consentAt: 'never', transcript: '' };
    const changed = await rig.call['characters.update']({ id, patch: { voice: { ...voice, pitch: 3, clone: forged } } }, rig.caller);
    expect(changed.voice).toEqual({ ...voice, pitch: 3 });
  });

  it('of the sample take the former file away with the next start: until then somebody may be speaking with it', async () => {
    const rig = await createCharactersRig();
    const { id } = await createAda(rig, { voiceSample: 'a voice', consent: true });
    await expect(async () =>
      rig.call['characters.setVoiceSample']({ id, voiceSample: await rig.upload('other'), consent: false }, rig.caller),
    ).rejects.toMatchObject({ code: 'character.no-consent' });
    const other = await rig.call['characters.setVoiceSample']({ id, voiceSample: await rig.upload('other'), consent: true }, rig.caller);
    const files = async () => (await readdir(join(rig.folder, id))).filter((name) => name.endsWith('.wav'));
    expect(await files()).toHaveLength(2);
    await createCharactersRig({ dataDirectory: rig.dataDirectory });
    await expect.poll(files).toEqual([other.voice.clone?.file]);
    const none = await rig.call['characters.setVoiceSample']({ id, voiceSample: null, consent: false }, rig.caller);
    await createCharactersRig({ dataDirectory: rig.dataDirectory });
    await expect.poll(files).toEqual([]);
    expect(none.voice.clone).toBeNull();
  });

  it('at the same time lose nothing of each other', async () => {
    const rig = await createCharactersRig();
    const { id } = await createAda(rig);
    const voiceSample = await rig.upload('a voice');
    await Promise.all([
      rig.call['characters.setVoiceSample']({ id, voiceSample, consent: true }, rig.caller),
      rig.call['characters.update']({ id, patch: { name: 'Ada Lovelace' } }, rig.caller),
    ]);
    const { name, voice } = await stored(rig, id);
    expect([name, voice.clone?.durationMs]).toEqual(['Ada Lovelace', 5_000]);
  });

  it('never bring a character back that was deleted while its voice was read', async () => {
    const rig = await createCharactersRig();
    const { id } = await createAda(rig);
    const voiceSample = await rig.upload('a voice');
    const [sample] = await Promise.allSettled([
      rig.call['characters.setVoiceSample']({ id, voiceSample, consent: true }, rig.caller),
      rig.call['characters.delete']({ id }, rig.caller),
    ]);
    expect(sample).toMatchObject({ status: 'rejected', reason: { code: 'character.unknown' } });
    expect(await rig.ids()).toEqual(SHIPPED);
  });

  it('begin with a copy of a shipped one, with all its pictures', async () => {
    const rig = await createCharactersRig();
    const copy = await rig.call['characters.duplicate']({ id: 'default' }, rig.caller);
    expect([copy.id, copy.name, copy.createdBy, copy.shipped]).toEqual(['nova-2', 'Nova 2', 'me', false]);
    expect((await readdir(join(rig.folder, 'nova-2'))).toSorted()).toEqual((await readdir(join(SHIPPED_CHARACTERS, 'default'))).toSorted());
    expect((await rig.call['characters.duplicate']({ id: 'nova-2' }, rig.caller)).name).toBe('Nova 3');
  });

  it('can be undone: a deleted character comes back as it was', async () => {
    const rig = await createCharactersRig();
    const ada = await createAda(rig);
    await rig.call['characters.delete']({ id: 'ada' }, rig.caller);
    expect(await rig.ids()).toEqual(SHIPPED);
    expect((await createAda(rig)).id).toBe('ada-2');
    expect(await rig.call['characters.restore']({ id: 'ada' }, rig.caller)).toEqual(ada);
    expect(await rig.ids()).toEqual([...SHIPPED, 'ada', 'ada-2']);
  });
});

describe("createCharacters' speakSample", () => {
  it('says the sample sentence, or the words given, as the character would', async () => {
    const rig = await createCharactersRig();
    await rig.call['characters.speakSample']({ id: 'retro-assistant' }, rig.caller);
    await rig.call['characters.speakSample']({ id: 'retro-assistant', text: 'Lift-off.' }, rig.caller);
    expect(rig.spoken.map(({ speaker, text, language }) => [speaker.id, speaker.voice.emotion, text.slice(0, 13), language])).toEqual([
      ['retro-assistant', 'calm', 'Good evening.', 'en'],
      ['retro-assistant', 'calm', 'Lift-off.', 'en'],
    ]);
  });
});

describe("createCharacters' renderSample", () => {
  it('offers the spoken sample as a WAV file, with what the mouth does', async () => {
    const rig = await createCharactersRig();
    const { url, ...rest } = await rig.call['characters.renderSample']({ id: 'retro-assistant', text: 'Lift-off.' }, rig.caller);
    expect(rest).toEqual({ phonemes: [{ symbol: 'a', startMs: 0, durationMs: 100 }], emotion: 'calm' });
    expect(rig.spoken.map(({ speaker, text, language }) => [speaker.id, text, language])).toEqual([['retro-assistant', 'Lift-off.', 'en']]);
    expect(url).toMatch(/^\/downloads\/[0-9a-f]{32}\/sample\.wav$/);
  });
});

describe('a disk that fills up while a character is saved', () => {
  it('loses nothing, says so, and saves when there is room again', async ({ skip }) => {
    const dataDirectory = await temporaryFolder();
    const disk = join(dataDirectory, 'characters');
    await mkdir(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      skip();
    }
    onTestFinished(() => void execFileSync('umount', [disk]));
    const rig = await createCharactersRig({ dataDirectory });
    const ada = await createAda(rig);
    const full = { code: 'character.disk-full' };
    const large = await rig.upload(Buffer.alloc(400_000, 7));
    await expect(async () =>
      rig.call['characters.createFromPortrait'](
        { portrait: large, name: 'Large', description: '', face: 0, anchors: null, voiceSample: null, consent: false },
        rig.caller,
      ),
    ).rejects.toMatchObject(full);
    await expect(async () =>
      rig.call['characters.setVoiceSample']({ id: 'ada', voiceSample: large, consent: true }, rig.caller),
    ).rejects.toMatchObject(full);
    expect(await rig.ids()).toEqual([...SHIPPED, 'ada']);
    expect({ ...(await stored(rig, 'ada')), shipped: false, assets: ada.assets }).toEqual(ada);
    expect((await readdir(join(disk, 'ada'))).toSorted()).toEqual(['face.json', 'metadata.json', 'portrait.webp']);
    expect(await readdir(join(disk, '.new'))).toEqual([]);
    execFileSync('mount', ['-o', 'remount,size=4m', disk]);
    expect(
      (await rig.call['characters.setVoiceSample']({ id: 'ada', voiceSample: large, consent: true }, rig.caller)).voice.clone?.durationMs,
    ).toBe(5_000);
  });
});
