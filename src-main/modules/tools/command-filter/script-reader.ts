import {
  forEachChild,
  parse,
  type AndOr,
  type Assignment,
  type Command,
  type CommandNode,
  type ParsedScript,
  type Pipeline,
  type Statement,
  type SyntaxNode,
  type Word,
} from 'unbash';
import { gitReads } from './git-rules.ts';
import { judgeVariable, isHarmlessVariable } from './environment-rules.ts';
import { expandToText, expandWord } from './expand-word.ts';
import type { PlannedPipeline, PlannedProcess } from './command-verdict.ts';
import { judgeProgram } from './judge-program.ts';
import { unplannable, type Item, type Judging } from './judging.ts';
import { asExecuted, HOME, isKnown } from './markers.ts';
import { ask, deny } from './opinion.ts';
import { basename } from './names.ts';
import { judgeRedirects } from './redirects.ts';
import { loopVariable } from './scope.ts';
import { wordTricks } from './word-tricks.ts';

type Runs = PlannedPipeline['runs'];

/** Reads a script from top to bottom: judges all that is in it, and plans what can be planned. Complete only if `findings.unplanned` stays undefined. */
export function readScript(script: ParsedScript, judging: Judging): PlannedPipeline[] {
  const { findings } = judging;
  if (script.errors?.length) {
    findings.opinions.push(ask('command.unknown-syntax', `This is not a complete command (${script.errors[0]?.message ?? 'unreadable'}).`));
    unplannable(judging, 'It could not be read to its end.');
  }
  const isSole = judging.isSole && script.commands.length === 1;
  return script.commands.flatMap((statement) => readStatement(statement, { ...judging, isSole }));
}

/** Text as a script of its own. */
export function readCode(code: string, judging: Judging): PlannedPipeline[] {
  judging.budget.spend(16 + code.length / 8);
  return readScript(parse(code), judging);
}

function readStatement(statement: Statement, judging: Judging): PlannedPipeline[] {
  judging.budget.spend();
  const { command } = statement;
  if (statement.background) {
    judging.findings.opinions.push(ask('command.background', 'A command in the background outlives the answer: leave the & away.'));
    unplannable(judging, 'It starts something in the background.');
  }
  if (command.type === 'AndOr') return readAndOr(command, judging);
  return readPipeline(command, 'always', judging);
}

function readAndOr({ commands, operators }: AndOr, judging: Judging): PlannedPipeline[] {
  return commands.flatMap((command, index) => {
    const operator = operators[index - 1];
    const runs: Runs = index === 0 ? 'always' : operator === '&&' ? 'if-ok' : 'if-failed';
    const isAssignment = command.type === 'Command' && !command.name;
    if (isAssignment && (index > 0 || operators[0] === '||')) unplannable(judging, 'A variable is set in one case only.');
    return readPipeline(command, runs, { ...judging, isSole: false, isSure: judging.isSure && index === 0 });
  });
}

function readPipeline(node: CommandNode | Pipeline, runs: Runs, judging: Judging): PlannedPipeline[] {
  if (node.type !== 'Pipeline') return readNode(node, runs, judging);
  const { commands, operators, prefixes } = node;
  for (const prefix of prefixes)
    unplannable(judging, prefix.type === 'Time' ? 'time belongs to a shell.' : 'It turns success into failure.');
  if (prefixes.length > 0) judging.findings.opinions.push(ask('command.state', 'time and ! belong to a shell: leave them away.'));
  const [only] = commands;
  if (commands.length === 1 && only) return readNode(only, runs, judging);
  const processes: PlannedProcess[] = [];
  for (const [index, command] of commands.entries()) {
    const isLast = index === commands.length - 1;
    const inner: Judging = {
      ...judging,
      before: [...judging.before, ...commands.slice(0, index)],
      isLast: isLast && judging.isLast,
      isSole: false,
      isSure: false,
    };
    judging.budget.spend(index + 1);
    const [planned, ...more] = readNode(command, 'always', inner);
    const [process, ...others] = planned?.processes ?? [];
    if (!process || more.length > 0 || others.length > 0) unplannable(judging, 'A part of the pipe is not a single program.');
    else if (operators[index] === '|&')
      processes.push({ ...process, redirects: [...process.redirects, { kind: 'duplicate', descriptor: 2, from: 1 }] });
    else processes.push(process);
  }
  return [{ processes, runs }];
}

function readNode(node: CommandNode, runs: Runs, judging: Judging): PlannedPipeline[] {
  judging.budget.spend();
  if (node.type === 'Command') return readCommand(node, runs, judging);
  readCompound(node, judging);
  return [];
}

const COMPOUND: Readonly<Record<string, string>> = {
  If: 'if',
  For: 'a loop',
  ArithmeticFor: 'a loop',
  While: 'a loop',
  Select: 'a menu',
  Case: 'case',
  Subshell: 'a subshell',
  BraceGroup: 'a group',
  Function: 'a function',
  Coproc: 'a coprocess',
  TestCommand: '[[ ]]',
  ArithmeticCommand: '(( ))',
  Redirected: 'a group with redirections',
};

/** Loops, functions, groups: judged part by part, never planned. */
function readCompound(node: CommandNode, judging: Judging): void {
  const { findings } = judging;
  const what = COMPOUND[node.type] ?? 'this';
  if (node.type !== 'Redirected')
    findings.opinions.push(ask('command.compound', `It contains ${what}, which needs a shell: give the commands one by one.`));
  unplannable(judging, `It contains ${what}.`);
  const scope = judging.scope.fork();
  const inner: Judging = { ...judging, scope: node.type === 'Subshell' ? scope : judging.scope, isSole: false, isSure: false };
  if (node.type === 'Function') {
    if (isForkBomb(node.name.value, node))
      findings.opinions.push(deny('command.destroys', 'A function that starts itself over and over stops the machine.'));
    scope.positionalsAreEmpty = false;
    inner.scope = scope;
  }
  if (node.type === 'For' || node.type === 'Select') {
    for (const word of node.wordlist ?? []) expandItem(word, 'argument', inner);
    inner.scope.set(node.name.value, loopVariable);
  }
  visitInside(node, inner);
}

function visitInside(node: SyntaxNode, judging: Judging): void {
  forEachChild(node, (child) => {
    judging.budget.spend();
    switch (child.type) {
      case 'Statement':
        readStatement(child, judging);
        return;
      case 'Word':
        if (node.type !== 'For' && node.type !== 'Select' && node.type !== 'Function') expandItem(child, 'argument', judging);
        return;
      case 'Redirect':
      case 'HereString':
      case 'HereDoc':
        judgeRedirects([child], judging, false);
        return;
      case 'Command':
      case 'If':
      case 'For':
      case 'ArithmeticFor':
      case 'Select':
      case 'While':
      case 'Subshell':
      case 'BraceGroup':
      case 'Case':
      case 'TestCommand':
      case 'ArithmeticCommand':
      case 'Redirected':
      case 'Function':
      case 'Coproc':
        readNode(child, 'always', judging);
        return;
      case 'CommandExpansion':
      case 'ProcessSubstitution':
        if (child.script) readInner(child.script, child.type === 'ProcessSubstitution', judging);
        return;
      default:
        visitInside(child, judging);
    }
  });
}

/** `:(){ :|:& };:` under any name: the body calls the function twice, or in the background. */
function isForkBomb(name: string, node: SyntaxNode): boolean {
  let calls = 0;
  let background = false;
  const visit = (child: SyntaxNode, depth: number): void => {
    if (depth > 60) return;
    if (child.type === 'Command' && child.name?.value === name) calls += 1;
    if (child.type === 'Statement' && child.background) background = true;
    forEachChild(child, (next) => visit(next, depth + 1));
  };
  visit(node, 0);
  return calls >= 2 || (calls >= 1 && background);
}

function readInner(script: ParsedScript, isProcess: boolean, judging: Judging): void {
  judging.findings.opinions.push(
    ask(
      'command.computed',
      `${isProcess ? '<( )' : '$( )'} puts in what another command writes: run that command first and give its result.`,
    ),
  );
  unplannable(judging, 'One of its words is written by another command.');
  judging.budget.spend(10 + (script.source?.length ?? 0) / 8);
  readScript(script, {
    ...judging,
    scope: judging.scope.fork(),
    before: isProcess ? judging.before : [],
    isLast: false,
    isSole: false,
    isSure: false,
    input: undefined,
  });
}

/** Expands a word, judges what hides in it, and reads the scripts inside. */
function expandItem(word: Word, position: 'command' | 'argument', judging: Judging): Item[] {
  const scripts: ParsedScript[] = [];
  judging.budget.spend(10 + 4 * (word.parts?.length ?? 0) + word.text.length / 16);
  judging.findings.tricks.push(...wordTricks(word, position, judging.scope, judging.budget));
  const fields = expandWord(word, {
    scope: judging.scope,
    budget: judging.budget,
    onScript: (script, kind) => {
      scripts.push(script);
      readInner(script, kind === 'process', judging);
    },
  });
  return fields.map((field) => ({ field, word, scripts }));
}

function readCommand(command: Command, runs: Runs, judging: Judging): PlannedPipeline[] {
  judging.budget.spend(1 + command.suffix.length);
  const redirections = command.redirects;
  const here: Judging = { ...judging, before: judging.before, hasRedirect: redirections.length > 0 };
  const prefix = command.prefix.filter((part): part is Assignment => part.type === 'Assignment');
  if (!command.name) {
    for (const assignment of prefix) assign(assignment, here);
    if (redirections.length > 0) {
      judgeRedirects(redirections, here, true);
      here.findings.opinions.push(ask('command.writes', 'It only opens or empties a file.'));
      unplannable(here, 'There is no program.');
    }
    return [];
  }
  const env = judgePrefix(prefix, here);
  const redirects = judgeRedirects(redirections, here, true);
  const insideProcess: Judging = { ...here, before: [...here.before, command] };
  const items = expandItem(command.name, 'command', insideProcess);
  const assignments: Assignment[] = [];
  for (const part of command.suffix) {
    if (part.type === 'Word') items.push(...expandItem(part, 'argument', insideProcess));
    else if (part.type === 'Assignment') {
      assign(part, here);
      assignments.push(part);
    }
  }
  if (items.length === 0) {
    here.findings.opinions.push(ask('command.computed', 'There is no program: its name is empty.'));
    unplannable(here, 'There is no program.');
    return [];
  }
  const planned = judgeProgram(items, assignments, here);
  if (!planned || !env || !redirects) {
    unplannable(here, 'It cannot be run without a shell.');
    return [];
  }
  if ('pipelines' in planned) return redirections.length === 0 && prefix.length === 0 ? planned.pipelines : noPlan(here);
  return [{ processes: [toProcess(planned.items, env, redirects)], runs }];
}

function noPlan(judging: Judging): [] {
  unplannable(judging, 'A shell would read the text once more.');
  return [];
}

function toProcess(items: readonly Item[], env: Record<string, string>, redirects: PlannedProcess['redirects']): PlannedProcess {
  const patterns = items.flatMap(({ field }, index) => (field.pattern === undefined ? [] : [index]));
  const argv = items.map(({ field }) => asExecuted(field.pattern ?? field.text));
  const [program = '', ...args] = argv;
  const startsNothing = basename(program) === 'git' && gitReads(args) === undefined;
  return { argv, env, redirects, ...(patterns.length > 0 ? { patterns } : {}), ...(startsNothing ? { startsNothing } : {}) };
}

/** `NAME=value program`: only what cannot change what runs goes into the plan. */
function judgePrefix(prefix: readonly Assignment[], judging: Judging): Record<string, string> | undefined {
  const env: Record<string, string> = {};
  let isPlain = true;
  for (const assignment of prefix) {
    const value = valueOf(assignment, judging);
    const opinion = judgeVariable(assignment.name, value);
    if (opinion) judging.findings.opinions.push(opinion);
    if (
      value !== undefined &&
      !assignment.append &&
      !assignment.index &&
      (isHarmlessVariable(assignment.name) || opinion?.verdict === 'ask')
    ) {
      env[assignment.name] = asExecuted(value);
    } else isPlain = false;
  }
  return isPlain ? env : undefined;
}

function assign(assignment: Assignment, judging: Judging): void {
  const { scope, findings } = judging;
  judging.budget.spend(10);
  const value = valueOf(assignment, judging);
  const elements =
    assignment.value.type === 'ArrayValue'
      ? assignment.value.elements.flatMap((word) => expandItem(word, 'argument', judging).map((item) => item.field.text))
      : undefined;
  const isKnownArray = elements?.every((element) => isKnown(element)) ?? false;
  const opinion = judgeVariable(assignment.name, value);
  if (opinion?.verdict === 'deny' && assignment.name !== 'IFS' && assignment.name !== 'HISTFILE') findings.opinions.push(opinion);
  const sure = judging.isSure && !assignment.append && !assignment.index;
  scope.set(assignment.name, { value: sure ? value : undefined, elements: sure && isKnownArray ? elements : undefined, isLoop: false });
}

function valueOf(assignment: Assignment, judging: Judging): string | undefined {
  if (assignment.value.type === 'ArrayValue') return undefined;
  const word = assignment.value;
  judging.findings.tricks.push(...wordTricks(word, 'argument', judging.scope, judging.budget));
  const text = expandToText(word, {
    scope: judging.scope,
    budget: judging.budget,
    onScript: (script, kind) => readInner(script, kind === 'process', judging),
  });
  // `A=x:~/bin` expands behind the colon as well.
  return isKnown(text) ? text.replace(/:~(?=\/|:|$)/g, `:${HOME}`) : undefined;
}
