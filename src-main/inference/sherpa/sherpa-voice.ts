import { createRequire } from 'node:module';
import { AppError } from '../../base/errors.ts';
import type { SherpaVoiceModel, VoiceInfo } from '../contracts/index.ts';
import type { Espeak } from '../espeak/espeak-library.ts';
import type { SentenceSymbol } from '../espeak/sentence-phonemes.ts';
import { sentenceSymbols } from '../espeak/sentence-phonemes.ts';
import type { SpokenSentence } from '../synthesis/sentences.ts';
import { withoutControls } from '../synthesis/text-spans.ts';
import type { PhonemeSpan, Voice } from '../synthesis/voice.ts';

/** The part of sherpa-onnx-node's OfflineTts that is used; its own types leave out most of it. */
export interface OfflineTts {
  readonly sampleRate: number;
  generateAsync(request: {
    text: string;
    enableExternalBuffer: false;
    generationConfig: { speed: number; sid: number; extra: Record<string, string | number> };
    /** 0 stops the synthesis. */
    onProgress: (progress: { samples: Float32Array }) => 0 | 1;
  }): Promise<{ samples: Float32Array }>;
}

export type CreateOfflineTts = (config: Record<string, unknown>) => Promise<OfflineTts>;

/** sherpa's voices peak near full scale and speak at about -17 dB RMS; the common loudness is -22 dB. */
const GAIN = 0.6;
/** Part of full scale above which raw sound counts as speech when timings are estimated. */
const AUDIBLE = 0.01;

/**
 * A voice of any family that sherpa-onnx can speak (Supertonic, Kokoro, Matcha …). The engine tells no phoneme lengths: they are estimated by
 * spreading the sentence's phonemes over its audible part, vowels twice as long as consonants.
 * Throws `synthesis.bad-model` when the model cannot be opened.
 */
export async function loadSherpaVoice(
  model: SherpaVoiceModel,
  deps: { espeak: Espeak | undefined; threads: number; createTts?: CreateOfflineTts },
): Promise<Voice> {
  const tts = await openTts(model, deps.threads, deps.createTts ?? createOfflineTts);
  const info: VoiceInfo = { id: model.id, name: model.name, languages: model.languages, engine: 'sherpa' };
  return {
    info,
    sampleRateHz: tts.sampleRate,
    gain: GAIN,
    async speak(text, sentence, options) {
      options.signal.throwIfAborted();
      const { samples } = await tts.generateAsync({
        text: withoutControls(text.slice(sentence.start, sentence.end)),
        // Electron forbids memory outside its heap.
        enableExternalBuffer: false,
        generationConfig: { speed: options.speed, sid: model.speaker ?? 0, extra: { ...model.options, lang: options.language } },
        onProgress: () => (options.signal.aborted ? 0 : 1),
      });
      options.signal.throwIfAborted();
      options.onSamples(samples);
      return estimatedSpans(symbolsOf(deps.espeak, options.language, text, sentence), samples);
    },
    // The engine frees its memory when the object is collected.
    dispose: () => undefined,
  };
}

async function openTts(model: SherpaVoiceModel, threads: number, createTts: CreateOfflineTts): Promise<OfflineTts> {
  try {
    return await createTts({ model: { ...model.modelConfig, numThreads: threads, provider: 'cpu' }, maxNumSentences: 1 });
  } catch (error) {
    throw new AppError(
      'synthesis.bad-model',
      `The voice "${model.name}" cannot be opened. Delete it on the Models page and download it again.`,
      {
        cause: error,
        details: { model: model.id },
      },
    );
  }
}

function createOfflineTts(config: Record<string, unknown>): Promise<OfflineTts> {
  // Loaded only when such a voice is used: its libraries take 30 MB.
  const sherpa = createRequire(import.meta.url)('sherpa-onnx-node') as { OfflineTts: { createAsync: CreateOfflineTts } };
  return sherpa.OfflineTts.createAsync(config);
}

/** Without espeak the letters themselves stand for the sounds. */
function symbolsOf(espeak: Espeak | undefined, language: string, text: string, sentence: SpokenSentence): SentenceSymbol[] {
  if (espeak) return sentenceSymbols(espeak, espeak.voiceFor(language), text, sentence);
  return sentence.words.flatMap(({ start, end }, word) => Array.from(text.slice(start, end).toLowerCase(), (symbol) => ({ symbol, word })));
}

function estimatedSpans(symbols: readonly SentenceSymbol[], samples: Float32Array): PhonemeSpan[] {
  const first = Math.max(
    0,
    samples.findIndex((value) => Math.abs(value) > AUDIBLE),
  );
  const last = samples.findLastIndex((value) => Math.abs(value) > AUDIBLE) + 1;
  const sounds = symbols.filter(({ symbol }) => !/[ˈˌː\p{M}]/u.test(symbol));
  const weights = sounds.map(({ symbol, word }) => weightOf(symbol, word));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (last <= first || total === 0) return [{ symbol: '_', start: 0, end: samples.length, word: -1 }];
  const spans: PhonemeSpan[] = [{ symbol: '_', start: 0, end: first, word: -1 }];
  let passed = 0;
  for (const [index, { symbol, word }] of sounds.entries()) {
    passed += weights[index] ?? 0;
    const end = first + Math.round(((last - first) * passed) / total);
    spans.push({ symbol: word < 0 ? '_' : symbol, start: spans.at(-1)?.end ?? first, end, word });
  }
  spans.push({ symbol: '_', start: last, end: samples.length, word: -1 });
  return spans.filter(({ start, end }) => end > start);
}

function weightOf(symbol: string, word: number): number {
  if (symbol === ' ') return 0;
  if (word < 0) return 4;
  return /[aeiouyɐɑɒæɔəɛɜɪʊʌøœɨʉɯɚɝ]/u.test(symbol) ? 2 : 1;
}
