import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What happens in one place of the contract instead of the usual. */
export type Fault = (response: ServerResponse, request: IncomingMessage) => void;

export interface FaceServerDouble {
  address: URL;
  where: string;
  /** Orders as they came. */
  readonly orders: { headers: IncomingHttpHeaders; options: unknown; portrait: Blob; sound: Blob }[];
  /** Ids of jobs that were deleted, in order. */
  readonly deleted: string[];
  /** Answers of `GET /jobs/ID`, one after the other; the last one stays. */
  states: unknown[];
  clip: Uint8Array;
  /** Wanted in every request. */
  token: string | undefined;
  faults: { render?: Fault; job?: Fault; result?: Fault };
  /** Resolves when a job has been looked at so many times. */
  looked(times: number): Promise<void>;
}

/** The least that begins like an MP4 (ISO/IEC 14496-12, file type box). */
export const SMALLEST_MP4 = new Uint8Array([0, 0, 0, 16, ...Buffer.from('ftypisom'), 0, 0, 2, 0]);

/** A server as docs/face-server.md describes it, on loopback, with real HTTP. */
export async function startFaceServer(): Promise<FaceServerDouble> {
  let jobs = 0;
  let looks = 0;
  const waiting: { times: number; resolve: () => void }[] = [];

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const form = await new Response(Buffer.concat(pieces), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    }).formData();
    const [portrait, sound, options] = [form.get('portrait'), form.get('sound'), form.get('options')];
    if (!(portrait instanceof Blob) || !(sound instanceof Blob) || typeof options !== 'string') return reply(response, 400, {});
    state.orders.push({ headers: request.headers, options: JSON.parse(options) as unknown, portrait, sound });
    jobs += 1;
    reply(response, 202, { job: `job-${jobs}` });
  }

  function look(request: IncomingMessage, response: ServerResponse): void {
    looks += 1;
    for (const each of waiting) if (each.times <= looks) each.resolve();
    if (state.faults.job) return state.faults.job(response, request);
    reply(response, 200, state.states.length > 1 ? state.states.shift() : state.states[0]);
  }

  const server = createServer((request, response) => {
    const [, job, part] = /^\/face\/jobs\/([\w.-]+)(\/result)?$/.exec(request.url ?? '') ?? [];
    if (state.token !== undefined && request.headers.authorization !== `Bearer ${state.token}`) return reply(response, 401, {});
    if (request.url === '/face/render' && request.method === 'POST')
      return state.faults.render ? state.faults.render(response, request) : void take(request, response);
    if (job === undefined) return reply(response, 404, {});
    if (request.method === 'DELETE') {
      state.deleted.push(job);
      return void response.writeHead(204).end();
    }
    if (part === undefined) return look(request, response);
    if (state.faults.result) return state.faults.result(response, request);
    response.writeHead(200, { 'content-type': 'video/mp4' }).end(state.clip);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const state: FaceServerDouble = {
    address: new URL(`http://127.0.0.1:${port}/face`),
    where: `127.0.0.1:${port}`,
    orders: [],
    deleted: [],
    states: [{ state: 'done' }],
    clip: SMALLEST_MP4,
    token: undefined,
    faults: {},
    looked: (times) => (looks >= times ? Promise.resolve() : new Promise((resolve) => waiting.push({ times, resolve }))),
  };
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return state;
}

export function reply(response: ServerResponse, status: number, body: unknown, contentType = 'application/json'): void {
  response.writeHead(status, { 'content-type': contentType });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
