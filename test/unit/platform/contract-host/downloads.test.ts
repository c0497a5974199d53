import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDownloads, createUploads } from '../../../../src-main/platform/contract-host/index.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

async function open() {
  const clock = createVirtualClock();
  const files = await createUploads({ folder: join(await temporaryFolder(), 'uploads'), clock });
  onTestFinished(() => files.dispose());
  const downloads = createDownloads({ files });
  const get = (pathname: string) => downloads.answer({ method: 'GET', pathname, isOwn: true, body: nothing(), contentLength: undefined });
  return { clock, downloads, get };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A GET has no body.
}

describe('createDownloads', () => {
  it('offers bytes for saving at an address that cannot be guessed, under their own name', async () => {
    const { downloads, get } = await open();
    const url = await downloads.offer('Tante Käthe.character', 'application/zip', Buffer.from('a zip'));
    expect(url).toMatch(/^\/downloads\/[0-9a-f]{32}\/Tante%20K%C3%A4the\.character$/);
    const answer = await get(url);
    expect(answer).toMatchObject({ status: 200, contentType: 'application/zip', cacheControl: 'no-store', attachment: true });
    const body = answer?.body;
    expect(body && 'path' in body ? await readFile(body.path, 'utf8') : '').toBe('a zip');
  });

  it('knows no other address, and forgets after an hour', async () => {
    const { downloads, get, clock } = await open();
    const url = await downloads.offer('a.zip', 'application/zip', Buffer.from('x'));
    expect([await get('/downloads/0/a.zip'), await get(url.replace('a.zip', 'b.zip'))]).toEqual([undefined, undefined]);
    await clock.advance(3_600_001);
    await expect(get(url)).rejects.toMatchObject({ code: 'upload.gone' });
  });

  it('remembers the last twenty', async () => {
    const { downloads, get } = await open();
    const urls: string[] = [];
    for (let index = 0; index < 21; index += 1) urls.push(await downloads.offer(`${index}`, 'text/plain', Buffer.from('x')));
    expect([await get(urls[0] ?? ''), (await get(urls[1] ?? ''))?.status, (await get(urls[20] ?? ''))?.status]).toEqual([
      undefined,
      200,
      200,
    ]);
  });
});
