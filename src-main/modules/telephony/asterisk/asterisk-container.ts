import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Container, ContainerCreateOptions } from 'dockerode';
import { createDeferred } from '../../../base/deferred.ts';
import { AppError } from '../../../base/errors.ts';
import { endContainerProcesses, statusOf, type Engine } from '../../../platform/docker/index.ts';
import { EXCHANGE_LABEL } from './container-spec.ts';

const CREATE_MS = 30_000;
const COMMAND_MS = 15_000;
const END_MS = 10_000;
/** One call of the engine for all commands, each as one word. */
const EACH_COMMAND = 'for each in "$@"; do /usr/sbin/asterisk -C /etc/asterisk/asterisk.conf -rx "$each"; done';
const MAX_OUTPUT_CHARACTERS = 200_000;

/** A container with an Asterisk in it. */
export interface AsteriskContainer {
  id: string;
  name: string;
  /** Resolves with the exit code when it has ended, whoever ended it; never rejects. -1 = the engine did not say. */
  ended: Promise<number>;
  isAlive(): boolean;
  /** What commands of Asterisk's console print, one after the other. Rejects when the container is not there. */
  console(...commands: string[]): Promise<string>;
  /** What it has printed, its last lines. */
  output(): Promise<string>;
  /** Ends it at once, without waiting for the engine where that is possible. Never rejects. */
  kill(): Promise<void>;
  /** Lets it end its calls in order, then removes it. Never rejects. */
  remove(options?: { graceSeconds?: number }): Promise<void>;
}

/** Creates and starts; rejects with the engine's error, and nothing is left then. `created` is told before it runs. */
export async function startAsterisk(
  engine: Engine,
  wish: ContainerCreateOptions,
  options: { namePrefix: string; created?: (container: { id: string }) => void },
): Promise<AsteriskContainer> {
  const name = `${options.namePrefix}-${randomUUID().slice(0, 8)}`;
  const handle = await engine.ask((abortSignal) => engine.docker.createContainer({ ...wish, name, abortSignal }), CREATE_MS);
  options.created?.({ id: handle.id });
  try {
    await engine.ask((abortSignal) => handle.start({ abortSignal }), CREATE_MS);
    const { State } = await engine.ask(() => handle.inspect());
    return wrap(engine, handle, { name, processId: State.Pid });
  } catch (error) {
    await engine.ask(() => handle.remove({ force: true, v: true }), END_MS).catch(() => undefined);
    throw error;
  }
}

function wrap(engine: Engine, handle: Container, { name, processId }: { name: string; processId: number }): AsteriskContainer {
  let alive = true;
  const ended = createDeferred<number>();
  const end = (code: number): void => {
    alive = false;
    ended.resolve(code);
  };
  handle.wait().then(
    ({ StatusCode }: { StatusCode: number }) => end(StatusCode),
    // The engine has gone, or the container was taken away: in either case it is not ours any more.
    () => end(-1),
  );
  let removing: Promise<void> | undefined;
  const remove = async (graceSeconds: number): Promise<void> => {
    if (graceSeconds > 0 && alive) await engine.ask(() => handle.stop({ t: graceSeconds }), END_MS).catch(() => undefined);
    await engine.ask((abortSignal) => handle.remove({ force: true, v: true, abortSignal }), END_MS).catch(() => undefined);
    end(-1);
  };
  return {
    id: handle.id,
    name,
    ended: ended.promise,
    isAlive: () => alive,
    console: (...commands) => runInside(engine, handle, ['/bin/sh', '-c', EACH_COMMAND, 'sh', ...commands]),
    output: async () => demultiplexed(await engine.ask(() => handle.logs({ stdout: true, stderr: true, tail: 200 }))),
    async kill() {
      if (!alive || endContainerProcesses(handle.id, processId)) return;
      await engine.ask((abortSignal) => handle.kill({ signal: 'SIGKILL', abortSignal }), END_MS).catch(() => undefined);
    },
    // Once for all who ask: the engine refuses a second removal while the first goes on, and whoever asked for it would go on too early.
    remove: ({ graceSeconds = 0 } = {}) => (removing ??= remove(graceSeconds)),
  };
}

async function runInside(engine: Engine, handle: Container, command: readonly string[]): Promise<string> {
  const exec = await engine.ask(() => handle.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true }), COMMAND_MS);
  const stream = (await engine.ask(() => exec.start({ hijack: true, stdin: false }), COMMAND_MS)) as Duplex;
  const chunks: Buffer[] = [];
  try {
    await engine.ask(
      () =>
        new Promise<void>((resolve, reject) => {
          stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
          stream.once('end', resolve);
          stream.once('close', resolve);
          stream.once('error', reject);
        }),
      COMMAND_MS,
    );
  } finally {
    stream.destroy();
  }
  return demultiplexed(Buffer.concat(chunks)).slice(0, MAX_OUTPUT_CHARACTERS);
}

/** The engine puts eight bytes in front of each piece: which stream, and how long. */
function demultiplexed(bytes: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at + 4);
    pieces.push(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Takes away what earlier lives of this data folder have left, running or not; their names. */
export async function sweepExchanges(engine: Engine, instance: string, keep: ReadonlySet<string>): Promise<string[]> {
  const found = await engine.ask(() => engine.docker.listContainers({ all: true, filters: { label: [`${EXCHANGE_LABEL}=${instance}`] } }));
  const left = found.filter(({ Id }) => !keep.has(Id));
  await Promise.all(
    left.map(({ Id }) =>
      engine
        .ask((abortSignal) => engine.docker.getContainer(Id).remove({ force: true, v: true, abortSignal }), END_MS)
        .catch((error: unknown) => {
          // Somebody else was quicker.
          if (![404, 409].includes(statusOf(error instanceof AppError ? error.cause : error))) throw error;
        }),
    ),
  );
  return left.map(({ Names, Id }) => Names[0]?.replace(/^\//, '') ?? Id.slice(0, 12));
}
