import { callNames } from '../../src-preload/contract/index.ts';
import { AppError } from '../../src-main/base/errors.ts';
import type { Handlers } from '../../src-main/platform/contract-host/index.ts';

/** The core's side of the contract with only the calls a test needs; every other one rejects with `test.not-implemented`. */
export function createScriptedHandlers(handlers: Partial<Handlers>): Handlers {
  const missing = callNames.map((name) => [
    name,
    () => {
      throw new AppError('test.not-implemented', `The test has no handler for "${name}".`);
    },
  ]);
  return { ...(Object.fromEntries(missing) as Handlers), ...handlers };
}
