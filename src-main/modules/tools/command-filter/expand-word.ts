import { parse, type ArithmeticExpression, type ParameterExpansionPart, type ParsedScript, type Word, type WordPart } from 'unbash';
import { arithmeticValue } from './arithmetic.ts';
import { expandBraces } from './brace-expansion.ts';
import type { Budget } from './budget.ts';
import { HOME, isKnown, UNKNOWN } from './markers.ts';
import { parameterValue } from './parameter-value.ts';
import type { Scope } from './scope.ts';

/** One argument as the program will get it. */
export interface Field {
  /** With the characters of `markers.ts` where something is not known or depends on the home folder. */
  text: string;
  /** A file name pattern: special characters that are meant literally carry a backslash. undefined = none. */
  pattern: string | undefined;
}

export interface Expanding {
  scope: Scope;
  budget: Budget;
  /** Called for every `$(…)`, `` `…` `` and `<(…)` that is met, wherever it hides. */
  onScript: (script: ParsedScript, kind: 'command' | 'process') => void;
}

/** literal and quoted text stays; globs are active; expansions are split into words and their globs are active. */
interface Atom {
  kind: 'literal' | 'quoted' | 'glob' | 'expansion';
  text: string;
}

/** What one word becomes: braces, tilde, parameters, arithmetic, word splitting, quote removal, in the order of bash. Patterns stay patterns. */
export function expandWord(word: Word, expanding: Expanding): Field[] {
  expanding.budget.spend();
  if (!word.parts?.some((part) => part.type === 'BraceExpansion')) return expandPlainWord(word, expanding);
  const texts = expandBraces(word.text, expanding.budget);
  if (!texts) return [{ text: UNKNOWN, pattern: undefined }];
  return texts.flatMap((text) => {
    expanding.budget.spend(1 + text.length / 16);
    const reread = readWord(text);
    if (reread === undefined) return text === '' ? [] : [{ text: UNKNOWN, pattern: undefined }];
    return expandPlainWord(reread, expanding);
  });
}

/** A word's text where no splitting and no patterns happen: assignments, here-strings, `case`. */
export function expandToText(word: Word, expanding: Expanding): string {
  expanding.budget.spend();
  const atoms = [...atomsOf(word, expanding)];
  return atoms.map((atom) => atom.text).join('');
}

/** The text of a here-document. */
export function expandParts(parts: readonly WordPart[], expanding: Expanding): string {
  return parts.map((part) => quotedText(part, expanding)).join('');
}

function readWord(text: string): Word | undefined {
  const script = parse(`: ${text}`);
  const command = script.commands[0]?.command;
  if (script.errors?.length || script.commands.length !== 1 || command?.type !== 'Command') return undefined;
  const [word, ...rest] = command.suffix;
  return rest.length === 0 && word?.type === 'Word' ? word : undefined;
}

function expandPlainWord(word: Word, expanding: Expanding): Field[] {
  return splitFields(atomsOf(word, expanding), expanding);
}

function* atomsOf(word: Word, expanding: Expanding): Generator<Atom> {
  const parts = word.parts ?? [{ type: 'Literal' as const, text: word.text, value: word.value, pos: word.pos, end: word.end }];
  for (const [index, part] of parts.entries()) {
    expanding.budget.spend();
    if (index === 0 && part.type === 'Literal') {
      const tilde = /^~(?=\/|$)/.exec(part.text);
      if (tilde && (part.text.length > 1 || parts.length === 1)) {
        yield { kind: 'quoted', text: HOME };
        yield { kind: 'literal', text: part.value.slice(1) };
        continue;
      }
      // bash expands `name=~/x` in any argument that looks like an assignment, and behind a colon in it.
      const assigned = /^[A-Za-z_]\w*=(?=~(?:\/|:|$))/.exec(part.text);
      if (assigned) {
        yield { kind: 'quoted', text: assigned[0] + HOME };
        yield { kind: 'literal', text: part.value.slice(assigned[0].length + 1).replaceAll(':~', `:${UNKNOWN}`) };
        continue;
      }
      if (/^[A-Za-z_]\w*=.*:~/.test(part.text)) {
        yield { kind: 'quoted', text: part.value.replaceAll(':~', `:${UNKNOWN}`) };
        continue;
      }
      // Another user's home, or a folder of the shell's stack.
      if (part.text.startsWith('~')) {
        yield { kind: 'quoted', text: part.value.replace(/^~[^/]*/, UNKNOWN) };
        continue;
      }
    }
    yield atomOf(part, expanding);
  }
}

function atomOf(part: WordPart, expanding: Expanding): Atom {
  switch (part.type) {
    case 'Literal':
      return { kind: 'literal', text: part.value };
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return { kind: 'quoted', text: part.value };
    case 'DoubleQuoted':
    case 'LocaleString': {
      const text = part.parts.map((child) => quotedText(child, expanding)).join('');
      // "$@" without arguments is no word at all, unlike "$*".
      return { kind: text === '' && /^"\$(?:@|\{@)/.test(part.text) ? 'expansion' : 'quoted', text };
    }
    case 'Glob':
      return { kind: 'glob', text: part.value };
    case 'ExtendedGlob':
      return { kind: 'quoted', text: UNKNOWN };
    case 'BraceExpansion':
      return { kind: 'literal', text: part.text };
    default:
      return { kind: 'expansion', text: quotedText(part, expanding) };
  }
}

/** A part's text inside double quotes, where nothing is split. */
function quotedText(part: WordPart, expanding: Expanding): string {
  const { scope, budget, onScript } = expanding;
  budget.spend();
  switch (part.type) {
    case 'SimpleExpansion':
      return simpleValue(part.text.slice(1), scope);
    case 'ParameterExpansion':
      return parameterText(part, expanding);
    case 'CommandExpansion':
      if (part.script) onScript(part.script, 'command');
      // `$()` and `$(:)` leave nothing.
      return part.script && part.script.commands.length === 0 && !part.script.errors?.length ? '' : UNKNOWN;
    case 'ProcessSubstitution':
      if (part.script) onScript(part.script, 'process');
      return UNKNOWN;
    case 'ArithmeticExpansion': {
      visitArithmetic(part.expression, expanding);
      const value = arithmeticValue(part.expression, budget);
      return value === undefined ? UNKNOWN : String(value);
    }
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.map((child) => quotedText(child, expanding)).join('');
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
    case 'Glob':
      return part.value;
    default:
      return UNKNOWN;
  }
}

function simpleValue(name: string, scope: Scope): string {
  if (/^[@*1-9]$/.test(name)) return scope.positionalsAreEmpty ? '' : UNKNOWN;
  const variable = scope.get(name);
  if (name === 'IFS' && !variable) return ' \t\n';
  return variable?.value ?? variable?.elements?.[0] ?? UNKNOWN;
}

function parameterText(part: ParameterExpansionPart, expanding: Expanding): string {
  const { scope } = expanding;
  for (const word of operandsOf(part)) expandToText(word, { ...expanding, budget: expanding.budget });
  if (/^[@*1-9]$/.test(part.parameter)) return scope.positionalsAreEmpty && part.operation?.type !== 'Default' ? '' : UNKNOWN;
  if (part.parameter === 'IFS' && !part.operation && !part.prefix && !scope.get('IFS')) return ' \t\n';
  const value = parameterValue(part, scope, (word) => constantText(word as Word, expanding));
  if (value !== undefined) return value;
  if (part.operation?.type === 'Default' && part.operation.operator.includes('=')) {
    scope.set(part.parameter, { value: undefined, elements: undefined, isLoop: false });
  }
  return UNKNOWN;
}

function operandsOf({ index, operation }: ParameterExpansionPart): Word[] {
  const words: (Word | undefined)[] = [index];
  if (operation) {
    if ('operand' in operation) words.push(operation.operand);
    if (operation.type === 'Replace') words.push(operation.pattern, operation.replacement);
    if (operation.type === 'Slice') words.push(operation.offset, operation.length);
  }
  return words.filter((word) => word !== undefined);
}

function constantText(word: Word, expanding: Expanding): string | undefined {
  const text = expandToText(word, { ...expanding, onScript: () => undefined });
  return isKnown(text) ? text : undefined;
}

/** Substitutions inside arithmetic run, too. */
function visitArithmetic(expression: ArithmeticExpression | undefined, expanding: Expanding): void {
  if (!expression) return;
  expanding.budget.spend();
  switch (expression.type) {
    case 'ArithmeticBinary':
      visitArithmetic(expression.left, expanding);
      return visitArithmetic(expression.right, expanding);
    case 'ArithmeticUnary':
      return visitArithmetic(expression.operand, expanding);
    case 'ArithmeticTernary':
      visitArithmetic(expression.test, expanding);
      visitArithmetic(expression.consequent, expanding);
      return visitArithmetic(expression.alternate, expanding);
    case 'ArithmeticGroup':
      return visitArithmetic(expression.expression, expanding);
    case 'ArithmeticCommandExpansion':
      if (expression.script) expanding.onScript(expression.script, 'command');
      return;
    case 'ArithmeticWord':
      for (const part of expression.parts ?? []) quotedText(part, expanding);
  }
}

const GLOB_CHARACTERS = /[*?[]/;
const escapeGlob = (text: string): string => text.replace(/[\\*?[\]]/g, '\\$&');

/** Joins atoms to fields. An unquoted expansion ends a word at each blank; an expansion that is empty leaves no word behind. */
function splitFields(atoms: Iterable<Atom>, { scope, budget }: Expanding): Field[] {
  const fields: Field[] = [];
  let text: string | undefined;
  let pattern = '';
  let hasGlob = false;
  const add = (piece: string, escaped: string): void => {
    text = (text ?? '') + piece;
    pattern += escaped;
  };
  const end = (): void => {
    if (text !== undefined) fields.push({ text, pattern: hasGlob ? pattern : undefined });
    text = undefined;
    pattern = '';
    hasGlob = false;
  };
  for (const atom of atoms) {
    budget.spend(1 + atom.text.length / 64);
    if (atom.kind === 'quoted' || (atom.kind === 'literal' && atom.text !== '')) add(atom.text, escapeGlob(atom.text));
    else if (atom.kind === 'glob') {
      hasGlob = true;
      add(atom.text, atom.text);
    } else if (atom.kind === 'expansion' && atom.text !== '') {
      const known = scope.splitsAsUsual ? atom.text : UNKNOWN;
      for (const [index, piece] of known.split(/[ \t\n]+/).entries()) {
        budget.spend();
        if (index > 0) end();
        if (piece === '') continue;
        if (GLOB_CHARACTERS.test(piece)) hasGlob = true;
        add(piece, GLOB_CHARACTERS.test(piece) ? piece : escapeGlob(piece));
      }
    }
  }
  end();
  return fields;
}
