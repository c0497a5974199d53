import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readServeFile } from '../../src-main/platform/contract-host/serve-file.ts';
import type { KillState } from '../../src-preload/contract/index.ts';
import { stopEn } from '../../src-renderer/i18n/hands-en.ts';
import { openSpokenHome, type SpokenApp, type SpokenHome } from './spoken-app.ts';

/* The off-switch around a real window with real workers and a real watchdog, pulled from outside. */
const run = promisify(execFile);
const OPENCLAW = join(import.meta.dirname, '../../build/openclaw.mjs');
let home: SpokenHome;
let app: SpokenApp;

beforeAll(async () => {
  home = await openSpokenHome();
  app = await home.start({ microphone: 'none' });
});
afterAll(() => home.dispose());

const dataDirectory = (): string => join(home.folder, 'data');
const snapshot = (): Promise<KillState> => app.call('killswitch.snapshot', {});
const openclaw = (...args: string[]): Promise<{ stdout: string }> =>
  run(process.execPath, [OPENCLAW, ...args], { env: { ...process.env, OPENCLAW_DATA_DIR: dataDirectory() } });
const workers = async (): Promise<string[]> => (await app.call('app.vitals', {})).processes.map(({ name }) => name).slice(1);

async function startAgain(): Promise<void> {
  const { token, phrase } = await app.call('killswitch.prepareLift', {});
  await app.call('killswitch.lift', { token, phrase: phrase.de });
  expect((await snapshot()).level).toBe(0);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the off-switch from outside of the window', () => {
  it('ends all workers by "openclaw stop", says so in the window, and starts none by itself', async () => {
    await expect.poll(async () => (await snapshot()).watchdog, { timeout: 20_000 }).toBe('running');
    await expect.poll(workers, { timeout: 30_000 }).not.toEqual([]);
    await openclaw('stop');
    await app.page.getByText(stopEn.levels.all.title).first().waitFor();
    expect(await snapshot()).toMatchObject({ level: 5, trigger: 'cli', watchdog: 'running' });
    expect(await workers()).toEqual([]);
    await startAgain();
    expect(await workers()).toEqual([]);
  });

  it('obeys a program with the token, which may stop and not start again', async () => {
    await openclaw('link');
    const served = await readServeFile(dataDirectory());
    const answer = await fetch(`${served?.url}/api/kill`, {
      method: 'POST',
      headers: { authorization: `Bearer ${served?.token}` },
      body: JSON.stringify({ level: 3, reason: 'a test' }),
    });
    expect(await answer.json()).toMatchObject({ level: 3, trigger: 'api' });
    expect(await snapshot()).toMatchObject({ level: 3, reason: 'a test' });
    const metrics = await fetch(`${served?.url}/metrics`, { headers: { authorization: `Bearer ${served?.token}` } });
    expect(await metrics.text()).toContain('openclaw_kill_level 3');
    expect((await fetch(`${served?.url}/api/kill`, { method: 'POST' })).status).toBe(403);
    await startAgain();
  });

  it('obeys a file called STOP', async () => {
    await writeFile(join(dataDirectory(), 'STOP'), '');
    await expect.poll(async () => (await snapshot()).level, { timeout: 5000 }).toBe(5);
    expect((await snapshot()).trigger).toBe('file');
    await startAgain();
  });

  it('is pulled by the watchdog when the app cannot: a frozen app is ended, and stopped at its next start', async () => {
    const pid = app.electron.process().pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    await openclaw('stop');
    await expect.poll(() => isAlive(pid), { timeout: 10_000, interval: 50 }).toBe(false);
    app = await home.start({ microphone: 'none' });
    await app.page.getByText(stopEn.levels.all.title).first().waitFor();
    expect(await snapshot()).toMatchObject({ level: 5, trigger: 'cli' });
    expect(await workers()).toEqual([]);
  });
});
