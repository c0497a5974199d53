import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { readGgufHeader } from '../../src-main/inference/models/gguf-header.ts';
import { createModelsService } from '../../src-main/inference/models/models-service.ts';
import { readEnvironment } from '../../src-main/platform/config/environment.ts';
import { neverShut } from '../doubles/never-shut.ts';

const { modelsDirectory, cacheDirectory } = readEnvironment();

/** The real starter models, as set-up has installed them. */
function starterService() {
  return createModelsService({
    modelsDirectory,
    cacheDirectory,
    shippedDirectory: fileURLToPath(new URL('../../models/', import.meta.url)),
    config: { get: (definition) => definition.defaultValue, set: () => Promise.reject(new Error('nothing is changed here')) },
    tell: () => undefined,
    log: silentLog,
    clock: systemClock,
    release: () => Promise.resolve(true),
    shut: neverShut,
  });
}

/** Every string of a nested object. */
function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

describe('the starter pack', () => {
  it('is complete, verified and in use', async () => {
    const starter = (await starterService().list()).filter(({ packs }) => packs.includes('starter'));
    expect(starter.map(({ id, status }) => [id, status.status, 'inUse' in status && status.inUse])).toEqual(
      starter.map(({ id }) => [id, 'installed', true]),
    );
    expect(starter).toHaveLength(7);
  });

  it('gives the recognition worker everything: both recognisers, voice activity and end of turn', async () => {
    const parameters = await starterService().recognitionModels();
    expect(Object.keys(parameters).toSorted()).toEqual(['moonshine', 'threads', 'turnDetector', 'voiceActivity', 'whisper']);
    expect(stringsOf(parameters).filter((path) => !existsSync(path))).toEqual([]);
  });

  it('gives the synthesis worker a voice, and espeak for every other language', async () => {
    const parameters = await starterService().synthesisModels();
    expect(parameters.piper.map(({ id, languages }) => [id, languages])).toContainEqual(['piper-en-us-joe', ['en']]);
    expect(existsSync(parameters.espeak?.library ?? '')).toBe(true);
    expect(existsSync(join(parameters.espeak?.dataDirectory ?? '', 'espeak-ng-data', 'phontab'))).toBe(true);
  });

  it('gives the language worker a file that is what its header says', async () => {
    const { path, modelId } = await starterService().languageModel('smollm2-135m-instruct-q4');
    await expect(readGgufHeader(path)).resolves.toMatchObject({ architecture: 'llama', contextTokens: 8192 });
    expect(modelId).toBe('smollm2-135m-instruct-q4');
  });
});
