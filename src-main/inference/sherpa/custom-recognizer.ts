import type { RecognitionModels } from '../contracts/index.ts';
import { probeModel, requireFile } from '../onnx/model-probe.ts';
import { offlineConfig, createOfflineRecognizer } from './offline-recognizer.ts';
import type { SpeechEngine } from './speech-engine.ts';

const MAX_SAMPLES = 448_000;
const COMFORTABLE_SAMPLES = 160_000;

/** Any other offline family of sherpa-onnx (Parakeet, Canary, SenseVoice, …), described by its `modelConfig`. */
export async function openCustomRecognizer(model: NonNullable<RecognitionModels['custom']>, threads: number): Promise<SpeechEngine> {
  for (const path of filesIn(model.modelConfig)) await (/\.(onnx|ort)$/.test(path) ? probeModel(path) : requireFile(path));
  const recognizer = createOfflineRecognizer(offlineConfig(model.modelConfig, threads));
  const [firstLanguage = 'en'] = model.languages;
  return {
    name: 'custom',
    maxSamples: MAX_SAMPLES,
    comfortableSamples: COMFORTABLE_SAMPLES,
    tailSamples: 1_600,
    hears: (language) => model.languages.includes(language),
    load: recognizer.load,
    async transcribe(samples, language) {
      const { text, lang } = await recognizer.decode(samples);
      return { text: text.trim(), language: language ?? (lang || firstLanguage) };
    },
    dispose: () => Promise.resolve(),
  };
}

/** Every value of a `modelConfig` that looks like the path of a model file. */
function filesIn(value: unknown): string[] {
  if (typeof value === 'string') return /\.(onnx|ort|txt|model|json)$/.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(filesIn) : [];
}
