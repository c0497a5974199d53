import { bytesField, varintField } from './protobuf.ts';

/*
 * Writes ONNX graphs: the nodes that replace one in a file, and small graphs of our own. Field numbers are those of onnx.proto, stable since IR version 3.
 */

const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_INTEGER = 2;
const ATTRIBUTE_TEXT = 3;
const ATTRIBUTE_INTEGERS = 7;
/** Of ONNX 1.15, which brought the operators of set 20. */
const IR_VERSION = 9;

/** One operation. Attributes are whole numbers from 0 on, lists of such, and texts. */
export interface NodeToWrite {
  operator: string;
  inputs: readonly string[];
  outputs: readonly string[];
  name?: string;
  attributes?: Readonly<Record<string, number | string | readonly number[]>>;
}

/** A named tensor with its content: floats, or whole numbers as int64. No dimensions = a single number. */
export interface TensorToWrite {
  name: string;
  dimensions: readonly number[];
  values: Float32Array | BigInt64Array<ArrayBuffer>;
}

/** A float32 input or output with its shape. */
export interface FloatTensor {
  name: string;
  dimensions: readonly number[];
}

/** A node as a field of a graph. */
export function nodeField(node: NodeToWrite): Uint8Array {
  return bytesField(
    1,
    Buffer.concat([
      ...node.inputs.map((name) => textField(1, name)),
      ...node.outputs.map((name) => textField(2, name)),
      ...(node.name === undefined ? [] : [textField(3, node.name)]),
      textField(4, node.operator),
      ...Object.entries(node.attributes ?? {}).map(([name, value]) => bytesField(5, attribute(name, value))),
    ]),
  );
}

/** Weights or a constant as a field of a graph. */
export function initializerField({ name, dimensions, values }: TensorToWrite): Uint8Array {
  return bytesField(
    5,
    Buffer.concat([
      ...dimensions.map((size) => varintField(1, size)),
      varintField(2, values instanceof Float32Array ? FLOAT : INT64),
      textField(8, name),
      // Little-endian, as every machine is that this runs on.
      bytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
    ]),
  );
}

/** The operator set that a model is written in. */
export function operatorSetField(version: number): Uint8Array {
  return bytesField(8, varintField(2, version));
}

/** A whole model file. */
export function writeOnnxModel(model: {
  operatorSet: number;
  inputs: readonly FloatTensor[];
  outputs: readonly FloatTensor[];
  nodes: readonly NodeToWrite[];
  initializers?: readonly TensorToWrite[];
}): Uint8Array {
  const graph = Buffer.concat([
    ...model.nodes.map(nodeField),
    textField(2, 'graph'),
    ...(model.initializers ?? []).map(initializerField),
    ...model.inputs.map((tensor) => bytesField(11, valueInfo(tensor))),
    ...model.outputs.map((tensor) => bytesField(12, valueInfo(tensor))),
  ]);
  return Buffer.concat([varintField(1, IR_VERSION), bytesField(7, graph), operatorSetField(model.operatorSet)]);
}

function attribute(name: string, value: number | string | readonly number[]): Uint8Array {
  if (typeof value === 'string') return Buffer.concat([textField(1, name), textField(4, value), varintField(20, ATTRIBUTE_TEXT)]);
  if (typeof value === 'number') return Buffer.concat([textField(1, name), varintField(3, value), varintField(20, ATTRIBUTE_INTEGER)]);
  return Buffer.concat([textField(1, name), ...value.map((each) => varintField(8, each)), varintField(20, ATTRIBUTE_INTEGERS)]);
}

function valueInfo({ name, dimensions }: FloatTensor): Uint8Array {
  const shape = Buffer.concat(dimensions.map((size) => bytesField(1, varintField(1, size))));
  return Buffer.concat([textField(1, name), bytesField(2, bytesField(1, Buffer.concat([varintField(1, FLOAT), bytesField(2, shape)])))]);
}

function textField(number: number, value: string): Uint8Array {
  return bytesField(number, Buffer.from(value));
}
