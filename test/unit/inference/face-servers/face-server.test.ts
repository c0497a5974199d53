import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src-main/base/clock.ts';
import { createFaceServer, type FaceServerLimits, type RenderOrder } from '../../../../src-main/inference/face-servers/face-server.ts';
import { reply, SMALLEST_MP4, startFaceServer, type FaceServerDouble } from '../../../doubles/face-server.ts';

const order: RenderOrder = {
  renderer: 'sadtalker',
  portrait: { bytes: new Uint8Array([1, 2, 3]), contentType: 'image/png' },
  sound: new Uint8Array([82, 73, 70, 70]),
  fps: 25,
  height: 720,
  expressiveness: 0.8,
};

const client = (server: FaceServerDouble, limits: Partial<FaceServerLimits> = {}, token?: string) =>
  createFaceServer({ address: server.address, clock: systemClock, token, limits: { pollMs: 2, ...limits } });

/** The code of what a promise rejects with. */
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : String(error)),
  );

describe('createFaceServer', () => {
  it('sends portrait, sound and options, follows the job and returns the clip', async () => {
    const server = await startFaceServer();
    server.states = [{ state: 'waiting' }, { state: 'running', progress: 0.25 }, { state: 'running', progress: 0.75 }, { state: 'done' }];
    const shares: number[] = [];
    const clip = await client(server).render(order, { onProgress: (share) => shares.push(share) });
    expect(new Uint8Array(clip)).toEqual(SMALLEST_MP4);
    expect(shares).toEqual([0.25, 0.75, 1]);
    expect(server.orders).toHaveLength(1);
    const [taken] = server.orders;
    expect(taken?.options).toEqual({ renderer: 'sadtalker', fps: 25, height: 720, expressiveness: 0.8 });
    expect([taken?.portrait.type, await taken?.portrait.bytes()]).toEqual(['image/png', order.portrait.bytes]);
    expect([taken?.sound.type, await taken?.sound.bytes()]).toEqual(['audio/wav', order.sound]);
    await expect.poll(() => server.deleted).toEqual(['job-1']);
  });

  it('sends the token in a header, and says when it is not accepted', async () => {
    const server = await startFaceServer();
    server.token = 'secret';
    expect(await codeOf(client(server, {}, 'secret').render(order))).toBe('resolved');
    expect(await codeOf(client(server, {}, 'other').render(order))).toBe('film.unauthorized');
  });

  it('never reports less progress than before', async () => {
    const server = await startFaceServer();
    server.states = [0.5, 0.2, 0.6].map((progress) => ({ state: 'running', progress }));
    server.states.push({ state: 'done' });
    const shares: number[] = [];
    await client(server).render(order, { onProgress: (share) => shares.push(share) });
    expect(shares).toEqual([0.5, 0.6, 1]);
  });

  it('stops the job on the server when the caller gives up', async () => {
    const server = await startFaceServer();
    server.states = [{ state: 'running', progress: 0.1 }];
    const stop = new AbortController();
    const rendering = client(server).render(order, { signal: stop.signal });
    await server.looked(2);
    stop.abort(new Error('given up'));
    await expect(rendering).rejects.toThrow('given up');
    await expect.poll(() => server.deleted).toEqual(['job-1']);
  });

  it('asks for nothing when the caller has given up before', async () => {
    const server = await startFaceServer();
    await expect(client(server).render(order, { signal: AbortSignal.abort(new Error('given up')) })).rejects.toThrow('given up');
    expect(server.orders).toEqual([]);
  });

  it('counts a job that does not come on as hung, and deletes it', async () => {
    const server = await startFaceServer();
    server.states = [{ state: 'running', progress: 0.1 }];
    expect(await codeOf(client(server, { stalledMs: 30 }).render(order))).toBe('film.timeout');
    await expect.poll(() => server.deleted).toEqual(['job-1']);
  });

  it('does not wait for ever for a server that says nothing', async () => {
    const server = await startFaceServer();
    server.faults.render = () => undefined;
    expect(await codeOf(client(server, { transferMs: 30 }).render(order))).toBe('film.timeout');
  });

  it('says that nothing listens at the address', async () => {
    const unused = createFaceServer({ address: new URL('http://127.0.0.1:9'), clock: systemClock });
    expect(await codeOf(unused.render(order))).toBe('film.unreachable');
  });

  it.each<[string, string, (server: FaceServerDouble) => void]>([
    ['a job that failed', 'film.failed', (server) => (server.states = [{ state: 'failed', message: 'out of memory' }])],
    ['too much work', 'film.busy', (server) => (server.faults.render = (response) => reply(response, 503, {}))],
    ['an order that it cannot use', 'film.refused', (server) => (server.faults.render = (response) => reply(response, 400, {}))],
    ['no JSON', 'film.bad-answer', (server) => (server.faults.render = (response) => reply(response, 200, '<html>', 'text/html'))],
    ['no job', 'film.bad-answer', (server) => (server.faults.render = (response) => reply(response, 200, { job: '../../x' }))],
    ['an unknown state', 'film.bad-answer', (server) => (server.states = [{ state: 'melting' }])],
    ['progress beyond its end', 'film.bad-answer', (server) => (server.states = [{ state: 'running', progress: 7 }])],
    ['an endless answer', 'film.bad-answer', (server) => (server.faults.job = (response) => reply(response, 200, 'x'.repeat(70_000)))],
    ['a job that it has lost', 'film.refused', (server) => (server.faults.job = (response) => reply(response, 404, {}))],
    [
      'a clip of another type',
      'film.bad-answer',
      (server) => (server.faults.result = (response) => reply(response, 200, 'GIF89a', 'image/gif')),
    ],
    ['a clip that is none', 'film.bad-answer', (server) => (server.clip = new Uint8Array(64))],
    ['a clip that is too large', 'film.bad-answer', (server) => (server.clip = Buffer.concat([SMALLEST_MP4, Buffer.alloc(2000)]))],
    [
      'a way to somewhere else',
      'film.unreachable',
      (server) => (server.faults.result = (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()),
    ],
    [
      'a connection that breaks off',
      'film.unreachable',
      (server) =>
        (server.faults.result = (response) => {
          response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': '5000' });
          response.write(SMALLEST_MP4, () => response.socket?.destroy());
        }),
    ],
  ])('refuses %s', async (_what, code, break_) => {
    const server = await startFaceServer();
    break_(server);
    expect(await codeOf(client(server, { clipBytes: 1000 }).render(order))).toBe(code);
  });
});
