import type { Verdict } from '../../../../src-preload/contract/index.ts';

/** What one rule says about one thing. The strictest one wins. */
export interface Opinion {
  verdict: Verdict;
  code: string;
  /** One sentence. */
  reason: string;
  about?: About | undefined;
}

/** What the sentence names, for its translation: a program, a variable, or a place. */
type About = Readonly<Partial<Record<'program' | 'variable' | 'path', string>>>;

const SEVERITY: Readonly<Record<Verdict, number>> = { allow: 0, ask: 1, deny: 2 };

/** The first of the strictest. */
export function strictest(opinions: readonly Opinion[]): Opinion | undefined {
  let worst: Opinion | undefined;
  for (const opinion of opinions) if (!worst || SEVERITY[opinion.verdict] > SEVERITY[worst.verdict]) worst = opinion;
  return worst;
}

export const reading = (program: string): Opinion => ({
  verdict: 'allow',
  code: 'command.reads',
  reason: `${program} only reads.`,
  about: { program },
});
export const ask = (code: string, reason: string, about?: About): Opinion => ({ verdict: 'ask', code, reason, about });
export const deny = (code: string, reason: string, about?: About): Opinion => ({ verdict: 'deny', code, reason, about });
