import type { ChatModelFunctions, GbnfJsonSchema } from 'node-llama-cpp';
import type { JsonSchema, ToolDefinition } from '../contracts/index.ts';

/** Schemas that nest deeper, or refer to themselves, are left open from there on. */
const MAX_DEPTH = 6;
/** Longer bounds make the grammar large and slow; the tool's own check knows them. */
const MAX_COUNTED_ITEMS = 16;
const ANYTHING: GbnfJsonSchema = { type: ['string', 'number', 'boolean', 'null'] };
const PLAIN_TYPES = new Set(['string', 'number', 'integer', 'boolean', 'null']);
const FORMATS = new Set(['date-time', 'time', 'date']);

type Context = { root: JsonSchema; depth: number };
type Constant = string | number | boolean | null;

/** The tools as the library wants them: name → description and schema. The order is kept, since all of it stands in the prompt. */
export function toolFunctions(tools: readonly ToolDefinition[]): ChatModelFunctions {
  return Object.fromEntries(
    tools.map(({ name, description, parameters }) => {
      const hasInput = Object.keys(recordOf(parameters['properties'])).length > 0;
      return [name, { description, ...(hasInput ? { params: grammarSchema(parameters) } : {}) }];
    }),
  );
}

/**
 * The part of a JSON Schema that the library's grammar knows; what it does not know is left open and checked by the tool. Its grammar demands every
 * property, so one that may be missing may be `null` instead: {@link withoutAbsent} takes it out again.
 */
export function grammarSchema(schema: JsonSchema): GbnfJsonSchema {
  return convert(schema, { root: schema, depth: 0 });
}

/** The input without the properties that the model left out by writing `null`. */
export function withoutAbsent(input: unknown, schema: JsonSchema): unknown {
  return strip(input, schema, { root: schema, depth: 0 });
}

function convert(source: unknown, context: Context): GbnfJsonSchema {
  const schema = resolve(source, context);
  if (context.depth > MAX_DEPTH) return ANYTHING;
  const inner: Context = { ...context, depth: context.depth + 1 };
  const converted = bare(schema, inner);
  const { description } = schema;
  return typeof description === 'string' ? { ...converted, description } : converted;
}

function bare(schema: JsonSchema, inner: Context): GbnfJsonSchema {
  if ('const' in schema) return isConstant(schema['const']) ? { const: schema['const'] } : ANYTHING;
  if (Array.isArray(schema['enum'])) {
    const values = schema['enum'].filter(isConstant);
    return values.length > 0 ? { enum: values } : ANYTHING;
  }
  const choices = [schema['oneOf'], schema['anyOf']].find((each) => Array.isArray(each) && each.length > 0);
  if (Array.isArray(choices)) return { oneOf: choices.map((each) => convert(each, inner)) };
  const { type } = schema;
  if (Array.isArray(type)) {
    if (type.length > 0 && type.every((each) => PLAIN_TYPES.has(String(each)))) return plain(type);
    return { oneOf: type.map((each) => bare({ ...schema, type: each }, inner)) };
  }
  if (type === 'object' || (type === undefined && schema['properties'] !== undefined)) return objectSchema(schema, inner);
  if (type === 'array') return arraySchema(schema, inner);
  if (type === 'string' && FORMATS.has(String(schema['format']))) return { type, format: formatOf(schema['format']) };
  return PLAIN_TYPES.has(String(type)) ? plain([type]) : ANYTHING;
}

function plain(types: readonly unknown[]): GbnfJsonSchema {
  const known = types.map((each) => each as 'string' | 'number' | 'integer' | 'boolean' | 'null');
  const [only] = known;
  return known.length === 1 && only !== undefined ? { type: only } : { type: known };
}

function formatOf(format: unknown): 'date-time' | 'time' | 'date' {
  return format === 'date-time' || format === 'time' ? format : 'date';
}

function objectSchema(schema: JsonSchema, inner: Context): GbnfJsonSchema {
  const required = namesIn(schema['required']);
  const entries = Object.entries(recordOf(schema['properties'])).map(([name, property]): [string, GbnfJsonSchema] => {
    const converted = convert(property, inner);
    if (required.has(name) || allowsNull(resolve(property, inner))) return [name, converted];
    const { description } = resolve(property, inner);
    // The words stand outside, where the description of a function is made from.
    return [name, { oneOf: [converted, { type: 'null' }], ...(typeof description === 'string' ? { description } : {}) }];
  });
  const additional = schema['additionalProperties'];
  const further =
    typeof additional === 'object' && additional !== null
      ? { additionalProperties: convert(additional, inner) }
      : entries.length === 0 && additional !== false
        ? { additionalProperties: true }
        : {};
  return { type: 'object', properties: Object.fromEntries(entries), ...further };
}

function arraySchema(schema: JsonSchema, inner: Context): GbnfJsonSchema {
  return {
    type: 'array',
    ...(schema['items'] === undefined ? {} : { items: convert(schema['items'], inner) }),
    ...countOf('minItems', schema),
    ...countOf('maxItems', schema),
  };
}

function countOf(name: 'minItems' | 'maxItems', schema: JsonSchema): { minItems?: number; maxItems?: number } {
  const count = schema[name];
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= MAX_COUNTED_ITEMS ? { [name]: count } : {};
}

/** Follows `$ref` within the schema, and an `allOf` of one. */
function resolve(source: unknown, { root, depth }: Context): JsonSchema {
  let schema = recordOf(source);
  if (depth > MAX_DEPTH) return schema;
  for (let steps = 0; steps < MAX_DEPTH; steps += 1) {
    const reference = schema['$ref'];
    const all = schema['allOf'];
    if (typeof reference === 'string' && reference.startsWith('#')) schema = { ...lookUp(root, reference), ...without(schema, '$ref') };
    else if (Array.isArray(all) && all.length === 1) schema = { ...recordOf(all[0]), ...without(schema, 'allOf') };
    else break;
  }
  return schema;
}

function lookUp(root: JsonSchema, reference: string): JsonSchema {
  let place: unknown = root;
  for (const step of reference.split('/').slice(1)) place = recordOf(place)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  return recordOf(place);
}

function strip(input: unknown, source: unknown, context: Context): unknown {
  const schema = resolve(source, context);
  const inner: Context = { ...context, depth: context.depth + 1 };
  if (inner.depth > MAX_DEPTH) return input;
  if (Array.isArray(input)) return input.map((each) => strip(each, schema['items'], inner));
  if (typeof input !== 'object' || input === null) return input;
  const properties = recordOf(schema['properties']);
  const required = namesIn(schema['required']);
  const isAbsent = (name: string, value: unknown): boolean =>
    value === null && name in properties && !required.has(name) && !allowsNull(resolve(properties[name], inner));
  return Object.fromEntries(
    Object.entries(input).flatMap(([name, value]) => (isAbsent(name, value) ? [] : [[name, strip(value, properties[name], inner)]])),
  );
}

function allowsNull(schema: JsonSchema): boolean {
  const { type } = schema;
  if (type === 'null' || (Array.isArray(type) && type.includes('null'))) return true;
  if (Array.isArray(schema['enum']) && schema['enum'].includes(null)) return true;
  return [schema['oneOf'], schema['anyOf']].some((each) => Array.isArray(each) && each.some((choice) => allowsNull(recordOf(choice))));
}

function namesIn(value: unknown): ReadonlySet<string> {
  return new Set(Array.isArray(value) ? value.map(String) : []);
}

function without(schema: JsonSchema, name: string): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== name));
}

function isConstant(value: unknown): value is Constant {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function recordOf(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : {};
}
