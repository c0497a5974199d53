import type { RecognitionModels } from '../contracts/index.ts';
import { probeModel } from '../onnx/model-probe.ts';
import { offlineConfig, createOfflineRecognizer } from './offline-recognizer.ts';
import type { SpeechEngine } from './speech-engine.ts';
import { probeTokens } from './token-file.ts';

const TOKEN_COUNT = 32_768;
/**
 * sherpa hands the decoder a mask with one entry per encoder frame, the graph reads every 384th of it: from 385 frames (148 351 samples) on it
 * sees two entries, fails, and the text comes back empty. 9 s keeps a distance.
 */
const MAX_SAMPLES = 144_000;
const COMFORTABLE_SAMPLES = 96_000;
/** More threads than one gain nothing for a few seconds of speech and cost three times the processor time, spinning. */
const THREADS = 1;

/** Moonshine tiny: English, 20 ms for a second of speech. */
export async function openMoonshine(model: NonNullable<RecognitionModels['moonshine']>): Promise<SpeechEngine> {
  await probeModel(model.encoder, ['input_values']);
  await probeModel(model.mergedDecoder, ['input_ids', 'encoder_hidden_states']);
  await probeTokens(model.tokens, TOKEN_COUNT);
  const recognizer = createOfflineRecognizer(
    offlineConfig({ moonshine: { encoder: model.encoder, mergedDecoder: model.mergedDecoder }, tokens: model.tokens }, THREADS),
  );
  return {
    name: 'moonshine',
    maxSamples: MAX_SAMPLES,
    comfortableSamples: COMFORTABLE_SAMPLES,
    tailSamples: 1_600,
    hears: (language) => language === 'en',
    load: recognizer.load,
    async transcribe(samples) {
      return { text: (await recognizer.decode(samples)).text.trim(), language: 'en' };
    },
    dispose: () => Promise.resolve(),
  };
}
