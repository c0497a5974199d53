import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { sliceGraph } from '../../../../src-main/inference/piper/graph-slices.ts';
import { cutOnnxGraph, parseOnnxGraph, type ElementType } from '../../../../src-main/inference/piper/onnx-graph.ts';

/** A real network that is shipped with the app: 1 x 128 x 128 x 3 in, two outputs. */
const file = readFileSync(fileURLToPath(new URL('../../../../models/face/face_det.onnx', import.meta.url)));
const graph = parseOnnxGraph(file);
const OUTPUTS = ['regressors', 'classificators'];

async function openSession(model: Uint8Array): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 4, graphOptimizationLevel: 'disabled' });
}

describe('sliceGraph', () => {
  it('leaves a short graph whole', () => {
    expect(sliceGraph(graph, OUTPUTS, graph.nodes.length)).toEqual([{ inputs: [], outputs: expect.arrayContaining(OUTPUTS) }]);
  });

  it.each([10, 25, 60])('in slices of %i operations, one after the other, gives the very same numbers', async (sliceNodes) => {
    const slices = sliceGraph(graph, OUTPUTS, sliceNodes);
    expect(slices.length).toBe(Math.ceil(graph.nodes.length / sliceNodes));
    const picture = new ort.Tensor(
      'float32',
      Float32Array.from({ length: 128 * 128 * 3 }, (_, at) => Math.sin(at * 0.37)),
      [1, 128, 128, 3],
    );
    const known: Record<string, ort.OnnxValue> = { input: picture };
    const types = new Map<string, ElementType>();
    for (const { inputs, outputs } of slices) {
      const cut = inputs.map((name) => ({ name, type: types.get(name) ?? 'bool' }));
      const session = await openSession(cutOnnxGraph(graph, { inputs: cut, outputs }));
      for (const tensor of session.outputMetadata) if (tensor.isTensor) types.set(tensor.name, tensor.type as ElementType);
      Object.assign(known, await session.run(Object.fromEntries(session.inputNames.map((name) => [name, known[name] ?? picture]))));
      await session.release();
    }
    const whole = await openSession(file);
    const expected = await whole.run({ input: picture });
    await whole.release();
    for (const name of OUTPUTS) expect((known[name] as ort.Tensor).data).toEqual((expected[name] as ort.Tensor).data);
  });

  it('cuts where few tensors cross, and hands on only what is needed', () => {
    const slices = sliceGraph(graph, OUTPUTS, 25);
    const made = new Set<string>();
    for (const { inputs, outputs } of slices) {
      for (const name of inputs) expect(made).toContain(name);
      for (const name of outputs) made.add(name);
    }
    const used = new Set([...OUTPUTS, ...slices.flatMap(({ inputs }) => inputs)]);
    expect([...made].filter((name) => !used.has(name))).toEqual([]);
    expect(Math.max(...slices.map(({ inputs }) => inputs.length))).toBeLessThanOrEqual(4);
  });
});
