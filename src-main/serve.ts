import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from './base/clock.ts';
import { buildOrDispose, type Disposable, type DisposeBag } from './base/dispose.ts';
import { compose, type Core } from './compose.ts';
import { nodeWatchdogCommand } from './modules/killswitch/index.ts';
import { openControls } from './modules/shell/index.ts';
import { readChildEnvironment, readEnvironment } from './platform/config/index.ts';
import { openWebDoor, type WebDoor } from './platform/contract-host/door-web.ts';
import { linkBySocket, workerEntry } from './platform/workers/index.ts';
import { createNodeLauncher } from './platform/workers/launcher-node.ts';

export interface ServerOptions {
  /** 0 = any free port; a busy default port is replaced by a free one only when 0 was asked for. */
  port: number;
  listenAddress?: string;
  extraHosts?: readonly string[];
  /** Called when the owner asks for the end from a terminal; the server does not end by itself. */
  quit?: () => void;
}

/** A running core with its web door. */
export interface Server extends Disposable {
  core: Core;
  door: WebDoor;
}

/**
 * Starts the core as plain Node and opens the web door. Rejects with `core.already-running`, `serve.port-taken` or the error of the part that could not
 * start; nothing is left open then.
 */
export function startServer(options: ServerOptions): Promise<Server> {
  return buildOrDispose((bag) => build(options, bag));
}

async function build(options: ServerOptions, bag: DisposeBag): Promise<Server> {
  const environment = readEnvironment();
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  const core = bag.add(
    await compose({
      environment,
      door: 'browser',
      version,
      createLauncher: (log) => createNodeLauncher({ environment: readChildEnvironment(), log }),
      link: linkBySocket,
      watchdog: nodeWatchdogCommand(workerEntry('watchdog'), readChildEnvironment()),
      doorUrl: async () => door.url,
    }),
  );
  const door: WebDoor = bag.add(
    await openWebDoor({
      ...options,
      host: core.host,
      hub: core.hub,
      attachAudio: core.attachAudio,
      resources: core.resources,
      exchangeUrl: core.exchangeUrl,
      program: core.program,
      clock: systemClock,
      log: core.log,
      pageDirectory: fileURLToPath(new URL('../out/renderer', import.meta.url)),
      dataDirectory: environment.dataDirectory,
    }),
  );
  bag.add(
    openControls({
      ...core,
      clock: systemClock,
      dataDirectory: environment.dataDirectory,
      version,
      show: () => undefined,
      quit: options.quit ?? (() => undefined),
      issueLink: async () => door.issueLink(),
      patienceMs: 0,
    }),
  );
  core.begin();
  return { core, door, dispose: () => bag.dispose() };
}
