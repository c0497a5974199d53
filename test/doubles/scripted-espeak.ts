import type { Espeak, EspeakSpeech } from '../../src-main/inference/espeak/espeak-library.ts';

/** What the scripted library was asked to say. */
export interface EspeakRequest {
  text: string;
  voice: string;
  wordsPerMinute: number;
}

export interface ScriptedEspeak extends Espeak {
  readonly requests: readonly EspeakRequest[];
  readonly disposed: boolean;
}

/** libespeak-ng without the library. `phonemes`: IPA of a stretch of text; by default its letters. */
export function createScriptedEspeak(options: {
  languages?: readonly string[];
  phonemes?: (text: string) => string;
  speech?: (text: string) => EspeakSpeech;
}): ScriptedEspeak {
  const requests: EspeakRequest[] = [];
  let disposed = false;
  return {
    sampleRateHz: 22_050,
    languages: options.languages ?? ['en'],
    requests,
    get disposed() {
      return disposed;
    },
    voiceFor: (language) => language,
    phonemes: (text) =>
      options.phonemes?.(text) ??
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\s]/gu, '')
        .replaceAll(/\s+/gu, ' ')
        .trim(),
    synthesize(text, { voice, wordsPerMinute }) {
      requests.push({ text, voice, wordsPerMinute });
      return options.speech?.(text) ?? { samples: new Float32Array(0), events: [] };
    },
    dispose() {
      disposed = true;
    },
  };
}
