import { setMaxListeners } from 'node:events';
import type { KillLevel } from '../../../src-preload/contract/index.ts';
import { engaged, languageCut } from './killswitch-errors.ts';
import type { Effect, Gate } from './killswitch.ts';

/** In the order of stopping; the number is the lowest level that stops it. */
export const EFFECT_LEVELS = { answer: 1, tool: 2, outgoing: 3, call: 3, inference: 4, process: 5 } as const satisfies Record<
  Effect,
  KillLevel
>;

export const EFFECTS = ['answer', 'tool', 'outgoing', 'call', 'inference', 'process'] as const satisfies readonly Effect[];

export interface OwnedGate extends Gate {
  /** Shuts and opens in this very tick. */
  set(level: KillLevel, languageCutOff: boolean): void;
}

/** Everything in memory, so that passing it costs nothing and a broken disk cannot open it. */
export function createKillGate(): OwnedGate {
  let level: KillLevel = 0;
  let languageCutOff = false;
  const controllers = new Map<Effect, AbortController>();

  const isOpen = (effect: Effect): boolean => level < EFFECT_LEVELS[effect] && !(effect === 'inference' && languageCutOff);
  const reason = (effect: Effect): Error => (level < EFFECT_LEVELS[effect] ? languageCut() : engaged(effect, level));
  const controllerOf = (effect: Effect): AbortController => {
    const present = controllers.get(effect);
    if (present) return present;
    const fresh = new AbortController();
    // Every piece of work listens; a hundred of them are no leak.
    setMaxListeners(0, fresh.signal);
    if (!isOpen(effect)) fresh.abort(reason(effect));
    controllers.set(effect, fresh);
    return fresh;
  };

  return {
    isOpen,
    pass(effect) {
      if (!isOpen(effect)) throw reason(effect);
    },
    signal: (effect) => controllerOf(effect).signal,
    set(nextLevel, nextCut) {
      level = nextLevel;
      languageCutOff = nextCut;
      // From the hands to the head: a tool that ends now was ended by the switch, not by the answer that lost interest in it.
      for (const effect of EFFECTS.toReversed()) {
        const controller = controllers.get(effect);
        if (controller === undefined) continue;
        // What was aborted stays so: work that begins after the lift asks for a new signal.
        if (isOpen(effect)) {
          if (controller.signal.aborted) controllers.delete(effect);
        } else if (!controller.signal.aborted) abort(controller, reason(effect));
      }
    },
  };
}

/** A listener that throws must not keep the other gates open. (Node reports what listeners throw by itself, in a later tick.) */
function abort(controller: AbortController, reason: Error): void {
  controller.abort(reason);
}
