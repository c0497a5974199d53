import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Timer } from '../../../base/clock.ts';
import type { Unsubscribe } from '../../../base/dispose.ts';
import type { Running } from './exchange-start.ts';
import { trunkEndpoint, trunksByName } from './render-settings.ts';

const HEALTH_EVERY_MS = 3_000;
/** After a question that was not answered; each waits for two seconds by itself. */
const HEALTH_AGAIN_MS = 250;
/** One is nothing: the machine was asleep, or had no time. */
const MISSES_ALLOWED = 3;
const HOSTS_EVERY_MS = 10_000;

/** Asks again and again; tells `onSilent`, once, when no answer has come within ten seconds. */
export function watchHealth(parts: { clock: Clock; answers: () => Promise<boolean>; onSilent: () => void }): Unsubscribe {
  let misses = 0;
  return repeat(parts.clock, HEALTH_EVERY_MS, async () => {
    misses = (await parts.answers()) ? 0 : misses + 1;
    if (misses < MISSES_ALLOWED) return misses === 0 ? HEALTH_EVERY_MS : HEALTH_AGAIN_MS;
    parts.onSilent();
    return 'enough';
  });
}

/**
 * Asterisk looks the name of a trunk up when it reads its files, and never again: one that nobody knew then (the machine was not online yet) would stay a
 * stranger whose calls are refused. Has the files read anew until all are known.
 */
export function watchLateHosts(clock: Clock, { container, folders, settings }: Running): Unsubscribe {
  const names = trunksByName(settings).map(({ id }) => trunkEndpoint(id));
  if (names.length === 0) return () => undefined;
  return repeat(clock, HOSTS_EVERY_MS, async () => {
    const words = await container.console('pjsip list identifies');
    if (names.every((name) => words.includes(` ${name}/`))) return 'enough';
    // A file that is as old as before is not read again.
    const now = new Date(clock.wallMs());
    await utimes(join(folders.configuration, 'pjsip.conf'), now, now);
    await container.console('module reload res_pjsip_endpoint_identifier_ip.so');
    return HOSTS_EVERY_MS;
  });
}

/** Does `work` after a pause, and again after as many ms as it says. When it rejects, after the first pause. */
function repeat(clock: Clock, firstPauseMs: number, work: () => Promise<number | 'enough'>): Unsubscribe {
  let isStopped = false;
  let timer: Timer | undefined;
  const wait = (pauseMs: number): void => {
    timer = clock.after(pauseMs, () => {
      void work()
        .catch(() => firstPauseMs)
        .then((next) => {
          if (!isStopped && next !== 'enough') wait(next);
        });
    });
  };
  wait(firstPauseMs);
  return () => {
    isStopped = true;
    timer?.cancel();
  };
}
