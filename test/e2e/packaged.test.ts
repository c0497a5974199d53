import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../build/lib/commands.mjs';
import { controlAddress, sendCommand } from '../../build/lib/control-client.mjs';
import { readEnvironment, readOwnerEnvironment } from '../../src-main/platform/config/environment.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

const root = resolve(import.meta.dirname, '../..');
const EXECUTABLE = process.platform === 'win32' ? 'OpenClaw Desktop.exe' : 'openclaw-desktop';

/** The log's lines so far. */
async function readLog(dataDirectory: string): Promise<{ message: string }[]> {
  const text = await readFile(join(dataDirectory, 'logs', 'openclaw.log'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as { message: string });
}

async function packageApp(output: string): Promise<string> {
  const { code, output: printed } = await runCommand(
    process.execPath,
    [join(root, 'build', 'package.mjs'), '--dir', `-c.directories.output=${output}`],
    { cwd: root },
  );
  expect(code, printed).toBe(0);
  return join(output, (await readdir(output)).find((name) => name.endsWith('unpacked')) ?? '', EXECUTABLE);
}

describe('the packaged app', () => {
  it('loads its models from the archive, lets no library write or report outside its own folders, and ends when asked', async () => {
    const executable = await packageApp(await temporaryFolder());
    const home = await temporaryFolder();
    const dataDirectory = join(home, 'data');
    const environment = readOwnerEnvironment({
      HOME: home,
      XDG_CACHE_HOME: join(home, '.cache'),
      OPENCLAW_DATA_DIR: dataDirectory,
      OPENCLAW_MODELS_DIR: readEnvironment().modelsDirectory,
      OPENCLAW_TEST: '1',
    });
    // Some libraries are silent towards their makers only where they see a build machine.
    delete environment['CI'];
    const app = spawn(executable, ['--no-sandbox'], { env: environment, stdio: 'ignore' });
    const ended = new Promise<number | null>((done) => void app.once('exit', done));
    const messages = async (): Promise<string[]> => (await readLog(dataDirectory)).map(({ message }) => message);
    try {
      for (let waitedMs = 0; !(await messages()).includes('language.loaded') && waitedMs < 90_000; waitedMs += 500) await sleep(500);
      expect(await messages()).toContain('language.loaded');
      expect(await messages()).not.toContain('worker.exit');
      expect(await sendCommand(controlAddress(dataDirectory), 'status')).toMatchObject({ status: { state: 'ready' } });
      await sendCommand(controlAddress(dataDirectory), 'quit');
      expect(await ended).toBe(0);
    } finally {
      app.kill('SIGKILL');
      await ended;
    }
    expect(await readdir(join(home, '.cache')).catch(() => [])).not.toContain('Microsoft');
  });
});
