import { readdir, stat, truncate, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../../../../../src-main/base/log.ts';
import { createRecordingLinks } from '../../../../../src-main/modules/telephony/records/recording-links.ts';
import { createRecordings, type Recordings } from '../../../../../src-main/modules/telephony/records/recordings.ts';
import { readWav } from '../../../../../src-main/modules/telephony/records/wav-sound.ts';
import { encodeWav } from '../../../../../src-main/platform/audio/index.ts';
import type { ResourceAnswer } from '../../../../../src-main/platform/contract-host/index.ts';
import { createKeyring, createTemporaryKeyring } from '../../../../../src-main/platform/secrets/index.ts';
import { createRecordingLog } from '../../../../doubles/recording-log.ts';
import { temporaryFolder } from '../../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

const second = encodeWav({ samples: new Float32Array(8_000).fill(0.25), sampleRateHz: 8_000 });

async function bench() {
  const dataDirectory = await temporaryFolder();
  const clock = createVirtualClock(Date.now());
  const log = createRecordingLog();
  const keyring = await createKeyring({ dataDirectory, clock, log });
  const recordings = createRecordings({ dataDirectory, keyring, clock, log });
  onTestFinished(() => recordings.dispose());
  const links = createRecordingLinks({ recordings, clock });
  const get = (pathname: string, range?: string) =>
    links.answer({ method: 'GET', pathname, isOwn: true, contentLength: undefined, range, body: nothing() });
  return { dataDirectory, folder: join(dataDirectory, 'recordings'), clock, log, keyring, recordings, links, get };
}

async function keyIdOf(recordings: Recordings, callId: string): Promise<string | undefined> {
  const sealed = await recordings.open(callId);
  await sealed?.close();
  return sealed?.keyId;
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A GET has no body.
}

async function bodyOf(answer: ResourceAnswer | undefined): Promise<Buffer> {
  const body = answer?.body;
  if (body === undefined || body instanceof Uint8Array || !('pieces' in body)) return Buffer.from(body instanceof Uint8Array ? body : '');
  const pieces: Uint8Array[] = [];
  for await (const piece of body.pieces) pieces.push(piece);
  expect(Buffer.concat(pieces).length).toBe(body.sizeBytes);
  return Buffer.concat(pieces);
}

describe('createRecordings', () => {
  it('keeps the sound of a call sealed, and joins what was recorded in pieces', async () => {
    const { recordings, folder } = await bench();
    expect(await recordings.add('call-1', second, 0)).toEqual({ durationMs: 1_000, bytes: 16_044 });
    expect(await recordings.add('call-1', second, 3_000)).toMatchObject({ durationMs: 4_000 });
    const [file = ''] = await readdir(folder);
    expect((await stat(join(folder, file))).mode & 0o77).toBe(0);
    const sealed = await recordings.open('call-1');
    const pieces: Uint8Array[] = [];
    for await (const piece of sealed?.pieces(0, sealed.sizeBytes) ?? []) pieces.push(piece);
    expect(readWav(Buffer.concat(pieces)).pcm.length).toBe(64_000);
    await recordings.remove('call-1');
    expect([await recordings.open('call-1'), await readdir(folder)]).toEqual([undefined, []]);
  });

  it('keeps what is there when the next piece is no sound, and nothing that no key could open tomorrow', async () => {
    const { recordings, dataDirectory, clock } = await bench();
    await recordings.add('call', second, 0);
    await expect(recordings.add('call', Buffer.from('noise'), 2_000)).rejects.toMatchObject({ code: 'phone.recording-failed' });
    const sealed = await recordings.open('call');
    expect(sealed?.sizeBytes).toBe(16_044);
    await sealed?.close();
    const fleeting = createRecordings({ dataDirectory, keyring: createTemporaryKeyring(clock), clock, log: silentLog });
    await expect(fleeting.add('other', second, 0)).rejects.toMatchObject({ code: 'phone.recording-failed' });
  });

  it('seals everything again after a change of keys, and leaves alone what does not open', async () => {
    const { recordings, keyring, folder, log } = await bench();
    await recordings.add('a', second, 0);
    await recordings.add('b', second, 0);
    await truncate(join(folder, `${Buffer.from('b').toString('base64url')}.sealed`), 9_000);
    await keyring.rotate();
    await expect.poll(async () => (await keyIdOf(recordings, 'a')) === keyring.activeKeyId()).toBe(true);
    expect(await recordings.renew()).toBe(0);
    expect(log.messages('warn')).toContain('phone.recording-not-renewed');
  });

  it('sweeps only sound that nobody knows and that is old', async () => {
    const { recordings, folder, clock } = await bench();
    for (const id of ['known', 'young', 'stray']) await recordings.add(id, second, 0);
    const old = (clock.wallMs() - 31 * 24 * 3_600_000) / 1000;
    for (const name of await readdir(folder))
      if (!name.startsWith(Buffer.from('young').toString('base64url'))) await utimes(join(folder, name), old, old);
    expect(await recordings.sweep((id) => id === 'known', 30)).toBe(1);
    for (const [id, isThere] of [
      ['known', true],
      ['young', true],
      ['stray', false],
    ] as const) {
      const sealed = await recordings.open(id);
      expect(sealed !== undefined, id).toBe(isThere);
      await sealed?.close();
    }
  });
});

describe('createRecordingLinks', () => {
  it('gives a player the whole, or the part that it asks for', async () => {
    const { recordings, links, get } = await bench();
    await recordings.add('call', second, 0);
    const url = links.issue('call');
    expect(url).toMatch(/^\/recordings\/[0-9a-f]{32}$/);
    const whole = await get(url);
    expect(whole).toMatchObject({ status: 200, contentType: 'audio/wav', cacheControl: 'no-store', headers: { 'accept-ranges': 'bytes' } });
    const bytes = await bodyOf(whole);
    expect(bytes.equals(second)).toBe(true);
    for (const [range, start, end] of [
      ['bytes=0-', 0, 16_044],
      ['bytes=100-199', 100, 200],
      ['bytes=16000-99999', 16_000, 16_044],
      ['bytes=-44', 16_000, 16_044],
    ] as const) {
      const part = await get(url, range);
      expect(part, range).toMatchObject({ status: 206, headers: { 'content-range': `bytes ${start}-${end - 1}/16044` } });
      expect((await bodyOf(part)).equals(Buffer.from(second).subarray(start, end)), range).toBe(true);
    }
  });

  it('says so when a part lies behind the end, and ignores what is no range', async () => {
    const { recordings, links, get } = await bench();
    await recordings.add('call', second, 0);
    const url = links.issue('call');
    expect(await get(url, 'bytes=16044-')).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */16044' } });
    for (const range of ['bytes=-', 'bytes=5-2', 'lines=1-2', 'bytes=0-1,5-6', ''])
      expect((await bodyOf(await get(url, range))).length, range).toBe(16_044);
  });

  it('knows no other address, and forgets after ten minutes, when the call is deleted, and the oldest of many', async () => {
    const { recordings, links, get, clock } = await bench();
    await recordings.add('call', second, 0);
    expect(await get('/recordings/00000000000000000000000000000000')).toBeUndefined();
    const first = links.issue('call');
    await clock.advance(599_000);
    const answer = await get(first);
    expect(answer?.status).toBe(200);
    await bodyOf(answer);
    await clock.advance(1_001);
    expect(await get(first)).toBeUndefined();
    const oldest = links.issue('call');
    for (let index = 0; index < 50; index += 1) links.issue('other');
    expect(await get(oldest)).toBeUndefined();
    const next = links.issue('call');
    links.revoke('call');
    expect(await get(next)).toBeUndefined();
    const gone = links.issue('call');
    await recordings.remove('call');
    expect(await get(gone)).toBeUndefined();
  });
});
