import { join } from 'node:path';
import type { AudioPort, AudioPortMessage, SpeechAudioMessage } from '../../src-preload/contract/index.ts';
import { systemClock } from '../../src-main/base/clock.ts';
import type { SegmentSpoken, SpeechStyle, SynthesisModels } from '../../src-main/inference/contracts/index.ts';
import type { SynthesisService } from '../../src-main/inference/synthesis/synthesis-service.ts';
import { createSynthesisService } from '../../src-main/inference/synthesis/synthesis-service.ts';
import { openVoices } from '../../src-main/inference/synthesis/voices.ts';
import { joinSamples } from '../../src-main/platform/audio/index.ts';
import { readEnvironment } from '../../src-main/platform/config/environment.ts';

export const modelsDirectory = readEnvironment().modelsDirectory;
export const espeakPaths = {
  library: join(modelsDirectory, 'espeak-ng', process.platform === 'win32' ? 'espeak-ng.dll' : 'libespeak-ng.so'),
  dataDirectory: join(modelsDirectory, 'espeak-ng'),
};
export const joePaths = {
  model: join(modelsDirectory, 'piper-en-us-joe', 'en_US-joe-medium.onnx'),
  config: join(modelsDirectory, 'piper-en-us-joe', 'en_US-joe-medium.onnx.json'),
};

/** The voices of the starter pack. */
export const starterModels: SynthesisModels = {
  piper: [{ id: 'piper-en-us-joe', name: 'Joe', languages: ['en'], ...joePaths }],
  espeak: espeakPaths,
  threads: 2,
};

/** What was heard of one segment. */
export interface Heard {
  spoken: SegmentSpoken;
  pieces: SpeechAudioMessage[];
  samples: Float32Array;
}

/** A synthesis service with the starter voices and an ear on its port. */
export interface SynthesisBench {
  service: SynthesisService;
  messages: AudioPortMessage[];
  say(
    text: string,
    options?: { language?: string; voice?: string; speed?: number; style?: SpeechStyle; utteranceId?: string; segmentIndex?: number },
  ): Promise<Heard>;
}

export async function openSynthesisBench(models: SynthesisModels = starterModels): Promise<SynthesisBench> {
  const service = createSynthesisService({ clock: systemClock, openVoices });
  await service.load(models);
  const messages: AudioPortMessage[] = [];
  service.attachPort('session', listeningPort(messages));
  let utterances = 0;
  return {
    service,
    messages,
    async say(text, options = {}) {
      utterances += 1;
      const { language = 'en', speed = 1, utteranceId = `utterance-${utterances}`, segmentIndex = 0, voice, style } = options;
      const from = messages.length;
      const params = {
        sessionId: 'session',
        utteranceId,
        segmentIndex,
        text,
        language,
        speed,
        ...(voice === undefined ? {} : { voice }),
        ...(style ? { style } : {}),
      };
      const spoken = await service.speak(params, new AbortController().signal);
      const pieces = messages.slice(from).filter((message) => message.type === 'speech');
      return { spoken, pieces, samples: joinSamples(pieces.map((piece) => piece.samples)) };
    },
  };
}

function listeningPort(messages: AudioPortMessage[]): AudioPort {
  return {
    post: (message) => void messages.push(message),
    onMessage: () => () => undefined,
    onClose: () => () => undefined,
    close: () => undefined,
  };
}
