import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHubMetadata } from '../../../../src-main/inference/models/hub-metadata.ts';
import type { ModelHub } from '../../../doubles/model-hub.ts';
import { sha256Of, startModelHub } from '../../../doubles/model-hub.ts';

const body = Buffer.from('hello');
let hub: ModelHub;
beforeEach(async () => {
  hub = await startModelHub();
});
afterEach(() => hub.close());

const read = () => readHubMetadata(hub.url('file'), 'Test model', new AbortController().signal);

describe('readHubMetadata', () => {
  it('returns size and sha256 that the hub states before it redirects to its storage', async () => {
    hub.files.set('file', { body });
    await expect(read()).resolves.toEqual({ sizeBytes: 5, digest: { algorithm: 'sha256', hex: sha256Of(body) } });
    expect(hub.requests).toEqual(['HEAD file']);
  });

  it("returns git's hash for a small file", async () => {
    hub.files.set('file', { body, isSmall: true });
    await expect(read()).resolves.toEqual({
      sizeBytes: 5,
      digest: { algorithm: 'git-sha1', hex: 'b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0' },
    });
  });

  it('asks for the size alone where the hash is known, and refuses a hub that states another', async () => {
    const known = { algorithm: 'sha256', hex: sha256Of(body) } as const;
    const readKnown = (digest: typeof known) => readHubMetadata(hub.url('file'), 'Test model', new AbortController().signal, digest);
    hub.files.set('file', { body, statesNoHash: true });
    await expect(readKnown(known)).resolves.toEqual({ sizeBytes: 5, digest: known });
    hub.files.set('file', { body });
    await expect(readKnown({ ...known, hex: '0'.repeat(64) })).rejects.toMatchObject({ code: 'model.wrong-hash' });
  });

  it('refuses a server that states no hash', async () => {
    hub.files.set('file', { body, statesNoHash: true });
    await expect(read()).rejects.toMatchObject({ code: 'model.unverifiable' });
  });

  it('reports a file that is gone', async () => {
    await expect(read()).rejects.toMatchObject({ code: 'model.source-refused', details: { httpStatus: 404 } });
  });
});
