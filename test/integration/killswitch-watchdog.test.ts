import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readLatch } from '../../src-main/modules/killswitch/latch-file.ts';
import { isAlive } from '../../src-main/modules/killswitch/watchdog/process-facts.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

const WATCHED = fileURLToPath(new URL('../fixtures/killswitch/watched.ts', import.meta.url));
const PATIENCE = { timeout: 25_000, interval: 30 };

interface Watched {
  folder: string;
  child: ChildProcess;
  tools: number[];
  watchdogPid(): number;
  said: { level?: number; watchdog?: string; busy?: true }[];
}

/** A small app that is watched, as soon as its watchdog runs. */
async function start({ toolCount = 0, socketPath = '', folder = '' } = {}): Promise<Watched> {
  const data = folder === '' ? await temporaryFolder() : folder;
  const child = spawn(process.execPath, [WATCHED, data, String(toolCount), socketPath], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: Watched['said'] = [];
  let text = '';
  child.stdout.on('data', (piece: Buffer) => {
    text += piece.toString();
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    said.push(...lines.map((line) => JSON.parse(line) as Watched['said'][number]));
  });
  const watchdogPid = (): number => (JSON.parse(readFileSync(join(data, 'watchdog.json'), 'utf8')) as { pid: number }).pid;
  await vi.waitFor(() => expect(said.at(-1)?.watchdog).toBe('running'), PATIENCE);
  const tools = JSON.parse(readFileSync(join(data, 'tools.json'), 'utf8')) as number[];
  onTestFinished(async () => {
    child.kill('SIGKILL');
    for (const pid of tools) if (isAlive(pid, undefined)) process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(existsSync(join(data, 'watchdog.json'))).toBe(false), PATIENCE);
  });
  return { folder: data, child, tools, watchdogPid, said };
}

const hasEnded = async ({ child }: Watched): Promise<void> =>
  vi.waitFor(() => expect(child.exitCode ?? child.signalCode).not.toBeNull(), PATIENCE);
const haveEnded = (pids: readonly number[]): Promise<void> =>
  vi.waitFor(() => expect(pids.filter((pid) => isAlive(pid, undefined))).toEqual([]), PATIENCE);
const acts = ({ folder }: Watched): { did: string; reason: string }[] =>
  readFileSync(join(folder, 'logs/watchdog.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { did: string; reason: string });

describe('the watchdog', () => {
  it('ends an app that is frozen, and everything that it had started', async () => {
    const app = await start({ toolCount: 2 });
    app.child.kill('SIGSTOP');
    await hasEnded(app);
    await haveEnded(app.tools);
    expect(readLatch(app.folder)).toMatchObject({ latch: { level: 5, trigger: 'watchdog', reason: 'heartbeat' } });
    expect(acts(app)).toMatchObject([{ did: 'ended-main', reason: 'heartbeat' }]);
  });

  it('ends what a dead app has left, and stops everything because something was under way', async () => {
    const app = await start({ toolCount: 3 });
    app.child.kill('SIGKILL');
    await haveEnded(app.tools);
    await vi.waitFor(() => expect(readLatch(app.folder)).toMatchObject({ latch: { level: 5, reason: 'main-died' } }), PATIENCE);
  });

  it('stops nothing when the app has died with nothing under way', async () => {
    const app = await start();
    const pid = app.watchdogPid();
    app.child.kill('SIGKILL');
    await haveEnded([pid]);
    expect(readLatch(app.folder)).toMatchObject({ state: 'read', latch: { level: 0 } });
  });

  it('is started again when it has gone, and that it was missing is told', async () => {
    const app = await start();
    const before = app.watchdogPid();
    app.said.splice(0);
    process.kill(before, 'SIGKILL');
    await vi.waitFor(() => expect(app.said.map(({ watchdog }) => watchdog)).toEqual(['missing', 'starting', 'running']), PATIENCE);
    expect(app.watchdogPid()).not.toBe(before);
    expect(app.child.exitCode).toBeNull();
  });

  it('makes room for the one of the next start, so that a folder has one', async () => {
    const first = await start();
    const pid = first.watchdogPid();
    const second = await start({ folder: first.folder });
    expect(second.watchdogPid()).not.toBe(pid);
    expect(isAlive(pid, undefined)).toBe(false);
    first.child.kill('SIGKILL');
  });

  it('sees a STOP file, and a frozen app does not keep it from obeying', async () => {
    const app = await start({ toolCount: 1 });
    app.child.kill('SIGSTOP');
    writeFileSync(join(app.folder, 'STOP'), '2');
    await hasEnded(app);
    await haveEnded(app.tools);
    expect(readLatch(app.folder)).toMatchObject({ latch: { trigger: 'file', level: 2 } });
  });

  it('takes its own long sleep for a machine that slept, not for an app that is frozen', async () => {
    const app = await start();
    const pid = app.watchdogPid();
    process.kill(pid, 'SIGSTOP');
    app.child.kill('SIGSTOP');
    await new Promise((done) => void setTimeout(done, 2_500));
    app.child.kill('SIGCONT');
    process.kill(pid, 'SIGCONT');
    await new Promise((done) => void setTimeout(done, 700));
    expect([app.child.exitCode, app.child.signalCode, existsSync(join(app.folder, 'logs/watchdog.log'))]).toEqual([null, null, false]);
  });

  it('does not take its own sleep for an excuse for ever', async () => {
    const app = await start({ toolCount: 1 });
    const pid = app.watchdogPid();
    app.child.kill('SIGSTOP');
    for (let sleeps = 0; sleeps < 6 && app.child.signalCode === null; sleeps += 1) {
      process.kill(pid, 'SIGSTOP');
      await new Promise((done) => void setTimeout(done, 1_300));
      process.kill(pid, 'SIGCONT');
      await new Promise((done) => void setTimeout(done, 200));
    }
    await hasEnded(app);
    await haveEnded(app.tools);
  });

  it('gives an app that is only busy more time for a stop that leaves it alive, and ends its tools meanwhile', async () => {
    const app = await start({ toolCount: 1 });
    // Busy as a whole, like an app in a long calculation: what it is told waits.
    process.kill(app.child.pid ?? 0, 'SIGUSR2');
    await vi.waitFor(() => expect(app.said.at(-1)).toEqual({ busy: true }), PATIENCE);
    writeFileSync(join(app.folder, 'STOP'), '2');
    await haveEnded(app.tools);
    await vi.waitFor(() => expect(app.said.at(-1)).toMatchObject({ level: 2 }), PATIENCE);
    expect([app.child.exitCode, app.child.signalCode]).toEqual([null, null]);
    expect(acts(app)).toMatchObject([{ did: 'helped' }]);
  });

  it.skipIf(process.platform === 'win32')(
    'ends an app that hangs with its disk, although the same disk keeps the latch from being read',
    async () => {
      const app = await start({ toolCount: 1 });
      // Whoever opens it waits, as for a disk that does not answer.
      const latch = join(app.folder, 'latch.json');
      execFileSync('mkfifo', [`${latch}.fifo`]);
      renameSync(`${latch}.fifo`, latch);
      await hasEnded(app);
      await haveEnded(app.tools);
      // The disk answers again: the last word can be written.
      closeSync(openSync(latch, 'r+'));
    },
  );

  it('kills the containers that carry the label, and those that it was told of', async () => {
    const socketPath = join(await temporaryFolder(), 'docker.sock');
    const asked: string[] = [];
    const engine = createServer((request, response) => {
      asked.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`);
      if (request.method === 'GET') response.end(JSON.stringify([{ Id: 'named' }, { Id: 'labelled' }]));
      else response.writeHead(204).end();
    });
    await new Promise<void>((done) => void engine.listen(socketPath, done));
    onTestFinished(() => void engine.close());
    const app = await start({ socketPath });
    app.child.kill('SIGKILL');
    await vi.waitFor(
      () =>
        expect(asked.toSorted()).toEqual([
          'GET /containers/json?filters={"label":["openclaw.sandbox=test"]}',
          'POST /containers/labelled/kill',
          'POST /containers/named/kill',
        ]),
      PATIENCE,
    );
    await vi.waitFor(() => expect(readLatch(app.folder)).toMatchObject({ latch: { level: 5, reason: 'main-died' } }), PATIENCE);
  });
});
