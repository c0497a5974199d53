import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { _electron } from 'playwright';
import { readRuntime } from '../../build/lib/electron-runtime.mjs';
import { readPaths } from '../../build/lib/paths.mjs';

/** Held back with this, the app opens no window before Playwright is attached; without it, one launch in fifty never came to its end. */
const HOLD_BACK = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'lib/server/electron/loader.js');

/** The program that set-up has prepared. */
export function electronExecutable(): string {
  const runtime = readRuntime(readPaths());
  if (runtime === undefined) throw new Error('Electron is not set up. Run "npm run setup".');
  return runtime.executable;
}

/** Starts an app (a folder, or the file of its entry) in real Electron. `args` begin with Chromium's switches and end with the app and its own. */
export async function launchElectron(options: { args: readonly string[]; env?: Record<string, string> }): Promise<ElectronApplication> {
  const app = await _electron.launch({
    executablePath: electronExecutable(),
    args: ['-r', HOLD_BACK, ...options.args],
    timeout: 60_000,
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  return retryCollected(app);
}

/** V8 may collect the promise in which the debugger waits for an answer of the main process; the question is then asked once more. */
function retryCollected(app: ElectronApplication): ElectronApplication {
  const evaluate = app.evaluate.bind(app) as (...asked: unknown[]) => Promise<unknown>;
  const patient = async (...asked: unknown[]): Promise<unknown> => {
    try {
      return await evaluate(...asked);
    } catch (error) {
      if (!String(error).includes('garbage collected')) throw error;
      return evaluate(...asked);
    }
  };
  return Object.assign(app, { evaluate: patient });
}
