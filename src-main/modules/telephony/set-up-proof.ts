import type { PhoneStatus } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, toErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { exchangeAddress } from '../../platform/contract-host/page-policy.ts';
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
  /** A page of the owner's is open on this machine, in the window or in a browser: it is to become their telephone. */
  hasPage: () => boolean;
  isSoftphoneThere: () => boolean;
  /** Where the exchange waits for it; undefined = it is not ready, or has no account for it. */
  softphoneUrl: () => string | undefined;
  /** The exchange is ready and not of our making, so it may have no account. Ours always has one. */
  isExistingReady: () => boolean;
  /** A page has taken the telephone's place, and is about to register. */
  isTelephoneHeld: () => boolean;
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

  const whyNoSoftphone = (): PhoneErrorCode => {
    const url = deps.softphoneUrl();
    if (url === undefined) return deps.isExistingReady() ? 'phone.softphone-unknown' : 'phone.not-ready';
    if (exchangeAddress(url) === undefined) return 'phone.softphone-remote';
    // A page on another machine never asks for the place: exchange and sound are reached on this one alone.
    return deps.isTelephoneHeld() ? 'phone.softphone-late' : 'phone.softphone-absent';
  };
  const make = (): ExchangeSteps => {
    const made = createExchangeSteps([...(deps.hasPage() ? (['softphone'] as const) : []), 'test-call'], () => {
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
      const until = async (isSo: () => boolean, why: () => PhoneErrorCode): Promise<void> => {
        for (const endMs = clock.nowMs() + PATIENCE_MS; !isSo();) {
          if (steps !== mine) throw new AppError('request.aborted', 'The set-up was stopped meanwhile.');
          if (clock.nowMs() > endMs) throw phoneError(why());
          await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
        }
      };
      const attempt = (id: 'softphone' | 'test-call', work: () => Promise<void>): Promise<void> =>
        mine.run(id, work).catch((error: unknown) => log.warn('phone.not-proved', { step: id, ...toErrorData(error) }));
      if (mine.list().some(({ id }) => id === 'softphone')) await attempt('softphone', () => until(deps.isSoftphoneThere, whyNoSoftphone));
      if (steps !== mine) return;
      await attempt('test-call', async () => {
        await until(deps.isControlled, () => 'phone.control-lost');
        await deps.testCall();
      });
    },
  };
}
