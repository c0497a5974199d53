import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controlPath } from '../../../src-main/modules/shell/control-socket.ts';
import { controlAddress, sendCommand } from '../../../build/lib/control-client.mjs';

describe('sendCommand', () => {
  let folder: string;
  let server: Server | undefined;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'openclaw-control-'))));
  afterEach(async () => {
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  /** An app that gives the same answer to everything and remembers what it was asked. */
  const app = async (answer: string) => {
    const asked: string[] = [];
    server = createServer((socket) => {
      socket.on('data', (chunk) => {
        asked.push(chunk.toString());
        socket.end(answer);
      });
    });
    await new Promise<void>((resolve) => server?.listen(controlAddress(folder), resolve));
    return asked;
  };

  it('sends one JSON line and returns the answer', async () => {
    const asked = await app('{"ok":true,"state":"listening"}\n');
    expect(await sendCommand(controlAddress(folder), 'talk-toggle')).toEqual({ ok: true, state: 'listening' });
    expect(asked).toEqual(['{"command":"talk-toggle"}\n']);
  });

  it("passes on the app's own sentence when it refuses", async () => {
    await app('{"ok":false,"error":{"code":"session.none","message":"There is no session.","details":{}}}\n');
    await expect(sendCommand(controlAddress(folder), 'stop')).rejects.toMatchObject({
      code: 'control.refused',
      message: 'There is no session.',
    });
  });

  it('says how to start the app when nobody listens', async () => {
    await expect(sendCommand(controlAddress(folder), 'stop')).rejects.toMatchObject({
      code: 'control.not-running',
      message: expect.stringContaining('npm start'),
    });
  });

  it('says so when the app hangs up without an answer', async () => {
    await app('');
    await expect(sendCommand(controlAddress(folder), 'stop')).rejects.toMatchObject({ code: 'control.no-answer' });
  });
});

describe('controlAddress', () => {
  it.each(['linux', 'darwin', 'win32'] as const)('is where the app listens: %s', (platform) => {
    expect(controlAddress('/some/where', platform)).toBe(controlPath('/some/where', platform));
  });
});
