import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../../src-main/base/clock.ts';
import { silentLog } from '../../../../src-main/base/log.ts';
import { createContractHost, createPageHub, createPageResources } from '../../../../src-main/platform/contract-host/index.ts';
import { openWebDoor } from '../../../../src-main/platform/contract-host/door-web.ts';
import { readServeFile } from '../../../../src-main/platform/contract-host/serve-file.ts';
import { createScriptedHandlers } from '../../../doubles/scripted-handlers.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const PIECES = 400;
const PIECE_BYTES = 65_536;

/** A door behind which lie 25 MB that are made as they are asked for. */
async function openDoor() {
  const folder = await temporaryFolder();
  const seen = { made: 0, closed: 0, range: undefined as string | undefined };
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < PIECES; index += 1) {
      seen.made += 1;
      yield new Uint8Array(PIECE_BYTES).fill(index % 256);
    }
  };
  const door = await openWebDoor({
    host: createContractHost({ handlers: createScriptedHandlers({}), log: silentLog, checkResults: true }),
    hub: createPageHub({ log: silentLog, checkEvents: true }),
    attachAudio: () => undefined,
    resources: createPageResources({
      '/recordings': {
        method: 'GET',
        async answer({ range }) {
          seen.range = range;
          return {
            status: 206,
            contentType: 'audio/wav',
            cacheControl: 'no-store',
            headers: { 'content-range': 'bytes 0-9/99', 'accept-ranges': 'bytes' },
            body: { pieces: pieces(), sizeBytes: PIECES * PIECE_BYTES, close: () => (seen.closed += 1) },
          };
        },
      },
    }),
    clock: systemClock,
    log: silentLog,
    pageDirectory: folder,
    dataDirectory: folder,
    port: 0,
  });
  onTestFinished(() => door.dispose());
  const token = (await readServeFile(folder))?.token ?? '';
  const ask = async (method: 'GET' | 'HEAD'): Promise<IncomingMessage> => {
    const call = request(`${door.url}/recordings/x`, { method, headers: { authorization: `Bearer ${token}`, range: 'bytes=0-9' } });
    call.end();
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    return answer;
  };
  return { seen, ask };
}

describe('pieces behind the web door', () => {
  it('come whole, with the headers of a part, and are closed behind', async () => {
    const { seen, ask } = await openDoor();
    const answer = await ask('GET');
    expect([answer.statusCode, answer.headers['content-range'], answer.headers['accept-ranges'], seen.range]).toEqual([
      206,
      'bytes 0-9/99',
      'bytes',
      'bytes=0-9',
    ]);
    let received = 0;
    for await (const piece of answer) received += (piece as Buffer).length;
    expect([received, Number(answer.headers['content-length'])]).toEqual([PIECES * PIECE_BYTES, PIECES * PIECE_BYTES]);
    await expect.poll(() => seen.closed).toBe(1);
  });

  it('are made no faster than they are taken, and no more when the player jumps elsewhere', async () => {
    const { seen, ask } = await openDoor();
    const answer = await ask('GET');
    answer.pause();
    await pause(300);
    expect(seen.made).toBeLessThan(PIECES);
    answer.destroy();
    await expect.poll(() => seen.closed).toBe(1);
    const { made } = seen;
    await pause(50);
    expect(seen.made).toBe(made);
  });

  it('are not made for one who asks for the headers alone', async () => {
    const { seen, ask } = await openDoor();
    const answer = await ask('HEAD');
    answer.resume();
    await expect.poll(() => seen.closed).toBe(1);
    expect([answer.statusCode, seen.made]).toEqual([206, 0]);
  });
});
