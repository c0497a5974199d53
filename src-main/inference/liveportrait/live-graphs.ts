import * as ort from 'onnxruntime-node';
import type { LiveProvider, LiveWeights } from '../contracts/index.ts';
import { findGpu } from './find-gpu.ts';
import { meaningOf, weightsWrong } from './live-errors.ts';
import { mendedFile } from './mended-file.ts';

type Shapes = Readonly<Record<string, readonly number[]>>;

/** Names and shapes as FasterLivePortrait exports them. */
const SIGNATURES = {
  appearance: { inputs: { img: [1, 3, 256, 256] }, outputs: { output: [1, 32, 16, 64, 64] } },
  motion: {
    inputs: { img: [1, 3, 256, 256] },
    outputs: { pitch: [1, 66], yaw: [1, 66], roll: [1, 66], t: [1, 3], exp: [1, 63], scale: [1, 1], kp: [1, 63] },
  },
  warping: {
    inputs: { feature_3d: [1, 32, 16, 64, 64], kp_driving: [1, 21, 3], kp_source: [1, 21, 3] },
    outputs: { out: [1, 3, 512, 512] },
  },
  stitching: { inputs: { input: [1, 126] }, outputs: { output: [1, 65] } },
  eyes: { inputs: { input: [1, 66] }, outputs: { output: [1, 63] } },
  lips: { inputs: { input: [1, 65] }, outputs: { output: [1, 63] } },
} as const satisfies Record<keyof LiveWeights, { inputs: Shapes; outputs: Shapes }>;

export type LiveGraphName = keyof LiveWeights;

/** The six graphs of LivePortrait, open. */
export interface LiveGraphs {
  /** Runs a graph; inputs by name, in the published shapes. Rejects with `face.out-of-memory` or `face.weights-wrong`. */
  run<Name extends LiveGraphName>(
    name: Name,
    inputs: Record<keyof (typeof SIGNATURES)[Name]['inputs'], Float32Array>,
  ): Promise<Record<keyof (typeof SIGNATURES)[Name]['outputs'], Float32Array>>;
  release(): Promise<void>;
}

/** Threads of the processor; the graphs that run there take less than a millisecond, and with `cpu` nobody else should be slowed down. */
const THREADS = 2;

/**
 * Opens the graphs: the large ones where `provider` says, the three small ones on the processor. Rejects with `face.no-gpu` before any file is read,
 * `face.weights-wrong` for a file with other names or shapes, or `face.out-of-memory`; nothing stays open then.
 */
export async function openLiveGraphs(options: {
  weights: LiveWeights;
  provider: LiveProvider;
  cacheDirectory: string;
}): Promise<LiveGraphs> {
  const { weights, provider, cacheDirectory } = options;
  const mending = provider === 'cuda' ? await findGpu() : undefined;
  const sessions: Partial<Record<LiveGraphName, ort.InferenceSession>> = {};
  const release = async (): Promise<void> => {
    for (const session of Object.values(sessions)) await session.release();
  };
  const open = async (name: LiveGraphName): Promise<void> => {
    const path = name === 'warping' && mending ? await mendedFile(weights.warping, mending, cacheDirectory) : weights[name];
    const isLarge = name === 'appearance' || name === 'motion' || name === 'warping';
    const session = await ort.InferenceSession.create(path, {
      executionProviders: provider === 'cuda' && isLarge ? ['cuda', 'cpu'] : ['cpu'],
      intraOpNumThreads: THREADS,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      logSeverityLevel: 4,
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    });
    sessions[name] = session;
    requireShapes(name, session.inputMetadata, SIGNATURES[name].inputs);
    requireShapes(name, session.outputMetadata, SIGNATURES[name].outputs);
  };
  for (const name of ['appearance', 'motion', 'warping', 'stitching', 'eyes', 'lips'] as const) {
    await open(name).catch(async (error: unknown) => {
      await release();
      throw meaningOf(error, name);
    });
  }
  return {
    async run(name, inputs) {
      const session = sessions[name];
      if (!session) throw weightsWrong(name);
      const shapes: Shapes = SIGNATURES[name].inputs;
      const values: Record<string, Float32Array> = inputs;
      const feeds = Object.entries(values).map(([input, data]) => [input, new ort.Tensor('float32', data, shapes[input] ?? [])]);
      try {
        const result = await session.run(Object.fromEntries(feeds));
        return floatsByName(name, result, Object.keys(SIGNATURES[name].outputs)) as never;
      } catch (error) {
        throw meaningOf(error, name);
      }
    },
    release,
  };
}

/** Sizes that a file leaves open fit any. */
function requireShapes(name: LiveGraphName, metadata: readonly ort.InferenceSession.ValueMetadata[], expected: Shapes): void {
  for (const [tensor, shape] of Object.entries(expected)) {
    const found = metadata.find((each) => each.name === tensor);
    const fits =
      found?.isTensor === true &&
      found.type === 'float32' &&
      found.shape.length === shape.length &&
      found.shape.every((size, axis) => typeof size === 'string' || size === shape[axis]);
    if (!fits) throw weightsWrong(`${name}: ${tensor}`);
  }
}

function floatsByName(
  graph: LiveGraphName,
  result: ort.InferenceSession.OnnxValueMapType,
  names: readonly string[],
): Record<string, Float32Array> {
  return Object.fromEntries(
    names.map((name) => {
      const data = result[name]?.data;
      if (!(data instanceof Float32Array)) throw weightsWrong(`${graph}: ${name}`);
      return [name, data];
    }),
  );
}
