import type { Log } from '../../../base/log.ts';
import type { HandlersFor } from '../../../platform/contract-host/index.ts';
import type { Sandbox } from './sandbox.ts';

/** What a page may ask about the locked room. */
export function createSandboxHandlers({ sandbox, log }: { sandbox: Sandbox; log: Log }): HandlersFor<'sandbox.status' | 'sandbox.prepare'> {
  return {
    // A first look, or another one when something was missing: the owner may have installed it meanwhile.
    'sandbox.status': async () => {
      const { state } = sandbox.status();
      return state === 'ready' || state === 'building' ? sandbox.status() : sandbox.refresh();
    },
    'sandbox.prepare': async () => {
      sandbox.prepare().catch((error: unknown) => log.warn('sandbox.not-prepared', { error }));
      // Begun is enough: the building is told as it goes.
      const { state } = sandbox.status();
      return state === 'unknown' ? sandbox.refresh() : sandbox.status();
    },
  };
}
