import { AppError } from '../../base/errors.ts';
import type { LanguageCode, RecognitionModels } from '../contracts/index.ts';
import { probeModel } from '../onnx/model-probe.ts';
import { offlineConfig, createOfflineRecognizer } from './offline-recognizer.ts';
import type { SpeechEngine } from './speech-engine.ts';
import { probeTokens } from './token-file.ts';

const TOKEN_COUNT = 50_256;
/** Whisper's window is 30 s; a second of it is needed behind the last word. */
const MAX_SAMPLES = 448_000;
const COMFORTABLE_SAMPLES = 160_000;
/** sherpa centres its frames half a hop later than Whisper; with this many zeros in front both agree. */
const LEAD_SAMPLES = 80;
/** sherpa allows six tokens per second of given sound and would cut fast speech off; a second of zeros gives it room. */
const ROOM_SAMPLES = 16_000;

/** The languages of Whisper's multilingual models; any other code ends the process in native code. */
export const WHISPER_LANGUAGES: ReadonlySet<LanguageCode> = new Set(
  (
    'af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id is it ja jw ka kk km kn ko la lb ln ' +
    'lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh'
  ).split(' '),
);

/** 10 ms frames of digital silence behind the sound: the model invents or repeats words when it gets too few, and each costs time. */
export function tailPaddingFrames(samples: number): number {
  return samples < SHORT_SAMPLES ? 1_000 : 500;
}
const SHORT_SAMPLES = 32_000;
/** Naming the language needs no more than this, however short the sound. */
const DETECTION_TAIL_FRAMES = 50;

/** Whisper base: every language, 200-300 ms for a few seconds. */
export async function openWhisper(model: NonNullable<RecognitionModels['whisper']>, threads: number): Promise<SpeechEngine> {
  await probeModel(model.encoder, ['mel']);
  await probeModel(model.decoder, ['tokens', 'n_layer_cross_k']);
  await probeTokens(model.tokens, TOKEN_COUNT);
  const configFor = (language: string, tailPaddings: number) =>
    offlineConfig(
      {
        whisper: { encoder: model.encoder, decoder: model.decoder, language, task: 'transcribe', tailPaddings },
        tokens: model.tokens,
      },
      threads,
    );
  const recognizer = createOfflineRecognizer(configFor('en', 1_000));
  return {
    name: 'whisper',
    maxSamples: MAX_SAMPLES,
    comfortableSamples: COMFORTABLE_SAMPLES,
    tailSamples: 1_600,
    hears: (language) => WHISPER_LANGUAGES.has(language),
    load: recognizer.load,
    async transcribe(samples, language = '') {
      if (language !== '' && !WHISPER_LANGUAGES.has(language)) throw unknownLanguage(language);
      const padded = new Float32Array(LEAD_SAMPLES + samples.length + ROOM_SAMPLES);
      padded.set(samples, LEAD_SAMPLES);
      const { text, lang } = await recognizer.decode(padded, configFor(language, tailPaddingFrames(samples.length)));
      return { text: text.trim(), language: language === '' ? lang : language };
    },
    async detectLanguage(samples) {
      const padded = new Float32Array(LEAD_SAMPLES + samples.length);
      padded.set(samples, LEAD_SAMPLES);
      return (await recognizer.decode(padded, configFor('', DETECTION_TAIL_FRAMES))).lang;
    },
    dispose: () => Promise.resolve(),
  };
}

/** The error for a code that no engine knows. */
export function unknownLanguage(language: LanguageCode): AppError {
  return new AppError(
    'recognition.unknown-language',
    `No installed recogniser understands the language "${language}": choose another one or install a model for it on the Models page.`,
    { details: { language } },
  );
}
