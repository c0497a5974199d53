import { readFileSync, writeFileSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { KillLevel, KillTrigger } from '../../../../src-preload/contract/index.ts';
import { readLines } from '../../../base/lines.ts';
import { latchPath, readLatch, readLatchLater, readStopFileLater, writeLatch } from '../latch-file.ts';
import { NO_LATCH, type Latch } from '../latch.ts';
import { killContainers } from './docker-kill.ts';
import { createJudge, type Use, type Verdict } from './judge.ts';
import { isAlive, isSuspended, killProcess, processLetter, processorMs, processStartId, residentBytes } from './process-facts.ts';
import { logAct, type WatchdogAct } from './watchdog-log.ts';
import type { Beat, FromWatchdog, Hello, ToWatchdog } from './watchdog-protocol.ts';

/*
 * The process that outlives what it stops. It trusts nothing but the disk, the clock and what it can see of the processes itself; what the app tells is only
 * whom to end. It has no network, no packages, and nothing to wait for.
 *
 *   waiting ──hello──▶ watching ──latch or limit, and no yes of the app in time──▶ ending ──▶ (exit)
 *                         │  ├─goodbye──▶ (exit)
 *                         │  └─end of input: the app has died──▶ ending
 */

const TICK_MS = 25;
/** So long may the app take to say that its gates are shut; then its tools and containers are ended from here. */
const CONFIRM_MS = 150;
/** And so long before it is ended itself, when everything is to stop: a frozen app still has speech and messages to send. */
const END_MAIN_MS = 250;
/** A lower level ends less than the app, which may only be busy: what the level stops is ended from here meanwhile. */
const END_MAIN_BELOW_5_MS = 2_000;
/** So long may its stoppers take; then what they should have ended is ended here as well. */
const STOPPERS_MS = 450;
/** A tick that comes so late means that the machine slept or stood still: the app could not answer either. */
const SUSPENDED_MS = 1_000;
/** So often in a row, without a word of the app between; a watchdog that is starved itself must not forgive for ever. */
const MOST_SLEEPS = 3;
/** The engine is asked first, over a socket that wants to be served; then the disk, which may take its time, is written. */
const ENGINE_FIRST_MS = 250;
const HELLO_LIMIT_MS = 15_000;
/** Between a signal that cannot be refused and its effect on a busy machine. */
const KILL_NEWS_MS = 1_000;
const RIVAL_LIMIT_MS = 1_500;

export interface WatchdogStreams {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

interface Demand {
  level: KillLevel;
  trigger: KillTrigger;
  reason: string;
  sinceMs: number;
  hasHelped: boolean;
  /** Its time was begun anew because the machine slept. */
  hasSlept: boolean;
}

type Asked = Pick<Demand, 'level' | 'trigger' | 'reason'>;

const nowMs = (): number => performance.now();

/** Watches until the app says goodbye or is dead and cleared away. Never rejects. */
export function runWatchdog({ input, output }: WatchdogStreams): Promise<void> {
  return new Promise((resolve) => {
    const tell = (message: FromWatchdog): void => void output.write(`${JSON.stringify(message)}\n`);
    output.on('error', () => undefined);
    let watch: Watch | undefined;
    const helloLimit = setTimeout(resolve, HELLO_LIMIT_MS);
    const end = (): void => {
      clearTimeout(helloLimit);
      watch?.close();
      resolve();
    };
    readLines(input, (line) => {
      const message = parse(line);
      if (message?.type === 'hello' && watch === undefined) {
        clearTimeout(helloLimit);
        watch = createWatch(message, tell);
        void watch.begin().then(() => tell({ type: 'ready', pid: process.pid }));
      } else if (message?.type === 'beat') watch?.beat(message);
      else if (message?.type === 'limits') watch?.setLimits(message.limits);
      else if (message?.type === 'goodbye') end();
    });
    let ended = false;
    const onEnd = (): void => {
      if (ended) return;
      ended = true;
      if (watch === undefined) end();
      else void watch.mainDied().then(end);
    };
    input.on('end', onEnd);
    input.on('error', onEnd);
    input.on('close', onEnd);
  });
}

interface Watch {
  /** Waits for the watchdog of an earlier life to finish, or ends it: one for each data folder. */
  begin(): Promise<void>;
  beat(beat: Beat): void;
  setLimits(limits: Hello['limits']): void;
  mainDied(): Promise<void>;
  close(): void;
}

function createWatch(hello: Hello, tell: (message: FromWatchdog) => void): Watch {
  const { dataDirectory, main } = hello;
  let { limits } = hello;
  let judge = createJudge(limits);
  let last: Beat | undefined;
  let lastBeatMs = nowMs();
  let lastTickMs = nowMs();
  let lastSecondMs = nowMs();
  let demand: Demand | undefined;
  let stoppingSinceMs: number | undefined;
  let helpedAtLevel: KillLevel = 0;
  let isOver = false;
  let isMainDead = false;
  let sleeps = 0;
  /** Settles when what the app was ended for is on the disk. */
  let written: Promise<void> = Promise.resolve();
  const latch = createLatchWatch(dataDirectory);

  const endEffects = (): Promise<unknown> => {
    const things = last?.things ?? [];
    const ids = things.flatMap((thing) => (thing.kind === 'container' ? [thing.id] : []));
    const docker = last?.docker ?? hello.docker;
    const isHeld = (): boolean => !isMainDead && ((last?.level ?? 0) >= 2 || (demand?.level ?? 0) >= 2);
    const containers = docker === null ? Promise.resolve([]) : killContainers(docker, { ids, stoppedAtMs: Date.now(), isHeld });
    for (const thing of things) if (thing.kind === 'process') killProcess(thing);
    return containers;
  };
  const endWorkers = (): void => {
    for (const worker of last?.workers ?? []) killProcess({ ...worker, group: false });
  };
  /** The app does not do it: everything that acts, the app itself, and then the latch. */
  const force = (asked: Asked, sinceMs: number): void => {
    isOver = true;
    const mainWas = processLetter(main.pid);
    const containers = endEffects();
    endWorkers();
    killProcess({ ...main, group: false });
    written = keepAfter(containers, asked, note('ended-main', asked, sinceMs, mainWas));
  };
  /** Nothing that acts waits for the disk. */
  const keepAfter = async (containers: Promise<unknown>, asked: Asked | undefined, act: WatchdogAct): Promise<void> => {
    await Promise.race([containers, pause(ENGINE_FIRST_MS)]);
    if (asked !== undefined) keepLatch(dataDirectory, asked);
    logAct(dataDirectory, act);
  };
  const note = (did: WatchdogAct['did'], { level, trigger, reason }: Asked, sinceMs: number, mainWas: string): WatchdogAct => ({
    did,
    level,
    trigger,
    reason,
    waitedMs: Math.round(nowMs() - sinceMs),
    mainWas,
  });
  const ask = (level: KillLevel, trigger: KillTrigger, reason: string, message: FromWatchdog): void => {
    if (demand !== undefined && demand.level >= level) return;
    demand = { level, trigger, reason, sinceMs: nowMs(), hasHelped: false, hasSlept: false };
    // Nobody who is suspended will answer.
    if (isSuspended(main.pid)) force(demand, demand.sinceMs);
    else tell(message);
  };
  const checkDemand = (): void => {
    if (demand === undefined || isOver) return;
    const { level, sinceMs } = demand;
    if ((last?.level ?? 0) >= level) demand = undefined;
    else if (nowMs() - sinceMs >= (level === 5 ? END_MAIN_MS : END_MAIN_BELOW_5_MS)) force(demand, sinceMs);
    else if (nowMs() - sinceMs >= CONFIRM_MS && !demand.hasHelped) {
      demand.hasHelped = true;
      const act = note('helped', demand, sinceMs, processLetter(main.pid));
      if (level >= 4) endWorkers();
      void keepAfter(level >= 2 ? endEffects() : Promise.resolve(), undefined, act);
    }
  };
  /** The app is stopping but does not get done: the second layer helps, and leaves the app itself alone. */
  const checkStoppers = (): void => {
    if (last?.stopping !== true) stoppingSinceMs = undefined;
    else stoppingSinceMs ??= nowMs();
    if (stoppingSinceMs === undefined || nowMs() - stoppingSinceMs < STOPPERS_MS || helpedAtLevel >= (last?.level ?? 0)) return;
    helpedAtLevel = last?.level ?? 0;
    const asked: Asked = { level: helpedAtLevel, trigger: last?.trigger ?? 'watchdog', reason: 'stoppers' };
    const act = note('helped', asked, stoppingSinceMs, processLetter(main.pid));
    if (helpedAtLevel >= 5) endWorkers();
    void keepAfter(helpedAtLevel >= 2 ? endEffects() : Promise.resolve(), undefined, act);
  };
  const weigh = (verdict: Verdict | undefined): void => {
    if (verdict !== undefined && last?.level === 0) ask(5, 'watchdog', verdict, { type: 'trip', reason: verdict });
  };
  const everySecond = (): void => {
    tell({ type: 'alive' });
    if (last !== undefined) weigh(judge.judgeUse(useOf(main.pid, last)));
  };
  let isLooking = false;
  /** Beside the ticks: a disk that does not answer must not keep anybody from seeing that the app is frozen. */
  const lookAtDisk = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    const levelBefore = last?.level;
    const found = await latch.read();
    isLooking = false;
    // The app has lifted or raised it while the disk was read: what was read may be what held before.
    if (isOver || found === undefined || last?.level !== levelBefore) return;
    if (found.level > (last?.level ?? 5)) ask(found.level, found.trigger ?? 'file', found.reason, { ...messageOf(found) });
  };
  const tick = (): void => {
    if (isOver) return;
    const now = nowMs();
    if (now - lastTickMs > SUSPENDED_MS) {
      sleeps += 1;
      if (sleeps <= MOST_SLEEPS) lastBeatMs = now;
      judge.reset();
      if (demand !== undefined && !demand.hasSlept) {
        demand.sinceMs = now;
        demand.hasSlept = true;
      }
    }
    lastTickMs = now;
    void lookAtDisk();
    checkDemand();
    checkStoppers();
    if (isOver) return;
    if (limits.heartbeatMs > 0 && now - lastBeatMs > limits.heartbeatMs)
      force({ level: 5, trigger: 'watchdog', reason: 'heartbeat' }, lastBeatMs);
    else if (now - lastSecondMs >= 1_000) {
      lastSecondMs = now;
      everySecond();
    }
  };
  const timer = setInterval(tick, TICK_MS);

  return {
    begin: () => becomeTheOnlyOne(dataDirectory),
    beat(beat) {
      const first = last === undefined;
      last = beat;
      lastBeatMs = nowMs();
      sleeps = 0;
      if (beat.level === 0) helpedAtLevel = 0;
      if (first) latch.trust();
      // What led to a stop must not lead to the next one right after the lift.
      if (beat.level > 0) judge.reset();
      else weigh(judge.judgeFacts(lastBeatMs, beat.facts));
      checkDemand();
    },
    setLimits(next) {
      limits = next;
      judge = createJudge(next);
    },
    async mainDied() {
      clearInterval(timer);
      isMainDead = true;
      const diedMs = nowMs();
      const busy = (last?.things.length ?? 0) > 0;
      endWorkers();
      const containers = endEffects();
      // A stop that the app had begun when it died is finished here; one that nobody asked for only when something was under way.
      const began = last !== undefined && last.level > 0 ? { ...last, trigger: last.trigger ?? ('watchdog' as const) } : undefined;
      const died: Asked = { level: busy ? 5 : (last?.level ?? 0), trigger: 'watchdog', reason: 'main-died' };
      if (!isOver) written = keepAfter(containers, busy ? died : began, note('cleared', died, diedMs, ''));
      await written;
      await containers;
      // A process that a tool made in the very moment of the end belongs to a group that is known.
      await pause(TICK_MS);
      for (const thing of last?.things ?? []) if (thing.kind === 'process') killProcess(thing);
    },
    close() {
      clearInterval(timer);
      forgetMe(dataDirectory);
    },
  };
}

function messageOf({ level, trigger, reason }: Latch): FromWatchdog {
  return { type: 'latch', level, trigger: trigger ?? 'file', reason };
}

const pause = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms));

const wrong = (reason: string): Latch => ({ ...NO_LATCH, level: 5, trigger: 'latch-unreadable', reason });

/** The latch as it lies on disk, read anew only when it has changed; something is wrong = everything off. */
function createLatchWatch(dataDirectory: string): { read(): Promise<Latch | undefined>; trust(): void } {
  const file = latchPath(dataDirectory);
  let seen = '';
  let latch: Latch = NO_LATCH;
  /** The app has written its latch; one that is missing before is only not there yet. */
  let isTrusted = false;
  const fingerprint = (): Promise<string> =>
    stat(file).then(
      ({ ino, mtimeMs, size, uid }) => `${ino} ${mtimeMs} ${size} ${uid}`,
      () => 'missing',
    );
  return {
    trust: () => void (isTrusted = true),
    async read() {
      if (!isTrusted) return undefined;
      const now = await fingerprint();
      if (now !== seen) {
        seen = now;
        const reading = await readLatchLater(dataDirectory);
        if (reading.state === 'read') ({ latch } = reading);
        else latch = wrong(reading.state === 'missing' ? 'missing' : reading.why);
      }
      const stopLevel = await readStopFileLater(dataDirectory);
      return stopLevel !== undefined && stopLevel > latch.level ? { ...NO_LATCH, level: stopLevel, trigger: 'file' } : latch;
    },
  };
}

/** Writes the latch when what lies there stops less. */
function keepLatch(dataDirectory: string, { level, trigger, reason }: Asked): void {
  const reading = readLatch(dataDirectory);
  // One that cannot be read counts as everything off already, and so does one that has gone.
  if (reading.state === 'unreadable') return;
  const before = reading.state === 'read' ? reading.latch : { ...NO_LATCH, languageCutOff: true };
  if (reading.state === 'read' && before.level >= level) return;
  try {
    writeLatch(
      dataDirectory,
      { ...before, level: reading.state === 'read' ? level : 5, trigger, reason, seq: before.seq + 1, atMs: Date.now() },
      { mayOverwrite: true },
    );
  } catch {
    // A disk that takes nothing; the processes are ended all the same.
  }
}

function useOf(mainPid: number, { things, workers }: Beat): Use {
  const tools = things.flatMap((thing) => (thing.kind === 'process' ? [thing.pid] : []));
  // Engines may calculate for minutes; the main process and tools may not.
  const used = [mainPid, ...tools].flatMap((pid): [number, number][] => {
    const ms = processorMs(pid);
    return ms === undefined ? [] : [[pid, ms]];
  });
  const bytes = [mainPid, ...tools, ...workers.map(({ pid }) => pid)].map(residentBytes);
  const isKnown = bytes.some((each) => each !== undefined);
  const memoryShare = isKnown ? bytes.reduce<number>((sum, each) => sum + (each ?? 0), 0) / totalmem() : undefined;
  return { atMs: nowMs(), memoryShare, processorMs: new Map(used) };
}

const nameFile = (dataDirectory: string): string => join(dataDirectory, 'watchdog.json');

async function becomeTheOnlyOne(dataDirectory: string): Promise<void> {
  const rival = readRival(dataDirectory);
  const untilMs = nowMs() + RIVAL_LIMIT_MS;
  if (rival !== undefined) {
    await goneBy(rival, untilMs);
    if (isAlive(rival.pid, rival.startId)) {
      killProcess({ ...rival, group: false });
      // Two of them would judge each other's app.
      await goneBy(rival, nowMs() + KILL_NEWS_MS);
    }
  }
  try {
    writeFileSync(nameFile(dataDirectory), JSON.stringify({ pid: process.pid, startId: processStartId(process.pid) }), { mode: 0o600 });
  } catch {
    // Only for the next one.
  }
}

async function goneBy({ pid, startId }: { pid: number; startId: string }, untilMs: number): Promise<void> {
  while (isAlive(pid, startId) && nowMs() < untilMs) await pause(TICK_MS);
}

function readRival(dataDirectory: string): { pid: number; startId: string } | undefined {
  try {
    const { pid, startId } = JSON.parse(readFileSync(nameFile(dataDirectory), 'utf8')) as { pid?: unknown; startId?: unknown };
    // Without its birth it could be anybody.
    return typeof pid === 'number' && typeof startId === 'string' && pid !== process.pid ? { pid, startId } : undefined;
  } catch {
    return undefined;
  }
}

function forgetMe(dataDirectory: string): void {
  try {
    const { pid } = JSON.parse(readFileSync(nameFile(dataDirectory), 'utf8')) as { pid?: unknown };
    if (pid === process.pid) rmSync(nameFile(dataDirectory), { force: true });
  } catch {
    // Gone already.
  }
}

function parse(line: string): ToWatchdog | undefined {
  try {
    return JSON.parse(line) as ToWatchdog;
  } catch {
    return undefined;
  }
}
