import { join } from 'node:path';
import type { AudioPort, AudioPortMessage } from '../../src-preload/contract/index.ts';
import { systemClock, type Clock } from '../../src-main/base/clock.ts';
import type { ListenOptions, RecognitionEvent, RecognitionModels } from '../../src-main/inference/contracts/index.ts';
import {
  createRecognitionService,
  openHearing,
  type RecognitionService,
} from '../../src-main/inference/recognition/recognition-service.ts';
import { readEnvironment } from '../../src-main/platform/config/index.ts';

const { modelsDirectory } = readEnvironment();
const inModel = (id: string, file: string): string => join(modelsDirectory, id, file);

/** The starter pack's ears, as set-up has installed them. */
export const starterHearing = {
  voiceActivity: inModel('silero-vad-v6', 'silero_vad_v6.onnx'),
  turnDetector: inModel('smart-turn-v3.2', 'smart-turn-v3.2-cpu.onnx'),
  moonshine: {
    encoder: inModel('moonshine-tiny-en', 'encoder_model.ort'),
    mergedDecoder: inModel('moonshine-tiny-en', 'decoder_model_merged.ort'),
    tokens: inModel('moonshine-tiny-en', 'tokens.txt'),
  },
  whisper: {
    encoder: inModel('whisper-base', 'encoder.onnx'),
    decoder: inModel('whisper-base', 'decoder.onnx'),
    tokens: inModel('whisper-base', 'tokens.txt'),
  },
  threads: 2,
} satisfies RecognitionModels;

/** The recognition worker without its process, and an ear on what it tells. */
export interface RecognitionBench {
  service: RecognitionService;
  events: readonly RecognitionEvent[];
  /** Opens a session; what is posted to the port is what its microphone hears. */
  openMicrophone(options: ListenOptions): AudioPort;
}

export async function openRecognitionBench(models: RecognitionModels, clock: Clock = systemClock): Promise<RecognitionBench> {
  const events: RecognitionEvent[] = [];
  const service = createRecognitionService({ clock, openHearing, emit: (event) => void events.push(event) });
  await service.load(models);
  let sessions = 0;
  return {
    service,
    events,
    openMicrophone(options) {
      sessions += 1;
      const sessionId = `session-${sessions}`;
      const { near, far } = createPortPair();
      service.open({ sessionId, options });
      service.attachPort(sessionId, far);
      return { ...near, close: () => void service.close({ sessionId }) };
    },
  };
}

const none = () => () => undefined;

/** Two ends of a line within this process. */
function createPortPair(): { near: AudioPort; far: AudioPort } {
  const listeners = new Set<(message: AudioPortMessage) => void>();
  return {
    near: { post: (message) => listeners.forEach((listener) => listener(message)), onMessage: none, onClose: none, close: () => undefined },
    far: {
      post: () => undefined,
      onMessage(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      onClose: none,
      close: () => listeners.clear(),
    },
  };
}
