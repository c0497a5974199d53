import { existsSync } from 'node:fs';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { EventName, Hardware, SettingValue } from '../../../../src-preload/contract/index.ts';
import { silentLog } from '../../../../src-main/base/log.ts';
import { systemClock } from '../../../../src-main/base/clock.ts';
import type { ManifestModel } from '../../../../src-main/inference/models/manifest-schema.ts';
import { createModelsHandlers } from '../../../../src-main/inference/models/models-handlers.ts';
import type { ModelsChange, ModelsService } from '../../../../src-main/inference/models/models-service.ts';
import { createModelsService } from '../../../../src-main/inference/models/models-service.ts';
import { installEnvironmentIn, modelWith, someBytes, writeFiles } from '../../../doubles/model-bench.ts';
import type { ModelHub } from '../../../doubles/model-hub.ts';
import { startModelHub } from '../../../doubles/model-hub.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { makeGguf } from '../../../fixtures/models/make-gguf.ts';
import { neverShut } from '../../../doubles/never-shut.ts';

const body = someBytes(60_000);
const machine: Hardware = {
  cpuName: 'test',
  cores: 4,
  memoryBytes: 16 * 1024 ** 3,
  freeMemoryBytes: 8 * 1024 ** 3,
  freeDiskBytes: 1e12,
  gpus: [],
};

let hub: ModelHub;
beforeEach(async () => {
  hub = await startModelHub();
});
afterEach(() => hub.close());

function entry(id: string, more: Partial<ManifestModel> = {}, roles: readonly string[] = ['model']): ManifestModel {
  const files = roles.map((role) => {
    const path = `${role}.bin`;
    const content = Buffer.concat([Buffer.from(`${id} ${role} `), body]);
    hub.files.set(`${id}/${path}`, { body: content });
    return { body: content, path, role, sources: [{ from: 'hub' as const, url: hub.url(`${id}/${path}`) }] };
  });
  return modelWith(files, { id, name: id, ...more });
}

/** A catalogue with every job, a service on it, and what it told. */
async function setUp(more: readonly ManifestModel[] = []) {
  const models = [
    entry('small'),
    entry('large', { memoryBytes: 5e12 }),
    entry('vad', { engine: 'silero', job: 'voice-activity', languages: [] }),
    entry('whisper', { engine: 'whisper', job: 'recognition', languages: ['en', 'de'] }, ['encoder', 'decoder', 'tokens']),
    entry('joe', { engine: 'piper', job: 'synthesis', languages: ['en'] }, ['model', 'config']),
    entry('amy', { engine: 'piper', job: 'synthesis', languages: ['en'] }, ['model', 'config']),
    ...more,
  ];
  const folder = await temporaryFolder();
  const { hosts, packages, freeBytes, platform, modelsDirectory, cacheDirectory, shippedDirectory } = installEnvironmentIn(folder);
  await writeFiles(shippedDirectory, { 'manifest.json': JSON.stringify({ version: 1, models }) });
  const settings = new Map<string, SettingValue>();
  const told: { name: EventName; payload: unknown }[] = [];
  const changes: ModelsChange[] = [];
  const world = { busy: false, released: [] as string[], shut: neverShut() };
  const start = (): ModelsService => {
    const service = createModelsService({
      modelsDirectory,
      cacheDirectory,
      shippedDirectory,
      clock: systemClock,
      log: silentLog,
      config: {
        get: (definition) => {
          const value = settings.get(definition.key);
          return value === undefined ? definition.defaultValue : definition.schema.parse(value);
        },
        set: (key, value) => {
          settings.set(key, value);
          return Promise.resolve({ key, value, defaultValue: '', subject: '', kind: 'text', level: 'advanced' });
        },
      },
      tell: (name, payload) => told.push({ name, payload }),
      shut: () => world.shut,
      release: ({ modelId }) => {
        world.released.push(modelId);
        return Promise.resolve(!world.busy);
      },
      install: { hosts, packages, freeBytes, platform },
      hardware: { cores: () => machine.cores, read: () => Promise.resolve(machine) },
    });
    service.onChange((change) => changes.push(change));
    onTestFinished(async () => service.dispose());
    return service;
  };
  const service = start();
  const statusOf = async (modelId: string) => (await service.list()).find(({ id }) => id === modelId)?.status;
  const install = async (...ids: string[]): Promise<void> => {
    for (const id of ids) await service.download(id);
    await expect.poll(async () => (await Promise.all(ids.map(statusOf))).every((status) => status?.status === 'installed')).toBe(true);
  };
  return { service, start, install, statusOf, settings, told, changes, world, modelsDirectory, folder };
}

describe('createModelsService', () => {
  it('lists every model with its state and whether it fits', async () => {
    const { service, install } = await setUp();
    await install('small');
    const views = await service.list();
    expect(views.map(({ id, status, fit }) => [id, status.status, fit])).toEqual([
      ['small', 'installed', 'fits'],
      ['large', 'absent', 'does-not-fit'],
      ['vad', 'absent', 'fits'],
      ['whisper', 'absent', 'fits'],
      ['joe', 'absent', 'fits'],
      ['amy', 'absent', 'fits'],
    ]);
    expect(views[0]).toMatchObject({ origin: 'manifest', verification: 'hash', status: { inUse: true } });
  });

  it('tells how a download goes and that it is done', async () => {
    const { install, told, changes } = await setUp();
    await install('small');
    const statuses = told.flatMap(({ name, payload }) => (name === 'models.progress' ? [payload] : []));
    expect(statuses[0]).toEqual({ modelId: 'small', status: { status: 'queued' } });
    expect(statuses).toContainEqual(expect.objectContaining({ status: expect.objectContaining({ status: 'downloading' }) }));
    expect(told.at(-1)).toEqual({ name: 'models.changed', payload: { modelId: 'small' } });
    expect(changes).toEqual([{ modelId: 'small', job: 'language', reason: 'installed' }]);
  });

  it('refuses what does not fit, with the numbers and a proposal, unless the owner says otherwise', async () => {
    const { service, settings } = await setUp();
    await expect(service.download('large')).rejects.toMatchObject({
      code: 'model.does-not-fit',
      details: { neededBytes: 5e12, proposal: 'small' },
    });
    settings.set('advanced.memoryGuard', false);
    await expect(service.download('large')).resolves.toBeUndefined();
    await service.cancel('large');
  });

  it('refuses names that it does not know, for every action', async () => {
    const { service } = await setUp();
    for (const action of [service.download, service.cancel, service.delete, service.use, service.languageModel])
      await expect(action('../small')).rejects.toMatchObject({ code: 'model.unknown' });
  });

  it('goes on with a paused download after a restart', async () => {
    const { service, start, statusOf } = await setUp();
    hub.files.set('small/model.bin', { body: hub.files.get('small/model.bin')?.body ?? body, hangAfterBytes: 20_000 });
    await service.download('small');
    await expect.poll(() => statusOf('small')).toMatchObject({ status: 'downloading', receivedBytes: 20_000 });
    await service.pause('small');
    await expect(statusOf('small')).resolves.toMatchObject({ status: 'paused', receivedBytes: 20_000 });
    await service.dispose();
    const again = start();
    const view = async () => (await again.list()).find(({ id }) => id === 'small')?.status;
    await expect(view()).resolves.toMatchObject({ status: 'paused' });
    const { hangAfterBytes: _, ...whole } = hub.files.get('small/model.bin') ?? { body };
    hub.files.set('small/model.bin', whole);
    hub.requests.length = 0;
    await again.download('small');
    await expect.poll(view).toMatchObject({ status: 'installed' });
    expect(hub.requests).toEqual(['GET small/model.bin bytes=20000-']);
  });

  it('throws away what a cancelled download has left', async () => {
    const { service, statusOf } = await setUp();
    hub.files.set('small/model.bin', { body, hangAfterBytes: 20_000 });
    await service.download('small');
    await expect.poll(() => hub.requests.length).toBe(1);
    await service.cancel('small');
    await expect(statusOf('small')).resolves.toEqual({ status: 'absent' });
  });

  it('shows a failed download with its reason and lets it be tried again', async () => {
    const { service, statusOf, install } = await setUp();
    const good = hub.files.get('small/model.bin')?.body ?? body;
    hub.files.set('small/model.bin', { body: good, status: 404 });
    await service.download('small');
    await expect.poll(() => statusOf('small')).toMatchObject({ status: 'failed', code: 'model.source-refused' });
    hub.files.set('small/model.bin', { body: good });
    await install('small');
  });

  it('switches the voice without forgetting the one before', async () => {
    const { service, install, settings, changes } = await setUp();
    await install('joe', 'amy');
    const order = async () => (await service.synthesisModels()).piper.map(({ id }) => id);
    await expect(order()).resolves.toEqual(['joe', 'amy']);
    await service.use('amy');
    await expect(order()).resolves.toEqual(['amy', 'joe']);
    await service.use('joe');
    expect(settings.get('voice.order')).toBe('joe amy');
    expect(changes.at(-1)).toEqual({ modelId: 'joe', job: 'synthesis', reason: 'used' });
  });

  it('does not use what is not here or is damaged', async () => {
    const { service, install, modelsDirectory, statusOf } = await setUp();
    await expect(service.use('small')).rejects.toMatchObject({ code: 'model.missing' });
    await install('small');
    await truncate(join(modelsDirectory, 'small', 'model.bin'), 10);
    await expect(service.use('small')).rejects.toMatchObject({ code: 'model.truncated' });
    await expect(service.languageModel('small')).rejects.toMatchObject({ code: 'model.truncated' });
    const details = { actualBytes: 10, expectedBytes: expect.any(Number) };
    await expect(statusOf('small')).resolves.toMatchObject({ status: 'failed', code: 'model.truncated', details });
    await install('small');
    await expect(service.languageModel()).resolves.toMatchObject({ modelId: 'small', path: join(modelsDirectory, 'small', 'model.bin') });
  });

  it('never hands a changed file to a worker', async () => {
    const { service, install, modelsDirectory } = await setUp();
    await install('vad', 'whisper');
    await expect(service.recognitionModels()).resolves.toMatchObject({
      voiceActivity: join(modelsDirectory, 'vad', 'model.bin'),
      threads: 2,
    });
    const path = join(modelsDirectory, 'whisper', 'encoder.bin');
    await writeFile(path, someBytes((await readFile(path)).length, 4));
    await expect(service.recognitionModels()).rejects.toMatchObject({ code: 'model.missing' });
    await install('whisper');
    await truncate(join(modelsDirectory, 'vad', 'model.bin'), 100);
    await expect(service.recognitionModels()).rejects.toMatchObject({ code: 'model.truncated' });
  });

  it('gives the files of LivePortrait once all are here and good', async () => {
    const roles = ['appearance', 'motion', 'warping', 'stitching', 'eyes', 'lips'];
    const { service, install, modelsDirectory } = await setUp([
      entry('live', { engine: 'liveportrait', job: 'face', languages: [] }, roles),
    ]);
    await expect(service.liveWeights()).resolves.toBeUndefined();
    await install('live');
    const paths = roles.map((role) => [role, join(modelsDirectory, 'live', `${role}.bin`)]);
    await expect(service.liveWeights()).resolves.toEqual(Object.fromEntries(paths));
    const path = join(modelsDirectory, 'live', 'eyes.bin');
    await writeFile(path, someBytes((await readFile(path)).length, 4));
    await expect(service.liveWeights()).rejects.toMatchObject({ code: 'model.wrong-hash' });
  });

  it('leaves a damaged voice out and lets the others speak', async () => {
    const { service, install, modelsDirectory } = await setUp();
    await install('joe', 'amy');
    await writeFile(join(modelsDirectory, 'joe', 'model.bin'), someBytes(60_010, 4));
    const { piper } = await service.synthesisModels();
    expect(piper.map(({ id }) => id)).toEqual(['amy']);
  });

  it('deletes a model once its user has let go, and refuses while it has not', async () => {
    const { service, install, world, modelsDirectory, statusOf } = await setUp();
    await install('small');
    world.busy = true;
    await expect(service.delete('small')).rejects.toMatchObject({ code: 'model.in-use' });
    expect(existsSync(join(modelsDirectory, 'small', 'model.bin'))).toBe(true);
    world.busy = false;
    await service.delete('small');
    await expect(statusOf('small')).resolves.toEqual({ status: 'absent' });
    await expect(service.languageModel()).rejects.toMatchObject({ code: 'model.missing' });
  });

  it('asks its user to let go before a file of an installed model is replaced', async () => {
    const { install, service, world, modelsDirectory, statusOf } = await setUp();
    await install('small');
    await truncate(join(modelsDirectory, 'small', 'model.bin'), 10);
    world.busy = true;
    await service.download('small');
    await expect.poll(() => statusOf('small')).toMatchObject({ status: 'failed', code: 'model.in-use' });
    world.busy = false;
    await install('small');
    expect(world.released).toEqual(['small', 'small']);
  });

  it('imports a file of the own disk, uses it, and leaves it there when it is deleted', async () => {
    const { service, folder, statusOf } = await setUp();
    await writeFiles(folder, { 'mine.gguf': makeGguf({ 'general.architecture': 'llama', 'general.name': 'Mine' }) });
    const path = join(folder, 'mine.gguf');
    await expect(service.importModel({ path, job: 'language', mode: 'reference' })).resolves.toBe('imported-mine');
    await service.use('imported-mine');
    await expect(service.languageModel()).resolves.toMatchObject({ modelId: 'imported-mine', path });
    await expect(statusOf('imported-mine')).resolves.toMatchObject({ status: 'installed', inUse: true });
    await service.delete('imported-mine');
    expect(existsSync(path)).toBe(true);
    await expect(statusOf('imported-mine')).resolves.toBeUndefined();
  });

  it('plans the memory of this machine with what is in use', async () => {
    const { service, install } = await setUp();
    await install('small', 'vad');
    await expect(service.plan(['en'])).resolves.toMatchObject({ tier: 'cpu-small', device: 'cpu', usedBytes: 2000, recommendedPack: [] });
  });
});

describe('createModelsHandlers', () => {
  const caller = { door: 'window', clientId: 'page' } as const;

  it('answers the page with everything it shows', async () => {
    const { service } = await setUp();
    const backend = { kind: 'local', modelId: 'small' } as const;
    const handlers = createModelsHandlers({ service, modelsDirectory: '/models', backend: () => backend, languages: () => ['en'] });
    const answer = await handlers['models.list']({}, caller);
    expect(answer).toMatchObject({ backend, modelsDirectory: '/models', hardware: { cores: 4 }, plan: { tier: 'cpu-small' } });
    expect(answer.models).toHaveLength(6);
  });

  it('asks for the file where there is a desktop, and says so where there is none', async () => {
    const { service, folder } = await setUp();
    await writeFiles(folder, { 'mine.gguf': makeGguf({ 'general.architecture': 'llama', 'general.name': 'Mine' }) });
    const deps = { service, modelsDirectory: '/models', backend: () => ({ kind: 'local', modelId: '' }) as const, languages: () => [] };
    const importWith = (chooseFile?: () => Promise<string | undefined>) =>
      createModelsHandlers({ ...deps, ...(chooseFile ? { chooseFile } : {}) })['models.import']({ job: 'language' }, caller);
    await expect(importWith(() => Promise.resolve(join(folder, 'mine.gguf')))).resolves.toEqual({ modelId: 'imported-mine' });
    await expect(importWith(() => Promise.resolve(undefined))).resolves.toBeNull();
    await expect(importWith()).rejects.toMatchObject({ code: 'model.path-needed' });
  });
});
