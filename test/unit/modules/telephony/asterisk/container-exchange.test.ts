import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openExchangeRig } from '../../../../doubles/exchange-rig.ts';
import { temporaryFolder } from '../../../../doubles/temporary-folder.ts';

/** An engine without images, whose registry never answers: `pulls` counts who still waits for it. */
async function createSlowEngine() {
  const address = join(await temporaryFolder(), 'engine.sock');
  let pulls = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/images/create')) {
      pulls += 1;
      response.once('close', () => (pulls -= 1));
      response.writeHead(200).write('{"status":"Pulling"}\n');
    } else if (path.startsWith('/images/')) response.writeHead(404).end('{"message":"No such image"}');
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"Version":"1.0.0"}');
  });
  await new Promise<void>((resolve) => void server.listen(address, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { dockerHost: `unix://${address}`, pulls: () => pulls };
}

describe('createContainerExchange', () => {
  it('ends the build of an image when it is stopped in the middle of a set-up, and calls that no failure', async () => {
    const engine = await createSlowEngine();
    const { exchange, close } = await openExchangeRig({ dockerHost: engine.dockerHost });
    onTestFinished(close);
    const done = exchange.setUp();
    const rejected = expect(done).rejects.toMatchObject({ code: 'request.aborted' });
    await expect.poll(engine.pulls).toBe(1);
    expect([exchange.state().state, exchange.steps()[1]?.status]).toEqual(['setting-up', 'running']);
    await exchange.stop();
    await rejected;
    await expect.poll(engine.pulls).toBe(0);
    expect(exchange.state()).toEqual({ state: 'off' });
    expect(new Set(exchange.steps().map(({ status, error }) => `${status} ${error?.code}`))).toEqual(new Set(['waiting undefined']));
  });
});
