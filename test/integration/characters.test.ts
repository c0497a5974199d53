import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../../src-main/base/log.ts';
import { compose, type Core } from '../../src-main/compose.ts';
import { readChildEnvironment, readEnvironment } from '../../src-main/platform/config/index.ts';
import { createNodeLauncher } from '../../src-main/platform/workers/launcher-node.ts';
import type { CallInput, CallName, CallResult } from '../../src-preload/contract/index.ts';
import { portraitFaceSchema } from '../../src-preload/contract/index.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/face');

/** The whole core as it runs without a window, with real processes; nobody talks to it. */
async function startCore(dataDirectory: string): Promise<Core> {
  const core = await compose({
    environment: readEnvironment({
      OPENCLAW_DATA_DIR: dataDirectory,
      OPENCLAW_CACHE_DIR: join(dataDirectory, 'cache'),
      OPENCLAW_TEST: '1',
    }),
    door: 'browser',
    version: '1',
    link: () => Promise.reject(new Error('no lines here')),
    createLauncher: () => createNodeLauncher({ environment: readChildEnvironment(), log: silentLog }),
  });
  onTestFinished(() => core.dispose());
  return core;
}

async function call<Name extends CallName>(core: Core, name: Name, input: CallInput<Name>): Promise<CallResult<Name>> {
  const outcome = await core.host.answer(name, input, { door: 'browser', clientId: 'page' });
  if (!outcome.ok) throw Object.assign(new Error(outcome.error.message), outcome.error);
  return outcome.value as CallResult<Name>;
}

async function upload(core: Core, bytes: Uint8Array): Promise<string> {
  const body = (async function* (): AsyncGenerator<Uint8Array> {
    yield bytes;
  })();
  const answer = await core.resources({ method: 'POST', pathname: '/uploads', isOwn: true, contentLength: bytes.length, body });
  const text = answer?.body instanceof Uint8Array ? Buffer.from(answer.body).toString() : '{}';
  return (JSON.parse(text) as { uploadId: string }).uploadId;
}

async function fetched(core: Core, pathname: string): Promise<Buffer> {
  const body = (async function* (): AsyncGenerator<Uint8Array> {
    // A GET has no body.
  })();
  const answer = await core.resources({ method: 'GET', pathname, isOwn: true, contentLength: undefined, body });
  if (answer?.status !== 200) throw new Error(`${pathname} was answered with ${answer?.status}`);
  if ('pieces' in answer.body) throw new Error(`${pathname} is answered in pieces`);
  return answer.body instanceof Uint8Array ? Buffer.from(answer.body) : readFile(answer.body.path);
}

const newCharacter = {
  name: 'Eileen',
  description: 'An astronaut, calm and curious.',
  face: 0,
  anchors: null,
  voiceSample: null,
  consent: false,
};

describe('characters in the running core', () => {
  it('are made of a photo, used, exported, imported, and there again after a restart', async () => {
    const dataDirectory = await temporaryFolder();
    const core = await startCore(dataDirectory);
    expect((await call(core, 'characters.list', {})).map(({ name }) => name)).toEqual(['Nova', 'Rex', 'Vera']);

    const portrait = await upload(core, await readFile(join(FIXTURES, 'astronaut.jpg')));
    const { analysis, preview } = await call(core, 'characters.analysePortrait', { portrait });
    expect([analysis.faces.length, preview.slice(0, 11)]).toEqual([1, 'data:image/']);
    const eileen = await call(core, 'characters.createFromPortrait', { ...newCharacter, portrait });
    const face = portraitFaceSchema.parse(JSON.parse((await fetched(core, `${eileen.assets}/face.json`)).toString()));
    expect([face.source, face.portraitHash, face.width, face.height]).toEqual([
      'detected',
      eileen.portrait.hash,
      eileen.portrait.width,
      eileen.portrait.height,
    ]);

    await call(core, 'characters.use', { id: eileen.id });
    expect((await call(core, 'session.snapshot', {})).characterId).toBe('eileen');
    const { url } = await call(core, 'characters.export', { id: eileen.id });
    const copy = await call(core, 'characters.import', { file: await upload(core, await fetched(core, url)) });
    expect(copy).toEqual({ ...eileen, id: 'eileen-2', assets: copy.assets });
    await core.dispose();

    const again = await startCore(dataDirectory);
    expect((await call(again, 'characters.list', { createdBy: 'me' })).map(({ id }) => id)).toEqual(['eileen', 'eileen-2']);
    expect((await call(again, 'session.snapshot', {})).characterId).toBe('eileen');
    expect((await fetched(again, `${eileen.assets}/portrait.jpg`)).length).toBeGreaterThan(10_000);
  }, 120_000);

  it('are not made of what is no picture, and nothing stays of it', async () => {
    const core = await startCore(await temporaryFolder());
    const portrait = await upload(core, Buffer.from('<svg onload="alert(1)"/>'));
    await expect(call(core, 'characters.createFromPortrait', { ...newCharacter, portrait })).rejects.toMatchObject({
      code: expect.stringMatching(/^picture\./),
    });
    expect(await call(core, 'characters.list', { createdBy: 'me' })).toEqual([]);
  }, 120_000);
});
