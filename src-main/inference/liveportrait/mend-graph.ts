import { operatorSetField } from '../onnx/onnx-writer.ts';
import { bytesField, bytesFieldStart, fieldsOf, integersOf, stringField, text, WIRE_BYTES, type Field } from '../onnx/protobuf.ts';
import { gatherFields } from './grid-sample-gathers.ts';

const MODEL_GRAPH = 7;
const MODEL_OPERATOR_SET = 8;
const GRAPH_NODE = 1;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_TEXT = 4;
/** The first operator set whose GridSample is defined for volumes. */
const VOLUME_SET = 20;

/** What `warping_spade.onnx` is mended with: a newer GridSample, or eight gathers for each. */
export type Mending = 'operator-set' | 'gathers';

/** Operators whose axes became an input in set 18: a file that still has them as attribute is none of set 20. */
const AXES_MOVED: ReadonlySet<string> = new Set(
  ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'SumSquare'].map((kind) => `Reduce${kind}`),
);

/**
 * Makes a graph with GridSamples of volumes, written for operator set 16, run on the GPU: engines take such a node only from set 20 on, where its mode is
 * called `linear`, or not at all, and then it becomes eight gathers. `operator-set` falls back to the gathers where another operator of the file
 * would change its meaning. The pieces are those of the whole new file, in order; weights are views of `file`.
 * Throws a plain `Error` when the file is no ONNX model or samples no volume.
 */
export function mendGridSamples(file: Uint8Array, wanted: Mending): Uint8Array[] {
  const model = [...fieldsOf(file)];
  const graph = model.find((field) => field.number === MODEL_GRAPH && field.wireType === WIRE_BYTES);
  if (!graph) throw new Error('This is not an ONNX model: it holds no graph.');
  const fields = [...fieldsOf(graph.bytes)];
  const nodes = fields.filter((field) => field.number === GRAPH_NODE);
  const mending: Mending = wanted === 'operator-set' && nodes.every(keepsItsMeaning) ? 'operator-set' : 'gathers';
  let samples = 0;
  const mended = fields.flatMap((field): Uint8Array[] => {
    if (field.number !== GRAPH_NODE || operatorOf(field) !== 'GridSample') return [field.whole];
    samples += 1;
    return mending === 'operator-set' ? [renamed(field)] : asGathers(field, samples);
  });
  if (samples === 0) throw new Error('This graph samples no volume, so it is none of LivePortrait.');
  return model.flatMap((field) => {
    if (field === graph) return lengthDelimited(MODEL_GRAPH, mended);
    const isPlainSet = field.number === MODEL_OPERATOR_SET && stringField(field.bytes, 1) === '';
    return isPlainSet && mending === 'operator-set' ? [operatorSetField(VOLUME_SET)] : [field.whole];
  });
}

function operatorOf(node: Field): string {
  return stringField(node.bytes, 4);
}

/** Whether a node of sets 16 to 19 means the same in set 20. */
function keepsItsMeaning(node: Field): boolean {
  const operator = operatorOf(node);
  if (AXES_MOVED.has(operator)) return attributesOf(node).every((attribute) => stringField(attribute.bytes, 1) !== 'axes');
  // Without the sizes as input, set 18 asks for their number.
  return operator !== 'Split' || namesOf(node, 1).length > 1;
}

function renamed(node: Field): Uint8Array {
  const parts = [...fieldsOf(node.bytes)].map((part) => {
    if (part.number !== NODE_ATTRIBUTE || stringField(part.bytes, 1) !== 'mode') return part.whole;
    const attribute = [...fieldsOf(part.bytes)].map((field) =>
      field.number === ATTRIBUTE_TEXT && text(field.bytes) === 'bilinear' ? bytesField(ATTRIBUTE_TEXT, Buffer.from('linear')) : field.whole,
    );
    return bytesField(NODE_ATTRIBUTE, Buffer.concat(attribute));
  });
  return bytesField(GRAPH_NODE, Buffer.concat(parts));
}

function asGathers(node: Field, count: number): Uint8Array[] {
  for (const attribute of attributesOf(node)) {
    const name = stringField(attribute.bytes, 1);
    const known =
      (name === 'mode' && ['bilinear', 'linear'].includes(stringField(attribute.bytes, ATTRIBUTE_TEXT))) ||
      (name === 'padding_mode' && stringField(attribute.bytes, ATTRIBUTE_TEXT) === 'zeros') ||
      (name === 'align_corners' && integersOf(attribute.bytes, 3).every((value) => value === 0));
    if (!known) throw new Error(`This graph samples in a way that LivePortrait's does not (${name}).`);
  }
  const [x, grid] = namesOf(node, 1);
  const [output] = namesOf(node, 2);
  if (x === undefined || grid === undefined || output === undefined) throw new Error('This graph is damaged: a node has no inputs.');
  return gatherFields({ prefix: `mended/sample${count}`, x, grid, output });
}

function attributesOf(node: Field): Field[] {
  return [...fieldsOf(node.bytes)].filter((part) => part.number === NODE_ATTRIBUTE);
}

function namesOf(node: Field, number: number): string[] {
  return [...fieldsOf(node.bytes)].filter((part) => part.number === number).map((part) => text(part.bytes));
}

/** A field whose payload stays in pieces: its weights are not copied. */
function lengthDelimited(number: number, parts: readonly Uint8Array[]): Uint8Array[] {
  const payloadBytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  return [bytesFieldStart(number, payloadBytes), ...parts];
}
