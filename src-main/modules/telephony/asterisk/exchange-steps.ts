import { toErrorData } from '../../../base/errors.ts';
import type { PhoneStep } from '../../../../src-preload/contract/index.ts';

type StepId = PhoneStep['id'];

/** The steps of a set-up as the window shows them. */
export interface ExchangeSteps {
  list(): readonly PhoneStep[];
  /** All wait again. */
  reset(): void;
  /** Does the work of one step; what it throws is kept with the step and goes on. */
  run<Result>(id: StepId, work: (progress: (share: number) => void) => Promise<Result>): Promise<Result>;
}

export function createExchangeSteps(ids: readonly StepId[], changed: () => void): ExchangeSteps {
  const waiting = (): PhoneStep[] => ids.map((id) => ({ id, status: 'waiting', share: null, error: null }));
  let steps = waiting();
  const set = (id: StepId, change: Partial<PhoneStep>): void => {
    steps = steps.map((step) => (step.id === id ? { ...step, ...change } : step));
    changed();
  };
  return {
    list: () => steps,
    reset() {
      steps = waiting();
      changed();
    },
    async run(id, work) {
      set(id, { status: 'running', share: null, error: null });
      try {
        // In hundredths: a build tells more often than anybody can see.
        let shown = -1;
        const result = await work((share) => {
          const next = Math.round(share * 100) / 100;
          if (next === shown) return;
          shown = next;
          set(id, { share: next });
        });
        set(id, { status: 'done', share: null });
        return result;
      } catch (error) {
        set(id, { status: 'failed', share: null, error: toErrorData(error) });
        throw error;
      }
    },
  };
}
