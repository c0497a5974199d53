import type { ToolRight } from '../../../../src-preload/contract/index.ts';
import type { PlanWords } from '../plan-words.ts';
import type { ToolPlan } from '../tools.ts';

/** The plan of a tool that has no objection of its own and runs in the app itself. */
export function plainPlan(
  words: PlanWords,
  rights: readonly ToolRight[] = [],
  { details = [] }: { details?: ToolPlan['details'] } = {},
): ToolPlan {
  return { ...words, details, sandboxed: false, verdict: 'allow', reasons: [], rights, rememberKey: undefined };
}
