import { z } from 'zod';
import { defineTool } from '../define-tool.ts';
import { planWords } from '../plan-words.ts';
import { oneLine } from '../tool-text.ts';
import { toolError } from '../tools-errors.ts';
import type { Tool } from '../tools.ts';
import { plainPlan } from './plain-plan.ts';

type MathJs = typeof import('mathjs');

/** Pure, quick functions of one or a few numbers. No names, no text, no lists, nothing that runs code or grows without bound. */
const FUNCTIONS = new Set(
  (
    'abs sqrt cbrt exp log log2 log10 ln sin cos tan asin acos atan atan2 sinh cosh tanh round floor ceil fix sign pow mod min max mean median sum ' +
    'gcd lcm hypot square cube nthRoot unaryMinus unaryPlus to'
  ).split(' '),
);
const CONSTANTS = new Set('pi e tau phi true false'.split(' '));
const NODES = new Set(['OperatorNode', 'ConstantNode', 'ParenthesisNode', 'FunctionNode', 'SymbolNode']);
const OPERATORS = new Set('add subtract multiply divide pow mod unaryMinus unaryPlus to percentage dotMultiply'.split(' '));
const MAX_NODES = 200;

export function createCalculatorTool(): Tool {
  return defineTool({
    name: 'calculator',
    title: 'Calculate',
    description: 'Calculates an expression exactly: + - * / ^ %, sqrt, log, sin (radians) …, and units ("3 inch to cm").',
    keywords: ['math', 'sum', 'percent', 'convert', 'unit', 'rechnen', 'rechner', 'prozent', 'umrechnen', 'wurzel'],
    isCommon: true,
    input: z.object({ expression: z.string().trim().min(1).max(300) }),
    rights: [],
    risk: 'none',
    cost: 1,
    // The first use loads the library.
    timeoutMs: 20_000,
    plan: async ({ expression }) => plainPlan(planWords('calculate', { expression: oneLine(expression, 120) })),
    run: async ({ expression }) => ({ text: await calculate(expression), outside: false }),
  });
}

let loaded: Promise<MathJs> | undefined;

/** Throws `tools.bad-expression`. The library is loaded at the first use: it is large. */
export async function calculate(expression: string): Promise<string> {
  loaded ??= import('mathjs/lib/browser/math.js').then((module) => module.default);
  const math = await loaded;
  const text = expression
    .replaceAll('×', '*')
    .replaceAll('÷', '/')
    .replaceAll('−', '-')
    .replaceAll('√', 'sqrt')
    .replaceAll(/\bln\b/g, 'log');
  try {
    const tree = math.parse(text);
    requireHarmless(math, tree);
    const value: unknown = tree.evaluate({});
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('the result is no finite number');
    return math.format(value, { precision: 14, lowerExp: -7, upperExp: 15 });
  } catch (error) {
    throw toolError('tools.bad-expression', { problem: oneLine(error instanceof Error ? error.message : String(error), 120) }, error);
  }
}

function requireHarmless(math: MathJs, tree: import('mathjs').MathNode): void {
  let count = 0;
  tree.traverse((node, path) => {
    count += 1;
    if (count > MAX_NODES) throw new Error('it is too long');
    if (!NODES.has(node.type)) throw new Error(`${node.type.replace(/Node$/, '').toLowerCase()} is not supported`);
    if (math.isOperatorNode(node) && !OPERATORS.has(node.fn)) throw new Error(`${node.op} is not supported`);
    if (math.isFunctionNode(node) && !FUNCTIONS.has(node.fn.name)) throw new Error(`${node.fn.name} is not known`);
    if (math.isSymbolNode(node) && path !== 'fn' && !CONSTANTS.has(node.name) && !isUnit(math, node.name))
      throw new Error(`${node.name} is not known`);
    if (math.isConstantNode(node) && typeof node.value !== 'number' && typeof node.value !== 'boolean')
      throw new Error('only numbers are supported');
  });
}

function isUnit(math: MathJs, name: string): boolean {
  const Unit: unknown = math.Unit;
  return (
    typeof Unit === 'function' &&
    'isValuelessUnit' in Unit &&
    typeof Unit.isValuelessUnit === 'function' &&
    Unit.isValuelessUnit(name) === true
  );
}
