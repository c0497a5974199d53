import type { ParameterExpansionPart, ParsedScript, Word, WordPart } from 'unbash';
import type { Budget } from './budget.ts';
import { hasHidden } from '../../../base/hidden-characters.ts';
import { couldMatch } from './globs.ts';
import type { Scope } from './scope.ts';
import { findCode } from './code-source.ts';
import { hidesLetters } from './letter-codes.ts';

/** How a command hides what it does. `computed`: what runs is worked out, not written. `disguised`: it is written, but not as people write. */
export interface Trick {
  kind: 'computed' | 'disguised';
  what: string;
}

export type Position = 'command' | 'argument';

const disguised = (what: string): Trick => ({ kind: 'disguised', what });
const computed = (what: string): Trick => ({ kind: 'computed', what });

/** What is odd about one word as it was written. Ordinary quoting, patterns and variables give nothing: see the list of one-liners in the tests. */
export function wordTricks(word: Word, position: Position, scope: Scope, budget: Budget): Trick[] {
  const parts: readonly WordPart[] = word.parts ?? [{ type: 'Literal', text: word.text, value: word.value, pos: word.pos, end: word.end }];
  budget.spend(parts.length);
  return [
    ...quoteTricks(parts, position, word.text),
    ...backslashTricks(parts, position, word.text),
    ...globTricks(word, parts, position),
    ...parts.flatMap((part, index) => expansionTricks(part, index, parts, position, scope)),
    ...neighbourTricks(parts, position, scope),
    ...letterTricks(word, position),
  ];
}

const endsInWord = (part: WordPart | undefined): boolean => part !== undefined && /[A-Za-z0-9]$/.test(plainText(part));
const beginsWithWord = (part: WordPart | undefined): boolean => part !== undefined && /^[A-Za-z0-9]/.test(plainText(part));

/** The written text of a literal or quoted part; empty for whatever has to be worked out. */
function plainText(part: WordPart): string {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
    case 'Glob':
      return part.value;
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.every((child) => child.type === 'Literal') ? part.parts.map((child) => child.text).join('') : '';
    default:
      return '';
  }
}

const isQuoted = (part: WordPart): boolean =>
  part.type === 'SingleQuoted' ||
  part.type === 'AnsiCQuoted' ||
  ((part.type === 'DoubleQuoted' || part.type === 'LocaleString') && part.parts.every((child) => child.type === 'Literal'));

function quoteTricks(parts: readonly WordPart[], position: Position, raw: string): Trick[] {
  const tricks: Trick[] = [];
  let shortQuotes = 0;
  for (const [index, part] of parts.entries()) {
    if (part.type === 'AnsiCQuoted' && (position === 'command' || hidesLetters(part.text))) {
      tricks.push(disguised('letters written as codes'));
    }
    if (!isQuoted(part)) continue;
    const content = plainText(part);
    const touchesBefore = endsInWord(parts[index - 1]);
    const touchesAfter = beginsWithWord(parts[index + 1]);
    const touchesBoth = touchesBefore && touchesAfter;
    if (content.length <= 2 && parts.length > 1 && isQuoted(parts[index + 1] ?? part)) shortQuotes += 1;
    if (content === '') {
      if (touchesBoth || (position === 'command' && parts.length > 1)) tricks.push(disguised('empty quotes inside a word'));
      continue;
    }
    if (position === 'command') {
      const isWord = /^[A-Za-z0-9_.-]+$/.test(content);
      if (isWord && (touchesBefore || touchesAfter || parts.length === 1)) tricks.push(disguised('quotes inside a command name'));
      continue;
    }
    if (/^(?:-|[\w-]+=)/.test(raw) || !/^[\w./-]{1,3}$/.test(content)) continue;
    if (touchesBoth || (index === 0 && touchesAfter && content.length <= 2)) tricks.push(disguised('quotes inside a word'));
  }
  if (shortQuotes >= 3) tricks.push(disguised('a word in many small quotes'));
  return tricks;
}

function backslashTricks(parts: readonly WordPart[], position: Position, raw: string): Trick[] {
  for (const [index, part] of parts.entries()) {
    if (part.type !== 'Literal') continue;
    if (/[A-Za-z0-9]\\\n[A-Za-z0-9]/.test(part.text)) return [disguised('a word broken over two lines')];
    if (position === 'command') {
      // One backslash in front (\ls) is how people go around an alias.
      const text = index === 0 ? part.text.replace(/^\\/, '') : part.text;
      if (/\\[A-Za-z0-9_.-]/.test(text)) return [disguised('backslashes inside a command name')];
    } else {
      if (/^[A-Za-z]:\\|^\\\\/.test(raw)) continue;
      const odd = part.text.match(/\\[cg-mo-qyzA-CE-RTU-VX-Z](?![+*{])/g)?.length ?? 0;
      const all = part.text.match(/\\[A-Za-z]/g)?.length ?? 0;
      if (odd >= 2 || (all >= 1 && /^[\w./-]*\/[\w./-]*$/.test(part.value) && /[A-Za-z/]\\[A-Za-z]/.test(part.text))) {
        return [disguised('backslashes inside a word')];
      }
    }
  }
  return [];
}

/** Names that a pattern is written for when the name itself must not be seen. */
const WELL_KNOWN = [
  '/etc/passwd',
  '/etc/shadow',
  '/etc/hosts',
  '/etc/sudoers',
  '/etc/group',
  '/bin/sh',
  '/bin/bash',
  '/bin/cat',
  '/bin/ls',
  '/bin/rm',
  '/bin/nc',
  '/usr/bin/curl',
  '/usr/bin/wget',
  '/usr/bin/id',
  '/usr/bin/whoami',
  '/usr/bin/python3',
  '/root/.ssh/id_rsa',
  '/proc/self/environ',
];

function globTricks(word: Word, parts: readonly WordPart[], position: Position): Trick[] {
  const globs = parts.filter((part) => part.type === 'Glob' || part.type === 'ExtendedGlob');
  if (position === 'command') {
    if (parts.some((part) => part.type === 'BraceExpansion')) return [computed('a command name made by braces')];
    if (globs.length === 0 || word.text === '[' || word.text === '[[') return [];
    // `./build-*/run.sh` and `/opt/app-*/bin/app` are typed; `/???/r?` is not.
    const isTypical =
      /^(?:~|\.{1,2}|\/(?:opt|usr|home|tmp)|[A-Za-z]+)\/[\w./*+-]*$/.test(word.text) && !/^\/(?:usr\/)?s?bin\//.test(word.text);
    return isTypical ? [] : [computed('a command name written as a pattern')];
  }
  if (globs.length === 0 || !/^\/|^~\//.test(word.text)) return [];
  const firstSegment = word.text.split('/')[1] ?? '';
  if (/[?[]/.test(firstSegment) || /[A-Za-z]\*[A-Za-z]/.test(firstSegment))
    return [disguised('a folder of the system written as a pattern')];
  const isOpenEnded = /^[\w./-]*\*$/.test(word.text);
  return !isOpenEnded && WELL_KNOWN.some((name) => couldMatch(word.text, name) && lettersOf(word.text) < lettersOf(name))
    ? [disguised('a well-known name written as a pattern')]
    : [];
}

const lettersOf = (text: string): number => text.replace(/[^A-Za-z0-9]/g, '').length;

/** Names of the environment whose value is a program by custom, or a folder in front of one. */
const isEnvironmentName = (name: string): boolean =>
  /^[A-Z][A-Z0-9_]*$/.test(name) && !/^(?:IFS|PWD|HOME|PATH|OLDPWD|BASH|PS[1-4])$/.test(name);

function expansionTricks(part: WordPart, index: number, parts: readonly WordPart[], position: Position, scope: Scope): Trick[] {
  const isBetween = endsInWord(parts[index - 1]) && beginsWithWord(parts[index + 1]);
  const touchesBefore = endsInWord(parts[index - 1]);
  const isGlued = touchesBefore || beginsWithWord(parts[index + 1]);
  switch (part.type) {
    case 'SimpleExpansion':
      return variableTricks(part.text.slice(1), undefined, {
        isBetween,
        touchesBefore,
        isGlued,
        isAlone: parts.length === 1,
        position,
        scope,
        next: parts[index + 1],
      });
    case 'ParameterExpansion':
      return variableTricks(part.parameter, part, {
        isBetween,
        touchesBefore,
        isGlued,
        isAlone: parts.length === 1,
        position,
        scope,
        next: parts[index + 1],
      });
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.flatMap((child, childIndex) => {
        if (child.type === 'Literal') return [];
        const around: readonly WordPart[] = [
          ...(childIndex === 0 && parts[index - 1] ? parts.slice(index - 1, index) : []),
          ...part.parts,
          ...(parts[index + 1] ? parts.slice(index + 1, index + 2) : []),
        ];
        const at = around.indexOf(child);
        return expansionTricks(child, at, around, position, scope);
      });
    case 'CommandExpansion':
      return substitutionTricks(part.script, { isBetween, isGlued, position, next: parts[index + 1], rawText: part.text });
    case 'ArithmeticExpansion':
      return position === 'command' && !(index > 0) ? [computed('a command name that is calculated')] : [];
    case 'ProcessSubstitution':
      return position === 'command' ? [computed('a command name that another command writes')] : [];
    default:
      return [];
  }
}

interface Around {
  isBetween: boolean;
  touchesBefore: boolean;
  isGlued: boolean;
  isAlone: boolean;
  position: Position;
  scope: Scope;
  next: WordPart | undefined;
}

function variableTricks(name: string, part: ParameterExpansionPart | undefined, around: Around): Trick[] {
  const { isBetween, isGlued, isAlone, position, scope, next } = around;
  const operation = part?.operation;
  if (operation?.type === 'Transform' && !/^[QUuLKk]$/.test(operation.operand.text))
    return [computed('a value that the shell expands a second time')];
  if (name === 'IFS' && (!isAlone || position === 'command')) return [disguised('blanks written as $IFS')];
  if (name === '@' || name === '*') {
    const isOdd = part?.prefix === '!' || (operation !== undefined && operation.type !== 'Slice' && operation.type !== 'Default');
    if (isGlued || isOdd || (position === 'command' && scope.positionalsAreEmpty)) return [disguised('empty parameters inside a word')];
    return [];
  }
  if (position === 'command') return commandVariableTricks(name, part, around);
  if (operation?.type === 'Slice' && /^-?\d+$/.test(operation.offset.text.trim()) && /^[12]$/.test(operation.length?.text.trim() ?? '')) {
    if (isGlued || /^(?:HOME|PATH|PWD|SHELL|IFS|PS[0-9]|OSTYPE|USER|LANG|TERM|BASH|LS_COLORS|MAIL|OLDPWD)$/.test(name)) {
      return [disguised('single letters cut out of other words')];
    }
  }
  if (!isBetween || (next?.type === 'Literal' && /^\d/.test(next.value))) return [];
  const variable = scope.get(name);
  if (variable && !variable.isLoop && (variable.value ?? 'x').length <= 4) return [disguised('a word put together from variables')];
  return [];
}

function commandVariableTricks(
  name: string,
  part: ParameterExpansionPart | undefined,
  { scope, isGlued, touchesBefore, next, isAlone }: Around,
): Trick[] {
  const variable = scope.get(name);
  const operation = part?.operation;
  const startsPath = next !== undefined && plainText(next).startsWith('/');
  if (operation && !(operation.type === 'Default' && isEnvironmentName(name)))
    return [computed('a command name that is worked out from a variable')];
  if (part?.prefix || part?.index) return [computed('a command name that is worked out from a variable')];
  if (/^[0-9?$!#_-]$/.test(name)) return [computed('a command name that is a parameter')];
  // $HOME/bin/tool and $PWD/run.sh
  if ((name === 'HOME' || name === 'PWD') && variable?.isLoop && startsPath) return [];
  if (variable || name === 'HOME' || name === 'PWD' || name === 'PATH') {
    return startsPath && !variable?.isLoop && (variable?.value ?? '').includes('/') ? [] : [computed('a command name kept in a variable')];
  }
  if (isAlone || (startsPath && !touchesBefore) || (isEnvironmentName(name) && !touchesBefore)) return [];
  return isGlued || next !== undefined ? [computed('a command name with a variable inside')] : [];
}

function substitutionTricks(
  script: ParsedScript | undefined,
  {
    isBetween,
    isGlued,
    position,
    next,
    rawText,
  }: { isBetween: boolean; isGlued: boolean; position: Position; next: WordPart | undefined; rawText: string },
): Trick[] {
  const code = findCode(script, rawText);
  if (code.isEmpty && (isGlued || position === 'command')) return [disguised('empty substitutions inside a word')];
  if (position === 'command') {
    const startsPath = next !== undefined && plainText(next).startsWith('/');
    return (code.findsPrograms || startsPath) && !code.isWritten && !code.isDecoded
      ? []
      : [computed('a command name that another command writes')];
  }
  if (code.hasText && code.isStrong) return [computed('a value that is decoded')];
  if (code.isPlainEcho || (isBetween && code.isWritten)) return [disguised('a word that another command writes')];
  return [];
}

/** `$a$b` and `${x:0:1}${x:4:1}`: several small pieces side by side. */
function neighbourTricks(parts: readonly WordPart[], position: Position, scope: Scope): Trick[] {
  if (parts.length === 1 && parts[0]?.type === 'DoubleQuoted') return neighbourTricks(parts[0].parts, position, scope);
  let slices = 0;
  let run = 0;
  for (const part of parts) {
    const name = part.type === 'SimpleExpansion' ? part.text.slice(1) : part.type === 'ParameterExpansion' ? part.parameter : undefined;
    if (part.type === 'ParameterExpansion' && part.operation?.type === 'Slice' && /^\d+$/.test(part.operation.length?.text ?? ''))
      slices += 1;
    if (part.type === 'ParameterExpansion' && /^\d+$/.test(part.index?.text ?? '')) slices += 1;
    const variable = name === undefined ? undefined : scope.get(name);
    const isPiece = variable !== undefined && !variable.isLoop && /^[\w./-]{0,12}$/.test(variable.value ?? 'x');
    run = isPiece ? run + 1 : 0;
    if (run >= 2 || slices >= 3)
      return [
        position === 'command' ? computed('a command name put together from variables') : disguised('a word put together from variables'),
      ];
  }
  return [];
}

/** Direction marks, letters without width and letters of other alphabets that look like ours. */
function letterTricks(word: Word, position: Position): Trick[] {
  // Written as codes: as they are, the whole command is looked through for them. Codes of a terminal are common in what is printed.
  // eslint-disable-next-line no-control-regex
  if (hasHidden(word.value.replaceAll(/[\x00-\x1f\x7f]/g, ''))) return [disguised('characters that nobody sees, or takes for others')];
  if (
    position === 'command' &&
    /[A-Za-z]/.test(word.value) &&
    /[\u0370-\u052F\uFF00-\uFF5E\u200B-\u200F\u{1D400}-\u{1D7FF}]/u.test(word.value)
  ) {
    return [disguised('letters of another alphabet')];
  }
  return [];
}
