import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { createDisposeBag } from '../../src-main/base/dispose.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { openControlSocket, sendControlCommand, type ControlAnswer } from '../../src-main/modules/shell/index.ts';
import { claimDataFolder } from '../../src-main/platform/config/data-folder-claim.ts';
import { readOwnerEnvironment } from '../../src-main/platform/config/index.ts';
import { openWebDoor } from '../../src-main/platform/contract-host/door-web.ts';
import { createContractHost, createPageHub } from '../../src-main/platform/contract-host/index.ts';
import { createDoorOpener } from '../../src-main/platform/contract-host/door-opener.ts';
import { createScriptedHandlers } from '../doubles/scripted-handlers.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

const entry = (name: string): string => fileURLToPath(new URL(`../../src-main/${name}`, import.meta.url));

function start(dataDirectory: string, args: readonly string[] = ['--port', '0'], file = 'main.node.ts'): ChildProcess {
  const env = readOwnerEnvironment({ OPENCLAW_DATA_DIR: dataDirectory, OPENCLAW_TEST: '1' });
  const child = spawn(process.execPath, [entry(file), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Waits until the server has said its link. */
async function ready(child: ChildProcess): Promise<void> {
  let said = '';
  child.stdout?.on('data', (bytes: Buffer) => (said += bytes.toString()));
  await expect.poll(() => said, { timeout: 30_000 }).toContain('http://127.0.0.1:');
}

/** Its control socket opens a moment after the server. */
async function pidThatAnswers(dataDirectory: string): Promise<number | undefined> {
  return (await sendControlCommand(dataDirectory, 'status').catch(() => undefined))?.status?.pid;
}

async function endOf(child: ChildProcess): Promise<{ exitCode: unknown; complaint: string }> {
  if (!child.stderr) throw new Error('its output is not read');
  const [complaint, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { exitCode, complaint: complaint.trim() };
}

describe('two servers on one data folder', () => {
  it('the second is refused with one sentence; after kill -9 of the first another one starts', async () => {
    const folder = join(await temporaryFolder(), 'data');
    const first = start(folder);
    await ready(first);
    const { exitCode, complaint } = await endOf(start(folder));
    expect({ exitCode, lines: complaint.split('\n').length }).toEqual({ exitCode: 1, lines: 1 });
    expect(complaint).toMatch(/is running already with the data folder .*data.*openclaw link.*OPENCLAW_DATA_DIR/);
    await expect.poll(() => pidThatAnswers(folder), { timeout: 10_000 }).toBe(first.pid);

    const killed = once(first, 'exit');
    first.kill('SIGKILL');
    await killed;
    const third = start(folder);
    await ready(third);
    await expect.poll(() => pidThatAnswers(folder), { timeout: 10_000 }).toBe(third.pid);
  });
});

describe('npm run talk beside a window', () => {
  it('asks the window for its door instead of starting a second core on its data', async () => {
    const folder = await temporaryFolder();
    const bag = createDisposeBag();
    onTestFinished(() => bag.dispose());
    bag.add(claimDataFolder({ dataDirectory: folder, nativeBinding: undefined }));
    const hub = createPageHub({ log: silentLog, checkEvents: true });
    const host = createContractHost({ handlers: createScriptedHandlers({}), log: silentLog, checkResults: true });
    const page = { pageDirectory: folder, dataDirectory: folder, port: 0 };
    const openDoor = createDoorOpener(async () =>
      bag.add(
        await openWebDoor({
          ...page,
          host,
          hub,
          attachAudio: () => undefined,
          resources: async () => undefined,
          clock: systemClock,
          log: silentLog,
        }),
      ),
    );
    const run = async (): Promise<ControlAnswer> => ({ link: (await openDoor()).issueLink() });
    bag.add(await openControlSocket({ dataDirectory: folder, run, log: silentLog }));
    const callers: string[] = [];
    hub.onCame(({ door }) => callers.push(door));

    const { complaint } = await endOf(start(folder, ['--text', 'Hello'], 'talk.node.ts'));
    expect(callers).toEqual(['browser']);
    expect(complaint).not.toContain('running already');
    expect((await readdir(folder)).toSorted()).toEqual(['control.sock', 'core.lock', 'serve.json']);
  });
});

describe('a server that cannot open its port', () => {
  it('says so and ends by itself', async () => {
    const folder = await temporaryFolder();
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    expect(await endOf(start(join(folder, 'a'), ['--port', String(port)]))).toEqual({
      exitCode: 1,
      complaint: `Port ${port} cannot be used (EADDRINUSE). Close the program that uses it, or choose another port.`,
    });
    expect(await endOf(start(join(folder, 'b'), ['--port', 'abc']))).toEqual({
      exitCode: 1,
      complaint: '--port takes a number from 0 (any free port) to 65535, not "abc".',
    });
  });
});
