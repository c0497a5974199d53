import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { build, type Rolldown } from 'vite';
import { pageHeaders } from '../../src-main/platform/contract-host/page-policy.ts';
import type { FacePage } from '../doubles/face-page/protocol.ts';
import { openPlainWindow } from './screens-window.ts';

/** The page of `test/doubles/face-page` in the project's Electron, under the app's own content policy. */
export interface FaceWindow {
  page: Page;
  /** Files that the page finds under `/files/`. */
  files: Map<string, Uint8Array>;
  /** Errors of the page and refusals by its content policy since the last call. */
  takeFaults(): string[];
  close(): Promise<void>;
}

declare global {
  interface Window {
    faces: FacePage;
  }
}

export async function openFaceWindow(): Promise<FaceWindow> {
  const built = await buildPage();
  const files = new Map<string, Uint8Array>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const body = path.startsWith('/files/') ? files.get(path.slice('/files/'.length)) : built.get(path === '/' ? '/index.html' : path);
    const type = path === '/' ? 'text/html; charset=utf-8' : path.endsWith('.js') ? 'text/javascript' : 'application/octet-stream';
    response.writeHead(body === undefined ? 404 : 200, { ...pageHeaders(), 'content-type': type }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const { app, page, takeFaults } = await openPlainWindow(`http://127.0.0.1:${port}/`, { microphone: false });
  await page.waitForFunction(() => 'faces' in window);
  return {
    page,
    files,
    takeFaults,
    async close() {
      await app.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function buildPage(): Promise<Map<string, string | Uint8Array>> {
  const built = (await build({
    configFile: false,
    logLevel: 'warn',
    root: resolve(import.meta.dirname, '../doubles/face-page'),
    base: '/',
    worker: { format: 'es' },
    build: {
      write: false,
      target: 'chrome130',
      minify: false,
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4000,
    },
  })) as Rolldown.RolldownOutput;
  return new Map(built.output.map((file) => [join('/', file.fileName), file.type === 'chunk' ? file.code : file.source]));
}
