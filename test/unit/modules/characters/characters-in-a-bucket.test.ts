import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createAda, createCharactersRig } from '../../../doubles/characters-rig.ts';
import { S3_BUCKET, S3_KEYS, startS3Server } from '../../../doubles/s3-server.ts';
import { startSilentServer } from '../../../doubles/silent-server.ts';

const SHIPPED = ['default', 'cyberpunk-host', 'retro-assistant'];

const onS3 = (endpoint: string) => ({
  'character.s3Endpoint': endpoint,
  'character.s3Bucket': S3_BUCKET,
  'character.s3AccessKey': S3_KEYS.accessKeyId,
  'character.storage': 's3',
});

describe('characters in a bucket', () => {
  it('are kept there when it is set up, beside those of this machine, and stay usable when it is gone', async () => {
    const server = await startS3Server();
    const rig = await createCharactersRig();
    await createAda(rig, { name: 'Local' });
    await rig.config.set('character.s3Endpoint', server.endpoint);
    await rig.config.set('character.s3Bucket', S3_BUCKET);
    await rig.config.set('character.s3AccessKey', S3_KEYS.accessKeyId);
    await rig.config.set('character.storage', 's3');
    await createAda(rig, { name: 'Remote' });
    expect(await readdir(rig.folder)).not.toContain('remote');
    expect(await rig.ids()).toEqual([...SHIPPED, 'local', 'remote']);
    await rig.call['characters.use']({ id: 'remote' }, rig.caller);
    await server.close();

    const offline = await createCharactersRig({ dataDirectory: rig.dataDirectory });
    expect(await offline.ids()).toEqual([...SHIPPED, 'local', 'remote']);
    expect(offline.characters.speaker('page').id).toBe('remote');
    await expect.poll(offline.codes, { timeout: 20_000 }).toEqual(['character.storage-unreachable']);
    await expect(async () =>
      offline.call['characters.update']({ id: 'remote', patch: { name: 'X' } }, offline.caller),
    ).rejects.toMatchObject({ code: 'character.storage-unreachable' });
    await offline.call['characters.update']({ id: 'local', patch: { name: 'Here' } }, offline.caller);
    expect(await offline.ids()).toEqual([...SHIPPED, 'local', 'remote']);
  }, 60_000);

  it('hold up neither the start nor the list while the server says nothing', async () => {
    const { endpoint, connections } = await startSilentServer();
    const rig = await createCharactersRig({ settings: onS3(endpoint) });
    await expect.poll(connections).toBeGreaterThan(0);
    expect(await rig.ids()).toEqual(SHIPPED);
    expect(rig.characters.speaker('page').id).toBe('default');
  });

  it('get an id of their own even when two of a name are made at the same time', async () => {
    const { endpoint } = await startS3Server();
    const rig = await createCharactersRig({ settings: onS3(endpoint) });
    const made = await Promise.all([createAda(rig), createAda(rig)]);
    expect(made.map(({ id }) => id).toSorted()).toEqual(['ada', 'ada-2']);
  }, 30_000);

  it('that another machine has made are shown as soon as the server has answered', async () => {
    const { endpoint } = await startS3Server();
    const here = await createCharactersRig({ settings: onS3(endpoint) });
    const there = await createCharactersRig({ settings: onS3(endpoint) });
    await createAda(there);
    await expect.poll(here.ids, { timeout: 10_000 }).toEqual([...SHIPPED, 'ada']);
    expect(here.events).toContainEqual({ name: 'characters.changed', payload: { characterId: null } });
  }, 30_000);
});
