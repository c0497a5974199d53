import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InstallEnvironment } from '../../../../src-main/inference/models/install-model.ts';
import type { CommandEvent } from '../../../../src-main/inference/models/models-command.ts';
import { runModelsCommand } from '../../../../src-main/inference/models/models-command.ts';
import { installEnvironmentIn, modelWith, someBytes, writeFiles } from '../../../doubles/model-bench.ts';
import type { ModelHub } from '../../../doubles/model-hub.ts';
import { startModelHub } from '../../../doubles/model-hub.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const body = someBytes(50_000);
let hub: ModelHub;
let environment: InstallEnvironment;

beforeEach(async () => {
  hub = await startModelHub();
  environment = installEnvironmentIn(await temporaryFolder());
  hub.files.set('a', { body });
  hub.files.set('b', { body });
  const models = ['a', 'b', 'c'].map((id) =>
    modelWith([{ body, sources: [{ from: 'hub', url: hub.url(id) }] }], {
      id,
      name: id.toUpperCase(),
      packs: id === 'c' ? ['other'] : ['starter'],
    }),
  );
  await writeFiles(environment.shippedDirectory, { 'manifest.json': JSON.stringify({ version: 1, models }) });
});
afterEach(() => hub.close());

async function run(...args: string[]) {
  const lines: string[] = [];
  const signal = new AbortController().signal;
  const code = await runModelsCommand({ args, environment, signal, print: (line) => lines.push(line) });
  return { code, lines };
}

async function runJson(...args: string[]) {
  const { code, lines } = await run(...args, '--json');
  const events = lines.map((line) => JSON.parse(line) as CommandEvent);
  return { code, events, last: events.at(-1) };
}

describe('runModelsCommand', () => {
  it('installs a pack, tells how far it is, and has nothing to do the second time', async () => {
    const first = await runJson('install', '--pack', 'starter');
    expect(first).toMatchObject({ code: 0, last: { type: 'done', ok: true, models: 2, fetched: 2 } });
    expect(first.events).toContainEqual(expect.objectContaining({ type: 'progress', totalBytes: 100_000 }));
    expect(first.events).toContainEqual({ type: 'model', modelId: 'a', name: 'A', state: 'installed', sizeBytes: 50_000 });
    hub.requests.length = 0;
    await expect(runJson('install')).resolves.toMatchObject({ code: 0, last: { type: 'done', ok: true, models: 2, fetched: 0 } });
    expect(hub.requests).toEqual([]);
  });

  it('installs the models named, of whatever pack', async () => {
    hub.files.set('c', { body });
    await expect(runJson('install', '--only', 'c,a')).resolves.toMatchObject({ code: 0, last: { models: 2, fetched: 2 } });
    const { events } = await runJson('list');
    expect(events.flatMap((event) => (event.type === 'model' ? [[event.modelId, event.state]] : []))).toEqual([
      ['a', 'installed'],
      ['b', 'absent'],
      ['c', 'installed'],
    ]);
  });

  it('installs what it can and reports the rest with the way to mend it', async () => {
    hub.files.set('b', { body, status: 404 });
    const { code, events, last } = await runJson('install');
    expect({ code, last }).toMatchObject({ code: 1, last: { type: 'done', ok: false, models: 1, fetched: 1 } });
    expect(events).toContainEqual(expect.objectContaining({ type: 'error', modelId: 'b', code: 'model.source-refused' }));
  });

  it('finds a damaged file and repairs it', async () => {
    await run('install');
    await truncate(join(environment.modelsDirectory, 'a', 'file-0.bin'), 100);
    const { code, events } = await runJson('verify');
    expect(code).toBe(1);
    expect(events).toContainEqual(expect.objectContaining({ type: 'error', modelId: 'a', code: 'model.truncated' }));
    await expect(runJson('install')).resolves.toMatchObject({ code: 0, last: { fetched: 1 } });
    await expect(runJson('verify')).resolves.toMatchObject({ code: 0, last: { models: 2 } });
  });

  it('stops when it is asked to, and goes on later', async () => {
    hub.files.set('a', { body, hangAfterBytes: 20_000 });
    const stop = new AbortController();
    const running = runModelsCommand({
      args: ['install', '--only', 'a', '--json'],
      environment,
      signal: stop.signal,
      print: () => undefined,
    });
    await expect.poll(() => hub.requests.length).toBe(1);
    stop.abort();
    await expect(running).resolves.toBe(130);
    hub.files.set('a', { body });
    await expect(runJson('install', '--only', 'a')).resolves.toMatchObject({ code: 0 });
  });

  it.each([
    [['install', '--pack', 'nothing'], 1, 'There is no pack "nothing". Known packs: starter, other'],
    [['install', '--only', 'nothing'], 1, 'There is no model "nothing"'],
    [['dance'], 2, 'There is no command "dance"'],
    [['install', '--fast'], 2, '--fast'],
    [[], 2, 'Usage:'],
    [['--help'], 0, 'Usage:'],
  ])('answers %j with code %i and a sentence', async (args, expected, text) => {
    const { code, lines } = await run(...args);
    expect({ code, said: lines.join('\n').includes(text) }).toEqual({ code: expected, said: true });
  });

  it('reports a damaged manifest', async () => {
    await writeFiles(environment.shippedDirectory, { 'manifest.json': '{' });
    await expect(runJson('install')).resolves.toMatchObject({ code: 1, last: { type: 'error', code: 'model.manifest-damaged' } });
  });
});
