import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';
import { makeWav } from './make-wav.ts';

const root = resolve(import.meta.dirname, '../..');

/** Stricter than the app's own: no inline style either. What breaks here would break there one day. */
const STRICT_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'";

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Builds the page into `directory`, with the fake core in front of it or as it is. About as long as the app's own build. */
export async function buildScreens(directory: string, options: { fakeCore: boolean }): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: join(root, 'src-renderer'),
    base: './',
    plugins: [react(), tailwindcss(), ...(options.fakeCore ? [fakeCoreFirst()] : [])],
    worker: { format: 'es' },
    build: {
      outDir: directory,
      emptyOutDir: true,
      target: 'chrome130',
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: [join(root, 'src-renderer/index.html'), join(root, 'src-renderer/face.html')] },
    },
  });
}

/** Serves a built page on a loopback port of its own, with the strict policy. */
export async function serveScreens(directory: string): Promise<{ url: string; close: () => void }> {
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/uploads') return takeUpload(request, response);
    if (path.startsWith('/recordings/')) return void response.writeHead(200, { 'content-type': 'audio/wav' }).end(recordingOfCall());
    const file = fileOf(directory, path);
    readFile(file).then(
      (body) => {
        const type = TYPES[extname(file)] ?? 'application/octet-stream';
        response.writeHead(200, { 'content-type': type, 'content-security-policy': STRICT_POLICY }).end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

/** The page's own file, or one of a shipped character (`/characters/<id>/<revision>/<file>`), as the app's door serves it. */
function fileOf(directory: string, path: string): string {
  const [, character, name] = /^\/characters\/([a-z-]+)\/[^/]+\/([\w.-]+)$/.exec(path) ?? [];
  if (character !== undefined && name !== undefined) return join(root, 'resources/characters', character, name);
  return join(directory, path === '/' ? 'index.html' : path);
}

/** Half a minute of a quiet tone, as the fake core's only recorded call lasts. */
function recordingOfCall(): Uint8Array {
  const rate = 8000;
  const samples = Int16Array.from({ length: 27 * rate }, (_, index) => 400 * Math.sin((index / rate) * 2 * Math.PI * 220));
  return makeWav({ rate, data: new Uint8Array(samples.buffer) });
}

let uploads = 0;

/** Takes a file as the app's door does and forgets it. The id begins with what the test has put into the file, see fake-core-characters.ts. */
function takeUpload(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => void chunks.push(chunk));
  request.on('end', () => {
    uploads += 1;
    const [scene = 'one'] = /(?:none|two)-faces/.exec(Buffer.concat(chunks).toString('latin1')) ?? [];
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ uploadId: `${scene}-upload-${uploads}` }));
  });
}

/** Puts the fake core's script before the page's own. */
function fakeCoreFirst(): Plugin {
  return {
    name: 'fake-core-first',
    transformIndexHtml: {
      order: 'pre',
      handler: () => [{ tag: 'script', attrs: { type: 'module', src: '../test/doubles/fake-window.ts' }, injectTo: 'head' }],
    },
  };
}
