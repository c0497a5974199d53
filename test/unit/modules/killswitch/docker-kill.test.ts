import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { killContainers } from '../../../../src-main/modules/killswitch/watchdog/docker-kill.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const STOPPED_AT_MS = 1_000_500;

/** An engine that lists one container of before the stop, one of its own second and one of after it. */
async function engine(): Promise<{ socketPath: string; killed: string[] }> {
  const socketPath = join(await temporaryFolder(), 'docker.sock');
  const killed: string[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      const list = [{ Id: 'before', Created: 999 }, { Id: 'same', Created: 1_000 }, { Id: 'after', Created: 1_002 }, { Id: 'timeless' }];
      return void response.end(JSON.stringify(list));
    }
    killed.push(/containers\/(\w+)\/kill/.exec(request.url ?? '')?.[1] ?? '');
    response.writeHead(204).end();
  });
  await new Promise<void>((done) => void server.listen(socketPath, done));
  onTestFinished(() => void server.close());
  return { socketPath, killed };
}

describe('killContainers', () => {
  it('leaves what was started after the lift alone when the engine answers late', async () => {
    const { socketPath, killed } = await engine();
    const stop = { ids: ['named'], stoppedAtMs: STOPPED_AT_MS, isHeld: () => false };
    expect(await killContainers({ socketPath, label: 'ours' }, stop)).toEqual(['named', 'before', 'same', 'timeless']);
    expect(killed.toSorted()).toEqual(['before', 'named', 'same', 'timeless']);
  });

  it('kills everything that carries the label while the stop holds', async () => {
    const { socketPath, killed } = await engine();
    await killContainers({ socketPath, label: 'ours' }, { ids: [], stoppedAtMs: STOPPED_AT_MS, isHeld: () => true });
    expect(killed.toSorted()).toEqual(['after', 'before', 'same', 'timeless']);
  });
});
