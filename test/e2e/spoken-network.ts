import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Watches every process of the app for ways out of this computer, and shuts them. */
export interface NetworkWatch {
  /** For the start of the app. */
  readonly switches: readonly string[];
  readonly env: Record<string, string>;
  /** Kinds of processes that Node code ran in under watch; `utility` = a worker. */
  watched(): Promise<string[]>;
  /** What was tried, one line each, in order. Complete once the app has ended: Chromium writes its part last. */
  attempts(): Promise<{ node: string[]; chromium: string[] }>;
}

const HOOK = resolve(import.meta.dirname, '../fixtures/network/refuse-connections.cjs');
/** Chromium's hosts that are no way out: this computer, and what every other name is turned into here. */
const HARMLESS = /^(?:(?:https?:\/\/)?~notfound|localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)(?::\d+)?$/;

/** Two watches, because there are two networks: Node's (a module that is loaded first) and Chromium's (its own log, with no host to be found). */
export function watchNetwork(folder: string): NetworkWatch {
  const nodeFile = join(folder, 'connections.txt');
  const chromiumFile = join(folder, 'net-log.json');
  const nodeLines = async (): Promise<string[]> => (await readFile(nodeFile, 'utf8')).split('\n').filter((line) => line !== '');
  return {
    switches: ['-r', HOOK, `--log-net-log=${chromiumFile}`, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    env: { OPENCLAW_TEST_CONNECTIONS: nodeFile },
    watched: async () => (await nodeLines()).filter((line) => line.startsWith('# ')).map((line) => line.slice(2)),
    async attempts() {
      const node = (await nodeLines()).filter((line) => !line.startsWith('# '));
      return { node, chromium: chromiumAttempts(await readFile(chromiumFile, 'utf8')) };
    },
  };
}

interface NetLog {
  constants: { logEventTypes: Record<string, number> };
  events: { type: number; params?: { url?: string; host?: string; address?: string } }[];
}

function chromiumAttempts(json: string): string[] {
  const { constants, events } = JSON.parse(json) as NetLog;
  const names = new Map(Object.entries(constants.logEventTypes).map(([name, type]) => [type, name]));
  const lines = events.flatMap(({ type, params = {} }) => {
    const isOut =
      (params.url !== undefined && /^(?:https?|wss?|ftp):/.test(params.url) && !HARMLESS.test(new URL(params.url).hostname)) ||
      (params.host !== undefined && !HARMLESS.test(params.host)) ||
      (params.address !== undefined && !HARMLESS.test(params.address));
    return isOut ? [`chromium ${names.get(type)}: ${params.url ?? params.host ?? params.address}`] : [];
  });
  return [...new Set(lines)];
}
