import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How a file is served; all of it may be changed while the hub runs. */
export interface HubFile {
  body: Buffer;
  /** Cut the connection after this many bytes of each answer. */
  cutAfterBytes?: number;
  /** Answer every request with the whole file, whatever range was asked for. */
  ignoresRanges?: boolean;
  /** Answer with this status instead. */
  status?: number;
  /** Send this many bytes, then nothing, and keep the connection open. */
  hangAfterBytes?: number;
  /** Leave out every hash in HEAD answers. */
  statesNoHash?: boolean;
  /** Lies in git itself: the tag is git's hash, and there is no redirect. */
  isSmall?: boolean;
  etag?: string;
  /** Announce the length, as real servers do. Default true. */
  announcesLength?: boolean;
}

/** A model hub on loopback: real HTTP, with the faults that are asked for. */
export interface ModelHub {
  url(path: string): string;
  files: Map<string, HubFile>;
  /** `GET path [range]` and `HEAD path`, in order. */
  requests: string[];
  close(): Promise<void>;
}

const CUT_DELAY_MS = 60;

export async function startModelHub(): Promise<ModelHub> {
  const files = new Map<string, HubFile>();
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => answer(request, response, files, requests));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    files,
    requests,
    url: (path) => `http://127.0.0.1:${port}/${path}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function answer(request: IncomingMessage, response: ServerResponse, files: ReadonlyMap<string, HubFile>, requests: string[]): void {
  const path = (request.url ?? '/').slice(1);
  const range = request.headers.range;
  requests.push(`${request.method} ${path}${range === undefined ? '' : ` ${range}`}`);
  const file = files.get(path.replace(/^store\//, ''));
  if (!file) return void response.writeHead(404).end();
  if (file.status !== undefined) return void response.writeHead(file.status).end();
  if (request.method === 'HEAD') return head(path, file, response);
  get(file, request, response);
}

/** Large files: a redirect to the storage host that names their sha256, as the real hub does. */
function head(path: string, file: HubFile, response: ServerResponse): void {
  const size = String(file.body.length);
  if (file.statesNoHash === true) return void response.writeHead(200, { 'content-length': size, etag: '"whatever"' }).end();
  if (file.isSmall === true) {
    const git = createHash('sha1').update(`blob ${size}\0`).update(file.body).digest('hex');
    return void response.writeHead(200, { 'content-length': size, etag: `"${git}"` }).end();
  }
  response.writeHead(302, { location: `/store/${path}`, 'x-linked-etag': `"${sha256Of(file.body)}"`, 'x-linked-size': size }).end();
}

function get(file: HubFile, request: IncomingMessage, response: ServerResponse): void {
  const etag = file.etag ?? `"${sha256Of(file.body)}"`;
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
  const resumes = from > 0 && isSame && file.ignoresRanges !== true;
  if (resumes && from >= file.body.length) return void response.writeHead(416).end();
  const body = resumes ? file.body.subarray(from) : file.body;
  const length = file.announcesLength === false ? {} : { 'content-length': String(body.length) };
  const range = resumes ? { 'content-range': `bytes ${from}-${file.body.length - 1}/${file.body.length}` } : {};
  response.writeHead(resumes ? 206 : 200, { etag, ...length, ...range });
  const stopAt = file.cutAfterBytes ?? file.hangAfterBytes;
  if (stopAt === undefined || stopAt >= body.length) return void response.end(body);
  response.write(body.subarray(0, stopAt));
  // The reader gets time to read what was sent: a client drops what it has not read yet when the connection breaks.
  if (file.cutAfterBytes !== undefined) setTimeout(() => response.socket?.destroy(), CUT_DELAY_MS);
}
