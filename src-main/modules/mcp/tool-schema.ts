import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/client/validators/cf-worker';
import { hasHidden } from '../../base/hidden-characters.ts';
import type { JsonSchema } from '../../inference/contracts/index.ts';
import { cleanText } from './clean-text.ts';

/** What a server says about the input of a tool, made fit for use. */
export interface ToolSchema {
  /** For the model: its words cleaned, the rest without anything hidden, and all of it bounded. What the owner is shown. */
  parameters: JsonSchema;
  check(input: unknown): { ok: true } | { ok: false; problem: string };
}

/** Why it is not: no schema of an object, more than a tool has any reason to say, or names and values with characters that nobody sees. */
export type SchemaFault = 'invalid' | 'too-large' | 'hides';

const MAX_NODES = 2000;
const MAX_DEPTH = 32;
const MAX_STRING = 400;
/** A model reads all of it in every round, and the owner once. */
const MAX_SIZE_CHARS = 4_096;
/** A foreign regular expression may take exponential time, and the input comes from the model: the server checks these itself. */
const REGEX_KEYWORDS = new Set(['pattern', 'patternProperties', 'format', 'contentSchema']);
/** Names and values that the server will compare: cleaning would make them others. Longer ones than this are no schema but a text. */
const MAX_NAME = 1000;

/** The schema as foreign code for a validator: without regular expressions. */
export function readToolSchema(schema: unknown): ToolSchema | SchemaFault {
  if (!isRecord(schema) || (schema['type'] !== undefined && schema['type'] !== 'object')) return 'invalid';
  try {
    const withType = { ...schema, type: 'object' };
    const parameters = rebuild(withType, { nodes: 0 }, 0, readByModel);
    if (!isRecord(parameters)) return 'invalid';
    if (JSON.stringify(parameters).length > MAX_SIZE_CHARS) return 'too-large';
    const validate = createValidator().getValidator(
      rebuild(withType, { nodes: 0 }, 0, readByCheck) as Parameters<JsonSchemaReader['getValidator']>[0],
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
  } catch (error) {
    if (error instanceof HiddenText) return 'hides';
    return error instanceof RangeError ? 'too-large' : 'invalid';
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
      const bounded = rebuild(schema, { nodes: 0 }, 0, readByCheck) as typeof schema;
      return createValidator().getValidator<Value>(bounded);
    } catch {
      return anything<Value>();
    }
  },
};

function anything<Value>(): ReturnType<typeof JSON.parse> & ((input: unknown) => { valid: true; data: Value; errorMessage: undefined }) {
  return (input: unknown) => ({ valid: true, data: input as Value, errorMessage: undefined });
}

/** How the keys and texts of a node are taken over. */
interface Rule {
  keeps(key: string): boolean;
  /** A text under this key, or in a list under it. */
  text(key: string, text: string): string;
}

class HiddenText extends Error {}

/** The server compares it: it stays as it is, or not at all. */
function seen(text: string): string {
  if (hasHidden(text)) throw new HiddenText();
  return text;
}

/** What is known to describe an input. Everything else would be a place for words that no schema needs. */
const KEYWORDS = new Set(
  `type properties required items prefixItems additionalProperties enum const default description title anyOf oneOf allOf not if then else $ref $defs
  definitions contains nullable format pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems uniqueItems
  minProperties maxProperties dependentSchemas dependentRequired`.split(/\s+/),
);

const readByModel: Rule = {
  keeps: (key) => KEYWORDS.has(key),
  text: (key, text) => (key === 'description' || key === 'title' ? cleanText(text, { maxLength: MAX_STRING }) : seen(text)),
};
/** Inside of `enum` and the like are values, not schemas. */
const valueForModel: Rule = { keeps: () => true, text: (_key, text) => seen(text) };
const readByCheck: Rule = { keeps: (key) => !REGEX_KEYWORDS.has(key), text: (_key, text) => text };

const NAME_MAPS = new Set(['properties', '$defs', 'definitions', 'dependentSchemas', 'dependentRequired']);
const VALUES = new Set(['enum', 'const', 'default']);

/** Copies plain JSON, key by key; throws when it is larger than a schema has any reason to be. */
function rebuild(node: unknown, measured: { nodes: number }, depth: number, rule: Rule, key = '', isNameMap = false): unknown {
  measured.nodes += 1;
  if (measured.nodes > MAX_NODES || depth > MAX_DEPTH) throw new RangeError('schema too large');
  if (typeof node === 'string') {
    if (node.length > MAX_NAME) throw new RangeError('text too long');
    return rule.text(key, node);
  }
  if (Array.isArray(node)) return node.map((item) => rebuild(item, measured, depth + 1, rule, key));
  if (!isRecord(node)) return node;
  const entries: [string, unknown][] = [];
  for (const [name, value] of Object.entries(node)) {
    if (name.length > MAX_NAME) throw new RangeError('name too long');
    // Below `properties` the keys are names of the server's own: a property may well be called "pattern".
    if (!isNameMap && !rule.keeps(name)) continue;
    const isValue = !isNameMap && VALUES.has(name) && rule === readByModel;
    entries.push([
      rule.text('', name),
      rebuild(value, measured, depth + 1, isValue ? valueForModel : rule, isNameMap ? '' : name, !isNameMap && NAME_MAPS.has(name)),
    ]);
  }
  // Not by assignment: `__proto__` is a name like any other here.
  return Object.fromEntries(entries);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
