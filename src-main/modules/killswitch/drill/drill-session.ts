import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { KillLevel, KillState, KillTrigger } from '../../../../src-preload/contract/index.ts';
import { readChildEnvironment } from '../../../platform/config/index.ts';
import { EFFECT_LEVELS } from '../kill-gate.ts';
import { stopPath } from '../latch-file.ts';
import { readActs } from '../watchdog/watchdog-log.ts';
import type { DrillMeasurement } from './drill-files.ts';
import { CONTAINER_RUNS, EFFECT_KINDS, TOOL_RUNS, type EffectKind, type FromCore, type ToCore } from './drill-protocol.ts';

/** What the issue allows from the trigger to the last effect. */
export const LATENCY_LIMIT_MS = 500;
/** So long after the trigger is watched whether anything still acts. */
const WATCH_MS = 800;
const READY_LIMIT_MS = 60_000;

/** A folder, a record of effects and one core after the other in it. */
export interface DrillSession {
  /** One drill: workload, trigger, measurement. The core is as it was afterwards, unless it was frozen or killed. */
  drill(options: DrillOptions): Promise<DrillMeasurement>;
  end(): Promise<void>;
}

export interface DrillOptions {
  trigger: KillTrigger;
  level: KillLevel;
  core?: 'alive' | 'frozen' | 'killed';
  /** With `killed`: the step of the stop at which the core kills itself. */
  step?: string;
  /** Two of the ten tool runs are containers, where the session has them. They take a second to start. */
  containers?: boolean;
}

export interface SessionOptions {
  /** Entry that runs a core when its first argument is `--core`. */
  entry: string;
  /** `build/openclaw.mjs`, for the trigger of the terminal. */
  cli: string;
  /** There is an engine for containers. */
  hasContainers: boolean;
}

interface RunningCore {
  child: ChildProcess;
  /** The end of what it wrote to its error output. */
  complaint(): string;
  apiPort: number;
  state: KillState;
  send(message: ToCore): void;
  ask(message: ToCore, answer: 'begin' | 'lift' | 'clear' | 'state'): Promise<KillState>;
}

interface EffectSeen {
  kind: EffectKind;
  name: string;
  atMs: number;
}

export async function openDrillSession({ entry, cli, hasContainers }: SessionOptions): Promise<DrillSession> {
  const folder = mkdtempSync(join(tmpdir(), 'openclaw-drill-'));
  const dataDirectory = join(folder, 'data');
  mkdirSync(dataDirectory, { mode: 0o700 });
  const recordFile = join(folder, 'effects.log');
  const workspace = join(folder, 'workspace');
  const recordFiles = [recordFile, join(workspace, 'effects.log')];
  const buttonFile = join(folder, 'button');
  const hasButton = process.platform !== 'win32' && spawnSync('mkfifo', [buttonFile]).status === 0;
  // Somebody has to hold the other end, or the button counts as lost.
  const button = hasButton ? openSync(buttonFile, constants.O_RDWR | constants.O_NONBLOCK) : undefined;
  const outgoing = await openOutgoing(recordFile);
  const options = {
    dataDirectory,
    recordFile,
    outgoingPort: (outgoing.address() as AddressInfo).port,
    buttonFile: hasButton ? buttonFile : '',
    workspace: hasContainers ? workspace : '',
  };
  let core: RunningCore | undefined;
  /** A core that has been lifted since its start, or needed none. */
  let lifted: RunningCore | undefined;

  /** The command of the last trigger; one that comes late would stop the next drill. */
  let terminal: Promise<unknown> = Promise.resolve();

  const fire: Partial<Record<KillTrigger, (running: RunningCore, level: KillLevel) => void>> = {
    cli: (_core, level) => {
      const env = { ...readChildEnvironment(), OPENCLAW_DATA_DIR: dataDirectory };
      const command = spawn(process.execPath, [cli, 'stop', '--level', String(level)], { stdio: 'ignore', env });
      terminal = new Promise((done) => void command.once('error', done).once('exit', done));
    },
    api: ({ apiPort }, level) => {
      const asked = request({ host: '127.0.0.1', port: apiPort, method: 'POST', path: '/api/kill' }, (response) => response.resume());
      asked.on('error', () => undefined);
      asked.end(JSON.stringify({ level, reason: 'drill' }));
    },
    file: (_core, level) => writeFileSync(stopPath(dataDirectory), String(level)),
    button: () => button !== undefined && writeSync(button, '1'),
    watchdog: (running) => running.send({ do: 'errors', count: 100_000 }),
  };
  const trigger = (running: RunningCore, name: KillTrigger, level: KillLevel): void => {
    const known = fire[name];
    if (known) known(running, level);
    else running.send({ do: 'trigger', trigger: name, level });
  };
  const hasEnded = ({ child }: RunningCore): boolean => child.exitCode !== null || child.signalCode !== null;
  const restart = async (): Promise<RunningCore> => {
    core = await startCore(entry, options);
    return core;
  };
  const begin = async (wantsContainers: boolean): Promise<RunningCore> => {
    const fresh = core === undefined || hasEnded(core) ? await restart() : core;
    core = fresh;
    if (fresh.state.level > 0 && fresh !== lifted) await fresh.ask({ do: 'lift' }, 'lift');
    lifted = fresh;
    writeFileSync(recordFile, '');
    rmSync(join(workspace, 'effects.log'), { force: true });
    await core.ask({ do: 'begin', containers: hasContainers && wantsContainers ? CONTAINER_RUNS : 0 }, 'begin');
    await until(
      () => isUnderWay(readEffects(recordFiles)),
      () => `the workload (there is only: ${namesOf(readEffects(recordFiles))})`,
    );
    return core;
  };
  /** Whether it is engaged now, also after a restart; then everything is as before the drill. */
  const recover = async (running: RunningCore, fate: 'alive' | 'frozen' | 'killed'): Promise<boolean> => {
    if (fate === 'alive' && !hasEnded(running)) {
      const { level } = await running.ask({ do: 'clear' }, 'clear');
      await running.ask({ do: 'lift' }, 'lift');
      return level > 0;
    }
    running.child.kill('SIGKILL');
    return (await restart()).state.level > 0;
  };

  return {
    async drill({ trigger: name, level, core: fate = 'alive', step, containers = false }) {
      const running = await begin(containers);
      if (fate === 'frozen') {
        running.child.kill('SIGSTOP');
        await pause(20);
      }
      if (fate === 'killed' && step !== undefined) running.send({ do: 'die-at', step });
      const atMs = Date.now();
      trigger(running, name, level);
      await pause(WATCH_MS);
      await Promise.race([terminal, pause(READY_LIMIT_MS)]);
      // A core that had to be killed, or a watchdog that had to help, has stopped everything.
      const isGone = hasEnded(running);
      const stopsAt: KillLevel = fate === 'alive' && !isGone && name !== 'button' && name !== 'watchdog' ? level : 5;
      const late = readEffects(recordFiles).filter(({ kind, atMs: seenMs }) => EFFECT_LEVELS[kind] <= stopsAt && seenMs > atMs);
      const stays = await recover(running, fate);
      // It stopped in time all the same, but it should not have had to die for that.
      const died = fate === 'alive' && isGone ? { died: lastWords(running, readActs(dataDirectory).at(-1)) } : {};
      return {
        trigger: name,
        level,
        core: fate,
        latencyMs: Math.max(0, ...late.map((effect) => effect.atMs - atMs)),
        effectsAfterStop: late.filter((effect) => effect.atMs - atMs > LATENCY_LIMIT_MS).length,
        stays,
        ...died,
      };
    },
    async end() {
      if (core) {
        const gone = new Promise((done) => void core?.child.once('exit', done));
        core.send({ do: 'end' });
        await Promise.race([gone, pause(5_000)]);
        core.child.kill('SIGKILL');
      }
      if (button !== undefined) closeSync(button);
      outgoing.close();
      outgoing.closeAllConnections();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

async function startCore(entry: string, options: { dataDirectory: string }): Promise<RunningCore> {
  const child = fork(entry, ['--core', JSON.stringify(options)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
  let complaint = '';
  child.stderr?.on('data', (piece: Buffer) => (complaint = (complaint + piece.toString()).slice(-2_000)));
  const next = <Did extends FromCore['did']>(did: Did): Promise<Extract<FromCore, { did: Did }>> =>
    new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => finish(() => reject(new Error(`The core of the drill did not say "${did}". ${complaint}`))),
        READY_LIMIT_MS,
      );
      const onMessage = (message: FromCore): void => {
        if (message.did === 'failed') finish(() => reject(new Error(message.what)));
        if (message.did === did) finish(() => resolve(message as Extract<FromCore, { did: Did }>));
      };
      // Its last words are read by then, which they are not yet at "exit".
      const onExit = (code: number | null, signal: string | null): void =>
        finish(() =>
          reject(
            new Error(
              `The core of the drill has ended (${signal ?? `exit code ${code}`}) before it said "${did}". ${readActs(options.dataDirectory).at(-1) ?? ''} ${complaint}`,
            ),
          ),
        );
      const finish = (settle: () => void): void => {
        clearTimeout(limit);
        child.off('message', onMessage);
        child.off('close', onExit);
        settle();
      };
      child.on('message', onMessage);
      child.once('close', onExit);
    });
  const send = (message: ToCore): void => void (child.connected && child.send(message, () => undefined));
  const { apiPort, state } = await next('ready');
  return {
    child,
    complaint: () => complaint,
    apiPort,
    state,
    send,
    async ask(message, answer) {
      const waiting = next(answer);
      send(message);
      return (await waiting).state;
    },
  };
}

function lastWords({ child, complaint }: RunningCore, act: string | undefined): string {
  const how = child.signalCode ?? `exit code ${child.exitCode}`;
  return [how, act === undefined ? 'its watchdog did nothing' : `watchdog: ${act}`, complaint()].filter((part) => part !== '').join('; ');
}

/** Where messages arrive: they are written down here, in another process than the one that sends. */
async function openOutgoing(recordFile: string): Promise<Server> {
  const server = createServer((message, response) => {
    appendFileSync(recordFile, `outgoing message ${Date.now()}\n`);
    message.resume();
    response.end();
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return server;
}

function readEffects(files: readonly string[]): EffectSeen[] {
  return files
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .flatMap((line) => {
      const [kindName, name = '', time] = line.split(' ');
      const kind = EFFECT_KINDS.find((each) => each === kindName);
      return kind === undefined || time === undefined ? [] : [{ kind, name, atMs: Number(time) }];
    });
}

function isUnderWay(seen: readonly EffectSeen[]): boolean {
  const tools = new Set(seen.flatMap(({ kind, name }) => (kind === 'tool' ? [name] : [])));
  return tools.size === TOOL_RUNS && EFFECT_KINDS.every((kind) => seen.some((effect) => effect.kind === kind));
}

function namesOf(seen: readonly EffectSeen[]): string {
  return [...new Set(seen.map(({ kind, name }) => `${kind} ${name}`))].join(', ');
}

async function until(isTrue: () => boolean, what: () => string): Promise<void> {
  const limitMs = performance.now() + READY_LIMIT_MS;
  while (!isTrue()) {
    if (performance.now() > limitMs) throw new Error(`Waited in vain for ${what()}.`);
    await pause(15);
  }
}
