import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Docker from 'dockerode';
import { fromErrorData } from '../../src-main/base/errors.ts';
import { compose } from '../../src-main/compose.ts';
import { EXCHANGE_LABEL } from '../../src-main/modules/telephony/asterisk/container-spec.ts';
import { readChildEnvironment, readEnvironment } from '../../src-main/platform/config/index.ts';
import type { Caller } from '../../src-main/platform/contract-host/index.ts';
import { linkBySocket } from '../../src-main/platform/workers/index.ts';
import { createNodeLauncher } from '../../src-main/platform/workers/launcher-node.ts';
import type {
  CallInput,
  CallName,
  CallResult,
  EventName,
  EventPayload,
  PhoneCall,
  SettingValue,
} from '../../src-preload/contract/index.ts';
import { freePort } from './free-port.ts';

/** A whole core with the installed models and an exchange of its own, asked as the owner's page asks, and all that it tells. */
export interface PhoneServer {
  readonly sipPort: number;
  readonly dataDirectory: string;
  call<Name extends CallName>(name: Name, input: CallInput<Name>, caller?: Caller): Promise<CallResult<Name>>;
  /** Of this event, told so far. */
  told<Name extends EventName>(name: Name): { payload: EventPayload<Name>; atMs: number }[];
  set(key: string, value: SettingValue): Promise<void>;
  /** The first state of a call that fits, told after `sinceMs`. Rejects after the time with what was told instead. */
  untilCall(
    fits: (call: PhoneCall) => boolean,
    options: { sinceMs: number; timeoutMs?: number },
  ): Promise<{ call: PhoneCall; atMs: number }>;
  /** Ends the process of its Asterisk from outside, as a crash would; resolves with when it was asked for, `performance.now()`. */
  killExchange(): Promise<number>;
  close(): Promise<void>;
}

/** An image that must be built takes minutes; one that is there takes seconds. */
const SET_UP_MS = 300_000;
const LOAD_MS = 240_000;
const MODELS = ['recognition', 'synthesis', 'language'] as const;
const OWNER: Caller = { door: 'window', clientId: 'window' };

/** Starts it and sets its telephone up. Without `models` nobody in it can speak or understand, and it is there sooner. */
export async function startPhoneServer({ models = true }: { models?: boolean } = {}): Promise<PhoneServer> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'openclaw-phone-call-'));
  const environment = { ...readEnvironment(), dataDirectory, isTest: true };
  const core = await compose({
    environment: models ? environment : { ...environment, modelsDirectory: join(dataDirectory, 'models') },
    door: 'browser',
    version: '0.0.0',
    link: linkBySocket,
    createLauncher: (log) => createNodeLauncher({ environment: readChildEnvironment(), log }),
  });
  const seen: { name: EventName; payload: unknown; atMs: number }[] = [];
  core.hub.watch((name, payload) => void seen.push({ name, payload, atMs: performance.now() }));
  const close = async (): Promise<void> => {
    await core.dispose();
    await rm(dataDirectory, { recursive: true, force: true, maxRetries: 5 });
  };
  const call: PhoneServer['call'] = async (name, input, caller = OWNER) => {
    const outcome = await core.host.answer(name, input, caller);
    if (!outcome.ok) throw fromErrorData(outcome.error);
    return outcome.value as CallResult<typeof name>;
  };
  const told: PhoneServer['told'] = (name) =>
    seen.filter((event) => event.name === name).map(({ payload, atMs }) => ({ payload: payload as EventPayload<typeof name>, atMs }));
  const set: PhoneServer['set'] = async (key, value) => void (await call('settings.set', { key, value }));
  try {
    core.begin();
    const sipPort = await freePort();
    await set('phone.sipPort', sipPort);
    await call('phone.setUp', {});
    await untilReady(() => call('phone.status', {}));
    await untilLoaded(() => call('app.snapshot', {}));
    return {
      sipPort,
      dataDirectory,
      call,
      told,
      set,
      async untilCall(fits, { sinceMs, timeoutMs = 20_000 }) {
        for (const endMs = performance.now() + timeoutMs; performance.now() < endMs; await pause(2)) {
          const found = told('phone.call').find(({ payload, atMs }) => atMs >= sinceMs && fits(payload));
          if (found) return { call: found.payload, atMs: found.atMs };
        }
        const states = told('phone.call').map(({ payload }) => JSON.stringify(payload.state));
        throw new Error(`no call became what was awaited, but ${states.join(' ')}`);
      },
      async killExchange() {
        const docker = new Docker({ socketPath: environment.dockerHost?.replace('unix://', '') ?? '/var/run/docker.sock' });
        const containers = await docker.listContainers({ filters: { label: [EXCHANGE_LABEL] } });
        const ours = containers.find(({ Mounts }) => Mounts.some(({ Source }) => Source.startsWith(dataDirectory)));
        if (ours === undefined) throw new Error('there is no container of the exchange');
        const atMs = performance.now();
        await docker.getContainer(ours.Id).kill();
        return atMs;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function untilReady(ask: () => Promise<CallResult<'phone.status'>>): Promise<void> {
  let said = '';
  for (const endMs = performance.now() + SET_UP_MS; performance.now() < endMs; await pause(50)) {
    const status = await ask();
    if (status.state === 'ready') return;
    said = JSON.stringify([status.state, status.error, status.steps]);
    if (status.state === 'broken') break;
  }
  throw new Error(`The exchange is not ready: ${said}`);
}

/** Whoever calls before its models are there waits for them, which is another thing than to be answered. Those that are not installed are not waited for. */
async function untilLoaded(ask: () => Promise<CallResult<'app.snapshot'>>): Promise<void> {
  const isLoaded = async (): Promise<boolean> => {
    const { parts } = await ask();
    return MODELS.every((name) => parts.some(({ part, status }) => part === name && !/starting/.test(status)));
  };
  for (const endMs = performance.now() + LOAD_MS; performance.now() < endMs; await pause(100)) if (await isLoaded()) return;
  throw new Error(`The models were not loaded: ${JSON.stringify((await ask()).parts)}`);
}
