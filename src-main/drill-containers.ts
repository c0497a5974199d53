import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from './base/clock.ts';
import { silentLog } from './base/log.ts';
import type { DrillContainers } from './modules/killswitch/drill/index.ts';
import type { KillSwitchService } from './modules/killswitch/index.ts';
import { createSandbox, type Sandbox } from './modules/tools/index.ts';
import { readEnvironment } from './platform/config/index.ts';

/** Leaves a trace in the folder that it shares, some twenty a second, until it is killed. */
const LOOP = 'while :; do echo "tool $0 $(date +%s%3N)" >> /workspace/effects.log; sleep 0.04; done';
const NOBODY = 65_534;
/** Long enough for a drill. */
const RUN_LIMIT_MS = 30_000;

type Place = { dataDirectory: string; workspace: string };

function sandboxFor({ dataDirectory, workspace }: Place, killSwitch?: KillSwitchService): Sandbox {
  const { cacheDirectory, dockerHost, modelsDirectory } = readEnvironment();
  mkdirSync(workspace, { recursive: true });
  // Commands never run as root; elsewhere the folder is the owner's already.
  if (process.getuid?.() === 0) chownSync(workspace, NOBODY, NOBODY);
  return createSandbox({
    clock: systemClock,
    log: silentLog,
    dockerHost,
    dataDirectory,
    modelsDirectory,
    cacheDirectory,
    recipeFolder: fileURLToPath(new URL('../resources/sandbox', import.meta.url)),
    isWarm: false,
    ...(killSwitch === undefined ? {} : { gate: killSwitch.gate, watch: killSwitch.watch }),
  });
}

/** Real containers in the workload of a drill. Their trace is `effects.log` in the workspace. */
export async function openDrillContainers(place: Place, killSwitch: KillSwitchService): Promise<DrillContainers> {
  const sandbox = sandboxFor(place, killSwitch);
  await sandbox.prepare();
  return {
    async begin(count) {
      // The look that follows a stop would take what is just being made for something left behind.
      await sandbox.sweep();
      for (let index = 0; index < count; index += 1) {
        const argv = ['sh', '-c', LOOP, `container-${index}`];
        sandbox
          .run({
            plan: { pipelines: [{ runs: 'always', processes: [{ argv, env: {}, redirects: [] }] }] },
            grant: { workspace: { access: 'write', folder: place.workspace }, hosts: [] },
            timeoutMs: RUN_LIMIT_MS,
            signal: new AbortController().signal,
          })
          // Cut off, as it should be; the trace tells when.
          .catch(() => undefined);
      }
    },
    stop: () => sandbox.killAll(),
    target: () => sandbox.dockerTarget(),
    dispose: () => sandbox.dispose(),
  };
}

/** Whether containers can be part of a drill here; builds their image where there is an engine but none yet. Otherwise the reason. */
export async function prepareDrillContainers(): Promise<{ ready: true } | { ready: false; why: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'openclaw-drill-'));
  const sandbox = sandboxFor({ dataDirectory: join(folder, 'data'), workspace: join(folder, 'workspace') });
  try {
    mkdirSync(join(folder, 'data'), { mode: 0o700 });
    const { state, problem } = await sandbox.prepare();
    return state === 'ready' ? { ready: true } : { ready: false, why: problem?.message ?? state };
  } finally {
    await sandbox.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}
