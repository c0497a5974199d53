import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../../base/dispose.ts';
import { AppError, isAbort } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import { createPinnedImage, findEngine, type Engine } from '../../../platform/docker/index.ts';
import type { Gate, WatchedThing } from '../../killswitch/index.ts';
import type { SandboxStatus } from '../../../../src-preload/contract/index.ts';
import { holdsSecrets } from '../command-filter/guarded-paths.ts';
import { checkConfiguration } from './check-configuration.ts';
import { containerSpec, COVERS, explainSpec, LABEL, WORKSPACE, type ContainerRequest, type WorkspaceWish } from './container-spec.ts';
import { normalRule } from '../host-rules.ts';
import { openNetworkProxy, type NetworkProxyDeps } from './proxy/network-proxy.ts';
import { findProtected } from './protected-places.ts';
import { encodeOrder } from './runner-plan.ts';
import type { Sandbox, SandboxGrant, SandboxResult, SandboxRun } from './sandbox.ts';
import { openContainer, type SandboxContainer } from './sandbox-container.ts';
import { asData, closed, codeOf, engineError, noImage, refused, statusOf } from './sandbox-errors.ts';
import { createWarmPool, type WarmKind } from './warm-pool.ts';
import { checkFolder, checkWritable, type ForbiddenPlaces } from './workspace-check.ts';

/** Left on the disk of the workspace, whatever a command writes. */
const DISK_RESERVE_BYTES = 256 * 1024 ** 2;
const FILES_RESERVE = 1_000;
/** The runner ends by itself this much after the app would have ended it. */
const RUNNER_GRACE_SECONDS = 5;
const MAX_STDIN_BYTES = 4 * 1024 ** 2;
const MAX_ORDER_BYTES = 8 * 1024 ** 2;
/** Begin of the instance of `npm run sandbox`. */
export const TERMINAL_INSTANCE = 'terminal-';
const NO_STATUS: SandboxStatus = {
  state: 'unknown',
  engine: null,
  runc: null,
  gvisor: false,
  imageDigest: null,
  progress: null,
  problem: null,
};

export interface SandboxDeps {
  clock: Clock;
  log: Log;
  dockerHost: string | undefined;
  dataDirectory: string;
  modelsDirectory: string;
  cacheDirectory: string;
  /** `resources/sandbox`. */
  recipeFolder: string;
  /** Shut = nothing starts, and what runs is ended. */
  gate?: Gate;
  /** Told of every container, so that it can be ended when this process cannot. */
  watch?: (thing: WatchedThing) => Unsubscribe;
  /** The owner's folder that runs will usually want: containers for it are kept warm. */
  usualFolder?: () => Promise<string | undefined>;
  /** Marks the containers of this process; by default of all lives of this data folder. */
  instance?: string;
  platform?: NodeJS.Platform;
  homeDirectory?: string;
  /** How the proxy reaches the network; for tests. */
  network?: Pick<NetworkProxyDeps, 'resolve' | 'dial'>;
  /** Keeps containers ready; off for a single command. */
  isWarm?: boolean;
}

/** A container with what belongs to it. */
interface Opened {
  container: SandboxContainer;
  proxyFolder: string | undefined;
}

const engineFacts = (of: Engine | undefined): Pick<SandboxStatus, 'engine' | 'runc' | 'gvisor'> => ({
  engine: of?.name ?? null,
  runc: of?.runc ?? null,
  gvisor: of?.gvisor ?? false,
});

/** Builds the locked room. Nothing is looked for before `refresh`, `prepare` or the first run. */
export function createSandbox(deps: SandboxDeps): Sandbox {
  const { clock, log, gate, platform = process.platform } = deps;
  const instance = deps.instance ?? createHash('sha256').update(deps.dataDirectory).digest('hex').slice(0, 16);
  const image = createPinnedImage({
    // The runner is given to each container and is no part of the image.
    recipe: {
      folder: deps.recipeFolder,
      files: ['Dockerfile', 'packages.txt'],
      repository: 'openclaw-sandbox',
      suite: 'bookworm',
      usualPackages: 130,
      directories: ['workspace', 'run/openclaw'],
    },
    pinFile: join(deps.dataDirectory, 'sandbox', 'image.json'),
    cacheDirectory: deps.cacheDirectory,
    wallMs: () => clock.wallMs(),
    log,
  });
  const listeners = new Set<(status: SandboxStatus) => void>();
  /** Every container of ours that may exist, with what takes it off the watchdog's list. */
  const known = new Map<SandboxContainer, { name: string; proxyFolder: string | undefined; unwatch: Unsubscribe }>();
  /** Names of those that the engine is making: it has them before we know them. */
  const making = new Set<string>();
  let status = NO_STATUS;
  let engine: Engine | undefined;
  let imageId: string | undefined;
  let isDisposed = false;
  /** Counts the kills: a container that was being made meanwhile is not kept. */
  let generation = 0;
  let hasSwept = false;
  let runtimeFolder: Promise<string> | undefined;
  let refreshing: Promise<SandboxStatus> | undefined;
  let preparing: Promise<SandboxStatus> | undefined;
  let runner: string | undefined;

  const setStatus = (next: SandboxStatus): SandboxStatus => {
    if (JSON.stringify(next) === JSON.stringify(status)) return status;
    status = next;
    for (const listener of listeners) listener(status);
    return status;
  };
  const places = (): ForbiddenPlaces => ({
    home: deps.homeDirectory ?? homedir(),
    dataDirectory: deps.dataDirectory,
    modelsDirectory: deps.modelsDirectory,
    socketPath: engine?.socketPath,
    ownWorkspace: undefined,
  });

  const requestFor = (workspace: WorkspaceWish, proxyFolder: string | undefined, coverFolder: string, id: string): ContainerRequest => {
    runner ??= readFileSync(join(deps.recipeFolder, 'runner.pl'), 'utf8');
    const runtime = engine?.gvisor === true ? 'runsc' : 'runc';
    const rootless = engine?.rootless ?? false;
    return containerSpec({ imageId: id, runner, runtime, instance, workspace, proxyFolder, coverFolder, rootless });
  };
  const checkedWorkspace = async ({ workspace }: Pick<SandboxGrant, 'workspace'>): Promise<WorkspaceWish> => {
    if (workspace.access === 'none') return workspace;
    const folder = checkFolder(workspace.folder, places());
    if (workspace.access === 'write') checkWritable(folder, { rootless: engine?.rootless ?? false });
    return { access: workspace.access, folder, hidden: await findProtected(folder.path, holdsSecrets) };
  };

  const discard = (container: SandboxContainer): Promise<void> =>
    container.remove().then(async () => {
      const { proxyFolder, unwatch } = known.get(container) ?? {};
      unwatch?.();
      known.delete(container);
      if (proxyFolder !== undefined) await rm(proxyFolder, { recursive: true, force: true }).catch(() => undefined);
    });

  const open = async (workspace: WorkspaceWish): Promise<Opened> => {
    const made = generation;
    if (!engine || imageId === undefined) throw noImage();
    const name = `openclaw-sandbox-${randomUUID().slice(0, 13)}`;
    const coverFolder = await makeRuntimeFolder();
    const proxyFolder = platform === 'linux' ? join(coverFolder, name.slice(-13)) : undefined;
    if (proxyFolder !== undefined) {
      await mkdir(proxyFolder);
      // Nobody inside must be able to go through; nobody outside gets past the folder above.
      await chmod(proxyFolder, 0o755);
    }
    const request = requestFor(workspace, proxyFolder, coverFolder, imageId);
    checkConfiguration({ ...request, name }, { places: places(), proxyFolder, coverFolder });
    let opened: SandboxContainer | undefined;
    making.add(name);
    try {
      const container = await openContainer({
        engine,
        clock,
        request,
        name,
        folder: workspace.access === 'none' ? undefined : workspace.folder,
        created: (each) => {
          opened = each;
          known.set(each, { name, proxyFolder, unwatch: deps.watch?.({ kind: 'container', id: each.id }) ?? (() => undefined) });
          if (made !== generation) void each.remove();
        },
      });
      if (made !== generation || isDisposed) throw stoppedError();
      return { container, proxyFolder };
    } catch (error) {
      if (opened) await discard(opened);
      else if (proxyFolder !== undefined) await rm(proxyFolder, { recursive: true, force: true });
      if (made !== generation || isDisposed) throw stoppedError();
      throw error;
    } finally {
      making.delete(name);
    }
  };
  /** Why something that was under way is not any more. */
  const stoppedError = (): unknown => {
    if (isDisposed) return closed();
    const reason: unknown = gate?.signal('tool').aborted === true ? gate.signal('tool').reason : undefined;
    return reason instanceof AppError ? reason : new AppError('request.aborted', 'It was stopped before it began.');
  };

  const pool = createWarmPool<WorkspaceWish, Opened>({
    log,
    make: open,
    discard: ({ container }) => void discard(container),
    usual: async () => {
      const folder = await deps.usualFolder?.().catch(() => undefined);
      const wishes = folder === undefined ? [] : (['read', 'write'] as const).map((access) => ({ access, folder }));
      const kinds: WarmKind<WorkspaceWish>[] = [];
      for (const workspace of [...wishes, { access: 'none' } as const]) {
        // Whoever runs something in there is told why it cannot be.
        const grant = await checkedWorkspace({ workspace }).catch(() => undefined);
        if (grant !== undefined) kinds.push({ key: keyOf(grant), grant });
      }
      return kinds;
    },
  });
  const mayWarm = (): boolean => deps.isWarm !== false && !isDisposed && status.state === 'ready' && gate?.isOpen('tool') !== false;
  const warm = (): void => {
    if (!mayWarm()) return;
    pool.open();
    pool.fill();
  };
  /** Forgets those that wait. Their removal goes on in the background. */
  const emptyPool = async (): Promise<void> => {
    pool.close();
    await Promise.all([...known.keys()].filter((each) => !running.has(each)).map(discard));
  };
  const running = new Set<SandboxContainer>();

  async function makeRuntimeFolder(): Promise<string> {
    runtimeFolder ??= mkdtemp(join(tmpdir(), runtimePrefix(instance)));
    const folder = await runtimeFolder;
    // Cleaners of temporary folders take what was not used for days.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await mkdir(join(folder, COVERS.folder), { recursive: true });
    await writeFile(join(folder, COVERS.file), '');
    await Promise.all(Object.values(COVERS).map((name) => chmod(join(folder, name), 0o755)));
    return folder;
  }

  async function look(): Promise<SandboxStatus> {
    try {
      engine = await findEngine({ dockerHost: deps.dockerHost, platform });
    } catch (error) {
      const problem = engineError(error);
      const isMissing = problem.code === 'sandbox.no-docker' || (codeOf(problem.cause) === 'ENOENT' && platform === 'win32');
      engine = undefined;
      return setStatus({ ...NO_STATUS, state: isMissing ? 'missing' : 'stopped', problem: asData(problem) });
    }
    try {
      if (!hasSwept) {
        hasSwept = true;
        await Promise.all([sweep(), sweepFolders(instance, await runtimeFolder)]);
      }
      imageId = await image.verify(engine);
      return setStatus({ ...NO_STATUS, ...engineFacts(engine), state: 'ready', imageDigest: imageId });
    } catch (error) {
      imageId = undefined;
      const problem = engineError(error);
      const states = { 'sandbox.no-image': 'no-image', 'sandbox.not-answering': 'stopped' } as const;
      const state = problem.code in states ? states[problem.code as keyof typeof states] : 'broken';
      return setStatus({ ...NO_STATUS, ...engineFacts(engine), state, problem: asData(problem) });
    }
  }
  const refresh = (): Promise<SandboxStatus> => {
    refreshing ??= look().finally(() => {
      refreshing = undefined;
      warm();
    });
    return refreshing;
  };

  async function build(): Promise<SandboxStatus> {
    const before = await refresh();
    if (before.state === 'ready' || !engine) return before;
    const facts = engineFacts(engine);
    setStatus({ ...NO_STATUS, ...facts, state: 'building', progress: 0 });
    let problem: AppError | undefined;
    try {
      await emptyPool();
      await image.build(engine, (share) =>
        setStatus({ ...NO_STATUS, ...facts, state: 'building', progress: Math.round(share * 100) / 100 }),
      );
    } catch (error) {
      problem = engineError(error);
      log.warn('sandbox.image-not-built', { error });
    }
    const after = await refresh();
    if (!problem) return after;
    return setStatus({ ...after, state: problem.code === 'sandbox.no-image' ? 'no-image' : 'broken', problem: asData(problem) });
  }

  async function sweep(): Promise<readonly string[]> {
    if (!engine) return [];
    const { docker, ask } = engine;
    const found = await ask(() => docker.listContainers({ all: true, filters: { label: [LABEL] } }));
    const ours = new Set([...known.keys()].map(({ id }) => id));
    const left = found.filter(
      ({ Id, Labels, Names, State }) =>
        !ours.has(Id) && !Names.some((name) => making.has(name.replace(/^\//, ''))) && isLeft(instance, Labels[LABEL], State),
    );
    await Promise.all(
      left.map(({ Id }) =>
        ask((abortSignal) => docker.getContainer(Id).remove({ force: true, v: true, abortSignal })).catch((error: unknown) => {
          // Somebody else was quicker.
          if (statusOf(error instanceof AppError ? error.cause : error) !== 404) log.warn('sandbox.not-swept', { id: Id, error });
        }),
      ),
    );
    if (left.length > 0) log.info('sandbox.swept', { count: left.length });
    return left.map(({ Names, Id }) => Names[0]?.replace(/^\//, '') ?? Id.slice(0, 12));
  }

  async function killAll(): Promise<readonly string[]> {
    generation += 1;
    pool.close();
    const all = [...known];
    const busy = all.filter(([container]) => running.has(container)).map(([, { name }]) => name);
    const kills = all.map(([container]) => container.kill());
    await Promise.all(kills);
    // There should be none; nobody waits for the look.
    sweep().catch((error: unknown) => log.warn('sandbox.not-swept', { error }));
    for (const [container] of all) if (!running.has(container)) void discard(container);
    return busy;
  }

  async function ready(): Promise<void> {
    if (status.state !== 'ready') await (preparing ?? refresh());
    if (status.state === 'ready') return;
    const { problem } = status;
    throw problem ? new AppError(problem.code, problem.message, { details: problem.details }) : noImage();
  }

  async function run(order: SandboxRun): Promise<SandboxResult> {
    if (isDisposed) throw closed();
    gate?.pass('tool');
    const hosts = checkedHosts(order.grant.hosts, platform);
    if (Buffer.byteLength(order.stdin ?? '') > MAX_STDIN_BYTES) throw refused('more than 4 MB of input');
    await ready();
    const startedMs = clock.nowMs();
    const workspace = await checkedWorkspace(order.grant);
    const bytes = encodeOrder({
      plan: order.plan,
      stdin: order.stdin,
      folder: WORKSPACE,
      seconds: Math.ceil(order.timeoutMs / 1000) + RUNNER_GRACE_SECONDS,
      network: hosts.length > 0,
    });
    if (bytes.length > MAX_ORDER_BYTES) throw refused('a command of more than 8 MB');
    const signal = gate ? AbortSignal.any([order.signal, gate.signal('tool')]) : order.signal;
    if (signal.aborted) throw stoppedError();
    const opened = pool.take({ key: keyOf(workspace), grant: workspace }) ?? (await open(workspace));
    running.add(opened.container);
    let proxy: Disposable | undefined;
    try {
      if (hosts.length > 0 && opened.proxyFolder !== undefined)
        proxy = await openNetworkProxy({ ...deps.network, hosts, log, socketPath: join(opened.proxyFolder, 'proxy.sock') });
      gate?.pass('tool');
      const result = await opened.container.execute({
        order: bytes,
        timeoutMs: order.timeoutMs,
        signal,
        ...(order.onOutput ? { onOutput: order.onOutput } : {}),
        ...(workspace.access === 'write' ? { isDiskFull: await diskWatch(workspace.folder.path) } : {}),
      });
      return { ...result, durationMs: Math.round(clock.nowMs() - startedMs) };
    } finally {
      await proxy?.dispose();
      running.delete(opened.container);
      // It has ended with its first process; what is left is a name.
      void discard(opened.container).then(warm);
    }
  }

  return {
    status: () => status,
    dockerTarget: () => (engine && { socketPath: engine.socketPath, label: `${LABEL}=${instance}` }) || null,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh,
    prepare() {
      preparing ??= build().finally(() => {
        preparing = undefined;
      });
      return preparing;
    },
    async explain({ grant, timeoutMs }) {
      const folder = join(tmpdir(), 'openclaw-sandbox-…');
      const proxyFolder = platform === 'linux' ? folder : undefined;
      const request = requestFor(await checkedWorkspace(grant), proxyFolder, folder, imageId ?? '(not built)');
      return explainSpec(request, timeoutMs, checkedHosts(grant.hosts, platform));
    },
    async run(order) {
      try {
        return await run(order);
      } catch (error) {
        const told = isAbort(error) ? error : engineError(error);
        // The next one to look should see what this one has found out.
        if (told instanceof AppError && ['sandbox.not-answering', 'sandbox.no-image'].includes(told.code) && !isDisposed) void refresh();
        throw told;
      }
    },
    killAll,
    sweep,
    async dispose() {
      if (isDisposed) return;
      isDisposed = true;
      await killAll();
      await Promise.all([...known.keys()].map(discard));
      const folder = await runtimeFolder;
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
      listeners.clear();
    },
  };
}

const runtimePrefix = (instance: string): string => `openclaw-sandbox-${instance.slice(0, 24)}-`;

/** Removes the folders of sockets that an earlier life has left; one data folder has one life at a time. */
async function sweepFolders(instance: string, ours: string | undefined): Promise<void> {
  const names = (await readdir(tmpdir()).catch(() => [])).filter((name) => name.startsWith(runtimePrefix(instance)));
  const left = names.map((name) => join(tmpdir(), name)).filter((folder) => folder !== ours);
  await Promise.all(left.map((folder) => rm(folder, { recursive: true, force: true }).catch(() => undefined)));
}

// Those of a terminal that was closed carry its own mark, and have ended with it.
const isLeft = (instance: string, mark: string | undefined, state: string): boolean =>
  mark === instance || (mark?.startsWith(TERMINAL_INSTANCE) === true && ['exited', 'dead'].includes(state));

/** Equal for containers that may stand in for each other: a folder that was replaced is another. */
function keyOf(workspace: WorkspaceWish): string {
  return workspace.access === 'none' ? 'none' : JSON.stringify([workspace.access, workspace.folder, workspace.hidden]);
}

function checkedHosts(hosts: readonly string[], platform: NodeJS.Platform): string[] {
  if (hosts.length > 0 && platform !== 'linux') throw refused('commands with network work with Docker on Linux only');
  return hosts.map((host) => {
    const rule = normalRule(host);
    if (rule === undefined) throw refused(`${host.slice(0, 255)} is no host name that could be let through`);
    return rule;
  });
}

/** Whether so little is left on the folder's disk that the command must end; a disk that was nearly full before has half of its rest. */
async function diskWatch(folder: string): Promise<() => Promise<boolean>> {
  const before = await statfs(folder);
  const bytes = Math.min(DISK_RESERVE_BYTES, (before.bavail * before.bsize) / 2);
  const files = Math.min(FILES_RESERVE, before.ffree / 2);
  return async () => {
    const now = await statfs(folder);
    return now.bavail * now.bsize < bytes || (before.files > 0 && now.ffree < files);
  };
}
