import * as ort from 'onnxruntime-node';
import { sliceGraph } from './graph-slices.ts';
import type { CutTensor, ElementType, OnnxGraph, OnnxNode } from './onnx-graph.ts';
import { cutOnnxGraph, neededFor, parseOnnxGraph } from './onnx-graph.ts';

/** A sentence on its way through the graph: its length is known, its sound is made piece by piece. */
export interface PiperUtterance {
  /** Length of each input id in frames. */
  frames: number[];
  /** Sound of the frames `from..to`; the whole sentence at once gives the very same samples. */
  decode(from: number, to: number): Promise<Float32Array>;
}

export interface PiperInput {
  ids: readonly number[];
  noiseScale: number;
  /** 1 = the voice's own speed, 2 = half as fast. */
  lengthScale: number;
  noiseWidth: number;
  /** For graphs with several speakers. */
  speaker: number;
}

/** A Piper voice (VITS) as two ONNX sessions: text → frames, frames → sound. */
export interface PiperGraph {
  samplesPerFrame: number;
  /** False = the graph could not be cut in two, sound comes a sentence at a time. */
  streams: boolean;
  infer(input: PiperInput): Promise<PiperUtterance>;
  release(): Promise<void>;
}

/** Where a graph is cut and what the second half needs to know about its surroundings. */
interface DecoderCut {
  latent: string;
  /** Frames before and behind that still shape a frame's sound: the receptive field of the convolutions. */
  contextFrames: number;
  samplesPerFrame: number;
  needsSpeaker: boolean;
}

/**
 * onnxruntime plans which buffers it can use twice by comparing the shapes of all tensors with each other, which takes it seconds for the 2,700
 * operations of a voice's encoder. In slices of this length, whose inputs leave their sizes open, it is a fifth of that, and running them
 * takes no longer.
 */
const SLICE_NODES = 1_000;

/**
 * Loads a voice. The graph is changed in memory only: the lengths of the phonemes (the one Ceil operation) become an output, and it is cut
 * before the decoder, which is purely convolutional, so that the first sound is there before the sentence is finished.
 * Throws a plain `Error` when the bytes are no Piper voice.
 */
export async function loadPiperGraph(model: Uint8Array, threads: number): Promise<PiperGraph> {
  const graph = parseOnnxGraph(model);
  const lengths = graph.nodes.find((node) => node.operator === 'Ceil')?.outputs[0];
  const sound = graph.outputs[0];
  if (lengths === undefined || sound === undefined) throw new Error('This is not a Piper voice: it has no phoneme lengths.');
  const cut = findDecoderCut(graph, sound);
  return cut ? loadInTwo(graph, { lengths, sound, cut, threads }) : loadWhole(graph, { lengths, sound, threads });
}

async function loadInTwo(
  graph: OnnxGraph,
  parts: { lengths: string; sound: string; cut: DecoderCut; threads: number },
): Promise<PiperGraph> {
  const { lengths, sound, cut, threads } = parts;
  const latent: CutTensor = { name: cut.latent, type: 'float32', rank: 3 };
  const encoder = await openSliced(graph, [cut.latent, lengths], threads);
  const decoder = await createSession(cutOnnxGraph(graph, { inputs: [latent], outputs: [sound] }), threads);
  return {
    samplesPerFrame: cut.samplesPerFrame,
    streams: true,
    async infer(input) {
      const result = await encoder.run(feedsOf(graph, input));
      const z = tensorOf(result, cut.latent);
      return {
        frames: Array.from(dataOf(tensorOf(result, lengths)), Math.round),
        async decode(from, to) {
          const start = Math.max(0, from - cut.contextFrames);
          const window = timeWindow(z, start, Math.min(z.dims[2] ?? 0, to + cut.contextFrames));
          const speaker: Feeds = cut.needsSpeaker ? { sid: int64([input.speaker], [1]) } : {};
          const samples = dataOf(tensorOf(await decoder.run({ [cut.latent]: window, ...speaker }), sound));
          return samples.slice((from - start) * cut.samplesPerFrame, (to - start) * cut.samplesPerFrame);
        },
      };
    },
    async release() {
      await encoder.release();
      await decoder.release();
    },
  };
}

type Feeds = Record<string, ort.Tensor>;

/** The part of the graph that leads to `outputs`, as several sessions that are run one after the other. */
async function openSliced(
  graph: OnnxGraph,
  outputs: readonly string[],
  threads: number,
): Promise<{ run(feeds: Feeds): Promise<ort.InferenceSession.OnnxValueMapType>; release(): Promise<void> }> {
  const types = new Map<string, ElementType>();
  const sessions: ort.InferenceSession[] = [];
  for (const slice of sliceGraph(graph, outputs, SLICE_NODES)) {
    const inputs = slice.inputs.map((name) => ({ name, type: types.get(name) ?? 'float32' }));
    const session = await createSession(cutOnnxGraph(graph, { inputs, outputs: slice.outputs }), threads);
    sessions.push(session);
    for (const tensor of session.outputMetadata) if (tensor.isTensor) types.set(tensor.name, elementTypeOf(tensor.type));
  }
  return {
    async run(feeds) {
      const known: Record<string, ort.OnnxValue> = { ...feeds };
      for (const session of sessions) Object.assign(known, await session.run(pick(known, session.inputNames)));
      return known;
    },
    async release() {
      for (const session of sessions) await session.release();
    },
  };
}

function elementTypeOf(type: ort.Tensor.Type): ElementType {
  if (type === 'float32' || type === 'int32' || type === 'int64' || type === 'bool') return type;
  throw new Error(`This voice's graph computes with ${type}, which no Piper voice does.`);
}

function pick<Value>(values: Readonly<Record<string, Value>>, names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
}

async function loadWhole(graph: OnnxGraph, parts: { lengths: string; sound: string; threads: number }): Promise<PiperGraph> {
  const { lengths, sound, threads } = parts;
  const session = await createSession(cutOnnxGraph(graph, { inputs: [], outputs: [sound, lengths] }), threads);
  const run = async (input: PiperInput) => {
    const result = await session.run(feedsOf(graph, input));
    return { samples: dataOf(tensorOf(result, sound)), frames: Array.from(dataOf(tensorOf(result, lengths)), Math.round) };
  };
  const samplesPerFrame = await measureHop(run);
  return {
    samplesPerFrame,
    streams: false,
    async infer(input) {
      const { samples, frames } = await run(input);
      return { frames, decode: (from, to) => Promise.resolve(samples.slice(from * samplesPerFrame, to * samplesPerFrame)) };
    },
    release: () => session.release(),
  };
}

async function measureHop(run: (input: PiperInput) => Promise<{ samples: Float32Array; frames: number[] }>): Promise<number> {
  const { samples, frames } = await run({ ids: [1, 0, 2], noiseScale: 0, lengthScale: 1, noiseWidth: 0, speaker: 0 });
  const hop = samples.length / frames.reduce((sum, count) => sum + count, 0);
  if (!Number.isInteger(hop)) throw new Error('This is not a Piper voice: its phoneme lengths do not add up to its sound.');
  return hop;
}

/**
 * The decoder begins at the convolution before the first upsampling. Undefined when the graph does not look like that, or when something
 * besides that tensor flows into it.
 */
function findDecoderCut(graph: OnnxGraph, sound: string): DecoderCut | undefined {
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const firstUpsampling = graph.nodes.find((node) => node.operator === 'ConvTranspose');
  const entry = firstUpsampling && entryConvolution(firstUpsampling, producers);
  const latent = entry?.inputs[0];
  if (latent === undefined) return undefined;
  const decoder = neededFor(graph, [sound], new Set([latent]));
  const otherInputs = graph.inputs.filter((name) => decoder.tensors.has(name));
  if (!decoder.tensors.has(latent) || otherInputs.some((name) => name !== 'sid')) return undefined;
  const field = receptiveField(graph, decoder.nodes, latent, sound);
  return field && { latent, ...field, needsSpeaker: otherInputs.length > 0 };
}

/** Upwards past the activation and, in voices with several speakers, the sum with the speaker's colour. */
function entryConvolution(upsampling: OnnxNode, producers: ReadonlyMap<string, OnnxNode>): OnnxNode | undefined {
  const producerOf = (name: string | undefined): OnnxNode | undefined => (name === undefined ? undefined : producers.get(name));
  let node = producerOf(upsampling.inputs[0]);
  if (node?.operator === 'LeakyRelu') node = producerOf(node.inputs[0]);
  if (node?.operator === 'Add') node = node.inputs.map(producerOf).find((input) => input && kernelOf(input) > 1);
  return node?.operator === 'Conv' ? node : undefined;
}

const kernelOf = (node: OnnxNode): number => node.integers.get('kernel_shape')?.[0] ?? 1;

/** Follows the convolutions from the latent frames to the sound, adding up how far each one looks to either side. */
function receptiveField(
  graph: OnnxGraph,
  decoder: ReadonlySet<OnnxNode>,
  latent: string,
  sound: string,
): { contextFrames: number; samplesPerFrame: number } | undefined {
  const reach = new Map<string, { rate: number; frames: number }>([[latent, { rate: 1, frames: 0 }]]);
  for (const node of graph.nodes) {
    const inputs = decoder.has(node) ? node.inputs.flatMap((name) => reach.get(name) ?? []) : [];
    if (inputs.length === 0) continue;
    let rate = Math.max(...inputs.map((input) => input.rate));
    let frames = Math.max(...inputs.map((input) => input.frames));
    const dilation = node.integers.get('dilations')?.[0] ?? 1;
    if (node.operator === 'Conv') frames += ((kernelOf(node) - 1) * dilation) / 2 / rate;
    if (node.operator === 'ConvTranspose') {
      const stride = node.integers.get('strides')?.[0] ?? 1;
      frames += kernelOf(node) / stride / rate;
      rate *= stride;
    }
    for (const name of node.outputs) reach.set(name, { rate, frames });
  }
  const end = reach.get(sound);
  return end && { contextFrames: Math.ceil(end.frames), samplesPerFrame: end.rate };
}

function createSession(model: Uint8Array, threads: number): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Every sentence has another length: patterns planned for one do not fit the next and only hold memory.
    enableMemPattern: false,
    // A spinning thread burns a core between operations and collapses as soon as another engine wants it.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
}

function feedsOf(graph: OnnxGraph, input: PiperInput): Feeds {
  const feeds: Feeds = {
    input: int64(input.ids, [1, input.ids.length]),
    input_lengths: int64([input.ids.length], [1]),
    scales: new ort.Tensor('float32', Float32Array.of(input.noiseScale, input.lengthScale, input.noiseWidth), [3]),
  };
  if (graph.inputs.includes('sid')) feeds['sid'] = int64([input.speaker], [1]);
  return feeds;
}

function int64(values: readonly number[], dims: number[]): ort.Tensor {
  return new ort.Tensor('int64', BigInt64Array.from(values, BigInt), dims);
}

function tensorOf(result: ort.InferenceSession.OnnxValueMapType, name: string): ort.Tensor {
  const tensor = result[name];
  if (!(tensor instanceof ort.Tensor)) throw new Error(`The voice's graph gave no ${name}.`);
  return tensor;
}

function dataOf(tensor: ort.Tensor): Float32Array {
  if (!(tensor.data instanceof Float32Array)) throw new Error(`The voice's graph gave ${tensor.type} where float32 was expected.`);
  return tensor.data;
}

/** Frames `from..to` of a tensor [1, channels, frames]. */
function timeWindow(tensor: ort.Tensor, from: number, to: number): ort.Tensor {
  const [, channels = 0, frames = 0] = tensor.dims;
  const data = dataOf(tensor);
  const window = new Float32Array(channels * (to - from));
  for (let channel = 0; channel < channels; channel += 1) {
    window.set(data.subarray(channel * frames + from, channel * frames + to), channel * (to - from));
  }
  return new ort.Tensor('float32', window, [1, channels, to - from]);
}
