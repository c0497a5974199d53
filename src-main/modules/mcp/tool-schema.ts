import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/client/validators/cf-worker';
import type { JsonSchema } from '../../inference/contracts/index.ts';
import { cleanText } from './clean-text.ts';

/** What a server says about the input of a tool, made fit for use. */
export interface ToolSchema {
  /** For the model: its words cleaned and bounded. */
  parameters: JsonSchema;
  check(input: unknown): { ok: true } | { ok: false; problem: string };
}

const MAX_NODES = 2000;
const MAX_DEPTH = 32;
const MAX_STRING = 400;
const MAX_SIZE_CHARS = 24_000;
/** A foreign regular expression may take exponential time, and the input comes from the model: the server checks these itself. */
const REGEX_KEYWORDS = new Set(['pattern', 'patternProperties', 'format', 'contentSchema']);
/** Names and values that the server will compare: cleaning would make them others. Longer ones than this are no schema but a text. */
const MAX_NAME = 1000;

/** The schema as foreign code for a validator: without regular expressions. undefined = too large, too deep or no schema of an object. */
export function readToolSchema(schema: unknown): ToolSchema | undefined {
  if (!isRecord(schema) || (schema['type'] !== undefined && schema['type'] !== 'object')) return undefined;
  const measured = { nodes: 0 };
  try {
    const withType = { ...schema, type: 'object' };
    const parameters = rebuild(withType, measured, 0, cleanNode);
    if (JSON.stringify(parameters).length > MAX_SIZE_CHARS || !isRecord(parameters)) return undefined;
    const validate = createValidator().getValidator(
      rebuild(withType, { nodes: 0 }, 0, plainNode) as Parameters<JsonSchemaReader['getValidator']>[0],
    );
    return {
      parameters,
      check(input) {
        try {
          const result = validate(input);
          return result.valid ? { ok: true } : { ok: false, problem: cleanText(result.errorMessage, { maxLength: 500, oneLine: true }) };
        } catch (error) {
          // A reference to nowhere shows itself only here.
          return {
            ok: false,
            problem: `the tool's own schema is broken (${error instanceof Error ? error.message.slice(0, 200) : 'unknown'})`,
          };
        }
      },
    };
  } catch {
    return undefined;
  }
}

type JsonSchemaReader = InstanceType<typeof CfWorkerJsonSchemaValidator>;

/** Interprets schemas instead of compiling them: nothing of a server ever becomes code here. */
function createValidator(): JsonSchemaReader {
  return new CfWorkerJsonSchemaValidator();
}

/** For the SDK's own check of results: bounded like the check of inputs; a schema that cannot be used checks nothing, for the result is only text to us. */
export const resultValidator: Pick<JsonSchemaReader, 'getValidator'> = {
  getValidator<Value>(schema: Parameters<JsonSchemaReader['getValidator']>[0]): ReturnType<typeof anything<Value>> {
    try {
      const bounded = rebuild(schema, { nodes: 0 }, 0, plainNode) as typeof schema;
      return createValidator().getValidator<Value>(bounded);
    } catch {
      return anything<Value>();
    }
  },
};

function anything<Value>(): ReturnType<typeof JSON.parse> & ((input: unknown) => { valid: true; data: Value; errorMessage: undefined }) {
  return (input: unknown) => ({ valid: true, data: input as Value, errorMessage: undefined });
}

type NodeRule = (key: string, value: unknown) => { keep: boolean; value: unknown };

/** What the model reads. */
const cleanNode: NodeRule = (key, value) => {
  if (key === '$comment' || key === '$schema' || key === '$id' || key === 'examples') return { keep: false, value };
  const isWords = typeof value === 'string' && (key === 'description' || key === 'title');
  return { keep: true, value: isWords ? cleanText(value, { maxLength: MAX_STRING }) : value };
};

const plainNode: NodeRule = (key, value) => ({ keep: !REGEX_KEYWORDS.has(key), value });

/** Copies plain JSON, key by key; throws when it is larger than a schema has any reason to be. */
function rebuild(node: unknown, measured: { nodes: number }, depth: number, rule: NodeRule, isNameMap = false): unknown {
  measured.nodes += 1;
  if (measured.nodes > MAX_NODES || depth > MAX_DEPTH) throw new RangeError('schema too large');
  if (typeof node === 'string' && node.length > MAX_NAME) throw new RangeError('text too long');
  if (Array.isArray(node)) return node.map((item) => rebuild(item, measured, depth + 1, rule));
  if (!isRecord(node)) return node;
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key.length > MAX_NAME) throw new RangeError('name too long');
    // Below `properties` the keys are names of the server's own: a property may well be called "pattern".
    const ruled = isNameMap ? { keep: true, value } : rule(key, value);
    if (ruled.keep) entries.push([key, rebuild(ruled.value, measured, depth + 1, rule, !isNameMap && NAME_MAPS.has(key))]);
  }
  // Not by assignment: `__proto__` is a name like any other here.
  return Object.fromEntries(entries);
}

const NAME_MAPS = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
