import type { PhoneStatus } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, toErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { createExchangeSteps, type ExchangeSteps } from './asterisk/exchange-steps.ts';
import { phoneError, type PhoneErrorCode } from './telephony-errors.ts';

/** The last steps of a set-up: what was set up is tried. They follow only when the owner has asked for it, not when the app starts again. */
export interface SetUpProof {
  steps(): PhoneStatus['steps'];
  /** They wait for the exchange. */
  announce(): void;
  /** One after the other; a step that fails says so and the next one is tried all the same. Never rejects. */
  run(): Promise<void>;
  /** There is nothing to prove any more. */
  drop(): void;
}

export interface SetUpProofDeps {
  /** Only a window has a telephone of its own. */
  hasWindow: () => boolean;
  isSoftphoneThere: () => boolean;
  isControlled: () => boolean;
  testCall: () => Promise<void>;
  changed: () => void;
  clock: Clock;
  log: Log;
}

const PATIENCE_MS = 10_000;
const LOOK_MS = 100;

export function createSetUpProof(deps: SetUpProofDeps): SetUpProof {
  const { clock, log } = deps;
  let steps: ExchangeSteps | undefined;
  /** Asked twice for the same set-up, it is proved once. */
  let begun: ExchangeSteps | undefined;

  const make = (): ExchangeSteps => {
    const made = createExchangeSteps([...(deps.hasWindow() ? (['softphone'] as const) : []), 'test-call'], () => {
      if (steps === made) deps.changed();
    });
    return made;
  };

  return {
    steps: () => [...(steps?.list() ?? [])],
    announce: () => void (steps = make()),
    drop: () => void (steps = undefined),
    async run() {
      const mine = steps;
      if (mine === undefined || mine === begun) return;
      begun = mine;
      const until = async (isSo: () => boolean, code: PhoneErrorCode, details = {}): Promise<void> => {
        for (const endMs = clock.nowMs() + PATIENCE_MS; !isSo();) {
          if (steps !== mine) throw new AppError('request.aborted', 'The set-up was stopped meanwhile.');
          if (clock.nowMs() > endMs) throw phoneError(code, details);
          await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
        }
      };
      const attempt = (id: 'softphone' | 'test-call', work: () => Promise<void>): Promise<void> =>
        mine.run(id, work).catch((error: unknown) => log.warn('phone.not-proved', { step: id, ...toErrorData(error) }));
      if (mine.list().some(({ id }) => id === 'softphone'))
        await attempt('softphone', () => until(deps.isSoftphoneThere, 'phone.softphone-late'));
      if (steps !== mine) return;
      await attempt('test-call', async () => {
        await until(deps.isControlled, 'phone.control-lost');
        await deps.testCall();
      });
    },
  };
}
