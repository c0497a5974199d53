import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readEnvironment, readOwnerEnvironment } from '../../src-main/platform/config/index.ts';
import { readServeFile } from '../../src-main/platform/contract-host/serve-file.ts';
import { connectBenchCore, type BenchCore } from './core.ts';

const START_TIMEOUT_MS = 30_000;

/** Starts the server in a data directory of its own, with the models that are installed. */
export async function startBenchCore(): Promise<BenchCore & { readonly readyMs: number }> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'openclaw-bench-'));
  const entry = fileURLToPath(new URL('../../src-main/main.node.ts', import.meta.url));
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [entry, '--port', '0'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: readOwnerEnvironment({ OPENCLAW_DATA_DIR: dataDirectory, OPENCLAW_MODELS_DIR: readEnvironment().modelsDirectory }),
  });
  const end = async (): Promise<void> => {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    await rm(dataDirectory, { recursive: true, force: true });
  };
  while (performance.now() - startedAtMs < START_TIMEOUT_MS) {
    const address = await readServeFile(dataDirectory).catch(() => undefined);
    if (address) {
      const core = await connectBenchCore(address, end);
      return { ...core, readyMs: performance.now() - startedAtMs };
    }
    await sleep(20);
  }
  await end();
  throw new Error(`The core did not open its door within ${START_TIMEOUT_MS} ms.`);
}
