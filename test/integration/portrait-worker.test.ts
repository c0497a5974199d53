import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import type { PortraitMethods } from '../../src-main/inference/contracts/index.ts';
import { createFaceAnalysis } from '../../src-main/inference/face/index.ts';
import { readChildEnvironment } from '../../src-main/platform/config/environment.ts';
import { createIdleStop, createSupervisedWorker, workerEntry } from '../../src-main/platform/workers/index.ts';
import { createNodeLauncher } from '../../src-main/platform/workers/launcher-node.ts';
import { photoFile, projectFile } from '../doubles/make-picture.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

async function openFaces(idleMs: number) {
  const launch = createNodeLauncher({ environment: readChildEnvironment(), log: silentLog });
  const spec = { name: 'portrait', entry: workerEntry('portrait'), memoryLimitBytes: 2 * 1024 ** 3 } as const;
  const worker = createSupervisedWorker<PortraitMethods, never>(spec, { launch, clock: systemClock, log: silentLog });
  onTestFinished(() => worker.dispose());
  const cacheDirectory = await temporaryFolder();
  const faces = createFaceAnalysis({
    worker,
    idle: createIdleStop({ worker, clock: systemClock, idleMs }),
    modelsDirectory: resolve(import.meta.dirname, '../../models'),
    cacheDirectory,
    log: silentLog,
  });
  return { faces, worker, folder: cacheDirectory };
}

describe('the portrait worker', () => {
  it('looks at a photograph, gives bytes and errors back as they are, and ends when it is not needed', async () => {
    const { faces, worker, folder } = await openFaces(50);
    const [photo, text] = [join(folder, 'photo'), join(folder, 'text')];
    await writeFile(photo, projectFile(photoFile));
    await writeFile(text, 'no picture at all');
    const { analysis, preview } = await faces.analyse(photo);
    expect([analysis.faces.length, preview.startsWith('data:image/jpeg;base64,/9j/')]).toEqual([1, true]);
    const prepared = await faces.prepare(photo, { face: 0, anchors: null });
    expect([prepared.picture instanceof Uint8Array, prepared.picture.length > 10_000, prepared.extension]).toEqual([true, true, 'jpg']);
    await expect(faces.analyse(text)).rejects.toMatchObject({ code: 'picture.unknown-format' });
    await expect.poll(() => worker.state().state, { timeout: 10_000 }).toBe('stopped');
    expect((await faces.analyse(photo)).analysis).toEqual(analysis);
  });
});
