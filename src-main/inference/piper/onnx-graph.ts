/**
 * Just enough of the ONNX file format (a protobuf message) to look at a graph and to cut a piece out of it in memory; the file on disk stays
 * as it was verified. Field numbers are those of onnx.proto, stable since IR version 3.
 */

const WIRE_VARINT = 0;
const WIRE_FIXED64 = 1;
const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;

const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INITIALIZER = 5;
const GRAPH_INPUT = 11;
const GRAPH_OUTPUT = 12;
const TENSOR_NAME = 8;
/** Element types as the format numbers them; strings and what no voice has are left out. */
const ELEMENT_TYPES = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

interface Field {
  number: number;
  wireType: number;
  /** The value of a varint; 0 for other wire types. */
  value: number;
  /** The bytes of a length-delimited field; empty for other wire types. */
  bytes: Uint8Array;
  /** Tag, length and payload as they lie in the file. */
  whole: Uint8Array;
}

/** One operation of the graph. */
export interface OnnxNode {
  operator: string;
  inputs: string[];
  outputs: string[];
  /** Integer-list attributes (kernel_shape, dilations, strides …). */
  integers: ReadonlyMap<string, number[]>;
  /** The node as it lies in the file. */
  whole: Uint8Array;
}

/** A parsed model. Byte arrays are views of the file's bytes, nothing is copied. */
export interface OnnxGraph {
  /** In topological order, as the format demands. */
  nodes: OnnxNode[];
  inputs: string[];
  outputs: string[];
  /** Weights by name, as they lie in the file. */
  initializers: ReadonlyMap<string, Uint8Array>;
  /** The whole model without its graph. */
  header: Uint8Array[];
  inputFields: ReadonlyMap<string, Uint8Array>;
  outputFields: ReadonlyMap<string, Uint8Array>;
}

/** Reads a model. Throws a plain `Error` when the bytes are not one (truncated, something else). */
export function parseOnnxGraph(file: Uint8Array): OnnxGraph {
  const header: Uint8Array[] = [];
  let graph: Uint8Array | undefined;
  for (const field of fieldsOf(file)) {
    if (field.number === MODEL_GRAPH && field.wireType === WIRE_BYTES) graph = field.bytes;
    else header.push(field.whole);
  }
  if (!graph) throw new Error('This is not an ONNX model: it holds no graph.');
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, Uint8Array>();
  const inputFields = new Map<string, Uint8Array>();
  const outputFields = new Map<string, Uint8Array>();
  for (const field of fieldsOf(graph)) {
    if (field.number === GRAPH_NODE) nodes.push(parseNode(field));
    else if (field.number === GRAPH_INITIALIZER) initializers.set(stringField(field.bytes, TENSOR_NAME), field.whole);
    else if (field.number === GRAPH_INPUT) inputFields.set(stringField(field.bytes, 1), field.whole);
    else if (field.number === GRAPH_OUTPUT) outputFields.set(stringField(field.bytes, 1), field.whole);
  }
  return {
    nodes,
    initializers,
    header,
    inputFields,
    outputFields,
    inputs: [...inputFields.keys()].filter((name) => !initializers.has(name)),
    outputs: [...outputFields.keys()],
  };
}

export type ElementType = keyof typeof ELEMENT_TYPES;

/** A tensor inside the graph that becomes an input of a cut piece. */
export interface CutTensor {
  name: string;
  type: ElementType;
  /** Number of dimensions, their sizes stay open; absent = open as well. */
  rank?: number;
}

/**
 * Cuts out the nodes that lead to `outputs`, starting at `inputs` and at the model's own inputs.
 * Returns a complete model file.
 */
export function cutOnnxGraph(graph: OnnxGraph, cut: { inputs: readonly CutTensor[]; outputs: readonly string[] }): Uint8Array {
  const given = new Set(cut.inputs.map((tensor) => tensor.name));
  const needed = neededFor(graph, cut.outputs, given);
  const parts: Uint8Array[] = [bytesField(2, Buffer.from('cut'))];
  for (const node of graph.nodes) if (needed.nodes.has(node)) parts.push(node.whole);
  for (const [name, whole] of graph.initializers) if (needed.tensors.has(name)) parts.push(whole);
  for (const [name, whole] of graph.inputFields) if (needed.tensors.has(name) && !given.has(name)) parts.push(whole);
  for (const tensor of cut.inputs) parts.push(inputField(tensor));
  // An output without a type gets the one that the graph's operations give it.
  for (const name of cut.outputs) parts.push(graph.outputFields.get(name) ?? bytesField(GRAPH_OUTPUT, bytesField(1, Buffer.from(name))));
  return Buffer.concat([...graph.header, bytesField(MODEL_GRAPH, Buffer.concat(parts))]);
}

/** Nodes and tensors that the outputs depend on, not looking past `given`. */
export function neededFor(
  graph: OnnxGraph,
  outputs: readonly string[],
  given: ReadonlySet<string> = new Set(),
): { nodes: Set<OnnxNode>; tensors: Set<string> } {
  const tensors = new Set(outputs);
  const nodes = new Set<OnnxNode>();
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => tensors.has(name) && !given.has(name))) continue;
    nodes.add(node);
    for (const name of node.inputs) if (name !== '') tensors.add(name);
  }
  return { nodes, tensors };
}

function parseNode(field: Field): OnnxNode {
  const node = { operator: '', inputs: [] as string[], outputs: [] as string[], integers: new Map<string, number[]>(), whole: field.whole };
  for (const part of fieldsOf(field.bytes)) {
    if (part.number === 1) node.inputs.push(text(part.bytes));
    else if (part.number === 2) node.outputs.push(text(part.bytes));
    else if (part.number === 4) node.operator = text(part.bytes);
    else if (part.number === 5) {
      const integers = integersOf(part.bytes);
      if (integers) node.integers.set(stringField(part.bytes, 1), integers);
    }
  }
  return node;
}

/** The `ints` of an attribute, packed or not; undefined for other kinds. */
function integersOf(attribute: Uint8Array): number[] | undefined {
  const values: number[] = [];
  for (const part of fieldsOf(attribute)) {
    if (part.number !== 8) continue;
    if (part.wireType === WIRE_VARINT) values.push(part.value);
    else for (let at = 0; at < part.bytes.length;) ({ value: values[values.length], next: at } = readVarint(part.bytes, at));
  }
  return values.length > 0 ? values : undefined;
}

function inputField({ name, type, rank }: CutTensor): Uint8Array {
  const tensorType = [varintField(1, ELEMENT_TYPES[type])];
  if (rank !== undefined) {
    const dimensions = Array.from({ length: rank }, (_, axis) => bytesField(1, bytesField(2, Buffer.from(`${name}_${axis}`))));
    tensorType.push(bytesField(2, Buffer.concat(dimensions)));
  }
  return bytesField(
    GRAPH_INPUT,
    Buffer.concat([bytesField(1, Buffer.from(name)), bytesField(2, bytesField(1, Buffer.concat(tensorType)))]),
  );
}

function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  while (at < message.length) {
    const start = at;
    const tag = readVarint(message, at);
    at = tag.next;
    const field = { number: Math.floor(tag.value / 8), wireType: tag.value % 8, value: 0, bytes: message.subarray(0, 0), whole: message };
    if (field.wireType === WIRE_VARINT) ({ value: field.value, next: at } = readVarint(message, at));
    else if (field.wireType === WIRE_BYTES) {
      const length = readVarint(message, at);
      field.bytes = message.subarray(length.next, length.next + length.value);
      at = length.next + length.value;
    } else if (field.wireType === WIRE_FIXED64) at += 8;
    else if (field.wireType === WIRE_FIXED32) at += 4;
    else throw new Error(`This is not an ONNX model: wire type ${field.wireType} at byte ${start}.`);
    if (at > message.length) throw new Error('This is not a whole ONNX model: it ends in the middle of a field.');
    yield { ...field, whole: message.subarray(start, at) };
  }
}

/** Values above 2^53 (negative integers) lose precision, which nothing here looks at. */
function readVarint(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  for (let at = start; at < bytes.length && at < start + 10; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, next: at + 1 };
    factor *= 128;
  }
  throw new Error('This is not a whole ONNX model: it ends in the middle of a number.');
}

function writeVarint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

function bytesField(number: number, payload: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([...writeVarint(number * 8 + WIRE_BYTES), ...writeVarint(payload.length)]), payload]);
}

function varintField(number: number, value: number): Uint8Array {
  return Buffer.from([...writeVarint(number * 8 + WIRE_VARINT), ...writeVarint(value)]);
}

function stringField(message: Uint8Array, number: number): string {
  for (const field of fieldsOf(message)) if (field.number === number) return text(field.bytes);
  return '';
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
