import { AppError } from '../../src-main/base/errors.ts';
import type { Effect, Gate } from '../../src-main/modules/killswitch/index.ts';

/** A gate that stands open until the test shuts it for one kind of effect. */
export interface OpenGate extends Gate {
  shut(effect: Effect): void;
  open(effect: Effect): void;
}

export function createOpenGate(): OpenGate {
  const controllers = new Map<Effect, AbortController>();
  const controllerOf = (effect: Effect): AbortController => {
    const known = controllers.get(effect) ?? new AbortController();
    controllers.set(effect, known);
    return known;
  };
  return {
    isOpen: (effect) => !controllerOf(effect).signal.aborted,
    pass(effect) {
      if (controllerOf(effect).signal.aborted) throw engaged();
    },
    signal: (effect) => controllerOf(effect).signal,
    shut: (effect) => controllerOf(effect).abort(engaged()),
    open: (effect) => void controllers.delete(effect),
  };
}

function engaged(): AppError {
  return new AppError('killswitch.engaged', 'Everything was stopped. Lift the stop in the window to go on.');
}
