import { spawn, type ChildProcess } from 'node:child_process';
import type { KillState } from '../../../../src-preload/contract/index.ts';
import type { Clock, Timer } from '../../../base/clock.ts';
import { createDisposeBag, type Disposable } from '../../../base/dispose.ts';
import { readLines } from '../../../base/lines.ts';
import type { Log } from '../../../base/log.ts';
import type { Config } from '../../../platform/config/index.ts';
import { readLatch, readStopFile } from '../latch-file.ts';
import type { KillSwitchService } from '../kill-switch-service.ts';
import { cpuLimit, errorLimit, heartbeatLimit, memoryLimit, tokenLimit, toolCallLimit } from '../killswitch-config.ts';
import type { DockerTarget } from './docker-kill.ts';
import type { Limits } from './judge.ts';
import { processStartId } from './process-facts.ts';
import type { FromWatchdog, ToWatchdog } from './watchdog-protocol.ts';

/** How this program starts itself as the watchdog. */
export interface WatchdogCommand {
  command: string;
  args: readonly string[];
  env: Record<string, string>;
}

export interface WatchdogDeps {
  killSwitch: KillSwitchService;
  command: WatchdogCommand;
  dataDirectory: string;
  config: Pick<Config, 'get' | 'onChange'>;
  /** null = no containers are ever made. */
  docker: () => DockerTarget | null;
  /** Processes of engines that run now. */
  workers: () => readonly number[];
  clock: Clock;
  log: Log;
}

const BEAT_MS = 250;
const RESTARTS_MS = [0, 500, 2_000, 10_000, 60_000] as const;
/** It says every second that it lives. */
const SILENCE_LIMIT_MS = 6_000;
const CALM_MS = 60_000;
const GOODBYE_MS = 1_000;

/** Starts the watchdog, tells it what it must know, does what it asks, and starts it again when it has gone. */
export function createWatchdog(deps: WatchdogDeps): Disposable {
  const { killSwitch, config, clock, log } = deps;
  const bag = createDisposeBag();
  let child: ChildProcess | undefined;
  let beatTimer: Timer | undefined;
  let restartTimer: Timer | undefined;
  let restarts = 0;
  let startedAtMs = 0;
  let heardAtMs = 0;
  let isDisposed = false;

  const send = (message: ToWatchdog): void => {
    if (child?.stdin?.writable === true) child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  const beat = (): void => {
    const { level, trigger, reason } = killSwitch.state();
    send({
      type: 'beat',
      level,
      trigger,
      reason,
      stopping: killSwitch.isStopping(),
      facts: killSwitch.watched.facts(),
      things: killSwitch.watched.things(),
      workers: deps.workers().map((pid) => ({ pid, startId: processStartId(pid) })),
      docker: deps.docker(),
    });
  };
  const show = (watchdog: KillState['watchdog']): void => {
    if (killSwitch.state().watchdog !== watchdog) killSwitch.note({ watchdog });
  };
  const onMessage = (message: FromWatchdog): void => {
    heardAtMs = clock.nowMs();
    if (message.type === 'ready') show('running');
    else if (message.type === 'latch') void killSwitch.engage({ level: message.level, trigger: message.trigger, reason: message.reason });
    else if (message.type === 'trip') void killSwitch.engage({ level: 5, trigger: 'watchdog', reason: message.reason });
  };
  const onGone = (code: number | null): void => {
    child = undefined;
    if (isDisposed) return;
    if (clock.nowMs() - startedAtMs > CALM_MS) restarts = 0;
    const waitMs = RESTARTS_MS[Math.min(restarts, RESTARTS_MS.length - 1)] ?? 0;
    restarts += 1;
    log.error('killswitch.watchdog-gone', { code, restartInMs: waitMs });
    show('missing');
    restartTimer = clock.after(waitMs, start);
  };
  const start = (): void => {
    show('starting');
    startedAtMs = clock.nowMs();
    heardAtMs = startedAtMs;
    const mine = launch(deps.command, onMessage, (code) => mine === child && onGone(code));
    child = mine;
    send({
      type: 'hello',
      dataDirectory: deps.dataDirectory,
      main: { pid: process.pid, startId: processStartId(process.pid) },
      limits: limitsOf(config),
      docker: deps.docker(),
    });
    beat();
  };
  const tick = (): void => {
    beatTimer = clock.after(BEAT_MS, tick);
    beat();
    lookAtDisk(deps);
    if (child !== undefined && clock.nowMs() - heardAtMs > SILENCE_LIMIT_MS) {
      heardAtMs = clock.nowMs();
      child.kill('SIGKILL');
    }
  };

  start();
  beatTimer = clock.after(BEAT_MS, tick);
  bag.add(killSwitch.onShut(beat));
  bag.add(killSwitch.onChange(beat));
  bag.add(killSwitch.watched.onThings(beat));
  bag.add(config.onChange(({ key }) => key.startsWith('killswitch.') && send({ type: 'limits', limits: limitsOf(config) })));
  return {
    async dispose() {
      if (isDisposed) return;
      isDisposed = true;
      beatTimer?.cancel();
      restartTimer?.cancel();
      await bag.dispose();
      const mine = child;
      if (mine === undefined) return;
      send({ type: 'goodbye' });
      await new Promise<void>((done) => {
        const timer = clock.after(GOODBYE_MS, () => {
          mine.kill('SIGKILL');
          done();
        });
        mine.once('exit', () => {
          timer.cancel();
          done();
        });
        if (mine.exitCode !== null || mine.signalCode !== null) done();
      });
    },
  };
}

/** The second pair of eyes on the latch, for the time when there is no watchdog. */
function lookAtDisk({ killSwitch, dataDirectory, log }: WatchdogDeps): void {
  const { level } = killSwitch.state();
  if (level === 5) return;
  const reading = readLatch(dataDirectory);
  const stopLevel = readStopFile(dataDirectory);
  if (stopLevel !== undefined && stopLevel > level) void killSwitch.engage({ level: stopLevel, trigger: 'file' });
  else if (reading.state === 'read' && reading.latch.level > level) {
    const { trigger, reason } = reading.latch;
    void killSwitch.engage({ level: reading.latch.level, trigger: trigger ?? 'file', reason });
  } else if (reading.state === 'unreadable') {
    log.error('killswitch.latch-unreadable', { why: reading.why });
    void killSwitch.engage({ level: 5, trigger: 'latch-unreadable', reason: reading.why });
  }
}

function launch(
  { command, args, env }: WatchdogCommand,
  onMessage: (message: FromWatchdog) => void,
  onGone: (code: number | null) => void,
): ChildProcess {
  // A group and session of its own: what ends the app, Ctrl+C included, does not end it.
  const child = spawn(command, args, { env, detached: true, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
  let told = false;
  const gone = (code: number | null): void => {
    if (told) return;
    told = true;
    onGone(code);
  };
  child.once('exit', gone);
  child.once('error', () => gone(null));
  child.stdin.on('error', () => undefined);
  child.stdout.on('error', () => undefined);
  readLines(child.stdout, (line) => {
    try {
      onMessage(JSON.parse(line) as FromWatchdog);
    } catch {
      // Something that a library prints.
    }
  });
  // The app ends when it is done, not when the watchdog is.
  child.unref();
  for (const stream of [child.stdin, child.stdout]) if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
  return child;
}

function limitsOf(config: Pick<Config, 'get'>): Limits {
  return {
    heartbeatMs: config.get(heartbeatLimit) * 1000,
    memoryShare: config.get(memoryLimit) / 100,
    cpuMs: config.get(cpuLimit) * 1000,
    toolCallsPerMinute: config.get(toolCallLimit),
    tokensPerMinute: config.get(tokenLimit),
    errorsPerMinute: config.get(errorLimit),
  };
}
