import { createDeferred } from '../../base/deferred.ts';

/** Signalsmith Stretch (MIT), compiled to WASM: moves the pitch of a sound. One stream at a time. */
export interface StretchLibrary {
  /** Forgets the former stream. Windows of `blockMs`, a fourth of it apart. */
  begin(stream: { sampleRateHz: number; blockMs: number; semitones: number }): void;
  /** From here on. */
  transpose(semitones: number): void;
  /** As many samples as were given, later by `delaySamples`. */
  process(samples: Float32Array): Float32Array;
  delaySamples(): number;
}

/** What the WASM module offers; the package's own worklet drives it the same way. All its functions take and give numbers. */
interface StretchModule {
  HEAP8: { buffer: ArrayBufferLike };
  exports?: { memory: { buffer: ArrayBufferLike } };
  [exported: `_${string}`]: (...values: number[]) => number;
}

/** The functions that are used. `setBuffers` gives the address of the first input buffer; the others follow it, then the outputs. */
type StretchFunction = 'configure' | 'reset' | 'inputLatency' | 'outputLatency' | 'setBuffers' | 'setTransposeSemitones' | 'process';

interface Processor {
  wasmModule: StretchModule;
}
type ProcessorClass = new (options: object) => Processor;

/** Samples of one call into the library. */
const CALL_SAMPLES = 1024;
/** Partials above it keep their distance instead of their ratio, which sounds more natural (the library's own choice). */
const TONALITY_HZ = 8000;
/** The voice processor needs a rate when it is made; each stream brings its own. */
const ANY_RATE_HZ = 48_000;

let loading: Promise<StretchModule> | undefined;

/** Loads the library once per process; about 20 ms. */
export async function openStretchLibrary(): Promise<StretchLibrary> {
  loading ??= loadModule();
  const module = await loading;
  const call = (name: StretchFunction, ...values: number[]): number => {
    const run = module[`_${name}`];
    if (!run) throw new Error(`signalsmith-stretch has no ${name}`);
    return run(...values);
  };
  const buffers = { input: 0, output: 0 };
  let tonalityLimit = 0;
  // Memory may have grown: its buffer is asked for anew each time.
  const view = (address: number, length: number): Float32Array =>
    new Float32Array(module.exports?.memory.buffer ?? module.HEAP8.buffer, address, length);
  return {
    begin({ sampleRateHz, blockMs, semitones }) {
      tonalityLimit = TONALITY_HZ / sampleRateHz;
      const block = Math.round((blockMs / 1000) * sampleRateHz);
      call('configure', 1, block, Math.round(block / 4), 0);
      call('reset');
      buffers.input = call('setBuffers', 1, CALL_SAMPLES);
      buffers.output = buffers.input + CALL_SAMPLES * Float32Array.BYTES_PER_ELEMENT;
      call('setTransposeSemitones', semitones, tonalityLimit);
    },
    transpose: (semitones) => void call('setTransposeSemitones', semitones, tonalityLimit),
    process(samples) {
      const result = new Float32Array(samples.length);
      for (let at = 0; at < samples.length; at += CALL_SAMPLES) {
        const piece = samples.subarray(at, at + CALL_SAMPLES);
        view(buffers.input, piece.length).set(piece);
        call('process', piece.length, piece.length);
        result.set(view(buffers.output, piece.length), at);
      }
      return result;
    },
    delaySamples: () => call('inputLatency') + call('outputLatency'),
  };
}

/**
 * The package gives its WASM only to an audio worklet. While it loads, this process plays the worklet's part (the three globals of one), takes the
 * processor that it registers, and lets go of the part again: what is used is the module inside.
 */
async function loadModule(): Promise<StretchModule> {
  const ready = createDeferred<void>();
  let processorClass: ProcessorClass | undefined;
  const part = {
    sampleRate: ANY_RATE_HZ,
    AudioWorkletProcessor: class {
      port = { postMessage: ([name]: [unknown]): void => (name === 'ready' ? ready.resolve() : undefined), onmessage: null };
    },
    registerProcessor: (_name: string, registered: ProcessorClass): void => {
      processorClass = registered;
    },
  };
  Object.assign(globalThis, part);
  try {
    await import('signalsmith-stretch');
    if (!processorClass) throw new Error('signalsmith-stretch registered no processor');
    const processor = new processorClass({ numberOfOutputs: 1, outputChannelCount: [1] });
    await ready.promise;
    return processor.wasmModule;
  } finally {
    for (const name of Object.keys(part)) Reflect.deleteProperty(globalThis, name);
  }
}
