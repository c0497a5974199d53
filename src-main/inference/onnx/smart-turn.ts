import * as ort from 'onnxruntime-node';
import type { TurnDetector } from '../contracts/index.ts';
import { floatsOf, openOnnxSession } from './onnx-session.ts';
import { createWhisperFeatures, FEATURE_BANDS, FEATURE_FRAMES } from './whisper-features.ts';

/** One thread: on two cores the other one recognises the words of the same pause. */
const THREADS = 1;

/** smart-turn v3.2: 6 ms for the features and about 32 ms for the network, in which this thread does nothing else. */
export async function openSmartTurn(modelPath: string): Promise<TurnDetector> {
  const session = await openOnnxSession(modelPath, THREADS);
  const features = createWhisperFeatures();
  return {
    async completeProbability(samples) {
      const input = new ort.Tensor('float32', features.compute(samples), [1, FEATURE_BANDS, FEATURE_FRAMES]);
      // The output is called "logits" but went through a sigmoid already.
      return floatsOf(await session.run({ input_features: input }), 'logits')[0] ?? 0;
    },
    dispose: () => session.release(),
  };
}
