import type { Assignment } from 'unbash';
import { judgeVariable } from './environment-rules.ts';
import type { Item, Judging } from './judging.ts';
import { asJudged, isKnown } from './markers.ts';
import { ask, deny } from './opinion.ts';
import { loopVariable, unknownVariable } from './scope.ts';
import { findCode } from './code-source.ts';
import { judgeCode, judgeSource } from './shell-code.ts';

const DECLARES = /^(?:export|declare|typeset|local|readonly)$/;
/** They change or ask the state of a shell, and there is none when the argv is executed directly. */
const STATEFUL =
  /^(?:cd|pushd|popd|dirs|set|unset|shopt|let|getopts|exit|return|break|continue|wait|jobs|fg|bg|disown|hash|enable|complete|compgen|compopt|umask|ulimit|type|times|logout|bind|caller|shift|suspend|unalias|help|autoload|zmodload|setopt|emulate|read|mapfile|readarray)$/;

/**
 * The shell's own commands, which no list of programs knows: they poison what follows (`export PATH=…`), run text (`eval`, `trap`) or rename commands.
 * false = it is not one of them.
 */
export function judgeBuiltin(name: string, items: readonly Item[], assignments: readonly Assignment[], judging: Judging): boolean {
  const { findings, scope } = judging;
  const texts = items.map((item) => item.field.text);
  const say = (reason: string): void => void findings.opinions.push(ask('command.state', reason));
  if (DECLARES.test(name)) {
    declare(name, texts, assignments, judging);
    return true;
  }
  switch (name) {
    case 'eval':
      judgeEval(items, judging);
      return true;
    case 'source':
    case '.': {
      const scripts = items.flatMap((item) => item.scripts);
      findings.interpreter = true;
      if (scripts.length > 0) judgeSource(findCode(scripts, '<('), judging, name);
      else if (/^\/dev\/(?:stdin|fd\/)/.test(texts[1] ?? '')) judgeSource(findCode(judging.before, '|'), judging, name);
      if (judging.input && 'text' in judging.input) findings.tricks.push({ kind: 'computed', what: `code given to ${name} as its input` });
      findings.opinions.push(ask('command.interpreter', `${name} runs a file that is not judged.`));
      scope.forget();
      return true;
    }
    case 'trap':
    case 'alias':
      judgeLater(name, items, assignments, judging);
      return true;
    case 'history':
    case 'fc':
      findings.opinions.push(ask('command.state', `${name} works on the history of a shell.`));
      if (name === 'fc' || texts.some((text) => /^-[sp]/.test(text)))
        findings.tricks.push({ kind: 'computed', what: 'a command taken from the history' });
      return true;
    case 'printf':
      if (texts[1] !== '-v') return false;
      scope.set(texts[2] ?? '', unknownVariable);
      say('printf -v sets a variable of a shell.');
      return true;
    default:
      if (!STATEFUL.test(name)) return false;
      if (/^(?:read|mapfile|readarray|getopts)$/.test(name)) readInto(texts, judging);
      if (name === 'unset') for (const text of texts.slice(1)) scope.set(text, unknownVariable);
      if (/^(?:let|shopt|enable|setopt|emulate)$/.test(name)) scope.forget();
      if (name === 'set' && texts.length > 1) scope.positionalsAreEmpty = false;
      if (name === 'enable' && texts.includes('-f')) findings.opinions.push(deny('command.hidden', 'enable -f loads code into the shell.'));
      say(
        name === 'cd'
          ? 'cd changes the folder of a shell: name the folder in the command instead.'
          : `${name} changes or asks the state of a shell.`,
      );
      return true;
  }
}

function declare(name: string, texts: readonly string[], assignments: readonly Assignment[], { findings, scope }: Judging): void {
  for (const assignment of assignments) {
    const value = scope.get(assignment.name)?.value;
    const opinion = judgeVariable(assignment.name, value);
    if (opinion && (opinion.verdict === 'deny' || name === 'export')) findings.opinions.push(opinion);
  }
  for (const text of texts.slice(1)) {
    const match = /^([A-Za-z_]\w*)(?:\+?=([\s\S]*))?$/.exec(text);
    if (!match?.[1]) {
      if (!isKnown(text)) scope.forget();
      continue;
    }
    if (match[2] === undefined) continue;
    const opinion = judgeVariable(match[1], match[2]);
    if (opinion?.verdict === 'deny') findings.opinions.push(opinion);
    scope.set(match[1], { value: isKnown(match[2]) ? match[2] : undefined, elements: undefined, isLoop: false });
  }
  if (texts.some((text) => /^-[a-zA-Z]*n/.test(text))) scope.forget();
  findings.opinions.push(ask('command.state', `${name} changes the variables of a shell; nothing keeps them.`));
}

function judgeEval(items: readonly Item[], judging: Judging): void {
  const { findings, scope } = judging;
  findings.interpreter = true;
  const words = items.slice(1).filter((item) => item.field.text !== '--');
  if (words.length === 0) return;
  const first = words[0];
  if (words.length === 1 && first) {
    const isWritten = first.scripts.length === 0 && isKnown(first.field.text);
    if (isWritten) findings.tricks.push({ kind: 'disguised', what: 'a command inside eval' });
    judgeCode(first, judging, 'eval');
  } else {
    const scripts = words.flatMap((item) => item.scripts);
    if (scripts.length > 0) judgeSource(findCode(scripts, '$('), judging, 'eval');
    findings.tricks.push({ kind: 'disguised', what: 'a command inside eval' });
    const code = words.map((item) => item.field.text).join(' ');
    judging.readCode(code, { ...judging, depth: judging.depth + 1 });
  }
  findings.opinions.push(ask('command.interpreter', 'eval runs text as a command: write the command itself instead.'));
  scope.forget();
}

/** Code that runs at another time: at a signal, or under another name. */
function judgeLater(name: string, items: readonly Item[], assignments: readonly Assignment[], judging: Judging): void {
  const { findings, scope } = judging;
  for (const assignment of assignments) {
    const code = scope.get(assignment.name)?.value;
    scope.set(`alias ${assignment.name}`, unknownVariable);
    if (code !== undefined) judging.readCode(code, { ...judging, depth: judging.depth + 1, scope: scope.fork() });
  }
  for (const item of items.slice(1)) {
    if (name === 'trap' && !/\s/.test(item.field.text) && /^[A-Z0-9-]*$/.test(item.field.text)) continue;
    const alias = /^([^=\s]+)=([\s\S]*)$/.exec(item.field.text);
    if (name === 'alias' && !alias) continue;
    const code = alias?.[2] ?? item.field.text;
    if (alias?.[1]) scope.set(`alias ${alias[1]}`, unknownVariable);
    judging.readCode(code, { ...judging, depth: judging.depth + 1, scope: scope.fork() });
  }
  findings.opinions.push(ask('command.state', `${name} keeps code for later, and there is no shell that keeps it.`));
}

function readInto(texts: readonly string[], { scope, input }: Judging): void {
  const isWritten = input !== undefined && 'text' in input;
  for (const text of texts.slice(1)) {
    if (!/^[A-Za-z_]\w*$/.test(text)) continue;
    // `read x <<< rm` is an assignment; reading a file line by line is a loop.
    scope.set(text, isWritten ? unknownVariable : loopVariable);
  }
}

export const nameForPeople = (text: string): string => asJudged(text).slice(0, 80);
