import { z } from 'zod';
import type { JsonSchema } from '../../inference/contracts/index.ts';
import type { DefineTool } from './tools.ts';

const NAME = /^[a-z][a-z0-9_]{0,63}$/;
/** Nobody waits longer for a tool; what takes longer goes on in the background. */
const MAX_TIMEOUT_MS = 30_000;

/** Makes the schema, the check and the defaults of a built-in tool. Throws for a definition that breaks the rules of the house. */
export const defineTool: DefineTool = ({ input, unavailable, backgroundAfterMs, stopsOnBargeIn, ...definition }) => {
  if (!NAME.test(definition.name)) throw new Error(`Tool name "${definition.name}" must match ${String(NAME)}`);
  if (definition.timeoutMs > MAX_TIMEOUT_MS) throw new Error(`Tool ${definition.name} may take ${MAX_TIMEOUT_MS} ms at most`);
  const parameters = leanSchema(z.toJSONSchema(input, { io: 'input' }));
  return {
    ...definition,
    source: { kind: 'built-in' },
    parameters,
    backgroundAfterMs,
    stopsOnBargeIn: stopsOnBargeIn ?? true,
    unavailable: unavailable ?? (() => undefined),
    parse(value) {
      const parsed = input.safeParse(value);
      return parsed.success ? { ok: true, input: parsed.data } : { ok: false, problem: problemOf(parsed.error) };
    },
  };
};

/** What only the check needs: a local model's context is small, and a grammar cannot hold it to most of these. */
const CHECK_ONLY = new Set(
  '$schema minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum pattern additionalProperties propertyNames'.split(' '),
);

function leanSchema(schema: object): JsonSchema {
  const kept = Object.entries(schema).filter(([name]) => !CHECK_ONLY.has(name));
  return Object.fromEntries(
    kept.map(([name, value]: [string, unknown]) => {
      if (name === 'properties' && isObject(value))
        return [name, Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, isObject(inner) ? leanSchema(inner) : inner]))];
      return [name, name === 'items' && isObject(value) ? leanSchema(value) : value];
    }),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** For the model: the first things that are wrong, with the place of each. */
function problemOf(error: z.ZodError): string {
  const problems = error.issues.slice(0, 4).map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
  return `The input does not fit the tool: ${problems.join('; ')}`;
}
