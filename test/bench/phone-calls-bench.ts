import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import type { Calls } from '../../src-main/modules/telephony/calls/calls-service.ts';
import type { CallVoice, MediaLegs } from '../../src-main/modules/telephony/calls/call-ports.ts';
import { createMediaDoors, type MediaWorker } from '../../src-main/modules/telephony/media/media-doors.ts';
import type { MediaEvent, MediaMethods } from '../../src-main/modules/telephony/telephony.ts';
import { readChildEnvironment } from '../../src-main/platform/config/index.ts';
import { createSupervisedWorker, workerEntry } from '../../src-main/platform/workers/index.ts';
import { createNodeLauncher } from '../../src-main/platform/workers/launcher-node.ts';
import { sine } from '../doubles/media-tones.ts';
import { openMediaExchange, type MediaExchange } from '../doubles/media-exchange.ts';
import { createPlainCalls } from '../doubles/plain-calls.ts';
import { startSipp } from '../doubles/sipp.ts';
import { single, type BenchResult } from './statistics.ts';

const CALLS_PER_SECOND = 4;
const HOLD_MS = 900;
const SETTLE_MS = 6_000;
/** Memory goes up and down: the middle of so many looks counts. */
const LOOKS = 15;
const LOOK_PAUSE_MS = 200;

/** What one process holds: memory in bytes, and open files, which are its sockets. Of our own process it is what is left of its heap when nothing is uncollected. */
interface Held {
  memoryBytes: number;
  files: number;
}
type Processes = Readonly<Record<'core' | 'worker' | 'asterisk', number>>;

/**
 * Hundreds of calls one behind the other, a few at a time: real SIP, real Asterisk, our call control and the media worker; the voice is a tone. What is
 * left of them afterwards is counted. Memory is compared with what was held after the first half: until then code is compiled and pools fill up (Asterisk takes some
 * 15 MB in its first 200 calls, and stays there).
 */
export async function runPhoneCallsBench(rounds: number): Promise<BenchResult> {
  const worker = createSupervisedWorker<MediaMethods, MediaEvent>(
    { name: 'media', entry: workerEntry('media'), memoryLimitBytes: 1024 ** 3 },
    { launch: createNodeLauncher({ environment: readChildEnvironment(), log: silentLog }), clock: systemClock, log: silentLog },
  );
  const media = createMediaDoors(worker);
  let exchange: MediaExchange | undefined;
  let calls: Calls | undefined;
  try {
    exchange = await openMediaExchange(await media.doors());
    calls = callsOn(media);
    calls.attach(exchange.ari);
    let talked = 0;
    calls.onCall(({ id, state, answeredAtMs }) => {
      if (state.state === 'ringing') void calls?.answer(id, 'assistant').catch(() => undefined);
      if (state.state === 'ended' && answeredAtMs !== null && state.reason === 'hung-up-there') talked += 1;
    });
    const processes = await processesOf(exchange, worker);
    const half = Math.floor(rounds / 2);
    await callsIn(exchange.sipPort, half);
    const before = await look(processes);
    await callsIn(exchange.sipPort, rounds - half);
    const after = await look(processes);
    const [channels, bridges, containers, { legs }] = await Promise.all([
      exchange.ari.channels(),
      exchange.ari.bridges(),
      exchange.rig.containers(),
      worker.call('statistics', {}),
    ]);
    const count = (value: number): BenchResult['metrics'][string] => single('count', value, rounds);
    const grown = (name: keyof Processes, what: keyof Held): number => Math.max(0, after[name][what] - before[name][what]);
    return {
      bench: 'phone-calls',
      metrics: {
        calls_talked: count(talked),
        calls_failed: count(rounds - talked),
        leaked_channels: count(channels.length),
        leaked_bridges: count(bridges.length),
        leaked_containers: count(containers.length - 1),
        leaked_legs: count(legs.length),
        leaked_calls: count(calls.active().length),
        leaked_sockets_asterisk: count(grown('asterisk', 'files')),
        leaked_sockets_worker: count(grown('worker', 'files')),
        leaked_sockets_core: count(grown('core', 'files')),
        memory_growth_asterisk: single('bytes', grown('asterisk', 'memoryBytes'), rounds),
        memory_growth_worker: single('bytes', grown('worker', 'memoryBytes'), rounds),
        memory_growth_core: single('bytes', grown('core', 'memoryBytes'), rounds),
      },
      targets: {
        calls_failed: '0',
        leaked_channels: '0',
        leaked_bridges: '0',
        leaked_containers: '0',
        leaked_legs: '0',
        leaked_calls: '0',
        leaked_sockets_asterisk: '0',
        leaked_sockets_worker: '0',
        leaked_sockets_core: '0',
        memory_growth_asterisk: '≤ 10M',
        memory_growth_worker: '≤ 10M',
        memory_growth_core: '≤ 10M',
      },
      notes: [
        `${rounds} calls, ${CALLS_PER_SECOND} a second, held for ${HOLD_MS} ms; compared with the state after the first half of them`,
      ],
    };
  } finally {
    await calls?.dispose();
    await exchange?.close();
    await worker.dispose();
  }
}

const collectGarbage = ((): (() => void) => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

async function callsIn(target: number, calls: number): Promise<void> {
  if (calls === 0) return;
  const timeoutMs = (calls / CALLS_PER_SECOND) * 1000 + 60_000;
  const sipp = await startSipp({ scenario: 'call-and-hang-up', target, calls, perSecond: CALLS_PER_SECOND, holdMs: HOLD_MS, timeoutMs });
  try {
    const { failed, output } = await sipp.done;
    if (failed > 0) console.error(`${failed} calls did not go as sipp expects:\n${output.slice(0, 2_000)}`);
  } finally {
    await sipp.dispose();
  }
}

/** Our call control with the media worker's legs; who speaks is a tone. */
function callsOn(media: MediaWorker): Calls {
  const { worker } = media;
  const beep = sine(440, -20, 400, 16_000);
  const legs: MediaLegs = {
    async open({ legId }) {
      const { audioSocketPort } = await media.doors();
      await worker.call('leg.open', { legId, sessionId: legId });
      return { transport: 'audiosocket', host: `127.0.0.1:${audioSocketPort}`, format: 'slin16' };
    },
    close: (legId) =>
      worker.call('leg.close', { legId }).then(
        () => undefined,
        () => undefined,
      ),
    listen: (legId, on) => worker.call('leg.listen', { legId, on }),
    say: () => Promise.resolve(true),
    onEvent: (listener) => worker.onEvent(listener),
  };
  const voice: CallVoice = {
    begin({ call, legId }) {
      void worker.call('leg.play', { legId, soundId: legId, samples: beep, sampleRateHz: 16_000 }).catch(() => undefined);
      return Promise.resolve({ conversationId: `conv-${call.id}`, characterId: 'default' });
    },
    pause: () => undefined,
    hint: () => undefined,
    standing: () => undefined,
    end: () => undefined,
    onEvent: () => () => undefined,
  };
  return createPlainCalls({
    media: legs,
    voice,
    settings: { whenNobodyAnswers: () => 'nothing', maxCallsAtOnce: () => 20, maxCallsPerHour: () => 0 },
  });
}

async function processesOf({ rig }: MediaExchange, worker: MediaWorker['worker']): Promise<Processes> {
  const state = worker.state();
  const [name = ''] = await rig.containers();
  const { State } = await rig.docker.getContainer(name).inspect();
  return { core: process.pid, worker: state.state === 'running' ? state.pid : 0, asterisk: State.Pid };
}

/** When everything has come to rest. */
async function look(processes: Processes): Promise<Record<keyof Processes, Held>> {
  await sleep(SETTLE_MS);
  const looks: Record<keyof Processes, Held>[] = [];
  for (let count = 0; count < LOOKS; count += 1) {
    await sleep(LOOK_PAUSE_MS);
    collectGarbage();
    const [core, worker, asterisk] = await Promise.all([held(processes.core), held(processes.worker), held(processes.asterisk)]);
    looks.push({ core, worker, asterisk });
  }
  const middle = (name: keyof Processes, what: keyof Held): number =>
    looks.map((each) => each[name][what]).toSorted((left, right) => left - right)[LOOKS >> 1] ?? 0;
  const middleOf = (name: keyof Processes): Held => ({ memoryBytes: middle(name, 'memoryBytes'), files: middle(name, 'files') });
  return { core: middleOf('core'), worker: middleOf('worker'), asterisk: middleOf('asterisk') };
}

async function held(pid: number): Promise<Held> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const files = await readdir(`/proc/${pid}/fd`);
  const { heapUsed, external } = process.memoryUsage();
  const residentBytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  return { memoryBytes: pid === process.pid ? heapUsed + external : residentBytes, files: files.length };
}
