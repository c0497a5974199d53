import * as ort from 'onnxruntime-node';
import type { VoiceActivityDetector } from '../contracts/index.ts';
import { INPUT_SAMPLE_RATE_HZ, VOICE_FRAME_SAMPLES } from '../contracts/index.ts';
import { floatsOf } from './onnx-session.ts';

/** Samples of the frame before that the network sees again in front of each frame. */
const CONTEXT_SAMPLES = 64;
const STATE_VALUES = 2 * 128;

/** Silero VAD v6 on a loaded session, which any number of detectors may share: the memory of the past is kept here. */
export function createSileroVoiceActivity(session: ort.InferenceSession): VoiceActivityDetector {
  const input = new Float32Array(CONTEXT_SAMPLES + VOICE_FRAME_SAMPLES);
  const inputTensor = new ort.Tensor('float32', input, [1, input.length]);
  const rateTensor = new ort.Tensor('int64', BigInt64Array.of(BigInt(INPUT_SAMPLE_RATE_HZ)), []);
  let state = new Float32Array(STATE_VALUES);

  return {
    async probability(frame) {
      input.copyWithin(0, VOICE_FRAME_SAMPLES);
      input.set(frame, CONTEXT_SAMPLES);
      const result = await session.run({ input: inputTensor, state: new ort.Tensor('float32', state, [2, 1, 128]), sr: rateTensor });
      state = new Float32Array(floatsOf(result, 'stateN'));
      return floatsOf(result, 'output')[0] ?? 0;
    },
    reset() {
      input.fill(0);
      state = new Float32Array(STATE_VALUES);
    },
  };
}
