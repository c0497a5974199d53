import { statfs } from 'node:fs/promises';
import type { PhoneCheck } from '../../../../src-preload/contract/index.ts';
import type { Clock } from '../../../base/clock.ts';
import { createDeferred } from '../../../base/deferred.ts';
import { toErrorData, type ErrorData } from '../../../base/errors.ts';
import type { AriClient, Exchange, LegStatistics } from '../telephony.ts';

/** One look at one part. What it throws is a problem with its sentence. */
export interface PhoneProbe {
  name: string;
  look(): Promise<Omit<PhoneCheck, 'name'>> | Omit<PhoneCheck, 'name'>;
}

/** A part that says nothing for so long does not work either. */
const PATIENCE_MS = 8_000;
const LOW_DISK_BYTES = 500_000_000;
const LATE_SHARE = 0.005;

/** Asks every probe at the same time; the order of the findings is that of the probes. Never rejects. */
export function createPhoneDoctor(probes: readonly PhoneProbe[], clock: Pick<Clock, 'after'>): () => Promise<PhoneCheck[]> {
  return () => Promise.all(probes.map((probe) => examine(probe, clock)));
}

async function examine({ name, look }: PhoneProbe, clock: Pick<Clock, 'after'>): Promise<PhoneCheck> {
  const silence = createDeferred<Omit<PhoneCheck, 'name'>>();
  const timer = clock.after(PATIENCE_MS, () => silence.resolve({ status: 'problem', message: 'It did not answer within 8 seconds.' }));
  try {
    return { name, ...(await Promise.race([Promise.resolve().then(look), silence.promise])) };
  } catch (error) {
    return { name, status: 'problem', message: toErrorData(error).message };
  } finally {
    timer.cancel();
  }
}

export interface PhoneProbeDependencies {
  exchange: Pick<Exchange, 'state' | 'registrations'>;
  ari: () => Pick<AriClient, 'state'> | undefined;
  softphone: () => boolean;
  /** By trunk id. */
  trunkNames: () => ReadonlyMap<string, string>;
  media: () => Promise<{ legs: readonly LegStatistics[] }>;
  historyProblem: () => ErrorData | undefined;
  dataDirectory: string;
}

/** What the running app can see of its telephone. */
export function phoneProbes(deps: PhoneProbeDependencies): PhoneProbe[] {
  const { exchange } = deps;
  return [
    { name: 'exchange', look: () => exchangeFinding(exchange) },
    { name: 'control', look: () => controlFinding(deps.ari()?.state()) },
    {
      name: 'softphone',
      look: () =>
        deps.softphone()
          ? { status: 'ok', message: 'The telephone of the window is registered.' }
          : {
              status: 'warning',
              message: 'No window is connected as a telephone: calls ring only on mobile phones, or go to the assistant.',
            },
    },
    { name: 'trunks', look: () => trunksFinding(deps) },
    { name: 'sound', look: async () => soundFinding((await deps.media()).legs) },
    {
      name: 'log',
      look: () => {
        const problem = deps.historyProblem();
        return problem ? { status: 'problem', message: problem.message } : { status: 'ok', message: 'Calls are written down.' };
      },
    },
    { name: 'disk', look: () => diskFinding(deps.dataDirectory) },
  ];
}

function exchangeFinding(exchange: Pick<Exchange, 'state'>): Omit<PhoneCheck, 'name'> {
  const state = exchange.state();
  if (state.state === 'ready') return { status: 'ok', message: `Asterisk ${state.version} answers.` };
  if (state.state === 'broken') return { status: 'problem', message: state.error.message };
  if (state.state === 'off') return { status: 'warning', message: 'The telephone is off. Set it up in the settings under Phone.' };
  return { status: 'warning', message: 'The exchange is being started.' };
}

function controlFinding(state: ReturnType<AriClient['state']> | undefined): Omit<PhoneCheck, 'name'> {
  if (state === 'connected') return { status: 'ok', message: 'The exchange takes orders.' };
  if (state === undefined) return { status: 'warning', message: 'There is no exchange to give orders to.' };
  return { status: 'problem', message: 'The exchange takes no orders now; the connection is tried again by itself.' };
}

async function trunksFinding({ exchange, trunkNames }: PhoneProbeDependencies): Promise<Omit<PhoneCheck, 'name'>> {
  const names = trunkNames();
  if (names.size === 0) return { status: 'warning', message: 'No trunk is set up: only phones of your own can call, and nobody outside.' };
  if (exchange.state().state !== 'ready') return { status: 'warning', message: 'Trunks register when the exchange runs.' };
  const states = await exchange.registrations();
  const bad = [...names].filter(([id]) => ['rejected', 'unreachable', 'unregistered'].includes(states.get(id) ?? 'registered'));
  if (bad.length === 0) return { status: 'ok', message: `${[...names.values()].join(', ')}: connected.` };
  return { status: 'problem', message: `Not connected: ${bad.map(([id, name]) => `${name} (${states.get(id)})`).join(', ')}.` };
}

function soundFinding(legs: readonly LegStatistics[]): Omit<PhoneCheck, 'name'> {
  const sent = legs.reduce((sum, leg) => sum + leg.framesSent, 0);
  const late = legs.reduce((sum, leg) => sum + leg.lateFrames, 0);
  const dry = legs.reduce((sum, leg) => sum + leg.underflows, 0);
  if (sent === 0) return { status: 'ok', message: 'The sound of calls is ready; none is running.' };
  const share = late / sent;
  const numbers = `${sent} frames sent, ${(100 * share).toFixed(2)} % late, ${dry} gaps`;
  return share > LATE_SHARE || dry > 0
    ? { status: 'warning', message: `The machine is busy and calls may stutter: ${numbers}.` }
    : { status: 'ok', message: `Calls sound as they should: ${numbers}.` };
}

async function diskFinding(folder: string): Promise<Omit<PhoneCheck, 'name'>> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const message = `${(free / 1e9).toFixed(1)} GB are free for recordings.`;
  return free > LOW_DISK_BYTES ? { status: 'ok', message } : { status: 'warning', message: `Only ${message} Free some space.` };
}
