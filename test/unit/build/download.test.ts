import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { download } from '../../../build/lib/download.mjs';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
const sha256 = createHash('sha256').update(content).digest('hex');

/** A file server on loopback that understands ranges; `answer` may take a request over by returning true. */
function startServer(answer: (request: IncomingMessage, response: ServerResponse) => boolean = () => false) {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    if (answer(request, response)) return;
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start >= content.length) return void response.writeHead(416).end();
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start }).end(content.subarray(start));
  });
  return { server, ranges };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.bin`;
}

describe('download', () => {
  let folder: string;
  let file: string;
  let servers: Server[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'openclaw-download-'));
    file = join(folder, 'deep', 'file.bin');
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const serve = async (answer?: (request: IncomingMessage, response: ServerResponse) => boolean) => {
    const { server, ranges } = startServer(answer);
    servers.push(server);
    return { url: await listen(server), ranges };
  };
  const options = (url: string) => ({ url, file, sha256, what: 'the test file', connectTimeoutMs: 2_000, stallTimeoutMs: 500, pauseMs: 1 });

  it('lands the whole file under its name and tells how far it is', async () => {
    const { url } = await serve();
    const seen: number[] = [];
    await download({ ...options(url), onProgress: (done, total) => seen.push(done / total) });
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(existsSync(`${file}.part`)).toBe(false);
    expect(seen.at(-1)).toBe(1);
  });

  it('fetches nothing when the right file is there already', async () => {
    const { url, ranges } = await serve();
    await download(options(url));
    await download(options(url));
    expect(ranges).toHaveLength(1);
  });

  it('goes on where an earlier run stopped', async () => {
    const { url, ranges } = await serve();
    await expect(download(options('http://127.0.0.1:1/'))).rejects.toMatchObject({ code: 'download.unreachable' });
    writeFileSync(`${file}.part`, content.subarray(0, 100_000));
    await download(options(url));
    expect(ranges).toEqual(['bytes=100000-']);
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('takes a transfer up again when the line breaks in the middle', async () => {
    let requests = 0;
    const { url, ranges } = await serve((_request, response) => {
      requests += 1;
      if (requests > 1) return false;
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 120_000), () => response.destroy());
      return true;
    });
    await download(options(url));
    expect(ranges[0]).toBeUndefined();
    expect(ranges[1]).toMatch(/^bytes=\d+-$/);
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('gives up on a line that falls silent, and keeps what came', async () => {
    const { url } = await serve((request, response) => {
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start });
      response.write(content.subarray(start, start + 1000));
      return true;
    });
    await expect(download({ ...options(url), stallTimeoutMs: 100, attempts: 2 })).rejects.toMatchObject({ code: 'download.interrupted' });
    expect(readFileSync(`${file}.part`).length).toBeGreaterThan(0);
    expect(existsSync(file)).toBe(false);
  });

  it('starts over when the kept part belongs to another file', async () => {
    const { url, ranges } = await serve();
    await download(options(url));
    rmSync(file);
    writeFileSync(`${file}.part`, Buffer.alloc(100_000, 7));
    await download(options(url));
    expect(ranges.slice(1)).toEqual(['bytes=100000-', undefined]);
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('refuses content with another checksum and leaves nothing behind', async () => {
    const { url } = await serve();
    await expect(download({ ...options(url), sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'download.corrupt' });
    expect(existsSync(file)).toBe(false);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('refuses before it writes when the disk has no room', async () => {
    const { url } = await serve();
    await expect(download({ ...options(url), measureFreeBytes: () => 1000 })).rejects.toMatchObject({
      code: 'disk.no-space',
      message: expect.stringContaining('make room'),
    });
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it.runIf(existsSync('/dev/full'))('says so when the disk becomes full on the way', async () => {
    const { url } = await serve();
    await download(options(url));
    rmSync(file);
    symlinkSync('/dev/full', `${file}.part`);
    await expect(download(options(url))).rejects.toMatchObject({ code: 'disk.no-space', message: expect.stringContaining('became full') });
  });

  it('names a server that refuses', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(503).end();
      return true;
    });
    await expect(download(options(url))).rejects.toMatchObject({ code: 'download.refused', message: expect.stringContaining('503') });
  });

  it('gives up soon on a server that takes the connection and has never sent anything', async () => {
    const { url, ranges } = await serve(() => true);
    await expect(download({ ...options(url), connectTimeoutMs: 100 })).rejects.toMatchObject({ code: 'download.unreachable' });
    expect(ranges).toHaveLength(2);
  });

  it('takes a line that fails at the first connection for a line that stumbled', async () => {
    let requests = 0;
    const { url } = await serve((request) => {
      requests += 1;
      if (requests === 1) request.socket.destroy();
      return requests === 1;
    });
    await download(options(url));
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('does not give up in the middle of a file when the server cannot be reached for a while', async () => {
    let requests = 0;
    const { url, ranges } = await serve((request) => {
      requests += 1;
      if (requests < 4) request.socket.destroy();
      return requests < 4;
    });
    await mkdir(dirname(file), { recursive: true });
    writeFileSync(`${file}.part`, content.subarray(0, 100_000));
    await download(options(url));
    expect(ranges).toEqual(Array.from({ length: 4 }, () => 'bytes=100000-'));
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('waits longer for the answer of a server that has sent a part already', async () => {
    const { url, ranges } = await serve((_request, response) => {
      setTimeout(() => response.writeHead(206, { 'content-length': content.length - 100_000 }).end(content.subarray(100_000)), 400);
      return true;
    });
    await mkdir(dirname(file), { recursive: true });
    writeFileSync(`${file}.part`, content.subarray(0, 100_000));
    await download({ ...options(url), connectTimeoutMs: 200 });
    expect(ranges).toHaveLength(1);
  });
});
