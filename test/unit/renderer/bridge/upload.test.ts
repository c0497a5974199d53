import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { uploadFile } from '../../../../src-renderer/bridge/upload.ts';

interface Answer {
  status: number;
  body: string;
}

let server: Server;
let answer: Answer = { status: 200, body: '{}' };
let received: { url: string | undefined; method: string | undefined; type: string | undefined; body: string } | undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      received = {
        url: request.url,
        method: request.method,
        type: request.headers['content-type'],
        body: Buffer.concat(chunks).toString(),
      };
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  vi.stubGlobal('document', { baseURI: `http://127.0.0.1:${port}/index.html` });
});
afterAll(() => {
  vi.unstubAllGlobals();
  server.close();
});
afterEach(() => void (received = undefined));

describe('uploadFile', () => {
  it('sends the bytes with their type and gives back the id', async () => {
    answer = { status: 200, body: '{"uploadId": "upload-12345"}' };
    expect(await uploadFile(new Blob(['pixels'], { type: 'image/png' }))).toBe('upload-12345');
    expect(received).toEqual({ url: '/uploads', method: 'POST', type: 'image/png', body: 'pixels' });
  });

  it('sends what has no type as plain bytes', async () => {
    answer = { status: 200, body: '{"uploadId": "upload-12345"}' };
    await uploadFile(new Blob(['bytes']));
    expect(received?.type).toBe('application/octet-stream');
  });

  it.each([
    ['alone', '{"code": "upload.too-large", "message": "Too large.", "details": {"sizeBytes": 5, "odd": {}}}'],
    ['under "error"', '{"error": {"code": "upload.too-large", "message": "Too large.", "details": {"sizeBytes": 5}}}'],
  ])("rejects with the core's own reason, %s in the answer", async (_where, body) => {
    answer = { status: 413, body };
    await expect(uploadFile(new Blob(['x']))).rejects.toMatchObject({
      code: 'upload.too-large',
      message: 'Too large.',
      details: { sizeBytes: 5 },
    });
  });

  it.each([
    ['an answer that is no JSON', { status: 200, body: '<html>' }],
    ['an answer without an id', { status: 200, body: '{}' }],
    ['a failure without a reason', { status: 500, body: '' }],
  ])('rejects with upload.failed for %s', async (_what, given) => {
    answer = given;
    await expect(uploadFile(new Blob(['x']))).rejects.toMatchObject({ code: 'upload.failed' });
  });

  it('rejects with upload.failed when nobody answers', async () => {
    vi.stubGlobal('document', { baseURI: 'http://127.0.0.1:9/index.html' });
    await expect(uploadFile(new Blob(['x']))).rejects.toMatchObject({ code: 'upload.failed' });
  });
});
