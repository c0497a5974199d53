import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Docker from 'dockerode';
import { systemClock } from '../../src-main/base/clock.ts';
import { createContainerExchange, type ContainerExchangeDeps } from '../../src-main/modules/telephony/asterisk/container-exchange.ts';
import { EXCHANGE_LABEL } from '../../src-main/modules/telephony/asterisk/container-spec.ts';
import type { ExchangeWishes } from '../../src-main/modules/telephony/asterisk/exchange-start.ts';
import { freeSipPort, freeTcpPort } from '../../src-main/modules/telephony/asterisk/ports.ts';
import { createRecordingLog } from './recording-log.ts';

const SOCKET = /^unix:\/\/(.+)$/.exec(process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock')?.[1] ?? '';

/** A real exchange with a data folder and ports of its own; `wishes` may be changed between two calls of `apply`. */
export async function openExchangeRig(change: Partial<Omit<ContainerExchangeDeps, 'wishes'>> & { wishes?: Partial<ExchangeWishes> } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'openclaw-exchange-test-'));
  const docker = new Docker({ socketPath: SOCKET });
  const log = createRecordingLog();
  const watched = new Set<string>();
  const wishes: ExchangeWishes = {
    trunks: [],
    mobiles: [],
    sipPort: await freeSipPort('127.0.0.1', Math.random),
    audioSocketPort: await freeTcpPort(),
    mediaWebSocketPort: await freeTcpPort(),
    reachableFrom: 'loopback',
    dongle: null,
    country: 'de',
    ...change.wishes,
  };
  const exchange = createContainerExchange({
    clock: systemClock,
    log,
    dockerHost: process.env['DOCKER_HOST'],
    dataDirectory: folder,
    cacheDirectory: join(folder, 'cache'),
    recipeFolder: fileURLToPath(new URL('../../resources/asterisk', import.meta.url)),
    mayStart: () => undefined,
    whenShut: () => new AbortController().signal,
    watch: (thing) => {
      const id = thing.kind === 'container' ? thing.id : '';
      watched.add(id);
      return () => watched.delete(id);
    },
    ...change,
    wishes: () => wishes,
  });
  const ours = async () => {
    const found = await docker.listContainers({ all: true, filters: { label: [EXCHANGE_LABEL] } });
    return found.filter(({ Names, Mounts }) => Names.length > 0 && Mounts.some(({ Source }) => Source.startsWith(folder)));
  };
  return {
    exchange,
    folder,
    docker,
    log,
    /** Ids that the watchdog would end. */
    watched,
    wishes: wishes as { -readonly [Key in keyof ExchangeWishes]: ExchangeWishes[Key] },
    /** Names of the containers of this rig, running or not. */
    containers: async () => (await ours()).map(({ Names }) => Names[0]?.slice(1) ?? ''),
    /** What a command of Asterisk's console prints. */
    console: async (command: string): Promise<string> => {
      const [container] = await ours();
      const exec = await docker
        .getContainer(container?.Id ?? '')
        .exec({ Cmd: ['asterisk', '-rx', command], AttachStdout: true, Tty: true });
      const stream = await exec.start({ hijack: true, stdin: false, Tty: true });
      let text = '';
      for await (const chunk of stream) text += String(chunk);
      return text;
    },
    /** Asterisk's own log, if it has one. */
    logFile: join(folder, 'phone', 'log', 'messages'),
    configuration: join(folder, 'phone', 'asterisk'),
    close: async () => {
      await exchange.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type ExchangeRig = Awaited<ReturnType<typeof openExchangeRig>>;
