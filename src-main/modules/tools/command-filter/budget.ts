/** Judging ended early: the command asks for more work than an honest one needs. Caught by `judgeCommand`, which then never answers "allow". */
export class LimitReached extends Error {}

export interface Budget {
  /** Pays for work that is about to be done; throws {@link LimitReached} when nothing is left. */
  spend(steps?: number): void;
  used(): number;
}

/** Steps, not milliseconds: the same text always gets the same verdict, on any machine. */
export function createBudget(limit: number): Budget {
  let used = 0;
  return {
    spend: (steps = 1) => {
      used += steps;
      if (used > limit) throw new LimitReached('The command is too large to be judged.');
    },
    used: () => used,
  };
}
