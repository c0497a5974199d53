import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AudioPortMessage, PortraitFace } from '../../src-preload/contract/index.ts';
import { neutralFrame } from '../../src-preload/contract/index.ts';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import type { LiveProvider, LiveWeights, PortraitMethods } from '../../src-main/inference/contracts/index.ts';
import { createLivePortrait } from '../../src-main/inference/liveportrait/index.ts';
import { readChildEnvironment } from '../../src-main/platform/config/environment.ts';
import { createContractHost, createPageHub, createPageResources } from '../../src-main/platform/contract-host/index.ts';
import { openWebDoor } from '../../src-main/platform/contract-host/door-web.ts';
import { readServeFile } from '../../src-main/platform/contract-host/serve-file.ts';
import { connectBridge } from '../../src-main/platform/contract-host/web-client.ts';
import { createIdleStop, createSupervisedWorker, workerEntry } from '../../src-main/platform/workers/index.ts';
import { createNodeLauncher } from '../../src-main/platform/workers/launcher-node.ts';
import { createScriptedHandlers } from '../doubles/scripted-handlers.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';
import { makeLivePortraitGraphs } from '../fixtures/face/make-liveportrait-graphs.ts';

const NOVA = resolve(import.meta.dirname, '../../resources/characters/default');
const AREA = 512 * 512;

/** A page at the real door, LivePortrait in its real process. */
async function openPage(options: { provider: LiveProvider; weights: LiveWeights | undefined; idleMs?: number }) {
  const { provider, weights, idleMs = 60_000 } = options;
  const folder = await temporaryFolder();
  const launch = createNodeLauncher({ environment: readChildEnvironment(), log: silentLog });
  const spec = { name: 'portrait', entry: workerEntry('portrait'), memoryLimitBytes: 4 * 1024 ** 3 } as const;
  const worker = createSupervisedWorker<PortraitMethods, never>(spec, { launch, clock: systemClock, log: silentLog });
  onTestFinished(() => worker.dispose());
  const hub = createPageHub({ log: silentLog, checkEvents: true });
  const { portrait } = JSON.parse(await readFile(join(NOVA, 'metadata.json'), 'utf8')) as { portrait: { file: string } };
  const face = JSON.parse(await readFile(join(NOVA, 'face.json'), 'utf8')) as PortraitFace;
  const live = createLivePortrait({
    worker,
    idle: createIdleStop({ worker, clock: systemClock, idleMs }),
    weights: () => Promise.resolve(weights),
    portraitOf: () => Promise.resolve({ path: join(NOVA, portrait.file), face }),
    openAudio: hub.openAudio,
    provider,
    cacheDirectory: folder,
    log: silentLog,
  });
  hub.onGone(live.clientGone);
  await mkdir(join(folder, 'renderer'));
  await writeFile(join(folder, 'renderer', 'index.html'), '<p>the page</p>');
  const door = await openWebDoor({
    host: createContractHost({ handlers: createScriptedHandlers(live.handlers), log: silentLog, checkResults: true }),
    hub,
    attachAudio: (_kind, portraitId, media) => worker.attachPort(portraitId, media),
    resources: createPageResources({}),
    clock: systemClock,
    log: silentLog,
    pageDirectory: join(folder, 'renderer'),
    dataDirectory: folder,
    port: 0,
  });
  onTestFinished(() => door.dispose());
  const token = (await readServeFile(folder))?.token ?? '';
  const client = await connectBridge({ url: door.url, token });
  return { client, worker };
}

const graphs = async (): Promise<LiveWeights> => makeLivePortraitGraphs(join(await temporaryFolder(), 'weights'));

function meanBrightness(picture: AudioPortMessage | undefined): number {
  if (picture?.type !== 'portrait.picture') throw new Error('no picture');
  let sum = 0;
  for (let pixel = 0; pixel < AREA; pixel += 1) sum += picture.pixels[pixel] ?? 0;
  return sum / AREA;
}

describe('LivePortrait, from a page to the graphs and back', { timeout: 90_000 }, () => {
  it('paints the newest motion of a portrait, and ends its process when the page has closed it', async () => {
    const { client, worker } = await openPage({ provider: 'cpu', weights: await graphs(), idleMs: 50 });
    const { portraitId, square } = await client.call('portrait.open', { characterId: 'default' });
    expect(square).toMatchObject({ size: 512, a: expect.closeTo(2.03, 1), b: expect.closeTo(0.01, 1) });
    const port = await client.openAudio(portraitId, 'portrait');
    const pictures: AudioPortMessage[] = [];
    port.onMessage((message) => pictures.push(message));
    for (const atMs of [0, 40, 80]) port.post({ type: 'portrait.motion', frame: neutralFrame(atMs), taken: 0 });
    await expect.poll(() => pictures.length, { timeout: 60_000 }).toBe(2);
    // The second was overtaken while the first was painted; no third comes while the page has taken none.
    expect(pictures.map((each) => (each.type === 'portrait.picture' ? [each.number, each.atMs, each.size] : each))).toEqual([
      [1, 0, 512],
      [2, 80, 512],
    ]);
    expect(meanBrightness(pictures[0])).toBeGreaterThan(60);
    const open = { ...neutralFrame(120), weights: { jawOpen: 1 }, head: { yaw: 10, pitch: 0, roll: 0, x: 0, y: 0 } };
    port.post({ type: 'portrait.motion', frame: open, taken: 2 });
    await expect.poll(() => pictures.length, { timeout: 60_000 }).toBe(3);
    const [neutral, , moved] = pictures.map((each) => (each.type === 'portrait.picture' ? each.pixels : new Uint8Array()));
    const changed = neutral?.reduce((count, value, index) => count + (Math.abs(value - (moved?.[index] ?? 0)) > 12 ? 1 : 0), 0) ?? 0;
    expect(changed).toBeGreaterThan(0.01 * AREA);
    await client.call('portrait.close', { portraitId });
    await expect.poll(() => worker.state().state, { timeout: 10_000 }).toBe('stopped');
  });

  it('says what is missing before it reads anything: a GPU, the weights', async () => {
    const withoutGpu = await openPage({ provider: 'cuda', weights: { ...(await graphs()), warping: '/nowhere' } });
    await expect(withoutGpu.client.call('portrait.open', { characterId: 'default' })).rejects.toMatchObject({
      // Where there is one, the next thing that is missing.
      code: expect.stringMatching(/^face\.(?:no-gpu|weights-wrong)$/),
    });
    const withoutWeights = await openPage({ provider: 'cpu', weights: undefined });
    await expect(withoutWeights.client.call('portrait.open', { characterId: 'default' })).rejects.toMatchObject({
      code: 'face.weights-missing',
    });
    expect(withoutWeights.worker.state().state).toBe('stopped');
  });

  it('refuses a graph with other shapes, one that is none, and pictures of a portrait that another page has opened', async () => {
    const weights = await graphs();
    const swapped = await openPage({ provider: 'cpu', weights: { ...weights, eyes: weights.lips } });
    await expect(swapped.client.call('portrait.open', { characterId: 'default' })).rejects.toMatchObject({
      code: 'face.weights-wrong',
      details: { what: 'eyes: input' },
    });
    const broken = join(await temporaryFolder(), 'broken.onnx');
    await writeFile(broken, (await readFile(weights.motion)).subarray(0, 400));
    const cut = await openPage({ provider: 'cpu', weights: { ...weights, motion: broken } });
    await expect(cut.client.call('portrait.open', { characterId: 'default' })).rejects.toMatchObject({ code: 'face.weights-wrong' });
    await expect(cut.client.openAudio('face_guess', 'portrait')).rejects.toMatchObject({ code: 'bridge.refused' });
  });
});
