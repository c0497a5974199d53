import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Docker from 'dockerode';
import { systemClock } from '../../src-main/base/clock.ts';
import type { CommandPlan, PlannedProcess } from '../../src-main/modules/tools/command-filter/command-verdict.ts';
import type { SandboxGrant, SandboxResult, SandboxRun } from '../../src-main/modules/tools/sandbox/sandbox.ts';
import { createSandbox, type SandboxDeps } from '../../src-main/modules/tools/sandbox/sandbox-service.ts';
import { LABEL } from '../../src-main/modules/tools/sandbox/container-spec.ts';
import { createRecordingLog } from './recording-log.ts';

const SOCKET = /^unix:\/\/(.+)$/.exec(process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock')?.[1] ?? '';

/** Whose the workspace of a rig is: somebody who is neither root nor nobody. */
export const OWNER = process.getuid?.() === 0 ? 1234 : (process.getuid?.() ?? 0);

/** Why no container can be started here; undefined = they can. */
export const noDocker: string | undefined = process.env['OPENCLAW_NO_DOCKER'] ?? (existsSync(SOCKET) ? undefined : 'Docker is not here');

/** Why no telephone exchange can be started here; undefined = it can. */
export const noAsterisk: string | undefined = noDocker ?? process.env['OPENCLAW_NO_ASTERISK'];

/** For the name of a block of tests: says why it is skipped. */
export const titled = (name: string, why: string | undefined = noDocker): string =>
  why === undefined ? name : `${name} (skipped: ${why})`;

/** One program with plain arguments. */
export const program = (...argv: string[]): PlannedProcess => ({ argv, env: {}, redirects: [] });

/** Programs joined by pipes. */
export const piped = (...processes: PlannedProcess[]): CommandPlan => ({ pipelines: [{ runs: 'always', processes }] });

export type RunOptions = Partial<Pick<SandboxRun, 'stdin' | 'timeoutMs' | 'signal' | 'onOutput'>> & Partial<SandboxGrant>;

/** A real sandbox with folders of its own; the owner's files lie in `workspace`, others that nobody may touch in `secret`. */
export async function openSandboxRig(change: Partial<SandboxDeps> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'openclaw-sandbox-test-'));
  const workspace = join(folder, 'home', 'notes');
  const secret = join(folder, 'home', '.ssh');
  for (const each of [workspace, secret, join(folder, 'data')]) await mkdir(each, { recursive: true });
  await writeFile(join(workspace, 'a note.txt'), 'milk\n');
  // As the owner's folder is where the app is not root.
  if (process.getuid?.() === 0) for (const each of [workspace, join(workspace, 'a note.txt')]) await chown(each, OWNER, OWNER);
  await writeFile(join(secret, 'id_rsa'), 'TOP SECRET\n');
  const docker = new Docker({ socketPath: SOCKET });
  const log = createRecordingLog();
  const sandbox = createSandbox({
    clock: systemClock,
    log,
    dockerHost: process.env['DOCKER_HOST'],
    dataDirectory: join(folder, 'data'),
    modelsDirectory: join(folder, 'data', 'models'),
    cacheDirectory: join(folder, 'cache'),
    homeDirectory: join(folder, 'home'),
    recipeFolder: fileURLToPath(new URL('../../resources/sandbox', import.meta.url)),
    isWarm: false,
    ...change,
  });
  const run = (plan: CommandPlan | readonly string[], options: RunOptions = {}): Promise<SandboxResult> =>
    sandbox.run({
      plan: 'pipelines' in plan ? plan : piped(program(...plan)),
      grant: { workspace: options.workspace ?? { access: 'none' }, hosts: options.hosts ?? [] },
      timeoutMs: options.timeoutMs ?? 20_000,
      signal: options.signal ?? new AbortController().signal,
      ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
      ...(options.onOutput === undefined ? {} : { onOutput: options.onOutput }),
    });
  // As the service marks them.
  const instance = createHash('sha256')
    .update(change.dataDirectory ?? join(folder, 'data'))
    .digest('hex')
    .slice(0, 16);
  return {
    sandbox,
    /** Containers of this rig that exist, running or not. */
    containers: async () =>
      (await docker.listContainers({ all: true, filters: { label: [`${LABEL}=${instance}`] } })).map(
        ({ Names, State }) => `${Names[0]} ${State}`,
      ),
    run,
    folder,
    workspace,
    secret,
    log,
    docker,
    close: async () => {
      await sandbox.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type SandboxRig = Awaited<ReturnType<typeof openSandboxRig>>;

const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** What an attack could have changed outside: files of the owner, mounts, kernel settings, names, groups. */
export function hostState(rig: SandboxRig): Record<string, unknown> {
  return {
    files: filesBelow(join(rig.folder, 'home')),
    data: readdirSync(join(rig.folder, 'data')),
    root: readdirSync('/').toSorted(),
    // Those of running containers come and go.
    mounts: read('/proc/self/mounts')
      .split('\n')
      .filter((line) => !/overlay2|docker|netns|containers/.test(line)),
    corePattern: read('/proc/sys/kernel/core_pattern'),
    hostname: read('/proc/sys/kernel/hostname'),
    releaseAgent: read('/sys/fs/cgroup/memory/release_agent'),
    passwd: read('/etc/passwd'),
  };
}

/** Without following links: some of them lead to everything. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const path = join(folder, name);
      const info = lstatSync(path);
      const line = `${path} ${info.mode} ${info.size} ${info.isFile() ? readFileSync(path, 'utf8').slice(0, 200) : ''}`;
      return info.isDirectory() ? [line.replace(/ \d+ $/, ''), ...filesBelow(path)] : [line];
    });
}
