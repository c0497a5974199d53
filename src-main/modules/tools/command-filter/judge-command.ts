import { parse } from 'unbash';
import { hasHidden } from '../../../base/hidden-characters.ts';
import { createBudget, LimitReached } from './budget.ts';
import type { CommandPlan, CommandVerdict, JudgeCommand } from './command-verdict.ts';
import { createFindings, type Findings, type Judging } from './judging.ts';
import { ask, deny, strictest, type Opinion } from './opinion.ts';
import { judgeCmd, judgePowerShell } from './other-shells.ts';
import { createScope } from './scope.ts';
import { readCode, readScript } from './script-reader.ts';

/** Longer commands are programs: they belong into a file that can be looked at. */
const LONGEST_CHARACTERS = 32_000;
/** A thousand words or a hundred pipes; an ordinary command takes a hundred steps. Keeps 10 kB of anything far below 50 ms. */
const MOST_STEPS = 8_000;
/** The parser goes through nested substitutions once per level; this many of them in one line come from a generator. */
const MOST_NESTED = 60;

/**
 * Judges one command line; see `CommandVerdict`. Pure, synchronous, never throws. "allow" is only ever the answer to a command that was understood word by
 * word and has a plan; a limit, an error of the parser or unknown syntax ends in "ask" or "deny".
 */
export const judgeCommand: JudgeCommand = (text, options = {}) => {
  const findings = createFindings();
  try {
    if (options.shell === 'powershell' || options.shell === 'cmd') {
      (options.shell === 'cmd' ? judgeCmd : judgePowerShell)(text, findings);
      return conclude(findings, 'another-shell');
    }
    return judgePosix(text, findings);
  } catch (error) {
    const isLimit = error instanceof LimitReached || error instanceof RangeError;
    return refusal(
      isLimit
        ? deny('command.too-large', 'The command is too large or too deeply nested to be judged: split it up.')
        : deny('command.unknown-syntax', 'The command could not be read: write it in a simpler way.'),
      findings.tricks.length > 0 || (isLimit && isDense(text)),
    );
  }
};

/** Steps that judging took, for tests of its bounds. */
export function countSteps(text: string): number {
  const findings = createFindings();
  const judging = newJudging(findings);
  try {
    if (refuseUnread(text) === undefined) readScript(parse(text), judging);
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
  }
  return judging.budget.used();
}

function judgePosix(text: string, findings: Findings): CommandVerdict {
  const unread = refuseUnread(text);
  if (unread) return refusal(unread, unread.code !== 'command.empty' && (isDense(text) || hasHiddenCharacters(text)));
  const script = parse(text);
  if (script.commands.length === 0 && !script.errors?.length) return refusal(deny('command.empty', 'There is no command.'), false);
  const judging = newJudging(findings);
  const pipelines = readScript(script, judging);
  if (hasHiddenCharacters(text)) findings.tricks.push({ kind: 'disguised', what: 'characters that nobody sees, or takes for others' });
  return conclude(findings, { pipelines });
}

function newJudging(findings: Findings): Judging {
  return {
    findings,
    scope: createScope(),
    budget: createBudget(MOST_STEPS),
    depth: 0,
    before: [],
    isLast: true,
    isSole: true,
    isSure: true,
    input: undefined,
    hasRedirect: false,
    readScript,
    readCode,
  };
}

/** What is refused before it is parsed. */
function refuseUnread(text: string): Opinion | undefined {
  if (text.trim() === '') return deny('command.empty', 'There is no command.');
  if (text.length > LONGEST_CHARACTERS) return deny('command.too-large', 'The command is too long to be judged: put it into a file.');
  if (/[\0\uFDD0-\uFDEF]/.test(text)) return deny('command.unknown-syntax', 'The command contains characters that no command has.');
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?:^|[^\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text)) {
    return deny('command.unknown-syntax', 'The command contains half a character.');
  }
  if (deepestNesting(text) > MOST_NESTED) return deny('command.too-large', 'The command is too deeply nested to be judged: split it up.');
  return undefined;
}

/** An upper bound of how deep brackets and backquotes go, without reading quotes. */
function deepestNesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let backquotes = 0;
  for (const character of text) {
    if (character === '(' || character === '{') depth += 1;
    else if (character === ')' || character === '}') depth = Math.max(0, depth - 1);
    else if (character === '`') backquotes += 1;
    deepest = Math.max(deepest, depth);
  }
  return Math.max(deepest, backquotes > 400 ? backquotes : 0);
}

/** What the screen shows is not what is there. The end of a line may be that of another system. */
const hasHiddenCharacters = (text: string): boolean => hasHidden(text.replace(/\r$/, ''));

/** Mostly punctuation: nobody types that. */
function isDense(text: string): boolean {
  const sample = text.slice(0, 2_000);
  const marks = sample.match(/[$`'"\\{}()[\]]/g)?.length ?? 0;
  return (marks > 40 && marks > sample.length / 3) || /\$\{[@*]|\$'\\[x0-7]|\w\$[@*]\w|\$\{IFS/.test(sample);
}

/** Commands for another shell never have a plan; here nothing is allowed without one. */
function conclude(findings: Findings, planned: CommandPlan | 'another-shell'): CommandVerdict {
  const plan = planned !== 'another-shell' && planned.pipelines.length > 0 ? planned : undefined;
  const computed = findings.tricks.find((trick) => trick.kind === 'computed');
  const trick = computed ?? findings.tricks[0];
  if (computed) {
    findings.opinions.push(deny('command.hidden', `It hides what it does (${computed.what}): write the command as it is meant.`));
  } else if (trick) findings.opinions.push(ask('command.disguised', `It is written in a way that hides what it does (${trick.what}).`));
  if (planned !== 'another-shell' && (findings.unplanned !== undefined || !plan)) {
    findings.opinions.push(ask('command.unplanned', findings.unplanned ?? 'It could not be understood word by word.'));
  }
  const opinion = strictest(findings.opinions) ?? ask('command.unknown-syntax', 'It could not be understood.');
  const canRun = findings.unplanned === undefined && opinion.verdict !== 'deny';
  return {
    verdict: opinion.verdict,
    obfuscated: trick !== undefined,
    reason: opinion.reason,
    code: opinion.code,
    about: opinion.about,
    plan: canRun ? plan : undefined,
    hasInterpreter: findings.interpreter,
    reads: [...findings.reads],
    writes: [...findings.writes],
    network: findings.network,
  };
}

function refusal({ verdict, code, reason }: Opinion, obfuscated: boolean): CommandVerdict {
  return { verdict, obfuscated, reason, code, plan: undefined, hasInterpreter: false, reads: [], writes: [], network: false };
}
