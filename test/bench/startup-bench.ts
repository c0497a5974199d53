import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { bindingEnvironment } from '../../build/lib/sqlite-binding.mjs';
import { readRuntime } from '../../build/lib/electron-runtime.mjs';
import { readPaths } from '../../build/lib/paths.mjs';
import { launchElectron } from '../e2e/launch-electron.ts';
import { readEnvironment, readOwnerEnvironment } from '../../src-main/platform/config/index.ts';
import { distribution, single, type BenchResult } from './statistics.ts';
import { startBenchCore } from './start-core.ts';

const run = promisify(execFile);
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const SWITCHES = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'];

/** First picture of the app against a bare Electron window in turns, then voice ready, then a set-up with nothing to do. */
export async function runStartupBench(rounds: number): Promise<BenchResult> {
  const bare: number[] = [];
  const app: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await firstPaint([path('../doubles/plain-window.mjs'), 'data:text/html,<h1>bare</h1>']));
    app.push(await firstPaint([path('../../out/main/main.electron.js')]));
  }
  const ready: number[] = [];
  for (let round = 0; round < Math.min(3, rounds); round += 1) ready.push(await voiceReady());
  const setups: number[] = [];
  for (let round = 0; round < Math.min(5, rounds); round += 1) {
    const fromMs = performance.now();
    await run(process.execPath, [path('../../build/setup.mjs'), '--for', 'headless']);
    setups.push(performance.now() - fromMs);
  }
  const bareWindow = distribution('ms', bare);
  const window = distribution('ms', app);
  return {
    bench: 'startup',
    metrics: {
      bare_window: bareWindow,
      window_painted: window,
      window_ratio: single('ratio', window.p50 / bareWindow.p50, rounds),
      voice_ready: distribution('ms', ready),
      setup_nothing_to_do: distribution('ms', setups),
    },
    targets: { window_ratio: '≤ 1.7', voice_ready: '≤ 6000', setup_nothing_to_do: '≤ 1500' },
    notes: [],
  };
}

/** From the launch of the process to the page's first contentful paint. */
async function firstPaint(target: readonly string[]): Promise<number> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'openclaw-startup-'));
  const startedAtMs = Date.now();
  const paths = readPaths();
  const env = Object.fromEntries(
    Object.entries({
      ...readOwnerEnvironment({ OPENCLAW_DATA_DIR: dataDirectory, OPENCLAW_MODELS_DIR: readEnvironment().modelsDirectory }),
      ...bindingEnvironment(paths, readRuntime(paths)),
    }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const electron = await launchElectron({ args: [...SWITCHES, ...target], env });
  const page = await electron.firstWindow();
  const paintedAtMs = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          const paint = performance.getEntriesByName('first-contentful-paint')[0];
          if (paint) resolve(performance.timeOrigin + paint.startTime);
          else setTimeout(look, 5);
        };
        look();
      }),
  );
  await electron.close();
  await rm(dataDirectory, { recursive: true, force: true });
  return paintedAtMs - startedAtMs;
}

/** From the launch of the server to an open voice session with all models loaded. */
async function voiceReady(): Promise<number> {
  const core = await startBenchCore();
  const fromMs = performance.now() - core.readyMs;
  const page = await core.openPage();
  const readyMs = performance.now() - fromMs;
  await page.close();
  await core.close();
  return readyMs;
}
