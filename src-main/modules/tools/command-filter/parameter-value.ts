import type { ParameterExpansionPart } from 'unbash';
import { globToRegExp } from './globs.ts';
import { isKnown } from './markers.ts';
import type { Scope } from './scope.ts';

type ValueOf = (word: { text: string; value: string; parts?: readonly unknown[] | undefined }) => string | undefined;

/** The value of `${…}` where variable and operation are constant; undefined otherwise. `valueOf` gives a constant word's text. */
export function parameterValue(part: ParameterExpansionPart, scope: Scope, valueOf: ValueOf): string | undefined {
  const variable = scope.get(part.parameter);
  const base = part.index ? elementOf(variable?.elements, valueOf(part.index)) : (variable?.value ?? variable?.elements?.[0]);
  if (part.prefix === '#') return base === undefined || !isPlain(base) ? undefined : String([...base].length);
  if (part.prefix === '!') return undefined;
  const { operation } = part;
  if (!operation) return base;
  if (operation.type === 'Default')
    return variable === undefined ? undefined : defaulted(operation.operator, base, valueOf(operation.operand));
  if (base === undefined || !isPlain(base)) return undefined;
  switch (operation.type) {
    case 'Slice':
      return slice(base, valueOf(operation.offset), operation.length ? valueOf(operation.length) : '');
    case 'Remove':
      return remove(base, operation.operator, valueOf(operation.operand));
    case 'Replace':
      return replace(base, operation.operator, valueOf(operation.pattern), valueOf(operation.replacement));
    case 'CaseModification':
      return operation.operand && operation.operand.text !== '' ? undefined : changeCase(base, operation.operator);
    default:
      // ${x@P} runs commands, ${!x} and names depend on the shell's state.
      return undefined;
  }
}

/** The home marker is one character here and many in the shell. */
const isPlain = (text: string): boolean => isKnown(text) && !/[\uFDD0-\uFDEF]/.test(text);

function elementOf(elements: readonly string[] | undefined, index: string | undefined): string | undefined {
  if (!elements || index === undefined || !/^\d{1,4}$/.test(index)) return undefined;
  return elements[Number(index)];
}

function defaulted(operator: string, base: string | undefined, operand: string | undefined): string | undefined {
  if (base === undefined) return undefined;
  const counts = operator.startsWith(':') ? base !== '' : true;
  if (operator.endsWith('+')) return counts ? operand : '';
  if (counts) return base;
  return operator.endsWith('-') ? operand : undefined;
}

function slice(base: string, offsetText: string | undefined, lengthText: string | undefined): string | undefined {
  const offset = wholeNumber(offsetText);
  if (offset === undefined) return undefined;
  const from = offset < 0 ? Math.max(0, base.length + offset) : offset;
  if (lengthText === '') return base.slice(from);
  const length = wholeNumber(lengthText);
  if (length === undefined) return undefined;
  return length < 0 ? base.slice(from, base.length + length) : base.slice(from, from + length);
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*-?\d{1,6}\s*$/.test(text) ? Number(text) : undefined;

function remove(base: string, operator: '#' | '##' | '%' | '%%', pattern: string | undefined): string | undefined {
  if (pattern === undefined || base.length > 1_000) return undefined;
  const expression = globToRegExp(pattern, { crossesFolders: true });
  if (!expression) return undefined;
  const whole = new RegExp(`^(?:${expression.source})$`, 'u');
  const lengths = Array.from({ length: base.length + 1 }, (_value, index) => index);
  if (operator.length === 2) lengths.reverse();
  for (const length of lengths) {
    const fromFront = operator.startsWith('#');
    const piece = fromFront ? base.slice(0, length) : base.slice(base.length - length);
    if (whole.test(piece)) return fromFront ? base.slice(length) : base.slice(0, base.length - length);
  }
  return base;
}

function replace(base: string, operator: string, pattern: string | undefined, replacement: string | undefined): string | undefined {
  if (pattern === undefined || replacement === undefined || base.length > 1_000 || pattern === '') return undefined;
  // Ampersands and backslashes in the replacement mean something in newer versions of bash.
  if (/[&\\]/.test(replacement)) return undefined;
  const expression = globToRegExp(pattern, { crossesFolders: true });
  if (!expression) return undefined;
  const anchored = operator === '/#' ? `^(?:${expression.source})` : operator === '/%' ? `(?:${expression.source})$` : expression.source;
  return base.replace(new RegExp(anchored, operator === '//' ? 'gu' : 'u'), () => replacement);
}

function changeCase(base: string, operator: '^' | '^^' | ',' | ',,'): string {
  if (operator === '^^') return base.toUpperCase();
  if (operator === ',,') return base.toLowerCase();
  const first = base.slice(0, 1);
  return (operator === '^' ? first.toUpperCase() : first.toLowerCase()) + base.slice(1);
}
