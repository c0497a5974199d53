import { readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckOptions } from '../../../../src-main/inference/models/receipt.ts';
import { checkFiles, readReceipt, verifyModel } from '../../../../src-main/inference/models/receipt.ts';
import { modelWith, someBytes, writeFiles } from '../../../doubles/model-bench.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const body = someBytes(5000);
const model = modelWith([{ body, sources: [{ from: 'hub', url: 'https://example.org/model.bin' }] }]);

async function installed() {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'file-0.bin': body });
  const path = join(folder, 'file-0.bin');
  const place = { folder, filesFolder: folder };
  const hashed: string[] = [];
  const verify = (options: CheckOptions = {}) =>
    verifyModel(model, model.files, place, { wallMs: 1, onHashing: () => hashed.push('hashed'), ...options });
  return { folder, path, place, hashed, verify };
}

describe('verifyModel', () => {
  it('hashes once and believes its receipt from then on', async () => {
    const { folder, hashed, verify } = await installed();
    await verify();
    await verify();
    expect(hashed).toEqual(['hashed']);
    await expect(readReceipt(folder)).resolves.toMatchObject({ modelId: 'test-model', files: [{ path: 'file-0.bin', sizeBytes: 5000 }] });
  });

  it('hashes again when the time differs, and remembers the new one', async () => {
    const { path, hashed, verify } = await installed();
    await verify();
    await utimes(path, new Date(), new Date(1000));
    await verify();
    await verify();
    expect(hashed).toEqual(['hashed', 'hashed']);
  });

  it('refuses a file that is missing, truncated or another one', async () => {
    const { path, verify } = await installed();
    await verify();
    await writeFile(path, someBytes(5000, 3));
    await expect(verify()).rejects.toMatchObject({ code: 'model.wrong-hash' });
    await truncate(path, 4999);
    await expect(verify()).rejects.toMatchObject({ code: 'model.truncated', details: { expectedBytes: 5000, actualBytes: 4999 } });
    await rm(path);
    await expect(verify()).rejects.toMatchObject({ code: 'model.missing', details: { file: 'file-0.bin' } });
  });

  it('hashes anew when the receipt is damaged or belongs to another model', async () => {
    const { folder, hashed, verify } = await installed();
    await verify();
    await writeFile(join(folder, 'model.json'), '{');
    await verify();
    const receipt = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
    await writeFile(join(folder, 'model.json'), JSON.stringify({ ...receipt, modelId: 'other' }));
    await verify();
    expect(hashed).toHaveLength(3);
  });

  it('works where no receipt can be written', async () => {
    const { folder } = await installed();
    const place = { folder: join(folder, 'nowhere'), filesFolder: folder };
    await expect(verifyModel(model, model.files, place, { wallMs: 1 })).resolves.toBeUndefined();
  });
});

describe('checkFiles', () => {
  it('believes sizes when a quick look is asked for', async () => {
    const { path, place, hashed } = await installed();
    await writeFile(path, someBytes(5000, 3));
    const checks = await checkFiles(model, model.files, place, { depth: 'quick', onHashing: () => hashed.push('hashed') });
    expect(checks.map((check) => check.state)).toEqual(['good']);
    expect(hashed).toEqual([]);
  });

  it('hashes every file when it is asked to be thorough', async () => {
    const { place, hashed, verify } = await installed();
    await verify();
    await checkFiles(model, model.files, place, { depth: 'thorough', onHashing: () => hashed.push('hashed') });
    expect(hashed).toEqual(['hashed', 'hashed']);
  });

  it('takes a hash that only the receipt knows, and nothing without it', async () => {
    const { path, place } = await installed();
    const hubModel = modelWith([{ body, sha256: null, sizeBytes: 1234, sources: model.files[0]?.sources ?? [] }]);
    const check = async () => (await checkFiles(hubModel, hubModel.files, place))[0];
    await truncate(path, 1234);
    await expect(check()).resolves.toMatchObject({ state: 'bad', error: { code: 'model.missing' } });
    await writeFile(path, body);
    await verifyModel(model, model.files, place, { wallMs: 1 });
    await expect(check()).resolves.toMatchObject({ state: 'good' });
    await writeFile(path, someBytes(5000, 3));
    await expect(check()).resolves.toMatchObject({ state: 'bad', error: { code: 'model.wrong-hash' } });
  });
});
