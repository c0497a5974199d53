import * as ort from 'onnxruntime-node';

/**
 * Opens a graph on the CPU the way two shared cores need it: one operator after the other, and threads that sleep while they wait.
 * By default the threads of a pool spin; as soon as a third thread is busy (another engine) every step then waits for the one that lost its core.
 * Measured with smart-turn on two threads: see `allow_spinning` in docs of ONNX Runtime; with one thread there is no pool at all.
 * Rejects with ONNX Runtime's own error when the file is missing, cut off or no model.
 */
export function openOnnxSession(path: string, threads: number): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(path, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Errors come as exceptions; the engine's own lines on stderr would only repeat them.
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
}

/** The float values of a tensor. Throws when the graph answers with another type, which means that it is another model. */
export function floatsOf(result: ort.InferenceSession.OnnxValueMapType, name: string): Float32Array {
  const tensor = result[name];
  if (tensor === undefined || !(tensor.data instanceof Float32Array)) throw new Error(`The graph has no float output "${name}".`);
  return tensor.data;
}
