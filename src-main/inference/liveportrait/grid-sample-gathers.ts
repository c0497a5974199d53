import { initializerField, nodeField, type NodeToWrite } from '../onnx/onnx-writer.ts';

/*
 * A sampling of a volume (GridSample of rank 5: trilinear, zeros outside, align_corners = 0) as eight gathers, for engines whose GridSample knows pictures
 * only. With i = ((g + 1) * size - 1) / 2 along each axis, lo = floor(i) and f = i - lo, the value is the sum over the eight corners of
 * X[corner] * product of (1 - f or f), where a corner outside counts as 0 (ONNX operators, "GridSample").
 * Positions are computed in int32: a volume of 65,536 cells is more than 16-bit floats can count, and an engine may choose those.
 */

const AXES = [
  { axis: 'x', grid: 0, size: 4 },
  { axis: 'y', grid: 1, size: 3 },
  { axis: 'z', grid: 2, size: 2 },
] as const;
type Axis = (typeof AXES)[number];

const INT32 = 6;
const INT64 = 7;
const FLOAT = 1;

/** Nodes and constants, as fields of a graph, that do what the node did: `x` [N,C,D,H,W] and `grid` [N,d,h,w,3] → `output` [N,C,d,h,w]. */
export function gatherFields(node: { prefix: string; x: string; grid: string; output: string }): Uint8Array[] {
  const { prefix } = node;
  const at = (name: string): string => `${prefix}/${name}`;
  const nodes: NodeToWrite[] = [];
  const constants: Uint8Array[] = [];
  const op = (operator: string, inputs: readonly string[], output: string, attributes: NodeToWrite['attributes'] = {}): string => {
    nodes.push({ operator, inputs, outputs: [output], name: output, attributes });
    return output;
  };
  const integers = (name: string, values: readonly number[], dimensions: readonly number[] = [values.length]): string => {
    constants.push(initializerField({ name: at(name), dimensions, values: BigInt64Array.from(values, BigInt) }));
    return at(name);
  };
  const number = (name: string, value: number): string => {
    constants.push(initializerField({ name: at(name), dimensions: [], values: Float32Array.of(value) }));
    return at(name);
  };
  const zero = number('zero', 0);
  const one = number('one', 1);
  const half = number('half', 0.5);
  const shape = op('Shape', [node.x], at('shape'));

  /** Of one axis: the size as int32, and for the two neighbours their clamped place (int32) and weight. */
  const neighbours = (axis: Axis): { size: string; low: [string, string]; high: [string, string] } => {
    const own = (name: string): string => at(`${axis.axis}/${name}`);
    const size = op('Gather', [shape, integers(`${axis.axis}/size/index`, [axis.size], [])], own('size'));
    const length = op('Cast', [size], own('length'), { to: FLOAT });
    const last = op('Sub', [length, one], own('last'));
    const coordinate = op('Gather', [node.grid, integers(`${axis.axis}/grid/index`, [axis.grid], [])], own('g'), { axis: 4 });
    const scaled = op('Mul', [op('Add', [coordinate, one], own('g1')), length], own('scaled'));
    const place = op('Mul', [op('Sub', [scaled, one], own('scaled1')), half], own('place'));
    const low = op('Floor', [place], own('low'));
    const part = op('Sub', [place, low], own('part'));
    const corner = (name: string, position: string, weight: string): [string, string] => {
      const inside = op(
        'And',
        [
          op('GreaterOrEqual', [position, zero], own(`${name}/from`)),
          op('Not', [op('Greater', [position, last], own(`${name}/beyond`))], own(`${name}/to`)),
        ],
        own(`${name}/inside`),
      );
      const share = op('Mul', [weight, op('Cast', [inside], own(`${name}/factor`), { to: FLOAT })], own(`${name}/share`));
      const kept = op('Min', [op('Max', [position, zero], own(`${name}/max`)), last], own(`${name}/kept`));
      return [op('Cast', [kept], own(`${name}/index`), { to: INT32 }), share];
    };
    return {
      size: op('Cast', [size], own('size32'), { to: INT32 }),
      low: corner('low', low, op('Sub', [one, part], own('rest'))),
      high: corner('high', op('Add', [low, one], own('next')), part),
    };
  };
  const [x, y, z] = AXES.map(neighbours);
  if (!x || !y || !z) throw new Error('A volume has three axes.');

  const flat = op('Reshape', [node.x, integers('flat/shape', [0, 0, -1])], at('flat'));
  const cells = op('Transpose', [flat], at('cells'), { perm: [0, 2, 1] });
  const column = integers('column/shape', [0, -1, 1]);
  let sum: string | undefined;
  for (let corner = 0; corner < 8; corner += 1) {
    const own = (name: string): string => at(`corner${corner}/${name}`);
    const [xAt, xShare] = corner & 1 ? x.high : x.low;
    const [yAt, yShare] = corner & 2 ? y.high : y.low;
    const [zAt, zShare] = corner & 4 ? z.high : z.low;
    const row = op('Add', [op('Mul', [zAt, y.size], own('zh')), yAt], own('zhy'));
    const index = op('Add', [op('Mul', [row, x.size], own('zyw')), xAt], own('index'));
    const indices = op('Cast', [op('Reshape', [index, column], own('indices32'))], own('indices'), { to: INT64 });
    const found = op('GatherND', [cells, indices], own('found'), { batch_dims: 1 });
    const share = op('Mul', [op('Mul', [xShare, yShare], own('xy')), zShare], own('share'));
    const weighted = op('Mul', [found, op('Reshape', [share, column], own('weight'))], own('weighted'));
    sum = sum === undefined ? weighted : op('Add', [sum, weighted], own('sum'));
  }
  const channels = op('Transpose', [sum ?? cells], at('channels'), { perm: [0, 2, 1] });
  const outer = op('Slice', [shape, integers('outer/from', [0]), integers('outer/to', [2])], at('outer'));
  const gridShape = op('Shape', [node.grid], at('gridShape'));
  const inner = op('Slice', [gridShape, integers('inner/from', [1]), integers('inner/to', [4])], at('inner'));
  op('Reshape', [channels, op('Concat', [outer, inner], at('outShape'), { axis: 0 })], node.output);
  return [...constants, ...nodes.map(nodeField)];
}
