import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpGetTool, type HttpGetDependencies } from '../../../../../src-main/modules/tools/built-in/http-get.ts';
import { htmlToText } from '../../../../../src-main/modules/tools/built-in/html-text.ts';
import { isPublicAddress } from '../../../../../src-main/modules/tools/sandbox/index.ts';

async function serve(listener: RequestListener): Promise<{ port: number; seen: { url: string; headers: IncomingHttpHeaders }[] }> {
  const seen: { url: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers });
    listener(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

function get(
  url: string,
  hosts: string,
  reach: HttpGetDependencies['reach'] = {},
  headers: Record<string, string> = {},
  resolveSecrets?: HttpGetDependencies['resolveSecrets'],
): Promise<string> {
  const tool = createHttpGetTool({
    config: { get: () => hosts as never },
    reach: { mayConnect: () => true, lookup: async () => ['127.0.0.1'], ...reach },
    resolveSecrets,
  });
  const parsed = tool.parse({ url, headers });
  if (!parsed.ok) throw new Error(parsed.problem);
  const context = {
    callId: 'c',
    asker: { channel: 'window' as const },
    conversationId: null,
    language: 'en',
    tainted: false,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  return tool.run(parsed.input, context).then(
    ({ text }) => text,
    (error: { code?: string }) => error.code ?? String(error),
  );
}

const asWritten = (template: string): string => template;

describe('http_get', () => {
  it('loads a page of an allowed host as text, unpacked', async () => {
    const { port } = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip' });
      response.end(
        gzipSync(
          '<html><head><title>Hi</title><script>evil()</script></head><body><h1>Grüße</h1><p>a &amp; b</p><!-- hidden --></body></html>',
        ),
      );
    });
    expect(await get(`http://example.org:${port}/x`, `example.org:${port}`)).toBe(`200 http://example.org:${port}/x\nHi\n\nGrüße\n\na & b`);
  });

  it('refuses what is not on the list, and ports that are not named', async () => {
    for (const [url, hosts] of [
      ['http://evil.example/', 'example.org'],
      ['http://example.org.evil.example/', 'example.org'],
      ['http://notexample.org/', '*.example.org'],
      ['http://example.org:8080/', 'example.org'],
      ['http://example.org/', ''],
    ] as const)
      expect([url, await get(url, hosts)]).toEqual([url, 'tools.host-not-allowed']);
    for (const url of ['ftp://example.org/', 'http://user:pw@example.org/', 'file:///etc/passwd', 'javascript:alert(1)'])
      expect([url, await get(url, 'example.org')]).toEqual([url, 'tools.bad-address']);
  });

  it('refuses names that lead inside, also by one address among public ones, and connects only to the address that was checked', async () => {
    const { port, seen } = await serve((_request, response) => response.end('inside'));
    const hosts = `example.org:${port}`;
    const inside = { mayConnect: isPublicAddress };
    for (const addresses of [
      ['127.0.0.1'],
      ['10.0.0.1'],
      ['169.254.169.254'],
      ['::1'],
      ['::ffff:127.0.0.1'],
      ['93.184.216.34', '127.0.0.1'],
    ])
      expect([addresses, await get(`http://example.org:${port}/`, hosts, { ...inside, lookup: async () => addresses })]).toEqual([
        addresses,
        'tools.private-address',
      ]);
    expect(await get(`http://127.0.0.1:${port}/`, `127.0.0.1:${port}`, inside)).toBe('tools.host-not-allowed');
    let asked = 0;
    await get(`http://example.org:${port}/`, hosts, { lookup: async () => [++asked === 1 ? '127.0.0.1' : '127.0.0.2'] });
    expect([asked, seen.length]).toEqual([1, 1]);
  });

  it('checks every redirect like the first address', async () => {
    const { port, seen } = await serve((request, response) => {
      response.writeHead(302, { location: request.url === '/in' ? 'http://169.254.169.254/latest' : 'http://evil.example/' });
      response.end();
    });
    expect(await get(`http://example.org:${port}/out`, `example.org:${port}`)).toBe('tools.host-not-allowed');
    expect(
      await get(`http://example.org:${port}/in`, `example.org:${port}\n169.254.169.254`, {
        mayConnect: (address) => address === '127.0.0.1',
      }),
    ).toBe('tools.host-not-allowed');
    const loop = await serve((_request, response) => {
      response.writeHead(302, { location: '/again' });
      response.end();
    });
    expect(await get(`http://example.org:${loop.port}/`, `example.org:${loop.port}`)).toBe('tools.web-failed');
    expect([seen.length, loop.seen.length]).toEqual([2, 6]);
  });

  it('fills secrets in for their host only, never passes them on to another, and sets no header of its own ones', async () => {
    const second = await serve((_request, response) => response.end('second'));
    const first = await serve((_request, response) => {
      response.writeHead(302, { location: `http://other.org:${second.port}/` });
      response.end();
    });
    const asked: [string, string][] = [];
    const resolve = (template: string, { host }: { host: string }): string => {
      asked.push([template, host]);
      return template.replace('{{secret:token}}', 'value');
    };
    await get(
      `http://api.localhost:${first.port}/`,
      `api.localhost:${first.port}\nother.org:${second.port}`,
      {},
      { authorization: 'Bearer {{secret:token}}', host: 'evil.example' },
      resolve,
    );
    expect(asked).toEqual([['Bearer {{secret:token}}', 'api.localhost']]);
    expect([first.seen[0]?.headers.authorization, first.seen[0]?.headers.host, second.seen[0]?.headers.authorization]).toEqual([
      'Bearer value',
      `api.localhost:${first.port}`,
      undefined,
    ]);
    expect(await get(`http://api.localhost:${first.port}/`, `api.localhost:${first.port}`, {}, { authorization: '{{secret:token}}' })).toBe(
      'tools.no-secret',
    );
  });

  it('sends no secret over http to another machine, and shows the owner every header that it sends', async () => {
    const { port, seen } = await serve((_request, response) => response.end('ok'));
    const headers = { authorization: 'Bearer {{ secret:token }}', 'x-note': 'all my notes', host: 'evil.example' };
    expect(await get(`http://example.org:${port}/`, `example.org:${port}`, {}, headers, asWritten)).toBe('tools.secret-needs-tls');
    expect(seen).toEqual([]);
    const tool = createHttpGetTool({ config: { get: () => 'example.org' as never }, resolveSecrets: asWritten });
    const context = { callId: 'c', asker: { channel: 'window' }, conversationId: null, language: 'en', tainted: true } as const;
    expect(await tool.plan({ url: 'http://example.org/', headers }, context)).toMatchObject({
      verdict: 'deny',
      reasons: [{ code: 'tools.secret-needs-tls' }],
    });
    expect(await tool.plan({ url: 'https://example.org/', headers }, context)).toMatchObject({
      verdict: 'allow',
      details: expect.arrayContaining([{ name: 'headers', text: 'authorization: Bearer {secret:token}\nx-note: all my notes' }]),
    });
  });

  it('bounds what it takes, packed or not', async () => {
    const { port } = await serve((request, response) => {
      if (request.url === '/bomb') {
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' });
        response.end(gzipSync(Buffer.alloc(20 * 1024 * 1024)));
        return;
      }
      response.end(Buffer.alloc(3 * 1024 * 1024, 'x'));
    });
    expect(await get(`http://example.org:${port}/`, `example.org:${port}`)).toBe('tools.web-too-large');
    expect(await get(`http://example.org:${port}/bomb`, `example.org:${port}`)).toBe('tools.web-failed');
  });
});

describe('htmlToText', () => {
  it('is linear for broken markup', () => {
    for (const html of ['<'.repeat(100_000), '<script>'.repeat(5_000), '<!--'.repeat(20_000), '&'.repeat(100_000)])
      expect(typeof htmlToText(html)).toBe('string');
  });
});
