import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../../base/clock.ts';
import { createDisposeBag } from '../../../base/dispose.ts';
import { silentLog } from '../../../base/log.ts';
import { createConfig, readChildEnvironment, readEnvironment } from '../../../platform/config/index.ts';
import { createPageResources } from '../../../platform/contract-host/index.ts';
import { createAuditLog } from '../../../platform/observability/index.ts';
import { openKeyring } from '../../../platform/secrets/index.ts';
import { openStore } from '../../../platform/store/index.ts';
import { workerEntry } from '../../../platform/workers/entries.ts';
import { openControlSocket } from '../../shell/index.ts';
import { createButton } from '../button/button.ts';
import { createKillApi } from '../kill-api.ts';
import { createKillSwitch, type KillSwitchService } from '../kill-switch-service.ts';
import { killSwitchSettings } from '../killswitch-config.ts';
import { nodeWatchdogCommand } from '../watchdog/watchdog-command.ts';
import { createWatchdog } from '../watchdog/watchdog-client.ts';
import {
  TOOL_RUNS,
  type CoreOptions,
  type DrillContainers,
  type FromCore,
  type OpenDrillContainers,
  type ToCore,
} from './drill-protocol.ts';
import { startMessages, startSound, startWriter } from './effects.ts';

/**
 * A core for a drill: the real kill switch with its latch, database, watchdog and all the ways in that need no screen, and a workload in the place of the
 * assistant. Runs in a process of its own, because it will be frozen and killed.
 */
export async function runDrillCore(options: CoreOptions, openContainers: OpenDrillContainers): Promise<void> {
  const { dataDirectory } = options;
  const bag = createDisposeBag();
  const clock = systemClock;
  const log = silentLog;
  let dieAt = '';
  const keyring = await openKeyring({ dataDirectory, clock, log });
  const audit = createAuditLog({ dataDirectory, keys: keyring, clock, log });
  const { sqliteBinding } = readEnvironment();
  const store = bag.add(
    await openStore({ dataDirectory, keyring, nativeBinding: sqliteBinding, clock, log, keepBackups: () => 0, historyDays: () => 0 }),
  );
  const config = createConfig({ dataDirectory, definitions: killSwitchSettings, clock, log });
  const killSwitch: KillSwitchService = bag.add(
    createKillSwitch({
      dataDirectory,
      records: store.latch,
      onStoreReplaced: store.onReplaced,
      audit,
      recordForSure: (event) => audit.recordForSure(event),
      tell: () => undefined,
      clock,
      log,
      step(name) {
        if (name === dieAt) process.kill(process.pid, 'SIGKILL');
      },
    }),
  );
  const { workspace } = options;
  const containers = workspace === '' ? undefined : bag.add(await openContainers({ dataDirectory, workspace }, killSwitch));
  const workload = createWorkload(options, killSwitch, containers);
  bag.add(workload);
  bag.add(
    createWatchdog({
      killSwitch,
      command: nodeWatchdogCommand(workerEntry('watchdog'), readChildEnvironment()),
      dataDirectory,
      config,
      docker: () => containers?.target() ?? null,
      workers: workload.workers,
      clock,
      log,
    }),
  );
  if (options.buttonFile !== '') await config.set('killswitch.button', `file:${options.buttonFile}`);
  bag.add(createButton({ killSwitch, config, clock, log }));
  bag.add(
    await openControlSocket({
      dataDirectory,
      log,
      run: async (command, { level }) => {
        if (command === 'kill') await killSwitch.engage({ level: level ?? 5, trigger: 'cli' });
        return {};
      },
    }),
  );
  const api = createServer((request, response) => {
    const answer = createPageResources({ '/api': createKillApi(killSwitch) });
    void answer({ method: request.method ?? '', pathname: request.url ?? '', body: request, isOwn: true, contentLength: undefined }).then(
      (found) => {
        response.writeHead(found?.status ?? 404).end(found?.body instanceof Uint8Array ? found.body : '');
      },
    );
  });
  await new Promise<void>((done) => void api.listen(0, '127.0.0.1', done));
  bag.add(() => void api.close());

  process.on('message', (message: ToCore) => {
    obey(message).catch((error: unknown) => tell({ did: 'failed', what: String(error) }));
  });
  process.on('disconnect', () => void bag.dispose().finally(() => process.exit(0)));
  const obey = async (message: ToCore): Promise<void> => {
    switch (message.do) {
      case 'begin':
        await workload.begin(message.containers);
        tell({ did: 'begin', state: killSwitch.state() });
        return;
      case 'trigger':
        await killSwitch.engage({ level: message.level, trigger: message.trigger });
        return;
      case 'errors':
        killSwitch.count('error', message.count);
        return;
      case 'die-at':
        dieAt = message.step;
        return;
      case 'lift':
        await killSwitch.lift({ token: killSwitch.prepareLift().token, phrase: 'start again' }, 'terminal');
        tell({ did: 'lift', state: killSwitch.state() });
        return;
      case 'clear':
        await workload.clear();
        tell({ did: 'clear', state: killSwitch.state() });
        return;
      case 'state':
        tell({ did: 'state', state: killSwitch.state() });
        return;
      case 'end':
        await bag.dispose();
        process.exit(0);
    }
  };
  while (killSwitch.state().watchdog !== 'running') await pause(5);
  tell({ did: 'ready', apiPort: (api.address() as AddressInfo).port, state: killSwitch.state() });
}

const tell = (message: FromCore): void => void process.send?.(message);

interface Workload {
  begin(containerCount: number): Promise<void>;
  /** Ends what a low level has left running. */
  clear(): Promise<void>;
  workers(): number[];
  dispose(): void;
}

/** Ten tool runs, speech, a call, messages, and two workers; with the stoppers that the real ones have. */
function createWorkload(
  { recordFile, outgoingPort }: CoreOptions,
  killSwitch: KillSwitchService,
  containers: DrillContainers | undefined,
): Workload {
  let tools: ReturnType<typeof startWriter>[] = [];
  let engines: { kind: 'inference' | 'process'; writer: ReturnType<typeof startWriter> }[] = [];
  let sounds: ReturnType<typeof startSound>[] = [];
  let messages: ReturnType<typeof startMessages> | undefined;
  const endTools = (): string[] => {
    const ended = tools;
    tools = [];
    for (const tool of ended) tool.end();
    return ended.map(({ child }) => `process ${child.pid}`);
  };
  const endEngines = (kind: 'inference' | 'process'): string[] => {
    const ended = engines.filter((engine) => engine.kind === kind);
    engines = engines.filter((engine) => engine.kind !== kind);
    for (const { writer } of ended) writer.end();
    return ended.map((engine) => engine.kind);
  };
  const endSounds = (): void => {
    for (const sound of sounds) sound.dispose();
    sounds = [];
  };
  killSwitch.register({ effect: 'tool', stop: async () => endTools() });
  if (containers) killSwitch.register({ effect: 'tool', stop: () => containers.stop() });
  killSwitch.register({ effect: 'outgoing', stop: async () => messages?.cut() ?? [] });
  killSwitch.register({ effect: 'inference', stop: async () => endEngines('inference') });
  killSwitch.register({ effect: 'process', stop: async () => endEngines('process') });
  const clear = async (): Promise<void> => {
    endTools();
    await containers?.stop();
    endEngines('inference');
    endEngines('process');
    endSounds();
    messages?.dispose();
    messages = undefined;
  };
  return {
    clear,
    dispose: () => void clear(),
    workers: () => engines.flatMap(({ writer }) => (writer.child.pid === undefined ? [] : [writer.child.pid])),
    async begin(containerCount) {
      await clear();
      if (containerCount > 0) await containers?.begin(containerCount);
      for (let index = 0; index < TOOL_RUNS - containerCount; index += 1)
        tools.push(startWriter({ kind: 'tool', name: `run-${index}`, recordFile, killSwitch, isTool: true }));
      for (const kind of ['inference', 'process'] as const)
        engines.push({ kind, writer: startWriter({ kind, name: kind, recordFile, killSwitch, isTool: false }) });
      sounds = (['answer', 'call'] as const).map((kind) => startSound(kind, recordFile, killSwitch.gate));
      messages = startMessages(outgoingPort, killSwitch.gate);
    },
  };
}
