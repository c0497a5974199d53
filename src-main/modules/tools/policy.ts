import type { Asker, ToolPolicy, ToolRight, Verdict } from '../../../src-preload/contract/index.ts';
import type { ErrorData } from '../../base/errors.ts';
import { toolReason, type ToolErrorCode } from './tools-errors.ts';
import type { Tool, ToolPlan } from './tools.ts';

/**
 * Who is behind a call. owner: in the window, a browser page or by voice · absent: something that the owner had planned runs while nobody watches ·
 * outsider: persons and programs that reach the assistant by phone, message, MCP or API.
 */
type Standing = 'owner' | 'absent' | 'outsider';

const STANDING_OF: Record<Asker['channel'], Standing> = {
  window: 'owner',
  browser: 'owner',
  voice: 'owner',
  schedule: 'absent',
  phone: 'outsider',
  message: 'outsider',
  mcp: 'outsider',
  api: 'outsider',
};

export function standingOf({ channel }: Asker): Standing {
  return STANDING_OF[channel];
}

type Row = Record<'owner' | 'tainted' | 'outsider', Verdict>;

/**
 * The whole policy. `owner`: a clean turn of the owner · `tainted`: the owner's turn after text from outside was read, or nobody is there · `outsider`:
 * asked from outside, tainted or not. No cell of a row may be looser than the one before it. There is no right to lift the off-switch: no tool can.
 */
export const rightsTable: Record<ToolRight, Row> = {
  'read-files': { owner: 'allow', tainted: 'allow', outsider: 'ask' },
  'write-files': { owner: 'ask', tainted: 'ask', outsider: 'deny' },
  'run-command': { owner: 'allow', tainted: 'allow', outsider: 'deny' },
  network: { owner: 'allow', tainted: 'ask', outsider: 'ask' },
  clipboard: { owner: 'allow', tainted: 'ask', outsider: 'deny' },
  open: { owner: 'allow', tainted: 'ask', outsider: 'deny' },
  notify: { owner: 'allow', tainted: 'ask', outsider: 'ask' },
  schedule: { owner: 'allow', tainted: 'ask', outsider: 'ask' },
  send: { owner: 'ask', tainted: 'ask', outsider: 'ask' },
  'call-out': { owner: 'ask', tainted: 'ask', outsider: 'deny' },
  'write-memory': { owner: 'allow', tainted: 'ask', outsider: 'deny' },
  connector: { owner: 'ask', tainted: 'ask', outsider: 'deny' },
};

export interface PolicyQuestion {
  asker: Asker;
  tainted: boolean;
  tool: Pick<Tool, 'risk'>;
  plan: Pick<ToolPlan, 'verdict' | 'reasons' | 'rights'>;
  /** The owner's word about this tool. */
  ownerPolicy: ToolPolicy;
}

export interface PolicyAnswer {
  verdict: Verdict;
  /** Why; those that made it so strict first. Empty when it is simply allowed. */
  reasons: ErrorData[];
  /** An "always" may be offered, and one given before counts. */
  mayRemember: boolean;
}

const STRICTNESS: Record<Verdict, number> = { allow: 0, ask: 1, deny: 2 };

export function strictest(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((worst, verdict) => (STRICTNESS[verdict] > STRICTNESS[worst] ? verdict : worst), 'allow');
}

/**
 * Decides about one planned call. Pure. The strictest of: the tool's own opinion about this plan, the table for each right that it needs, the tool's risk, and
 * the owner's word. That word can loosen only the table's "ask", and only in a clean turn of the owner.
 */
export function decide({ asker, tainted, tool, plan, ownerPolicy }: PolicyQuestion): PolicyAnswer {
  const standing = standingOf(asker);
  const isCleanOwner = standing === 'owner' && !tainted;
  const votes: { verdict: Verdict; reason: ErrorData | undefined }[] = [];
  if (ownerPolicy === 'off') votes.push({ verdict: 'deny', reason: toolReason('policy.off') });
  if (ownerPolicy === 'ask') votes.push({ verdict: 'ask', reason: toolReason('policy.owner-asks') });
  if (plan.verdict !== 'allow') {
    const [first = toolReason('policy.tool-asks'), ...others] = plan.reasons;
    votes.push({ verdict: plan.verdict, reason: first }, ...others.map((reason) => ({ verdict: plan.verdict, reason })));
  }
  const isTrusted = ownerPolicy === 'allow' && isCleanOwner;
  for (const right of plan.rights) {
    const verdict = rightsTable[right][isCleanOwner ? 'owner' : standing === 'outsider' ? 'outsider' : 'tainted'];
    if (verdict === 'allow' || (verdict === 'ask' && isTrusted)) continue;
    votes.push({ verdict, reason: toolReason(reasonCode(standing, tainted, verdict), { right, channel: asker.channel }) });
  }
  if (tool.risk === 'high' && !isTrusted) {
    votes.push({ verdict: standing === 'outsider' ? 'deny' : 'ask', reason: toolReason('policy.high-risk') });
  }
  const verdict = strictest(votes.map((vote) => vote.verdict));
  const reasons = votes.filter((vote) => vote.verdict === verdict).map((vote) => vote.reason);
  return {
    verdict,
    reasons: distinct(reasons.filter((reason) => reason !== undefined)),
    mayRemember: isCleanOwner && ownerPolicy !== 'ask',
  };
}

function reasonCode(standing: Standing, tainted: boolean, verdict: Verdict): ToolErrorCode {
  if (standing === 'outsider') return verdict === 'deny' ? 'policy.not-for-outside' : 'policy.outside-asker';
  if (tainted) return 'policy.tainted';
  return standing === 'absent' ? 'policy.absent' : 'policy.right';
}

function distinct(reasons: readonly ErrorData[]): ErrorData[] {
  return reasons.filter((reason, index) => reasons.findIndex(({ message }) => message === reason.message) === index);
}
