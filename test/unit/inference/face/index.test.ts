import { writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../../src-main/base/log.ts';
import { ANALYSIS_VERSION } from '../../../../src-main/inference/face/analysis-version.ts';
import { createFaceAnalysis } from '../../../../src-main/inference/face/index.ts';
import type { PortraitMethods } from '../../../../src-main/inference/contracts/index.ts';
import { createIdleStop } from '../../../../src-main/platform/workers/idle-stop.ts';
import { createSupervisedWorker } from '../../../../src-main/platform/workers/supervisor.ts';
import { createScriptedLauncher, type ScriptedWorkerOptions } from '../../../doubles/scripted-worker.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

/** The door with a real supervisor, and a process that answers as the test says. */
async function openDoor(answer?: ScriptedWorkerOptions['answer']) {
  const folder = await temporaryFolder();
  const picture = join(folder, 'picture.jpg');
  await writeFile(picture, 'bytes of a picture');
  const hash = createHash('sha256').update('bytes of a picture').digest('hex');
  const analysis = { version: ANALYSIS_VERSION, hash, width: 100, height: 80, quarterTurns: 0, faces: [] };
  const clock = createVirtualClock();
  const launcher = createScriptedLauncher({
    answer: answer ?? ((method) => ({ value: method === 'analyse' ? { analysis, preview: Uint8Array.of(1, 2, 3) } : undefined })),
  });
  const spec = { name: 'portrait', entry: new URL('file:///portrait.worker.ts'), memoryLimitBytes: 1e9 } as const;
  const worker = createSupervisedWorker<PortraitMethods, never>(spec, { launch: launcher.launch, clock, log: silentLog });
  const idle = createIdleStop({ worker, clock, idleMs: 1000 });
  const faces = createFaceAnalysis({ worker, idle, modelsDirectory: '/models', cacheDirectory: folder, log: silentLog });
  return { faces, worker, clock, launcher, picture, analysis };
}

describe('createFaceAnalysis', () => {
  it('starts its worker with the first picture, loads the graphs once, and gives a preview that a page can show', async () => {
    const { faces, worker, launcher, picture, analysis } = await openDoor();
    expect(worker.state()).toEqual({ state: 'stopped' });
    expect(await faces.analyse(picture)).toEqual({ analysis, preview: 'data:image/jpeg;base64,AQID' });
    expect(launcher.latest().requests()).toMatchObject([
      { method: 'load', params: { modelsDirectory: '/models' } },
      { method: 'analyse', params: { path: picture, known: null } },
    ]);
  });

  it('looks at the same bytes once: later calls bring along what is known', async () => {
    const { faces, launcher, picture, analysis } = await openDoor();
    await faces.analyse(picture);
    await faces.analyse(picture);
    await faces.prepare(picture, { face: 0, anchors: null });
    expect(launcher.latest().requests().slice(2)).toMatchObject([
      { method: 'analyse', params: { known: analysis } },
      { method: 'prepare', params: { known: analysis, face: 0, anchors: null } },
    ]);
  });

  it('ends the worker some time after the last picture', async () => {
    const { faces, worker, clock, picture } = await openDoor();
    await faces.analyse(picture);
    expect(worker.state().state).toBe('running');
    await clock.advance(1000);
    expect(worker.state()).toEqual({ state: 'stopped' });
  });

  it('calls a picture damaged that ends the process, and still looks at the next one when that happened three times', async () => {
    let crash = true;
    const { faces, worker, clock, launcher, picture, analysis } = await openDoor((method) => {
      if (method !== 'analyse') return { value: undefined };
      if (crash) queueMicrotask(() => launcher.latest().exit(139));
      return crash ? undefined : { value: { analysis, preview: Uint8Array.of(1) } };
    });
    for (let time = 0; time < 3; time += 1) {
      await expect(faces.analyse(picture)).rejects.toMatchObject({ code: 'picture.damaged' });
      await clock.advance(500);
    }
    expect(worker.state().state).toBe('broken');
    crash = false;
    expect(await faces.analyse(picture)).toMatchObject({ analysis });
    await worker.dispose();
  });
});
