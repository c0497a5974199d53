import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src-main/base/clock.ts';
import type { InstallEnvironment } from '../../src-main/inference/models/install-model.ts';
import { createHostReach } from '../../src-main/inference/models/host-reach.ts';
import { manifestModelSchema } from '../../src-main/inference/models/manifest-schema.ts';
import type { ManifestModel } from '../../src-main/inference/models/manifest-schema.ts';
import { createPackageClient } from '../../src-main/inference/models/package-client.ts';
import type { Command } from '../../src-main/inference/models/package-client.ts';
import { sha256Of } from './model-hub.ts';

export const fakeClient = fileURLToPath(new URL('../fixtures/models/fake-client.mjs', import.meta.url));

/** A package client whose npm and pip are the fake one; `mode` says how it behaves, `archive` is what it "downloads". */
export function fakePackageCommands(mode: string, archive = 'none'): { npm: readonly Command[]; pypi: readonly Command[] } {
  const command: Command = [process.execPath, fakeClient, mode, archive];
  return { npm: [command], pypi: [command] };
}

/** A whole environment below one folder: real files, a fake registry, a disk that says it is as free as asked. */
export function installEnvironmentIn(
  folder: string,
  options: { freeBytes?: number; commands?: ReturnType<typeof fakePackageCommands>; cacheDirectory?: string } = {},
): InstallEnvironment {
  return {
    modelsDirectory: join(folder, 'models'),
    cacheDirectory: options.cacheDirectory ?? join(folder, 'cache'),
    shippedDirectory: join(folder, 'shipped'),
    platform: 'linux-x64',
    clock: systemClock,
    hosts: createHostReach({ clock: systemClock, connectTimeoutMs: 1000 }),
    packages: createPackageClient({ clock: systemClock, commands: options.commands ?? fakePackageCommands('offline') }),
    freeBytes: () => Promise.resolve(options.freeBytes ?? 1e12),
  };
}

type FileInput = Partial<ManifestModel['files'][number]> & { body: Buffer };

/** A manifest entry for files of the given content; what is not given is made up so that the schema is content. */
export function modelWith(files: readonly FileInput[], more: Partial<ManifestModel> = {}): ManifestModel {
  return manifestModelSchema.parse({
    id: 'test-model',
    name: 'Test model',
    job: 'language',
    engine: 'llama',
    languages: ['en'],
    licence: 'MIT',
    memoryBytes: 1000,
    packs: ['starter'],
    verification: files.some((file) => file.sha256 === null) ? 'hub' : 'hash',
    ...more,
    files: files.map(({ body, ...file }, index) => ({
      path: `file-${index}.bin`,
      ...(index === 0 ? { role: 'model' } : {}),
      sizeBytes: body.length,
      sha256: sha256Of(body),
      sources: [],
      ...file,
    })),
  });
}

/** Writes files of a folder, with the folders they need. */
export async function writeFiles(folder: string, files: Readonly<Record<string, Buffer | string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Bytes that do not repeat soon, so that a wrong piece is noticed. */
export function someBytes(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}
