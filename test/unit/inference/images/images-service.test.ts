import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createImageGenerator, imagesSettings } from '../../../../src-main/inference/images/index.ts';
import { createConfig } from '../../../../src-main/platform/config/index.ts';
import { systemClock, type Clock } from '../../../../src-main/base/clock.ts';
import { silentLog } from '../../../../src-main/base/log.ts';
import { createKillGate } from '../../../../src-main/modules/killswitch/kill-gate.ts';
import { closedAddress } from '../../../doubles/language-server.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { neverShut } from '../../../doubles/never-shut.ts';

const PNG = Buffer.from('\u0089PNG\r\n\u001a\n the rest of a picture', 'latin1');
const request = { prompt: 'A retired sea captain', style: 'realistic' as const, count: 2 };

interface Asked {
  path: string;
  body: Record<string, unknown>;
  headers: IncomingMessage['headers'];
}
type Answer = (asked: Asked, response: ServerResponse) => void;
const hangUp: Answer = (_asked, response) => void response.socket?.destroy();

/** An image server on loopback that answers as the test says. */
async function startServer(answer: Answer): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((incoming, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of incoming) pieces.push(piece as Buffer);
      const text = Buffer.concat(pieces).toString();
      const one = {
        path: `${incoming.method} ${incoming.url}`,
        body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
        headers: incoming.headers,
      };
      asked.push(one);
      answer(one, response);
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function generatorWith(
  settings: Record<string, string | boolean>,
  more: { apiKey?: string; deadlineMs?: number; clock?: Clock; shut?: () => AbortSignal } = {},
) {
  const config = createConfig({ dataDirectory: await temporaryFolder(), definitions: imagesSettings, clock: systemClock, log: silentLog });
  for (const [key, value] of Object.entries(settings)) await config.set(`character.${key}`, value);
  return createImageGenerator({
    config,
    apiKey: () => more.apiKey,
    shut: more.shut ?? neverShut,
    clock: more.clock ?? systemClock,
    ...(more.deadlineMs === undefined ? {} : { deadlineMs: more.deadlineMs }),
  });
}

const json =
  (value: unknown): Answer =>
  (_asked, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));

describe('createImageGenerator', () => {
  it('asks an OpenAI-compatible server once per picture, with the key, for a portrait from the front', async () => {
    const server = await startServer(json({ data: [{ b64_json: PNG.toString('base64') }] }));
    const generator = await generatorWith(
      { generator: 'openai', generatorUrl: `${server.url}/v1`, generatorModel: 'flux' },
      { apiKey: 'key-1' },
    );
    expect(await generator.paint(request)).toEqual([
      { bytes: PNG, contentType: 'image/png' },
      { bytes: PNG, contentType: 'image/png' },
    ]);
    expect(server.asked.map(({ path, body, headers }) => [path, body['model'], body['n'], body['size'], headers.authorization])).toEqual(
      Array.from({ length: 2 }, () => ['POST /v1/images/generations', 'flux', 1, '768x960', 'Bearer key-1']),
    );
    expect(server.asked[0]?.body['prompt']).toMatch(
      /^A retired sea captain\. Head and shoulders portrait of one person, facing the camera/,
    );
  });

  it('asks AUTOMATIC1111 for all pictures at once', async () => {
    const server = await startServer(json({ images: [PNG.toString('base64'), `data:image/png;base64,${PNG.toString('base64')}`] }));
    const generator = await generatorWith({ generator: 'automatic1111', generatorUrl: server.url });
    expect((await generator.paint(request)).map(({ bytes }) => Buffer.from(bytes).equals(PNG))).toEqual([true, true]);
    expect(server.asked.map(({ path, body }) => [path, body['n_iter'], body['negative_prompt']])).toEqual([
      ['POST /sdapi/v1/txt2img', 2, expect.stringContaining('several people')],
    ]);
  });

  it('queues a graph at ComfyUI, waits until it is done and fetches each picture', async () => {
    let looks = 0;
    const server = await startServer(({ path }, response) => {
      const answers: Record<string, unknown> = {
        'GET /object_info/CheckpointLoaderSimple': {
          CheckpointLoaderSimple: { input: { required: { ckpt_name: [['first.safetensors', 'second'], {}] } } },
        },
        'POST /prompt': { prompt_id: 'job-1', number: 1 },
      };
      if (path.startsWith('GET /view?')) return void response.end(PNG);
      if (path === 'GET /history/job-1') {
        looks += 1;
        const done = { 'job-1': { outputs: { 7: { images: [{ filename: 'a b.png', subfolder: '', type: 'output' }] } } } };
        return void json(looks < 3 ? {} : done)({ path, body: {}, headers: {} }, response);
      }
      return void json(answers[path])({ path, body: {}, headers: {} }, response);
    });
    const instant: Clock = { ...systemClock, after: (ms, run) => systemClock.after(ms > 1_000 ? ms : 1, run) };
    const generator = await generatorWith({ generator: 'comfyui', generatorUrl: server.url }, { clock: instant });
    expect(await generator.paint({ ...request, count: 1 })).toEqual([{ bytes: PNG, contentType: 'image/png' }]);
    expect(server.asked.map(({ path }) => path)).toEqual([
      'GET /object_info/CheckpointLoaderSimple',
      'POST /prompt',
      'GET /history/job-1',
      'GET /history/job-1',
      'GET /history/job-1',
      'GET /view?filename=a+b.png&subfolder=&type=output',
    ]);
    expect(server.asked[1]?.body).toMatchObject({
      prompt: { 1: { inputs: { ckpt_name: 'first.safetensors' } }, 4: { inputs: { batch_size: 1, width: 768, height: 960 } } },
    });
  });

  it.each(['openai', 'automatic1111', 'comfyui'])(
    'lets go of %s at a stop, begins nothing while it lasts, and paints after the lift',
    async (generator) => {
      const gate = createKillGate();
      let isOver = false;
      const server = await startServer(({ path }, response) => {
        const answers: Record<string, unknown> = { 'POST /prompt': { prompt_id: 'job-1' }, 'GET /history/job-1': {} };
        const done = { data: [{ b64_json: PNG.toString('base64') }], images: [PNG.toString('base64')] };
        const answer = isOver ? done : answers[path];
        // The others say nothing until the picture is painted.
        if (answer !== undefined) json(answer)({ path, body: {}, headers: {} }, response);
      });
      const painter = await generatorWith(
        { generator, generatorUrl: server.url, generatorModel: 'any' },
        { shut: () => gate.signal('outgoing') },
      );
      const once = { ...request, count: 1 };
      const painting = expect(painter.paint(once)).rejects.toMatchObject({ code: 'killswitch.engaged' });
      await expect.poll(() => server.asked.length).toBeGreaterThan(0);
      gate.set(3, false);
      await painting;
      const askedBefore = server.asked.length;
      await expect(painter.paint(once)).rejects.toMatchObject({ code: 'killswitch.engaged' });
      expect(server.asked).toHaveLength(askedBefore);
      gate.set(0, false);
      isOver = true;
      if (generator !== 'comfyui') expect(await painter.paint(once)).toHaveLength(1);
    },
  );

  it('says that none is set up', async () => {
    const generator = await generatorWith({});
    await expect(generator.paint(request)).rejects.toMatchObject({ code: 'images.none' });
  });

  it.each(['not an address', 'ftp://127.0.0.1', 'http://name:secret@127.0.0.1:1'])('refuses the address "%s"', async (generatorUrl) => {
    const generator = await generatorWith({ generator: 'openai', generatorUrl });
    await expect(generator.paint(request)).rejects.toMatchObject({ code: 'images.bad-address' });
  });

  it.each(['http://192.168.1.20:7860', 'https://images.example.org', 'http://127.0.0.1.example.org', 'http://[2001:db8::1]:80'])(
    'asks nobody outside this machine unless that was allowed: %s',
    async (generatorUrl) => {
      const generator = await generatorWith({ generator: 'automatic1111', generatorUrl });
      await expect(generator.paint(request)).rejects.toMatchObject({
        code: 'images.remote',
        details: { where: new URL(generatorUrl).host },
      });
    },
  );

  it('does not follow a server that sends it elsewhere', async () => {
    const elsewhere = await startServer(json({ images: [PNG.toString('base64')] }));
    const server = await startServer(
      (_asked, response) => void response.writeHead(307, { location: `${elsewhere.url}/sdapi/v1/txt2img` }).end(),
    );
    const generator = await generatorWith({ generator: 'automatic1111', generatorUrl: server.url });
    await expect(generator.paint(request)).rejects.toMatchObject({ code: 'images.refused', details: { status: 307 } });
    expect(elsewhere.asked).toEqual([]);
  });

  it.each([
    ['refuses', status(401, 'the key sk-1 is wrong'), 'images.refused'],
    ['fails', status(500, 'CUDA out of memory'), 'images.refused'],
    ['hangs up', hangUp, 'images.unreachable'],
    ['hangs up in the middle', breakOff, 'images.unreachable'],
    ['sends a page', status(200, '<html>busy</html>'), 'images.bad-answer'],
    ['sends no pictures', json({ images: [] }), 'images.bad-answer'],
    ['sends something else', json({ images: [Buffer.from('<svg onload=alert(1)>').toString('base64')] }), 'images.bad-answer'],
    ['sends another answer', json({ error: 'nothing' }), 'images.bad-answer'],
    ['sends an endless answer', endless, 'images.bad-answer'],
  ])('says so when the server %s', async (_what, answer, code) => {
    const server = await startServer(answer);
    const generator = await generatorWith({ generator: 'automatic1111', generatorUrl: server.url });
    const error: unknown = await generator.paint(request).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code, details: { where: new URL(server.url).host } });
    expect(String(error)).not.toMatch(/sk-1|CUDA/);
  });

  it('gives up on a server that is too slow, and on one that is not there', async () => {
    const server = await startServer(() => undefined);
    const slow = await generatorWith({ generator: 'comfyui', generatorUrl: server.url, generatorModel: 'x' }, { deadlineMs: 100 });
    await expect(slow.paint(request)).rejects.toMatchObject({ code: 'images.timeout' });
    const gone = await generatorWith({ generator: 'openai', generatorUrl: await closedAddress() });
    await expect(gone.paint(request)).rejects.toMatchObject({ code: 'images.unreachable', details: { reason: 'nothing listens there' } });
  });
});

function status(code: number, body: string): Answer {
  return (_asked, response) => void response.writeHead(code).end(body);
}

function breakOff(asked: Asked, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': 99 });
  response.write('{"ima', () => hangUp(asked, response));
}

function endless(_asked: Asked, response: ServerResponse): void {
  const piece = Buffer.alloc(4 * 1024 ** 2, 32);
  const write = (): void => {
    if (!response.destroyed) response.write(piece, write);
  };
  write();
}
