import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src-main/base/clock.ts';
import type { HttpDownload, HttpOptions } from '../../../../src-main/inference/models/http-download.ts';
import { downloadOverHttp } from '../../../../src-main/inference/models/http-download.ts';
import { someBytes } from '../../../doubles/model-bench.ts';
import type { HubFile, ModelHub } from '../../../doubles/model-hub.ts';
import { sha256Of, startModelHub } from '../../../doubles/model-hub.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const BODY = someBytes(300_000);
const SHA256 = sha256Of(BODY);

let hub: ModelHub;
let partialPath: string;

beforeEach(async () => {
  hub = await startModelHub();
  partialPath = join(await temporaryFolder(), 'model.bin');
});
afterEach(() => hub.close());

function serve(file: Partial<HubFile> = {}): HubFile {
  const served: HubFile = { body: BODY, ...file };
  hub.files.set('model.bin', served);
  return served;
}

function download(request: Partial<HttpDownload> = {}, options: Partial<HttpOptions> = {}): Promise<string> {
  return downloadOverHttp(
    {
      url: hub.url('model.bin'),
      what: 'Test model',
      partialPath,
      sizeBytes: BODY.length,
      digest: { algorithm: 'sha256', hex: SHA256 },
      ...request,
    },
    { signal: new AbortController().signal, clock: systemClock, onBytes: () => undefined, retryDelayMs: 1, ...options },
  );
}

describe('downloadOverHttp', () => {
  it('returns the hash of a file that it has written whole', async () => {
    serve();
    const seen: number[] = [];
    await expect(download({}, { onBytes: (bytes) => seen.push(bytes) })).resolves.toBe(SHA256);
    expect(await readFile(partialPath)).toEqual(BODY);
    expect([seen[0], seen.at(-1)]).toEqual([0, BODY.length]);
  });

  it('goes on where the connection broke, as often as it breaks', async () => {
    serve({ cutAfterBytes: 90_000 });
    await expect(download()).resolves.toBe(SHA256);
    expect(await readFile(partialPath)).toEqual(BODY);
    expect(hub.requests).toHaveLength(4);
    expect(hub.requests[0]).toBe('GET model.bin');
    expect(hub.requests.slice(1).every((request) => / bytes=\d+-$/.test(request))).toBe(true);
  });

  it('goes on with the partial file of an earlier run', async () => {
    serve();
    await writeFile(partialPath, BODY.subarray(0, 200_000));
    await writeFile(`${partialPath}.etag`, `"${SHA256}"`);
    await expect(download()).resolves.toBe(SHA256);
    expect(hub.requests).toEqual(['GET model.bin bytes=200000-']);
  });

  it('starts anew when the server has another version than the partial file', async () => {
    serve();
    await writeFile(partialPath, someBytes(200_000, 7));
    await writeFile(`${partialPath}.etag`, '"older"');
    await expect(download()).resolves.toBe(SHA256);
    expect(await readFile(partialPath)).toEqual(BODY);
  });

  it('starts anew once when a partial file without a tag turns out to be wrong', async () => {
    serve();
    await writeFile(partialPath, someBytes(200_000, 7));
    await expect(download()).resolves.toBe(SHA256);
    expect(hub.requests).toEqual(['GET model.bin bytes=200000-', 'GET model.bin']);
  });

  it('takes the whole answer of a server that ignores ranges', async () => {
    serve({ ignoresRanges: true });
    await writeFile(partialPath, BODY.subarray(0, 200_000));
    await expect(download()).resolves.toBe(SHA256);
    expect(await readFile(partialPath)).toEqual(BODY);
  });

  it('asks nothing when the partial file is complete already', async () => {
    serve();
    await writeFile(partialPath, BODY);
    await expect(download()).resolves.toBe(SHA256);
    expect(hub.requests).toEqual([]);
  });

  it('refuses a file of the right size and the wrong content, and keeps nothing of it', async () => {
    serve({ body: someBytes(BODY.length, 9) });
    await expect(download()).rejects.toMatchObject({ code: 'model.wrong-hash' });
    await expect(stat(partialPath)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses a shorter file before fetching it', async () => {
    serve({ body: BODY.subarray(0, 1000) });
    await expect(download()).rejects.toMatchObject({
      code: 'model.truncated',
      details: { expectedBytes: BODY.length, actualBytes: 1000 },
    });
  });

  it('gives up when the server ends early each time', async () => {
    serve({ body: BODY.subarray(0, 1000), announcesLength: false });
    await expect(download()).rejects.toMatchObject({ code: 'model.connection-lost', details: { receivedBytes: 1000 } });
  });

  it('stops within the file when the server sends more than the file is long', async () => {
    serve({ body: Buffer.concat([BODY, BODY]), announcesLength: false });
    await expect(download()).rejects.toMatchObject({ code: 'model.truncated' });
  });

  it('says that there is no network when nobody listens', async () => {
    await hub.close();
    await expect(download()).rejects.toMatchObject({ code: 'model.no-network' });
  });

  it('tries again when the server is busy and reports a refusal at once', async () => {
    const file = serve({ status: 503 });
    const trying = download({}, { retryDelayMs: 30 });
    await expect.poll(() => hub.requests.length).toBeGreaterThan(0);
    delete file.status;
    await expect(trying).resolves.toBe(SHA256);
    file.status = 403;
    await expect(download({ partialPath: `${partialPath}.2` })).rejects.toMatchObject({
      code: 'model.source-refused',
      details: { httpStatus: 403 },
    });
  });

  it('passes on what a server says that is busy each time', async () => {
    serve({ status: 503 });
    await expect(download()).rejects.toMatchObject({ code: 'model.source-refused', details: { httpStatus: 503 } });
    expect(hub.requests).toHaveLength(4);
  });

  it('breaks off a connection on which nothing comes and goes on from there', async () => {
    const file = serve({ hangAfterBytes: 50_000 });
    const trying = download({}, { stallTimeoutMs: 100 });
    await expect.poll(() => hub.requests.length).toBe(2);
    delete file.hangAfterBytes;
    await expect(trying).resolves.toBe(SHA256);
  });

  it('stops at once when it is cancelled and keeps what has arrived', async () => {
    serve({ hangAfterBytes: 50_000 });
    const stop = new AbortController();
    const trying = download({}, { signal: stop.signal, onBytes: (bytes) => bytes >= 50_000 && stop.abort() });
    await expect(trying).rejects.toMatchObject({ name: 'AbortError' });
    expect((await stat(partialPath)).size).toBe(50_000);
  });

  it('accepts a small file by the hash that git gives it', async () => {
    const body = Buffer.from('hello');
    serve({ body });
    const digest = { algorithm: 'git-sha1', hex: 'b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0' } as const;
    await expect(download({ sizeBytes: 5, digest })).resolves.toBe(sha256Of(body));
  });
});
