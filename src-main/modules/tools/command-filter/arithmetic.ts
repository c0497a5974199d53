import type { ArithmeticExpression } from 'unbash';
import type { Budget } from './budget.ts';

/** The value of an arithmetic expression that consists of numbers; undefined for anything else. */
export function arithmeticValue(expression: ArithmeticExpression | undefined, budget: Budget): number | undefined {
  if (!expression) return undefined;
  budget.spend();
  switch (expression.type) {
    case 'ArithmeticWord':
      // A leading zero means octal, `16#ff` another base: whoever writes that has a reason that is not ours.
      return /^(?:0|[1-9]\d{0,8})$/.test(expression.value) ? Number(expression.value) : undefined;
    case 'ArithmeticGroup':
      return arithmeticValue(expression.expression, budget);
    case 'ArithmeticUnary': {
      const value = arithmeticValue(expression.operand, budget);
      return value !== undefined && expression.prefix && expression.operator === '-' ? -value : undefined;
    }
    case 'ArithmeticBinary': {
      const left = arithmeticValue(expression.left, budget);
      const right = arithmeticValue(expression.right, budget);
      return left === undefined || right === undefined ? undefined : calculate(left, expression.operator, right);
    }
    default:
      return undefined;
  }
}

function calculate(left: number, operator: string, right: number): number | undefined {
  switch (operator) {
    case '+':
      return inRange(left + right);
    case '-':
      return inRange(left - right);
    case '*':
      return inRange(left * right);
    case '/':
      return right === 0 ? undefined : Math.trunc(left / right);
    case '%':
      return right === 0 ? undefined : left % right;
    default:
      return undefined;
  }
}

const inRange = (value: number): number | undefined => (Number.isSafeInteger(value) ? value : undefined);
