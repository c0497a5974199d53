import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { DisposeBag } from '../base/dispose.ts';
import type { Config } from '../platform/config/index.ts';
import {
  createButton,
  createDrillNotice,
  createKillSwitch,
  createWatchdog,
  type DockerTarget,
  type KillSwitchService,
} from '../modules/killswitch/index.ts';
import type { CoreOptions } from '../compose.ts';
import type { Platform } from './platform.ts';

/** How long the news of a killed process is waited for. */
const EXIT_NEWS_MS = 200;

/** The off-switch, before anything that acts is built: what is engaged from the last time is engaged before the first act. */
export function composeOffSwitch(parts: {
  options: CoreOptions;
  platform: Platform;
  clock: Clock;
  bag: DisposeBag;
  /** What the assistant is called, for "Nova, stop everything". */
  names: () => readonly string[];
}): KillSwitchService {
  const { platform, clock, bag, names } = parts;
  const { audit, hub, log, metrics, notices, store, workers } = platform;
  const { dataDirectory } = parts.options.environment;
  const killSwitch = bag.add(
    createKillSwitch({
      dataDirectory,
      records: store.latch,
      onStoreReplaced: (listener) => store.onReplaced(listener),
      audit,
      recordForSure: (event) => audit.recordForSure(event),
      tell: (state) => hub.tell('killswitch.changed', state),
      clock,
      log,
      names,
      onNotWritten: () =>
        notices.raise({
          level: 'problem',
          code: 'killswitch.not-written',
          message:
            'The stop is in force, but could not be written to the disk: after a restart it might be gone. Free some space, then stop once more.',
          details: {},
          action: 'none',
        }),
    }),
  );
  bag.add(
    killSwitch.register({
      effect: 'process',
      async stop() {
        const running = workers.all().filter((worker) => worker.state().state !== 'stopped');
        const ended = Promise.all(running.map((worker) => worker.stop({ now: true })));
        // The signal cannot be refused; a busy machine may only be slow to tell that it was obeyed.
        await Promise.race([ended, new Promise<void>((done) => void clock.after(EXIT_NEWS_MS, done))]);
        return running.map((worker) => worker.name);
      },
    }),
  );
  workers.guard((name) => {
    killSwitch.gate.pass('process');
    if (name === 'language') killSwitch.gate.pass('inference');
  });
  metrics.gauge('kill_level', 'Level of the off-switch, 0 to 5.', () => killSwitch.state().level);
  return killSwitch;
}

/** What watches from outside, and what listens outside: begun when the core stands. */
export function beginOffSwitch(parts: {
  options: CoreOptions;
  platform: Platform;
  clock: Clock;
  bag: DisposeBag;
  killSwitch: KillSwitchService;
  docker: () => DockerTarget | null;
}): void {
  const { options, platform, clock, bag, killSwitch, docker } = parts;
  const { log, notices, workers } = platform;
  const config: Config = platform.config;
  const { dataDirectory } = options.environment;
  if (options.watchdog) {
    const workerPids = (): number[] =>
      workers.all().flatMap((worker) => {
        const state = worker.state();
        return state.state === 'running' ? [state.pid] : [];
      });
    const { watchdog: command } = options;
    platform.lastly.add(createWatchdog({ killSwitch, command, dataDirectory, config, docker, workers: workerPids, clock, log }));
  }
  bag.add(createButton({ killSwitch, config, clock, log }));
  bag.add(createDrillNotice({ dataDirectory, note: killSwitch.note, notices, clock, sinceMs: knownSinceMs(dataDirectory, clock) }));
}

/** The off-switch leaves this file at its very first start. */
function knownSinceMs(dataDirectory: string, clock: Clock): number {
  return statSync(join(dataDirectory, 'latch.known'), { throwIfNoEntry: false })?.birthtimeMs ?? clock.wallMs();
}
