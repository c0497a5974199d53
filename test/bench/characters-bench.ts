import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bridge, Character } from '../../src-preload/contract/index.ts';
import type { BenchCore } from './core.ts';
import { distribution, single, type BenchResult } from './statistics.ts';

const PHOTO = new URL('../fixtures/face/astronaut.jpg', import.meta.url);
const HELD = 10;
const CALM_S = 4;
const MOST_SETTLE_S = 40;
const STILL_BYTES = 2_000_000;

/**
 * As a page does it: a photo is sent and becomes a character; characters are changed and their pictures fetched. Cold = files that the core has not read
 * yet. What the page itself needs to draw the new face is part of `face`.
 */
export async function runCharactersBench(core: BenchCore, rounds: number): Promise<BenchResult> {
  const page = await core.openPage();
  const { bridge } = page;
  const photo = await readFile(PHOTO);

  const created: number[] = [];
  const characters: Character[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAtMs = performance.now();
    characters.push(await createFromPhoto(core, bridge, photo, round));
    created.push(performance.now() - startedAtMs);
  }

  const copies: Character[] = [];
  for (let index = 0; index < HELD; index += 1) copies.push(await bridge.call('characters.duplicate', { id: 'default' }));
  const cold: number[] = [];
  const before = await settledMemory(core);
  for (const copy of copies) cold.push(await changeTo(core, bridge, copy));
  const grown = (await settledMemory(core)) - before;
  const warm: number[] = [];
  for (const copy of [...copies, ...copies]) warm.push(await changeTo(core, bridge, copy));
  await page.close();
  return {
    bench: 'characters',
    metrics: {
      create_from_portrait: distribution('ms', created),
      create_first: single('ms', created[0] ?? 0, 1),
      switch_cold: distribution('ms', cold),
      switch_warm: distribution('ms', warm),
      memory_of_ten: single('bytes', grown, HELD),
    },
    targets: {
      create_from_portrait: 'p95 ≤ 2000',
      create_first: '≤ 2000',
      switch_cold: 'p95 ≤ 1000',
      switch_warm: 'p95 ≤ 100',
      memory_of_ten: '≤ 250 MB',
    },
    notes: ['create_first includes the start of the process that looks at pictures.'],
  };
}

async function createFromPhoto(core: BenchCore, bridge: Pick<Bridge, 'call'>, photo: Uint8Array, round: number): Promise<Character> {
  const answer = await core.request('/uploads', { method: 'POST', body: new Uint8Array(photo) });
  const { uploadId } = (await answer.json()) as { uploadId: string };
  return bridge.call('characters.createFromPortrait', {
    portrait: uploadId,
    name: `Bench ${round}`,
    description: 'An astronaut, calm and curious.',
    face: 0,
    anchors: null,
    voiceSample: null,
    consent: false,
  });
}

/** Once it has not changed for seconds: models that were loading when the bench began are not the characters' memory. */
async function settledMemory(core: BenchCore): Promise<number> {
  let last = await core.memoryBytes();
  for (let [calm, rest] = [0, MOST_SETTLE_S]; calm < CALM_S && rest > 0; rest -= 1) {
    await delay(1000);
    const now = await core.memoryBytes();
    calm = Math.abs(now - last) < STILL_BYTES ? calm + 1 : 0;
    last = now;
  }
  return last;
}

/** Until the page has everything that the new face is drawn from. */
async function changeTo(core: BenchCore, bridge: Pick<Bridge, 'call'>, { id }: Character): Promise<number> {
  const startedAtMs = performance.now();
  const { assets, portrait } = await bridge.call('characters.use', { id });
  await Promise.all(
    [portrait.file, 'face.json', 'set.json'].map(async (file) => {
      const answer = await core.request(`${assets}/${file}`);
      if (!answer.ok) throw new Error(`${file} of ${id} was answered with ${answer.status}`);
      await answer.arrayBuffer();
    }),
  );
  return performance.now() - startedAtMs;
}
