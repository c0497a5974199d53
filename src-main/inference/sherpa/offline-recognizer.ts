import { createRequire } from 'node:module';

/** What sherpa says about one piece of sound. */
export interface OfflineResult {
  text: string;
  /** Language token that was used or found; only Whisper fills it. */
  lang: string;
}

/** One model. sherpa runs it on a thread of its own; a run that has begun cannot be stopped. */
export interface OfflineRecognizer {
  /** Brings the model into memory, once; the first run does it otherwise. */
  load(): Promise<void>;
  /** `samples`: 16 kHz mono, finite. `config` changes settings such as Whisper's language without loading the model again. */
  decode(samples: Float32Array, config?: OfflineConfig): Promise<OfflineResult>;
}

/** sherpa-onnx's `OfflineRecognizer` configuration, as far as it is used here. */
export interface OfflineConfig {
  featConfig: { sampleRate: number; featureDim: number };
  modelConfig: Record<string, unknown>;
  decodingMethod?: string;
}

const SAMPLE_RATE_HZ = 16_000;

/** The part of sherpa-onnx-node that is used; the package brings no type declarations. */
interface NativeRecognizer {
  createStream(): { acceptWaveform(wave: { samples: Float32Array; sampleRate: number }): void };
  decodeAsync(stream: unknown): Promise<OfflineResult>;
  setConfig(config: OfflineConfig): void;
}

/** The common part of every configuration. */
export function offlineConfig(modelConfig: Record<string, unknown>, threads: number): OfflineConfig {
  return {
    featConfig: { sampleRate: SAMPLE_RATE_HZ, featureDim: 80 },
    modelConfig: { provider: 'cpu', debug: 0, ...modelConfig, numThreads: threads },
  };
}

/**
 * A model that is loaded when it is needed. A missing or damaged file ends the process in native code, so check the files first (`probeModel`).
 * More than one thread makes sherpa's pool spin between operators, and it offers no switch against it: use one where one is fast enough.
 */
export function createOfflineRecognizer(config: OfflineConfig): OfflineRecognizer {
  let loading: Promise<NativeRecognizer> | undefined;
  const load = (): Promise<NativeRecognizer> => (loading ??= openNative(config));
  return {
    async load() {
      await load();
    },
    async decode(samples, settings) {
      const native = await load();
      if (settings) native.setConfig(settings);
      const stream = native.createStream();
      stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE_HZ });
      return native.decodeAsync(stream);
    },
  };
}

function openNative(config: OfflineConfig): Promise<NativeRecognizer> {
  const sherpa = createRequire(import.meta.url)('sherpa-onnx-node') as {
    OfflineRecognizer: { createAsync(config: OfflineConfig): Promise<NativeRecognizer> };
  };
  return sherpa.OfflineRecognizer.createAsync(config);
}
