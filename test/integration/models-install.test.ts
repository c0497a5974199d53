import { execFile, execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { freeBytesOf } from '../../src-main/inference/models/free-space.ts';
import { installModel } from '../../src-main/inference/models/install-model.ts';
import { installEnvironmentIn, modelWith, someBytes, writeFiles } from '../doubles/model-bench.ts';
import type { ModelHub } from '../doubles/model-hub.ts';
import { startModelHub } from '../doubles/model-hub.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

const installProcess = fileURLToPath(new URL('../fixtures/models/install-process.ts', import.meta.url));
const body = someBytes(3_000_000);

let hub: ModelHub;
let folder: string;

beforeEach(async () => {
  hub = await startModelHub();
  folder = await temporaryFolder();
  hub.files.set('model', { body });
  await writeFiles(join(folder, 'shipped'), { 'manifest.json': JSON.stringify({ version: 1, models: [hubModel()] }) });
});
afterEach(() => hub.close());

const hubModel = () => modelWith([{ body, sources: [{ from: 'hub', url: hub.url('model') }] }]);
const installed = (): Promise<Buffer> => readFile(join(folder, 'models', 'test-model', 'file-0.bin'));

async function installByProcess(): Promise<{ ok: boolean; fetched: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [installProcess, folder, 'install', '--json']);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

function startProcess(): ChildProcess {
  const child = spawn(process.execPath, [installProcess, folder, 'install', '--json'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('two processes', () => {
  it('fetch a model once when both want it at the same time', async () => {
    const outcomes = await Promise.all([installByProcess(), installByProcess(), installByProcess()]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(outcomes.reduce((sum, { fetched }) => sum + fetched, 0)).toBe(1);
    expect(hub.requests).toEqual(['GET model']);
    expect(await installed()).toEqual(body);
  });
});

describe('a process that is killed in mid-download', () => {
  it('leaves a partial file that the next one goes on with, and no lock that holds it up', async () => {
    hub.files.set('model', { body, hangAfterBytes: 1_000_000 });
    const child = startProcess();
    const partial = join(folder, 'cache', 'downloads', 'test-model', 'file-0.bin');
    const arrived = (): Promise<number> =>
      stat(partial).then(
        ({ size }) => size,
        () => 0,
      );
    await expect.poll(arrived, { timeout: 20_000 }).toBe(1_000_000);
    const gone = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    child.kill('SIGKILL');
    await gone;
    expect(await readdir(join(folder, 'models'))).toEqual(['.test-model.lock']);
    hub.files.set('model', { body });
    hub.requests.length = 0;
    await expect(installByProcess()).resolves.toMatchObject({ ok: true, fetched: 1 });
    expect(hub.requests).toEqual(['GET model bytes=1000000-']);
    expect(await installed()).toEqual(body);
    expect(await readdir(join(folder, 'models'))).toEqual(['test-model']);
  });
});

/** A real file system of 2 MB below the test's folder; false where this user may not mount one. */
function mountSmallDisk(path: string): boolean {
  mkdirSync(path, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a disk that is full', () => {
  const quiet = { signal: new AbortController().signal, onStage: () => undefined };

  it('is noticed before anything is fetched', async ({ skip }) => {
    const disk = join(folder, 'disk');
    if (!mountSmallDisk(disk)) skip();
    onTestFinished(() => void execFileSync('umount', [disk]));
    const environment = { ...installEnvironmentIn(disk), freeBytes: freeBytesOf };
    await expect(installModel(hubModel(), quiet, environment)).rejects.toMatchObject({ code: 'model.disk-full' });
    expect(hub.requests).toEqual([]);
  });

  it('that fills up in mid-download keeps what has arrived, and the download goes on when there is room', async ({ skip }) => {
    const disk = join(folder, 'disk');
    if (!mountSmallDisk(disk)) skip();
    onTestFinished(() => void execFileSync('umount', [disk]));
    // The check before the start is told a fairy tale, as if another program had taken the space since.
    const environment = installEnvironmentIn(disk);
    await expect(installModel(hubModel(), quiet, environment)).rejects.toMatchObject({ code: 'model.disk-full' });
    const partial = await stat(join(environment.cacheDirectory, 'downloads', 'test-model', 'file-0.bin'));
    expect(partial.size).toBeGreaterThan(1_000_000);
    execFileSync('mount', ['-o', 'remount,size=20m', disk]);
    hub.requests.length = 0;
    await expect(installModel(hubModel(), quiet, environment)).resolves.toMatchObject({ fetched: ['file-0.bin'] });
    expect(hub.requests).toEqual([`GET model bytes=${partial.size}-`]);
  });
});
