import type { KillLevel, KillState } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { EFFECT_LEVELS, EFFECTS } from './kill-gate.ts';
import type { Effect, Stopper } from './killswitch.ts';

type Stopped = KillState['stopped'];

/** What has not ended by then is given up on; the watchdog ends its processes. */
const STOPPER_DEADLINE_MS = 300;
/** The next effect is stopped after the one before, but not later than this after it was begun: a hanging one holds nobody up. */
const STAGE_PATIENCE_MS = 30;
const MAX_NAMES = 50;

/**
 * Ends by force what the level stops, in the fixed order. Stoppers of one effect run side by side. Resolves with what was cut off when all have ended or were
 * given up on; never rejects.
 */
export async function runStoppers(
  level: KillLevel,
  stoppers: readonly Stopper[],
  { clock, log }: { clock: Clock; log: Log },
): Promise<Stopped> {
  const stages = EFFECTS.filter((effect) => EFFECT_LEVELS[effect] <= level).map((effect) => ({
    effect,
    stoppers: stoppers.filter((stopper) => stopper.effect === effect),
  }));
  const running: Promise<Stopped[number]>[] = [];
  for (const stage of stages) {
    const stopping = Promise.all(stage.stoppers.map((stopper) => stopOne(stopper, clock, log))).then((names) =>
      cutOff(stage.effect, names.flat()),
    );
    running.push(stopping);
    if (stage.stoppers.length > 0) await atMost(stopping, STAGE_PATIENCE_MS, clock);
  }
  const ended = await Promise.all(running);
  return ended.filter(({ count }) => count > 0);
}

/** What was cut off in several runs of one stop, in the order of stopping. */
export function mergeStopped(before: Stopped, now: Stopped): Stopped {
  return EFFECTS.flatMap((effect) => {
    const parts = [...before, ...now].filter(({ what }) => what === effect);
    if (parts.length === 0) return [];
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    return [{ what: effect, count, names: parts.flatMap(({ names }) => names).slice(0, MAX_NAMES) }];
  });
}

function cutOff(what: Effect, names: readonly string[]): Stopped[number] {
  return { what, count: names.length, names: names.slice(0, MAX_NAMES) };
}

async function stopOne(stopper: Stopper, clock: Clock, log: Log): Promise<readonly string[]> {
  const begun = begin(stopper);
  const names = await atMost(
    begun.catch((error: unknown) => {
      log.error('killswitch.stopper-failed', { effect: stopper.effect, error });
      return [];
    }),
    STOPPER_DEADLINE_MS,
    clock,
  );
  if (names === undefined) log.error('killswitch.stopper-hangs', { effect: stopper.effect });
  return names ?? [];
}

/** A stopper that throws instead of rejecting is a failed one as well. */
async function begin(stopper: Stopper): Promise<readonly string[]> {
  return stopper.stop();
}

/** The value, or undefined when it has not come by then. */
function atMost<Value>(promise: Promise<Value>, limitMs: number, clock: Clock): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(limitMs, () => resolve(undefined));
    promise.then(resolve, reject).finally(() => timer.cancel());
  });
}
