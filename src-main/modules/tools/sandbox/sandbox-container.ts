import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import type { Container } from 'dockerode';
import type { Clock } from '../../../base/clock.ts';
import { createDeferred } from '../../../base/deferred.ts';
import { endContainerProcesses, type Engine } from '../../../platform/docker/index.ts';
import { limits, type ContainerRequest } from './container-spec.ts';
import { createOutputCollector, type OutputCollector } from './output-collector.ts';
import type { SandboxResult } from './sandbox.ts';
import { diskFull, failed, notAnswering, refused, statusOf } from './sandbox-errors.ts';
import type { CheckedFolder } from './workspace-check.ts';

/** From asking for it until its first process waits. */
const START_MS = 30_000;
/** After it was killed. */
const END_MS = 10_000;
/** The last output is on its way when the end is told already. */
const DRAIN_MS = 1_000;
const DISK_LOOK_MS = 250;
const GONE_LOOK_MS = 5;

export interface Work {
  /** As the runner takes it. */
  order: Buffer;
  timeoutMs: number;
  signal: AbortSignal;
  onOutput?: (piece: string) => void;
  /** Looked at while it runs; true = so little is left on the disk that it must end. */
  isDiskFull?: () => Promise<boolean>;
}

/** A container whose runner waits for the one plan that it will ever execute. */
export interface SandboxContainer {
  id: string;
  /** False once it has ended, for whatever reason. */
  isAlive(): boolean;
  execute(work: Work): Promise<Omit<SandboxResult, 'durationMs'>>;
  /** Ends it at once. Never rejects. */
  kill(): Promise<void>;
  /** Kills and removes it. Never rejects. */
  remove(): Promise<void>;
}

/**
 * Creates and starts a container and waits until its runner is ready. Rejects with `sandbox.*`; nothing is left then.
 * `folder` is what must be mounted as the workspace: a folder that was swapped since it was checked is refused.
 */
export async function openContainer(deps: {
  engine: Engine;
  clock: Clock;
  request: ContainerRequest;
  name: string;
  folder: CheckedFolder | undefined;
  /** Told before it starts, so that whoever ends everything knows it. */
  created: (container: SandboxContainer) => void;
}): Promise<SandboxContainer> {
  const { engine, clock, request, name, folder } = deps;
  const handle = await engine.ask((abortSignal) => engine.docker.createContainer({ ...request, name, abortSignal }), START_MS);
  let stream: Duplex | undefined;
  const state: ContainerState = {
    alive: true,
    starting: true,
    killed: false,
    processId: 0,
    collector: undefined,
    ended: createDeferred<void>(),
  };
  const container = createHandle({ engine, clock, handle, state, stream: () => stream });
  deps.created(container);
  try {
    // Without a signal: it would end the connection later, in the middle of a run.
    stream = (await engine.ask(
      () => handle.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true }),
      START_MS,
    )) as Duplex;
    const greeting = listen(stream, state);
    await engine.ask((abortSignal) => handle.start({ abortSignal }), START_MS);
    const [words] = await Promise.all([within(clock, greeting, START_MS), findProcess(engine, handle, state)]);
    if (words === undefined) throw failed(new Error('the runner did not come up'));
    checkMounted(words, folder);
    state.starting = false;
    return container;
  } catch (error) {
    await container.remove();
    throw error;
  }
}

interface ContainerState {
  /** Started, and not ended. */
  alive: boolean;
  starting: boolean;
  /** Somebody wanted it to end. */
  killed: boolean;
  /** Of its first process, as this machine counts; 0 = not known. */
  processId: number;
  collector: OutputCollector | undefined;
  ended: { promise: Promise<void>; resolve: () => void };
}

/** Resolves with the runner's first line; what comes later goes to the collector of the run. undefined = it ended before. */
function listen(stream: Duplex, state: ContainerState): Promise<string | undefined> {
  const greeting = createDeferred<string | undefined>();
  const early = createOutputCollector({ maxBytes: 4096 });
  const end = (): void => {
    state.alive = false;
    greeting.resolve(undefined);
    state.ended.resolve();
  };
  stream.on('data', (chunk: Buffer) => {
    if (state.collector) return state.collector.push(chunk);
    early.push(chunk);
    const { stdout } = early.result();
    if (stdout.includes('\n')) greeting.resolve(stdout.trim());
  });
  stream.on('end', end);
  stream.on('close', end);
  // The engine went away; the run sees it by the end of the stream.
  stream.on('error', end);
  return greeting.promise;
}

function checkMounted(words: string, folder: CheckedFolder | undefined): void {
  const [, device, inode] = /^ready (\d+) (\d+)$/.exec(words) ?? [];
  if (device === undefined || inode === undefined) throw failed(new Error(`the runner said ${words.slice(0, 200)}`));
  // Docker Desktop runs in a machine of its own, with numbers of its own.
  if (folder === undefined || process.platform !== 'linux') return;
  if (Number(inode) !== folder.inode || Number(device) !== folder.device)
    throw refused(`the folder ${folder.path} was replaced by another while the sandbox was made`);
}

function createHandle(parts: {
  engine: Engine;
  clock: Clock;
  handle: Container;
  state: ContainerState;
  stream: () => Duplex | undefined;
}): SandboxContainer {
  const { engine, clock, handle, state } = parts;
  const kill = async (): Promise<void> => {
    state.killed = true;
    // One that is not started yet cannot be killed; without it the start fails.
    if (state.starting) return remove();
    if (endContainerProcesses(handle.id, state.processId)) {
      await Promise.race([state.ended.promise, processGone(clock, state.processId)]);
      return;
    }
    // The runner ends with its input, which is quicker than the engine; the engine does it whatever the runner does.
    parts.stream()?.end();
    await Promise.race([
      state.ended.promise,
      engine.ask((abortSignal) => handle.kill({ signal: 'SIGKILL', abortSignal }), END_MS).catch(() => undefined),
    ]);
  };
  let removal: Promise<void> | undefined;
  const remove = (): Promise<void> => {
    removal ??= (async () => {
      state.alive = false;
      await engine.ask((abortSignal) => handle.remove({ force: true, v: true, abortSignal }), END_MS).catch(() => undefined);
      parts.stream()?.destroy();
    })();
    return removal;
  };
  return {
    id: handle.id,
    isAlive: () => state.alive,
    kill,
    remove,
    execute: (work) => execute({ engine, clock, handle, state, stream: parts.stream(), kill }, work),
  };
}

/** For a quick end, which must be at hand before anything runs: ten kills through the engine take half a second. Never rejects. */
async function findProcess(engine: Engine, handle: Container, state: ContainerState): Promise<void> {
  if (process.platform !== 'linux') return;
  try {
    const { State } = await engine.ask((abortSignal) => handle.inspect({ abortSignal }));
    state.processId = State.Pid;
  } catch {
    // Then the engine has to end it.
  }
}

/** Resolves when it is gone. The first process of a namespace becomes a zombie when all the others are dead. */
async function processGone(clock: Clock, processId: number): Promise<void> {
  const isThere = (): boolean => {
    try {
      return !/\) [ZX] /.test(readFileSync(`/proc/${processId}/stat`, 'utf8'));
    } catch {
      return false;
    }
  };
  for (const untilMs = clock.nowMs() + END_MS; isThere() && clock.nowMs() < untilMs;)
    await new Promise<void>((resolve) => void clock.after(GONE_LOOK_MS, resolve));
}

interface Running {
  engine: Engine;
  clock: Clock;
  handle: Container;
  state: ContainerState;
  stream: Duplex | undefined;
  kill: () => Promise<void>;
}

async function execute(running: Running, work: Work): Promise<Omit<SandboxResult, 'durationMs'>> {
  const { clock, state, stream, handle } = running;
  if (!stream || !state.alive) throw failed(new Error('the container has ended already'));
  let cut: 'timeout' | 'stopped' | 'flooded' | 'disk-full' | undefined;
  const cutOff = (why: NonNullable<typeof cut>): void => {
    if (cut !== undefined) return;
    cut = why;
    void running.kill();
  };
  const collector = createOutputCollector({ maxBytes: limits.outputBytes, ...(work.onOutput ? { onOutput: work.onOutput } : {}) });
  state.collector = {
    ...collector,
    push(chunk) {
      // What comes after the end is none of anybody's business, and must not cost memory.
      if (cut !== undefined) return;
      collector.push(chunk);
      if (collector.totalBytes() > limits.floodBytes) cutOff('flooded');
    },
  };
  const stop = (): void => cutOff('stopped');
  work.signal.addEventListener('abort', stop, { once: true });
  const deadline = clock.after(work.timeoutMs, () => cutOff('timeout'));
  const stopWatching = watchDisk(clock, work.isDiskFull, () => cutOff('disk-full'));
  try {
    if (work.signal.aborted) stop();
    else stream.write(work.order);
    const ending = (async () => (await handle.wait()) as { StatusCode: number })();
    ending.catch(() => undefined);
    const { StatusCode } = await ended(running, ending, () => cut !== undefined);
    await within(clock, state.ended.promise, DRAIN_MS);
    if (state.killed) cut ??= 'stopped';
    if (cut === 'disk-full') throw diskFull();
    const memory = cut === undefined && StatusCode !== 0 && (await wasOutOfMemory(running.engine, handle));
    return {
      ...collector.result(),
      ended: cut ?? (memory ? 'memory' : 'exit'),
      exitCode: cut === undefined && !memory ? StatusCode : null,
      containerId: handle.id,
    };
  } finally {
    work.signal.removeEventListener('abort', stop);
    deadline.cancel();
    stopWatching();
  }
}

/** The exit code, from an engine that may go away or hang while we wait. */
async function ended(
  { clock, state }: Running,
  ending: Promise<{ StatusCode: number }>,
  wasCut: () => boolean,
): Promise<{ StatusCode: number }> {
  const told = ending.then(
    (end) => end,
    (error: unknown) => {
      throw notAnswering(error);
    },
  );
  // The stream ends with the container, or with the engine: then the engine has only so long to tell the code.
  const silent = state.ended.promise.then(() => within(clock, told, END_MS));
  const first = await Promise.race([told, silent]);
  if (first !== undefined) return first;
  if (wasCut()) return { StatusCode: 137 };
  throw notAnswering();
}

async function wasOutOfMemory(engine: Engine, handle: Container): Promise<boolean> {
  try {
    const { State } = await engine.ask((abortSignal) => handle.inspect({ abortSignal }));
    return State.OOMKilled;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

function watchDisk(clock: Clock, isFull: Work['isDiskFull'], full: () => void): () => void {
  if (!isFull) return () => undefined;
  let stopped = false;
  let timer = clock.after(DISK_LOOK_MS, look);
  function look(): void {
    isFull?.().then(
      (is) => {
        if (stopped) return;
        if (is) full();
        else timer = clock.after(DISK_LOOK_MS, look);
      },
      () => undefined,
    );
  }
  return () => {
    stopped = true;
    timer.cancel();
  };
}

/** What comes in time; undefined = it did not. */
function within<Value>(clock: Clock, promise: Promise<Value>, limitMs: number): Promise<Value | undefined> {
  const late = createDeferred<undefined>();
  const timer = clock.after(limitMs, () => late.resolve(undefined));
  return Promise.race([promise, late.promise]).finally(() => timer.cancel());
}
