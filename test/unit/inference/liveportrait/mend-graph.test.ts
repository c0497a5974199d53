import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { mendGridSamples, type Mending } from '../../../../src-main/inference/liveportrait/mend-graph.ts';
import { writeOnnxModel, type NodeToWrite } from '../../../../src-main/inference/onnx/onnx-writer.ts';
import { parseOnnxGraph } from '../../../../src-main/inference/piper/onnx-graph.ts';

const VOLUMES = [
  { name: 'many small volumes', x: [3, 2, 4, 6, 5] },
  { name: 'one with many channels', x: [1, 9, 3, 4, 7] },
];
const GRID_SAMPLE = { mode: 'bilinear', padding_mode: 'zeros', align_corners: 0 };

function samplingGraph(x: readonly number[], more: readonly NodeToWrite[] = [], operator = 'GridSample'): Uint8Array {
  const grid = [x[0] ?? 1, ...x.slice(2), 3];
  return writeOnnxModel({
    operatorSet: 16,
    inputs: [
      { name: 'x', dimensions: x },
      { name: 'grid', dimensions: grid },
    ],
    outputs: [{ name: 'out', dimensions: x }],
    nodes: [
      { operator, inputs: ['x', 'grid'], outputs: [more.length > 0 ? 'sampled' : 'out'], name: '/GridSample', attributes: GRID_SAMPLE },
      ...more,
    ],
  });
}

/** Numbers without a pattern, the same each time (xorshift, Marsaglia 2003). */
function noise(count: number, from: number, to: number): Float32Array {
  const values = new Float32Array(count);
  let state = 2_463_534_242;
  for (let index = 0; index < count; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    values[index] = from + ((state >>> 0) / 2 ** 32) * (to - from);
  }
  return values;
}

const count = (dimensions: readonly number[]): number => dimensions.reduce((product, size) => product * size, 1);

async function run(file: Uint8Array, x: readonly number[]): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const grid = [x[0] ?? 1, ...x.slice(2), 3];
  const result = await session.run({
    x: new ort.Tensor('float32', noise(count(x), -1, 1), x),
    // Beyond the edges on every side.
    grid: new ort.Tensor('float32', noise(count(grid), -1.3, 1.3), grid),
  });
  await session.release();
  const data = result['out']?.data;
  if (!(data instanceof Float32Array)) throw new Error('no output');
  return data;
}

function largestDifference(left: Float32Array, right: Float32Array): number {
  expect(left).toHaveLength(right.length);
  let largest = 0;
  for (let index = 0; index < left.length; index += 1) largest = Math.max(largest, Math.abs((left[index] ?? NaN) - (right[index] ?? NaN)));
  return largest;
}

const operatorsOf = (file: Uint8Array): string[] => parseOnnxGraph(file).nodes.map((node) => node.operator);
const mend = (file: Uint8Array, wanted: Mending): Uint8Array => Buffer.concat(mendGridSamples(file, wanted));

describe('mendGridSamples', () => {
  it.each(VOLUMES)(
    'samples $name as the engine does by itself, with gathers and in operator set 20',

    async ({ x }) => {
      const file = samplingGraph(x);
      const expected = await run(file, x);
      const gathers = mend(file, 'gathers');
      const renamed = mend(file, 'operator-set');
      expect(operatorsOf(gathers)).not.toContain('GridSample');
      expect(operatorsOf(renamed)).toStrictEqual(['GridSample']);
      expect(largestDifference(await run(gathers, x), expected)).toBeLessThan(2e-4);
      expect(largestDifference(await run(renamed, x), expected)).toBe(0);
    },
  );

  it('keeps the operator set, and gathers, where another node would mean something else in a newer one', async () => {
    const x = [1, 2, 3, 4, 5];
    const mean = { operator: 'ReduceMean', inputs: ['sampled'], outputs: ['mean'], attributes: { axes: [1], keepdims: 1 } };
    const file = samplingGraph(x, [mean, { operator: 'Sub', inputs: ['sampled', 'mean'], outputs: ['out'] }]);
    const mended = mend(file, 'operator-set');
    expect(operatorsOf(mended)).not.toContain('GridSample');
    expect(largestDifference(await run(mended, x), await run(file, x))).toBeLessThan(1e-5);
  });

  it('refuses the file for the TensorRT plugin, another way of sampling, and what is no graph', () => {
    const plugin = samplingGraph([1, 2, 3, 4, 5], [], 'GridSample3D');
    expect(() => mend(plugin, 'gathers')).toThrow('samples no volume');
    const border = writeOnnxModel({
      operatorSet: 16,
      inputs: [],
      outputs: [],
      nodes: [{ operator: 'GridSample', inputs: ['x', 'grid'], outputs: ['out'], attributes: { padding_mode: 'border' } }],
    });
    expect(() => mend(border, 'gathers')).toThrow("samples in a way that LivePortrait's does not (padding_mode)");
    expect(() => mend(Buffer.from('<html>'), 'gathers')).toThrow('ONNX model');
  });
});
