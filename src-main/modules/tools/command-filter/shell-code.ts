import { forEachChild, type SyntaxNode, type Word } from 'unbash';
import { findCode, isHiddenCode, type CodeSource } from './code-source.ts';
import type { PlannedPipeline } from './command-verdict.ts';
import { isDisguisedCode, judgeInlineCode } from './interpreters.ts';
import type { Item, Judging } from './judging.ts';
import { isKnown, UNKNOWN } from './markers.ts';
import { ask, deny } from './opinion.ts';
import type { Scope } from './scope.ts';
import { readShellCall, type ShellCall } from './wrappers.ts';

/** Deeper than this nobody nests shells for an honest reason. */
const DEEPEST = 6;

/** Text that a shell is going to run: by `sh -c`, `eval`, `su -c`, `trap`, an alias. Gives the plan of code that is completely known. */
export function judgeCode(item: Item, judging: Judging, by: string): PlannedPipeline[] {
  const { findings } = judging;
  if (judging.depth >= DEEPEST) {
    findings.opinions.push(deny('command.too-large', 'Shells are nested too deeply to be judged.'));
    return [];
  }
  const source = findCode(item.scripts, item.field.text);
  if (item.scripts.length > 0 && isWholly(item.word, 'CommandExpansion')) {
    judgeSource(source, judging, by);
    if (by === 'eval') judging.scope.forget();
    return [];
  }
  if (usesOwnVariable(item.word, judging.scope)) findings.tricks.push({ kind: 'computed', what: `code for ${by} kept in a variable` });
  if (item.field.text === UNKNOWN) {
    findings.opinions.push(
      ask('command.interpreter', `${by} runs whatever a variable holds; write the command itself instead.`, { program: by }),
    );
    return [];
  }
  return judging.readCode(item.field.text, { ...judging, depth: judging.depth + 1, before: judging.before });
}

/** Code that other commands write. */
export function judgeSource(source: CodeSource, judging: Judging, by: string): void {
  const { findings } = judging;
  if (source.isDownload) {
    findings.network = true;
    findings.opinions.push(deny('command.download', `${by} would run whatever the network sends: download it, read it, then run it.`));
    if (source.isStrong) findings.tricks.push({ kind: 'computed', what: `decoded code for ${by}` });
  } else if (isHiddenCode(source)) findings.tricks.push({ kind: 'computed', what: `code for ${by} that other commands write` });
  else findings.opinions.push(ask('command.interpreter', `${by} runs what another command writes.`, { program: by }));
}

/** A shell as a command: what it runs, and where that comes from. */
export function judgeShell(shell: string, items: readonly Item[], judging: Judging): PlannedPipeline[] | undefined {
  const { findings } = judging;
  findings.interpreter = true;
  const call = readShellCall(items.map((item) => item.field.text));
  if (call.reads === 'nothing') return undefined;
  if (call.reads === 'code') {
    const at = items.findIndex((item) => item.field.text === call.code);
    const item = items[at];
    if (!item) return undefined;
    if (judging.depth >= 1) findings.tricks.push({ kind: 'disguised', what: 'a shell inside a shell' });
    const scope = judging.scope.fork();
    scope.positionalsAreEmpty = call.parameters.length === 0;
    return judgeCode(item, { ...judging, scope }, shell);
  }
  if (call.reads === 'file' && !/^\/dev\/(?:stdin|fd\/0)$/.test(call.path)) {
    judgeFile(shell, call, items, judging);
    return undefined;
  }
  judgeInput(shell, judging);
  return undefined;
}

function judgeFile(shell: string, call: Extract<ShellCall, { reads: 'file' }>, items: readonly Item[], judging: Judging): void {
  const item = items.find((each) => each.field.text === call.path);
  if (item && item.scripts.length > 0) judgeSource(findCode(item.scripts, call.path), judging, shell);
  else
    judging.findings.opinions.push(
      ask('command.interpreter', `${shell} runs a script that is not judged; look at it before you allow it.`, { program: shell }),
    );
}

/** A shell that reads its standard input. */
function judgeInput(shell: string, judging: Judging): void {
  const { findings, input, before } = judging;
  if (input && 'text' in input) {
    if (input.kind === 'string') findings.tricks.push({ kind: 'computed', what: `code given to ${shell} as its input` });
    if (isKnown(input.text)) judging.readCode(input.text, { ...judging, depth: judging.depth + 1, input: undefined, before: [] });
    else if (input.kind === 'document')
      judging.readCode(input.text, { ...judging, depth: judging.depth + 1, input: undefined, before: [] });
    findings.opinions.push(ask('command.interpreter', `${shell} runs code that stands in the command.`, { program: shell }));
  } else if (before.length > 0) judgeSource(findCode(before, '|'), judging, shell);
  else
    findings.opinions.push(
      ask('command.interpreter', `${shell} is opened and waits for commands; give the command itself instead.`, { program: shell }),
    );
}

/** Another language's interpreter: code in its arguments, in its input, or in a file. */
export function judgeInterpreter(program: string, items: readonly Item[], code: string | undefined, judging: Judging): void {
  const { findings, input, before } = judging;
  findings.interpreter = true;
  const scripts = items.flatMap((item) => item.scripts);
  const text = code ?? (input && 'text' in input ? input.text : undefined);
  if (text !== undefined) {
    findings.opinions.push(judgeInlineCode(program, text));
    if (isDisguisedCode(text)) findings.tricks.push({ kind: 'computed', what: `decoded code for ${program}` });
  }
  if (code !== undefined && scripts.length > 0) {
    const source = findCode(scripts, code);
    if (source.isDownload || (source.isStrong && source.hasText)) judgeSource(source, judging, program);
  }
  const readsInput = before.length > 0 && items.every((item, index) => index === 0 || item.field.text.startsWith('-'));
  if (readsInput && code === undefined && !/^(?:sed|[gmn]?awk|jq|bc|dc|less|vim|nano|ssh)$/.test(program)) {
    const source = findCode(before, '|');
    if (source.isDownload || source.isStrong) judgeSource(source, judging, program);
  }
  findings.opinions.push(ask('command.interpreter', `${program} can run any code; what it will do is not judged.`, { program }));
}

/** The word is nothing but one expansion of that kind, quoted or not. */
function isWholly(word: Word, type: 'CommandExpansion'): boolean {
  const [part, ...others] = word.parts ?? [];
  if (!part || others.length > 0) return false;
  return part.type === type || (part.type === 'DoubleQuoted' && part.parts.length === 1 && part.parts[0]?.type === type);
}

/** A variable that this line has filled itself, and not in a loop. */
function usesOwnVariable(word: Word, scope: Scope): boolean {
  let found = false;
  const visit = (node: SyntaxNode, depth: number): void => {
    if (found || depth > 20) return;
    const name = node.type === 'SimpleExpansion' ? node.text.slice(1) : node.type === 'ParameterExpansion' ? node.parameter : undefined;
    if (name !== undefined) {
      const variable = scope.get(name);
      // Whole commands are kept there; a folder or a number in the middle of a command is ordinary.
      const startsWithIt = word.text.replace(/^"/, '').replace(/^\$\{/, '$').startsWith(`$${name}`);
      found = variable !== undefined && !variable.isLoop && (variable.value === undefined || startsWithIt);
    }
    forEachChild(node, (child) => visit(child, depth + 1));
  };
  visit(word, 0);
  return found;
}

/** `sh -c 'code'` that is planned as the code itself. */
export const isPlainShellCall = (items: readonly Item[]): boolean => items.length === 3 && /^-l?c$/.test(items[1]?.field.text ?? '');
