import { bytesField, fieldsOf, integersOf, stringField, text, varintField, WIRE_BYTES, type Field } from '../onnx/protobuf.ts';

/**
 * Just enough of the ONNX file format (a protobuf message) to look at a graph and to cut a piece out of it in memory; the file on disk stays
 * as it was verified. Field numbers are those of onnx.proto, stable since IR version 3.
 */

const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INITIALIZER = 5;
const GRAPH_INPUT = 11;
const GRAPH_OUTPUT = 12;
const TENSOR_NAME = 8;
/** Element types as the format numbers them; strings and what no voice has are left out. */
const ELEMENT_TYPES = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

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
      // The `ints` of an attribute.
      const integers = integersOf(part.bytes, 8);
      if (integers.length > 0) node.integers.set(stringField(part.bytes, 1), integers);
    }
  }
  return node;
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
