import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { cutOnnxGraph, neededFor, parseOnnxGraph } from '../../../../src-main/inference/piper/onnx-graph.ts';

/** A real network that is shipped with the app: 1 x 128 x 128 x 3 in, two outputs. */
const file = readFileSync(fileURLToPath(new URL('../../../../models/face/face_det.onnx', import.meta.url)));
const graph = parseOnnxGraph(file);
const OUTPUTS = ['regressors', 'classificators'];
/** Output of its first block; everything behind it needs nothing from before. */
const CUT = { name: 't12', type: 'float32', rank: 4 } as const;

const picture = new ort.Tensor(
  'float32',
  Float32Array.from({ length: 128 * 128 * 3 }, (_, index) => Math.sin(index * 0.37) * Math.cos(index * 0.011)),
  [1, 128, 128, 3],
);

async function run(model: Uint8Array, feeds: Record<string, ort.Tensor>): Promise<Record<string, ort.Tensor>> {
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
    // As written: fused operations round in another way on each side of a cut.
    graphOptimizationLevel: 'disabled',
  });
  const result = await session.run(feeds);
  await session.release();
  return result as Record<string, ort.Tensor>;
}

/** Largest distance between numbers at the same place. */
function farthest(left: ort.Tensor | undefined, right: ort.Tensor | undefined): number {
  const [ours, theirs] = [left?.data, right?.data];
  if (!(ours instanceof Float32Array) || !(theirs instanceof Float32Array)) return NaN;
  return ours.length === theirs.length ? ours.reduce((most, value, at) => Math.max(most, Math.abs(value - (theirs[at] ?? NaN))), 0) : NaN;
}

describe('parseOnnxGraph', () => {
  it('names inputs, outputs, operations and weights as they stand in the file', () => {
    expect([graph.inputs, graph.outputs]).toEqual([['input'], OUTPUTS]);
    expect(graph.nodes[3]).toMatchObject({ operator: 'Conv', inputs: ['t0', 'x3', 'x5'], outputs: ['t3'] });
    expect(graph.nodes[3]?.integers).toEqual(
      new Map([
        ['kernel_shape', [5, 5]],
        ['pads', [1, 1, 2, 2]],
        ['strides', [2, 2]],
      ]),
    );
    expect(graph.initializers.has('w_2')).toBe(true);
  });

  it('loses nothing: put together again the model is the same', async () => {
    const whole = cutOnnxGraph(graph, { inputs: [], outputs: OUTPUTS });
    const [again, before] = [await run(whole, { input: picture }), await run(file, { input: picture })];
    for (const name of OUTPUTS) expect(farthest(again[name], before[name])).toBe(0);
  });

  it.each([
    ['nothing', new Uint8Array(0), /not an ONNX model: it holds no graph/],
    ['a page of the hub', Buffer.from('<!doctype html><title>404</title>'), /not an? (whole )?ONNX model/],
    ['zeros', new Uint8Array(100), /not an ONNX model/],
    ['half of one', file.subarray(0, file.length / 2), /not a whole ONNX model/],
  ])('refuses %s', (_name, bytes, message) => {
    expect(() => parseOnnxGraph(bytes)).toThrow(message);
  });

  it('either parses or refuses, whatever the bytes are', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(2_000),
        fc.array(fc.tuple(fc.nat(1_999), fc.nat(255)), { maxLength: 6 }),
        (junk, length, changes) => {
          const damaged = Uint8Array.from(file.subarray(0, length));
          for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
          for (const bytes of [junk, damaged]) {
            try {
              parseOnnxGraph(bytes);
            } catch (error) {
              expect(String(error)).toMatch(/ONNX model/);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('cutOnnxGraph', () => {
  it('makes two models of one that together give the very same numbers', async () => {
    const first = cutOnnxGraph(graph, { inputs: [], outputs: [CUT.name] });
    const second = cutOnnxGraph(graph, { inputs: [CUT], outputs: OUTPUTS });
    const { [CUT.name]: middle } = await run(first, { input: picture });
    if (!middle) throw new Error('the first half has no output');
    expect(middle.dims).toHaveLength(CUT.rank);
    const [joined, whole] = [await run(second, { [CUT.name]: middle }), await run(file, { input: picture })];
    for (const name of OUTPUTS) expect(farthest(joined[name], whole[name])).toBe(0);
  });

  it("may be cut at the model's own input", async () => {
    const whole = cutOnnxGraph(graph, { inputs: [{ name: 'input', type: 'float32', rank: 4 }], outputs: [CUT.name] });
    expect((await run(whole, { input: picture }))[CUT.name]?.dims).toHaveLength(CUT.rank);
  });

  it('takes along only what its outputs need', () => {
    const first = parseOnnxGraph(cutOnnxGraph(graph, { inputs: [], outputs: [CUT.name] }));
    expect([first.inputs, first.outputs]).toEqual([['input'], [CUT.name]]);
    expect(first.nodes.length).toBeLessThan(20);
    expect(first.initializers.size).toBeLessThan(10);
    const second = parseOnnxGraph(cutOnnxGraph(graph, { inputs: [CUT], outputs: ['regressors'] }));
    expect([second.inputs, second.outputs]).toEqual([[CUT.name], ['regressors']]);
    expect(second.nodes.some(({ outputs }) => outputs.includes('t4'))).toBe(false);
  });
});

describe('neededFor', () => {
  it('follows an output back to the inputs, and no further than what is given', () => {
    const whole = neededFor(graph, OUTPUTS);
    expect([whole.tensors.has('input'), whole.nodes.size]).toEqual([true, graph.nodes.length]);
    const rest = neededFor(graph, OUTPUTS, new Set([CUT.name]));
    expect([rest.tensors.has('input'), rest.tensors.has(CUT.name)]).toEqual([false, true]);
    expect(neededFor(graph, ['nowhere']).nodes.size).toBe(0);
  });
});
