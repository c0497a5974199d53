import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CharacterStorage, FileContent } from '../../../../src-main/modules/characters/character-storage.ts';
import { createDiskStorage } from '../../../../src-main/modules/characters/disk-storage.ts';
import { createS3Storage } from '../../../../src-main/modules/characters/s3-storage.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { S3_BUCKET, S3_KEYS, startS3Server } from '../../../doubles/s3-server.ts';
import { startSilentServer } from '../../../doubles/silent-server.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createKillGate } from '../../../../src-main/modules/killswitch/kill-gate.ts';
import { neverShut } from '../../../doubles/never-shut.ts';

const DAY_MS = 24 * 3_600_000;
const bytes = (text: string): Uint8Array => Buffer.from(text);
const folderOf = (metadata: string): Map<string, FileContent> =>
  new Map([
    ['metadata.json', bytes(metadata)],
    ['portrait.webp', bytes('a picture')],
  ]);

interface Rig {
  storage: CharacterStorage;
  /** A second program that uses the same place. */
  open(): CharacterStorage;
  clock: { wallMs(): number; later(ms: number): void };
}

function movableClock(): Rig['clock'] {
  let nowMs = 1_800_000_000_000;
  return { wallMs: () => nowMs, later: (ms) => void (nowMs += ms) };
}

async function onDisk(): Promise<Rig> {
  const folder = await temporaryFolder();
  const clock = movableClock();
  const open = (): CharacterStorage => createDiskStorage({ folder, clock });
  return { storage: open(), open, clock };
}

async function onS3(path = ''): Promise<Rig> {
  const { endpoint } = await startS3Server();
  const clock = movableClock();
  const cacheFolder = await temporaryFolder();
  const place = { endpoint, bucket: `${S3_BUCKET}${path}`, region: 'us-east-1', accessKeyId: S3_KEYS.accessKeyId };
  const open = (): CharacterStorage =>
    createS3Storage({
      place,
      secretAccessKey: () => S3_KEYS.secretAccessKey,
      shut: neverShut,
      cacheFolder,
      clock,
      log: createRecordingLog(),
    });
  return { storage: open(), open, clock };
}

const named = async (storage: CharacterStorage): Promise<Record<string, string[]>> =>
  Object.fromEntries((await storage.list()).map(({ id, files }) => [id, files.map(({ name }) => name).toSorted()]));
const text = async (storage: CharacterStorage, id: string, file: string): Promise<string> =>
  Buffer.from(await storage.read(id, file)).toString();

describe.each([
  ['createDiskStorage', onDisk],
  ['createS3Storage', () => onS3()],
  ['createS3Storage with a path in the bucket', () => onS3('/shared/faces')],
] as const)('%s', (_name, create) => {
  it('keeps a new folder with all its files, also for the next start', async () => {
    const { storage, open } = await create();
    expect(await storage.list()).toEqual([]);
    await storage.create('ada', folderOf('{"a":1}'));
    const again = open();
    expect(await named(again)).toEqual({ ada: ['metadata.json', 'portrait.webp'] });
    expect([await text(again, 'ada', 'metadata.json'), await text(again, 'ada', 'portrait.webp')]).toEqual(['{"a":1}', 'a picture']);
  });

  it('takes a file of this machine as well as bytes', async () => {
    const { storage } = await create();
    const source = join(await temporaryFolder(), 'model');
    await writeFile(source, 'a large model');
    await storage.create('ada', new Map([...folderOf('{}'), ['model.glb', { path: source }]]));
    expect(await text(storage, 'ada', 'model.glb')).toBe('a large model');
  });

  it('refuses an id that is there', async () => {
    const { storage } = await create();
    await storage.create('ada', folderOf('{"a":1}'));
    await expect(storage.create('ada', folderOf('{"a":2}'))).rejects.toMatchObject({ code: 'character.id-taken' });
    expect(await text(storage, 'ada', 'metadata.json')).toBe('{"a":1}');
  });

  it('changes the metadata with files that come and go', async () => {
    const { storage } = await create();
    await storage.create('ada', new Map([...folderOf('{"a":1}'), ['voice-1.wav', bytes('old')]]));
    await storage.change('ada', { metadata: bytes('{"a":2}'), add: new Map([['voice-2.wav', bytes('new')]]), remove: ['voice-1.wav'] });
    expect(await named(storage)).toEqual({ ada: ['metadata.json', 'portrait.webp', 'voice-2.wav'] });
    expect([await text(storage, 'ada', 'metadata.json'), await text(storage, 'ada', 'voice-2.wav')]).toEqual(['{"a":2}', 'new']);
  });

  it('gives a file another stamp when it changes, and the same one when it does not', async () => {
    const { storage } = await create();
    await storage.create('ada', folderOf('{"a":1}'));
    const stamps = async () =>
      Object.fromEntries((await storage.list())[0]?.files.map(({ name, sizeBytes, stamp }) => [name, [sizeBytes, stamp]]) ?? []);
    const before = await stamps();
    await storage.change('ada', { metadata: bytes('{"a":22}') });
    const after = await stamps();
    expect(after['portrait.webp']).toEqual(before['portrait.webp']);
    expect(after['metadata.json']).not.toEqual(before['metadata.json']);
  });

  it('moves a folder to the bin and takes it out again, whole', async () => {
    const { storage, open } = await create();
    await storage.create('ada', folderOf('{"a":1}'));
    await storage.create('bob', folderOf('{"b":1}'));
    await storage.bin('ada');
    expect(Object.keys(await named(open()))).toEqual(['bob']);
    await expect(storage.change('ada', { metadata: bytes('{}') })).rejects.toMatchObject({ code: 'character.unknown' });
    await storage.restore('ada');
    expect(await named(open())).toMatchObject({ ada: ['metadata.json', 'portrait.webp'] });
    await expect(storage.restore('ada')).rejects.toMatchObject({ code: 'character.not-in-bin' });
  });

  it('keeps the id of one in the bin, so that it can come back', async () => {
    const { storage } = await create();
    await storage.create('ada', folderOf('{}'));
    await storage.bin('ada');
    await expect(storage.create('ada', folderOf('{}'))).rejects.toMatchObject({ code: 'character.id-taken' });
  });

  it('deletes for good after 30 days in the bin, not earlier', async () => {
    const { storage, clock } = await create();
    await storage.create('ada', folderOf('{}'));
    await storage.bin('ada');
    clock.later(29 * DAY_MS);
    await storage.purge();
    await storage.restore('ada');
    await storage.bin('ada');
    clock.later(31 * DAY_MS);
    await storage.purge();
    await expect(storage.restore('ada')).rejects.toMatchObject({ code: 'character.not-in-bin' });
    await storage.create('ada', folderOf('{}'));
  });

  it('says which file or folder is not there', async () => {
    const { storage } = await create();
    await storage.create('ada', folderOf('{}'));
    await expect(storage.read('ada', 'face.json')).rejects.toMatchObject({
      code: 'character.file-missing',
      details: { id: 'ada', file: 'face.json' },
    });
    await expect(storage.read('nobody', 'face.json')).rejects.toMatchObject({ code: 'character.file-missing' });
    await expect(storage.bin('nobody')).rejects.toMatchObject({ code: 'character.unknown', details: { id: 'nobody' } });
  });

  it.each(['../ada', 'a/b', '..', '.bin', 'Ada', 'a\\b', '', 'ada\u0000', 'a'.repeat(80), '-a'])('refuses the id "%s"', async (id) => {
    const { storage } = await create();
    const refusal = { code: 'character.bad-path' };
    await expect(storage.create(id, folderOf('{}'))).rejects.toMatchObject(refusal);
    await expect(storage.read(id, 'metadata.json')).rejects.toMatchObject(refusal);
    await expect(storage.restore(id)).rejects.toMatchObject(refusal);
    expect(await storage.list()).toEqual([]);
  });

  it.each(['../x.json', 'a/b.json', '..', '.hidden', 'x\\y', '', 'x.new'])('refuses the file name "%s"', async (name) => {
    const { storage } = await create();
    const refusal = { code: 'character.bad-path' };
    await expect(storage.create('ada', new Map([...folderOf('{}'), [name, bytes('x')]]))).rejects.toMatchObject(refusal);
    expect(await named(storage)).toEqual({});
    await storage.create('bob', folderOf('{"b":1}'));
    await expect(storage.read('bob', name)).rejects.toMatchObject(refusal);
    await expect(storage.change('bob', { metadata: bytes('{}'), add: new Map([[name, bytes('x')]]) })).rejects.toMatchObject(refusal);
    expect([await named(storage), await text(storage, 'bob', 'metadata.json')]).toEqual([
      { bob: ['metadata.json', 'portrait.webp'] },
      '{"b":1}',
    ]);
  });
});

describe('createDiskStorage', () => {
  it('leaves links alone: neither a folder nor a file of somebody else is shown', async () => {
    const folder = await temporaryFolder();
    const elsewhere = await temporaryFolder();
    await writeFile(join(elsewhere, 'secret.json'), 'secret');
    const storage = createDiskStorage({ folder, clock: movableClock() });
    await storage.create('ada', folderOf('{}'));
    await symlink(elsewhere, join(folder, 'linked'));
    await symlink(join(elsewhere, 'secret.json'), join(folder, 'ada', 'secret.json'));
    expect(await named(storage)).toEqual({ ada: ['metadata.json', 'portrait.webp'] });
    await expect(storage.read('ada', 'secret.json')).rejects.toMatchObject({ code: 'character.file-missing' });
    await expect(storage.bin('linked')).rejects.toMatchObject({ code: 'character.unknown' });
  });

  it('shows folders without metadata, so that they can be reported, and cleans up what a crash has left half written', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'empty'), { recursive: true });
    await mkdir(join(folder, '.new', 'half~1234'), { recursive: true });
    const storage = createDiskStorage({ folder, clock: movableClock() });
    expect(await named(storage)).toEqual({ empty: [] });
    await storage.purge();
    expect(await readdir(folder)).toEqual(['empty']);
  });

  it('says so when the folder cannot be written, and leaves nothing behind', async () => {
    const folder = join(await temporaryFolder(), 'characters');
    await writeFile(folder, 'a file where the folder should be');
    const storage = createDiskStorage({ folder, clock: movableClock() });
    await expect(storage.create('ada', folderOf('{}'))).rejects.toMatchObject({ code: 'character.not-saved', details: { folder } });
  });
});

describe('createS3Storage', () => {
  it('goes on with the copies on this machine while the bucket is out of reach, and says so once it is', async () => {
    const server = await startS3Server();
    const cacheFolder = await temporaryFolder();
    const place = { endpoint: server.endpoint, bucket: S3_BUCKET, region: 'us-east-1', accessKeyId: S3_KEYS.accessKeyId };
    const open = (): CharacterStorage =>
      createS3Storage({
        place,
        secretAccessKey: () => S3_KEYS.secretAccessKey,
        shut: neverShut,
        cacheFolder,
        clock: movableClock(),
        log: createRecordingLog(),
      });
    const before = open();
    await before.create('ada', folderOf('{"a":1}'));
    await before.list();
    await before.read('ada', 'metadata.json');
    await server.close();

    const after = open();
    expect(await named(after)).toEqual({ ada: ['metadata.json', 'portrait.webp'] });
    expect(after.problem()).toMatchObject({ code: 'character.storage-unreachable', details: { where: server.endpoint } });
    expect(await text(after, 'ada', 'metadata.json')).toBe('{"a":1}');
    const unreachable = { code: 'character.storage-unreachable' };
    await expect(after.read('ada', 'portrait.webp')).rejects.toMatchObject(unreachable);
    await expect(after.create('bob', folderOf('{}'))).rejects.toMatchObject(unreachable);
    await expect(after.change('ada', { metadata: bytes('{}') })).rejects.toMatchObject(unreachable);
    await expect(after.bin('ada')).rejects.toMatchObject(unreachable);
    expect(await text(after, 'ada', 'metadata.json')).toBe('{"a":1}');
  }, 60_000);

  it('says that the bucket refuses when the key is wrong or the bucket is another', async () => {
    const { endpoint } = await startS3Server();
    const open = (bucket: string, accessKeyId: string, cacheFolder: string): CharacterStorage =>
      createS3Storage({
        place: { endpoint, bucket, region: 'us-east-1', accessKeyId },
        secretAccessKey: () => S3_KEYS.secretAccessKey,
        shut: neverShut,
        cacheFolder,
        clock: movableClock(),
        log: createRecordingLog(),
      });
    const wrongKey = open(S3_BUCKET, 'nobody', await temporaryFolder());
    const wrongBucket = open('elsewhere', S3_KEYS.accessKeyId, await temporaryFolder());
    expect([await wrongKey.list(), await wrongBucket.list()]).toEqual([[], []]);
    expect([wrongKey.problem()?.code, wrongKey.problem()?.details['status']]).toEqual(['character.storage-refused', 403]);
    expect([wrongBucket.problem()?.code, wrongBucket.problem()?.details['status']]).toEqual(['character.storage-refused', 404]);
    expect(wrongKey.problem()?.message).not.toContain('nobody');
  });

  it('gives up on a server that takes the connection and then says nothing', async () => {
    const { endpoint } = await startSilentServer();
    const storage = createS3Storage({
      place: { endpoint, bucket: S3_BUCKET, region: 'us-east-1', accessKeyId: S3_KEYS.accessKeyId },
      secretAccessKey: () => S3_KEYS.secretAccessKey,
      shut: neverShut,
      cacheFolder: await temporaryFolder(),
      clock: movableClock(),
      log: createRecordingLog(),
      silenceMs: 200,
    });
    expect(await storage.list()).toEqual([]);
    expect(storage.problem()).toMatchObject({ code: 'character.storage-unreachable' });
  });

  it('lets go of the server at a stop, asks nothing while it lasts, and works again after the lift', async () => {
    const gate = createKillGate();
    const silent = await startSilentServer();
    const server = await startS3Server();
    const open = async (endpoint: string): Promise<CharacterStorage> =>
      createS3Storage({
        place: { endpoint, bucket: S3_BUCKET, region: 'us-east-1', accessKeyId: S3_KEYS.accessKeyId },
        secretAccessKey: () => S3_KEYS.secretAccessKey,
        shut: () => gate.signal('outgoing'),
        cacheFolder: await temporaryFolder(),
        clock: movableClock(),
        log: createRecordingLog(),
      });
    const [hanging, storage] = await Promise.all([open(silent.endpoint), open(server.endpoint)]);
    const engaged = { code: 'killswitch.engaged' };
    const saving = expect(hanging.create('ada', folderOf('{}'))).rejects.toMatchObject(engaged);
    await expect.poll(silent.connections).toBe(1);
    gate.set(3, false);
    await saving;
    await expect(hanging.bin('ada')).rejects.toMatchObject(engaged);
    expect([silent.connections(), await hanging.list(), hanging.problem()]).toEqual([1, [], undefined]);
    await expect(storage.create('ada', folderOf('{}'))).rejects.toMatchObject(engaged);
    gate.set(0, false);
    await storage.create('ada', folderOf('{}'));
    expect(await text(storage, 'ada', 'metadata.json')).toBe('{}');
  });

  it('works without copies when there is no room for them', async () => {
    const { endpoint } = await startS3Server();
    const cacheFolder = join(await temporaryFolder(), 'cache');
    await writeFile(cacheFolder, 'a file where the folder should be');
    const storage = createS3Storage({
      place: { endpoint, bucket: S3_BUCKET, region: 'us-east-1', accessKeyId: S3_KEYS.accessKeyId },
      secretAccessKey: () => S3_KEYS.secretAccessKey,
      shut: neverShut,
      cacheFolder,
      clock: movableClock(),
      log: createRecordingLog(),
    });
    await storage.create('ada', folderOf('{}'));
    expect([await named(storage), storage.problem()]).toEqual([{ ada: ['metadata.json', 'portrait.webp'] }, undefined]);
    expect(await text(storage, 'ada', 'portrait.webp')).toBe('a picture');
    await expect(storage.locate('ada', 'portrait.webp')).rejects.toMatchObject({ code: 'character.not-saved' });
  });

  it('does not show a folder whose save was interrupted before its metadata', async () => {
    const { storage, open } = await onS3();
    await storage.create('ada', folderOf('{}'));
    await storage.create('half', new Map([['portrait.webp', bytes('a picture')]]));
    expect(Object.keys(await named(open()))).toEqual(['ada']);
    await storage.create('half', folderOf('{}'));
    expect(Object.keys(await named(open()))).toEqual(['ada', 'half']);
  });
});
