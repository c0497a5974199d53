import type { ParsedScript, SyntaxNode, Word } from 'unbash';
import type { PlannedPipeline } from './command-verdict.ts';
import type { Budget } from './budget.ts';
import type { Field } from './expand-word.ts';
import type { Opinion } from './opinion.ts';
import type { Scope } from './scope.ts';
import type { Trick } from './word-tricks.ts';

/** What has been found out so far about one command line. Filled while it is read; never taken back. */
export interface Findings {
  opinions: Opinion[];
  tricks: Trick[];
  reads: Set<string>;
  writes: Set<string>;
  network: boolean;
  interpreter: boolean;
  /** Why it cannot be planned word by word; the first reason. */
  unplanned: string | undefined;
}

export const createFindings = (): Findings => ({
  opinions: [],
  tricks: [],
  reads: new Set(),
  writes: new Set(),
  network: false,
  interpreter: false,
  unplanned: undefined,
});

/** One argument together with how it was written. */
export interface Item {
  field: Field;
  word: Word;
  /** The substitutions inside it. */
  scripts: readonly ParsedScript[];
}

export interface Judging {
  findings: Findings;
  scope: Scope;
  budget: Budget;
  /** How many shells deep: `sh -c "sh -c …"`. */
  depth: number;
  /** What writes into this command's standard input, from left to right. */
  before: readonly SyntaxNode[];
  /** Nothing reads what it prints. */
  isLast: boolean;
  /** The line consists of this command alone. */
  isSole: boolean;
  /** It runs exactly once; what it assigns is sure. */
  isSure: boolean;
  /** Standard input given in the command itself. */
  input: { text: string; kind: 'document' | 'string' } | { kind: 'file' } | undefined;
  hasRedirect: boolean;
  /** Reads a whole script with these findings; gives its plan. */
  readScript: (script: ParsedScript, judging: Judging) => PlannedPipeline[];
  readCode: (code: string, judging: Judging) => PlannedPipeline[];
}

/** A command as it will be executed; or the pipelines that a `sh -c` consists of; undefined = not to be planned. */
export type Planned = { items: readonly Item[] } | { pipelines: PlannedPipeline[] } | undefined;

export function unplannable(judging: Judging, why: string): undefined {
  judging.findings.unplanned ??= why;
}
