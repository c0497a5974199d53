import * as ort from 'onnxruntime-node';
import { writeOnnxModel } from '../onnx/onnx-writer.ts';
import { noGpu } from './live-errors.ts';
import type { Mending } from './mend-graph.ts';

/**
 * Whether CUDA works here, by running a tiny graph on it, and how the graph with the volumes must be mended for it: some versions of the engine sample
 * volumes on the GPU, older ones pictures only (onnxruntime pull request 27201). Rejects with `face.no-gpu`.
 */
export async function findGpu(): Promise<Mending> {
  if (!ort.listSupportedBackends().some(({ name }) => name === 'cuda')) throw noGpu();
  try {
    await run(writeOnnxModel({ ...VOLUME, nodes: [{ operator: 'Add', inputs: ['x', 'x'], outputs: ['out'] }] }), {});
  } catch (error) {
    throw noGpu(error);
  }
  const grid = { name: 'grid', dimensions: [1, 1, 1, 1, 3] };
  try {
    const sampled = await run(
      writeOnnxModel({
        ...VOLUME,
        inputs: [...VOLUME.inputs, grid],
        outputs: [{ name: 'out', dimensions: [1, 1, 1, 1, 1] }],
        nodes: [{ operator: 'GridSample', inputs: ['x', 'grid'], outputs: ['out'], attributes: { mode: 'linear' } }],
      }),
      { grid: new ort.Tensor('float32', new Float32Array(3), grid.dimensions) },
    );
    // The middle of the cube is the mean of its corners.
    return Math.abs(sampled - MEAN) < 1e-4 ? 'operator-set' : 'gathers';
  } catch {
    return 'gathers';
  }
}

const CUBE = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const MEAN = 4.5;
const SHAPE = [1, 1, 2, 2, 2];
const VOLUME = { operatorSet: 20, inputs: [{ name: 'x', dimensions: SHAPE }], outputs: [{ name: 'out', dimensions: SHAPE }] };

/** The first number that the graph gives, computed on the GPU alone. */
async function run(model: Uint8Array, feeds: Record<string, ort.Tensor>): Promise<number> {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['cuda'],
    logSeverityLevel: 4,
    // Otherwise what the GPU cannot do is done by the processor, silently and far too slowly.
    extra: { session: { disable_cpu_ep_fallback: '1' } },
  });
  try {
    const { out } = await session.run({ ...feeds, x: new ort.Tensor('float32', CUBE, SHAPE) });
    return out?.data instanceof Float32Array ? (out.data[0] ?? NaN) : NaN;
  } finally {
    await session.release();
  }
}
