import { createRequire } from 'node:module';
import { AppError } from '../../base/errors.ts';
import { readWavFile } from '../../platform/audio/index.ts';
import type { SherpaVoiceModel, VoiceInfo } from '../contracts/index.ts';
import type { Espeak } from '../espeak/espeak-library.ts';
import type { SentenceSymbol } from '../espeak/sentence-phonemes.ts';
import { sentenceSymbols } from '../espeak/sentence-phonemes.ts';
import { alignPhonemes, type ExpectedSound } from '../synthesis/align-phonemes.ts';
import type { SpokenSentence } from '../synthesis/sentences.ts';
import { withoutControls } from '../synthesis/text-spans.ts';
import type { Voice } from '../synthesis/voice.ts';

/** The part of sherpa-onnx-node's OfflineTts that is used; its own types leave out most of it. */
export interface OfflineTts {
  readonly sampleRate: number;
  generateAsync(request: {
    text: string;
    enableExternalBuffer: false;
    generationConfig: {
      speed: number;
      sid: number;
      extra: Record<string, string | number>;
      referenceAudio?: Float32Array;
      referenceSampleRate?: number;
      referenceText?: string;
    };
    /** 0 stops the synthesis. */
    onProgress: (progress: { samples: Float32Array }) => 0 | 1;
  }): Promise<{ samples: Float32Array }>;
}

export type CreateOfflineTts = (config: Record<string, unknown>) => Promise<OfflineTts>;

/** sherpa's voices peak near full scale and speak at about -17 dB RMS; the common loudness is -22 dB. */
const GAIN = 0.6;
/** It cannot draw out single vowels: full drawl is this much slower. */
const DRAWL_SLOWER = 0.2;

/**
 * A voice of any family that sherpa-onnx can speak (Supertonic, Kokoro, Matcha …). The engine tells no phoneme lengths: the sentence's
 * phonemes are laid over its sound (see `alignPhonemes`).
 * Throws `synthesis.bad-model` when the model cannot be opened.
 */
export async function loadSherpaVoice(
  model: SherpaVoiceModel,
  deps: { espeak: Espeak | undefined; threads: number; createTts?: CreateOfflineTts },
): Promise<Voice> {
  const tts = await openTts(model, deps.threads, deps.createTts ?? createOfflineTts);
  const info = sherpaVoiceInfo(model);
  const referenceFor = createReferenceReader(model);
  return {
    info,
    sampleRateHz: tts.sampleRate,
    gain: GAIN,
    async speak(text, sentence, options) {
      options.signal.throwIfAborted();
      const reference = await referenceFor(options.reference);
      options.signal.throwIfAborted();
      const { samples } = await tts.generateAsync({
        text: withoutControls(text.slice(sentence.start, sentence.end)),
        // Electron forbids memory outside its heap.
        enableExternalBuffer: false,
        generationConfig: {
          speed: options.speed / (1 + DRAWL_SLOWER * (options.drawl ?? 0)),
          sid: model.speaker ?? 0,
          extra: { ...model.options, lang: options.language },
          ...reference,
        },
        onProgress: () => (options.signal.aborted ? 0 : 1),
      });
      options.signal.throwIfAborted();
      const spans = alignPhonemes(soundsOf(symbolsOf(deps.espeak, options.language, text, sentence)), samples, tts.sampleRate);
      options.onPhonemes?.(spans);
      options.onSamples(samples);
      return spans;
    },
    // The engine frees its memory when the object is collected.
    dispose: () => undefined,
  };
}

/** Families that speak with the voice of a recording. */
const CLONING: readonly string[] = ['pocket'];

export function sherpaVoiceInfo(model: SherpaVoiceModel): VoiceInfo {
  const canClone = CLONING.some((family) => family in model.modelConfig);
  return { id: model.id, name: model.name, languages: model.languages, engine: 'sherpa', ...(canClone ? { canClone } : {}) };
}

type Reference = Pick<
  Parameters<OfflineTts['generateAsync']>[0]['generationConfig'],
  'referenceAudio' | 'referenceSampleRate' | 'referenceText'
>;

/** The recording to speak like: that of the character, else the model's own. The last one stays in memory. */
function createReferenceReader(model: SherpaVoiceModel): (asked: { path: string; transcript: string } | undefined) => Promise<Reference> {
  let known: { path: string; reference: Reference } | undefined;
  return async (asked) => {
    if (!sherpaVoiceInfo(model).canClone) return {};
    const path = asked?.path ?? model.reference;
    if (path === undefined) {
      throw new AppError('voice.no-sample', `The voice "${model.name}" needs a voice sample to speak. Add one to the character.`);
    }
    if (known?.path !== path) {
      const { samples, sampleRateHz } = await readWavFile(path);
      known = { path, reference: { referenceAudio: samples, referenceSampleRate: sampleRateHz } };
    }
    return { ...known.reference, ...(asked === undefined || asked.transcript === '' ? {} : { referenceText: asked.transcript }) };
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

/** What is to be heard of them: signs of stress and length are not sounds, and between clauses there may be a pause. */
function soundsOf(symbols: readonly SentenceSymbol[]): ExpectedSound[] {
  return symbols
    .filter(({ symbol }) => symbol !== ' ' && !/[ˈˌː\p{M}]/u.test(symbol))
    .map(({ symbol, word }) => ({ symbol: word < 0 ? '_' : symbol, word }));
}
