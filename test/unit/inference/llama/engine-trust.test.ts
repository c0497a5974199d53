import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEngineTrust } from '../../../../src-main/inference/llama/engine-trust.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const PROCESSOR = 'Testprocessor 3000';

/** The trust of one machine, read anew at each start of the app. */
async function createMachine() {
  const file = join(await temporaryFolder(), 'language-engine.json');
  const log = createRecordingLog();
  return { file, log, start: (processor = PROCESSOR) => readEngineTrust(file, log, processor) };
}

describe('readEngineTrust', () => {
  it('trusts a machine that it does not know', async () => {
    const trust = await (await createMachine()).start();
    expect(trust.isPlain()).toBe(false);
  });

  it('uses plain code for the rest of a run in which the process died, and tries once more in the next', async () => {
    const { start, log } = await createMachine();
    const first = await start();
    expect(await first.died()).toBe(true);
    expect(first.isPlain()).toBe(true);
    expect(log.messages('warn')).toEqual(['language.plain-cpu']);
    expect((await start()).isPlain()).toBe(false);
  });

  it('trusts again after an answer, because somebody may just have killed the process', async () => {
    const { start } = await createMachine();
    await (await start()).died();
    await (await start()).answered();
    await (await start()).died();
    expect((await start()).isPlain()).toBe(false);
  });

  it('settles for plain code after a second death', async () => {
    const { start } = await createMachine();
    await (await start()).died();
    await (await start()).died();
    const third = await start();
    expect(third.isPlain()).toBe(true);
    await third.answered();
    expect((await start()).isPlain()).toBe(true);
  });

  it('blames something else when it dies with plain code', async () => {
    const { start, file } = await createMachine();
    const trust = await start();
    await trust.died();
    expect(await trust.died()).toBe(false);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ version: 1, processor: PROCESSOR, deaths: 1 });
  });

  it('writes nothing while everything works', async () => {
    const { start, file } = await createMachine();
    await (await start()).answered();
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('starts afresh on another processor', async () => {
    const { start } = await createMachine();
    await (await start()).died();
    await (await start()).died();
    expect((await start('Another processor')).isPlain()).toBe(false);
  });

  it.each(['', '{', '[]', '{"version":1,"processor":"Testprocessor 3000","deaths":-4}', '{"version":9,"deaths":5}'])(
    'takes a damaged file for none: %j',
    async (content) => {
      const { start, file } = await createMachine();
      await writeFile(file, content);
      const trust = await start();
      expect(trust.isPlain()).toBe(false);
      expect(await trust.died()).toBe(true);
    },
  );

  it('goes on with plain code when the file cannot be written', async () => {
    const { start, file, log } = await createMachine();
    await mkdir(file);
    const trust = await start();
    expect(await trust.died()).toBe(true);
    expect(trust.isPlain()).toBe(true);
    expect(log.messages('warn')).toEqual(['language.trust-not-written', 'language.plain-cpu']);
  });
});
