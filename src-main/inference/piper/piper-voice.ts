import { readFile } from 'node:fs/promises';
import { AppError } from '../../base/errors.ts';
import { joinSamples, rootMeanSquare } from '../../platform/audio/index.ts';
import type { SynthesisModels, VoiceInfo } from '../contracts/index.ts';
import type { Espeak } from '../espeak/espeak-library.ts';
import type { SentenceSymbol } from '../espeak/sentence-phonemes.ts';
import { sentenceSymbols } from '../espeak/sentence-phonemes.ts';
import { medianFundamental } from '../pitch/fundamental.ts';
import type { SpokenSentence } from '../synthesis/sentences.ts';
import { splitSentences } from '../synthesis/sentences.ts';
import type { PhonemeSpan, SpeakOptions, Voice } from '../synthesis/voice.ts';
import type { PiperConfig } from './piper-config.ts';
import { frameIds, piperConfigSchema } from './piper-config.ts';
import type { PiperGraph, PiperUtterance } from './piper-graph.ts';
import { loadPiperGraph } from './piper-graph.ts';

export type PiperModel = SynthesisModels['piper'][number];

/** Frames of the first pieces: small, so that sound starts early, then larger, because each piece pays for its surroundings. */
const PIECE_FRAMES = [20, 40, 80] as const;
/** Frames decoded before the first phoneme: its sound may begin a little early. */
const LEAD_FRAMES = 3;
/** Root mean square that all voices are brought to, -22 dB under full scale. */
const COMMON_RMS = 0.08;
/** Full drawl takes this much longer over everything; most of it lies in the last vowels. */
const DRAWL_SLOWER = 0.1;
const VOWEL = /[aeiouyɐɑɒæɔəɛɜɪʊʌøœɨʉɯɚɝ]/u;
const WARM_UP = 'Hello there, this is how I sound.';

/** An input id with what it stands for. */
interface IdRun {
  symbol: string;
  word: number;
  ids: number;
}

/**
 * Loads a Piper voice, speaks once silently (the first inference is slow) and measures its loudness.
 * Throws `synthesis.bad-model` naming the file when it is missing, truncated or something else.
 */
export async function loadPiperVoice(model: PiperModel, deps: { espeak: Espeak; threads: number }): Promise<Voice> {
  const config = await readConfig(model.config);
  const graph = await readGraph(model.model, deps.threads);
  const info: VoiceInfo = { id: model.id, name: model.name, languages: model.languages, engine: 'piper' };
  const voice: Voice = {
    info,
    sampleRateHz: config.audio.sample_rate,
    gain: 1,
    speak: (text, sentence, options) =>
      speakSentence({ config, graph, espeak: deps.espeak, speaker: model.speaker ?? 0 }, text, sentence, options),
    dispose: () => graph.release(),
  };
  const trial = await speakTrial(voice);
  const fundamentalHz = await medianFundamental(trial, voice.sampleRateHz);
  return {
    ...voice,
    info: { ...info, ...(fundamentalHz === undefined ? {} : { fundamentalHz: Math.round(fundamentalHz) }) },
    gain: COMMON_RMS / rootMeanSquare(trial),
  };
}

interface PiperParts {
  config: PiperConfig;
  graph: PiperGraph;
  espeak: Espeak;
  speaker: number;
}

async function speakSentence(parts: PiperParts, text: string, sentence: SpokenSentence, options: SpeakOptions): Promise<PhonemeSpan[]> {
  const { config, graph } = parts;
  options.signal.throwIfAborted();
  const drawl = options.drawl ?? 0;
  const { ids, runs } = toIds(config, drawn(symbolsOf(parts, text, sentence), drawl));
  if (runs.every((run) => isPause(run.symbol))) return [];
  const utterance = await graph.infer({
    ids,
    noiseScale: config.inference.noise_scale * (options.liveliness ?? 1),
    noiseWidth: config.inference.noise_w * (options.liveliness ?? 1),
    lengthScale: (config.inference.length_scale / options.speed) * (1 + DRAWL_SLOWER * drawl),
    speaker: parts.speaker,
  });
  const start = Math.max(0, utterance.frames.slice(0, runs[0]?.ids).reduce(add, 0) - LEAD_FRAMES);
  const spans = toSpans(runs, utterance.frames, start, graph.samplesPerFrame);
  options.onPhonemes?.(spans);
  const keptBackFrames = Math.ceil((((options.keptBackMs ?? 0) / 1000) * config.audio.sample_rate) / graph.samplesPerFrame);
  await decodeFrom(start, utterance, keptBackFrames, options);
  return spans;
}

/** Decodes and hands on piece by piece; between two pieces the process can hear a cancel. */
async function decodeFrom(start: number, utterance: PiperUtterance, keptBackFrames: number, options: SpeakOptions): Promise<void> {
  const total = utterance.frames.reduce(add, 0);
  for (let from = start, piece = 0; from < total; piece += 1) {
    options.signal.throwIfAborted();
    const size = (PIECE_FRAMES[Math.min(piece, PIECE_FRAMES.length - 1)] ?? total) + (piece === 0 ? keptBackFrames : 0);
    // A short rest goes with the piece before it.
    const to = total - from < size * 1.5 ? total : from + size;
    options.onSamples(await utterance.decode(from, to));
    from = to;
  }
}

function symbolsOf({ config, espeak }: PiperParts, text: string, sentence: SpokenSentence): SentenceSymbol[] {
  return sentenceSymbols(espeak, config.espeak?.voice ?? espeak.voiceFor('en'), text, sentence);
}

/** The last vowel of each clause gets one or two signs of length. */
function drawn(symbols: readonly SentenceSymbol[], drawl: number): SentenceSymbol[] {
  const result: SentenceSymbol[] = [];
  const signs = Math.ceil(drawl * 2);
  let isLast = true;
  for (const symbol of symbols.toReversed()) {
    if (isLast && VOWEL.test(symbol.symbol)) {
      isLast = false;
      for (let sign = 0; sign < signs; sign += 1) result.push({ symbol: 'ː', word: symbol.word });
    }
    if (/[.,;:!?]/u.test(symbol.symbol)) isLast = true;
    result.push(symbol);
  }
  return result.toReversed();
}

/** `^ _ p _ p _ … $` as the voice was trained; symbols it does not know are left out. */
function toIds(config: PiperConfig, symbols: readonly SentenceSymbol[]): { ids: number[]; runs: IdRun[] } {
  const { begin, pad, end } = frameIds(config);
  const ids = [...begin, ...pad];
  const runs: IdRun[] = [{ symbol: '_', word: -1, ids: ids.length }];
  for (const { symbol, word } of symbols) {
    const known = config.phoneme_id_map[symbol];
    if (!known) continue;
    ids.push(...known, ...pad);
    runs.push({ symbol: /[.,;:!?]/u.test(symbol) ? '_' : symbol, word, ids: known.length + pad.length });
  }
  ids.push(...end);
  runs.push({ symbol: '_', word: -1, ids: end.length });
  return { ids, runs };
}

/**
 * Phonemes as a reader of lips wants them: a stress sign counts to the sound behind it, length and other marks to the sound before, and the
 * padding between two sounds to the first. Sample 0 is frame `startFrame`.
 */
function toSpans(runs: readonly IdRun[], frames: readonly number[], startFrame: number, samplesPerFrame: number): PhonemeSpan[] {
  const spans: PhonemeSpan[] = [];
  let id = 0;
  let frame = 0;
  let stressFrom: number | undefined;
  for (const run of runs) {
    const from = stressFrom ?? frame;
    frame += frames.slice(id, id + run.ids).reduce(add, 0);
    id += run.ids;
    const last = spans.at(-1);
    const isStress = /[ˈˌ]/u.test(run.symbol);
    stressFrom = isStress ? from : undefined;
    if (isStress) continue;
    if (last && isPause(run.symbol) && isPause(last.symbol)) {
      last.end = frame;
      if (run.symbol === '_') last.symbol = '_';
    } else if (last && isMark(run.symbol)) {
      last.end = frame;
      last.symbol = (last.symbol + run.symbol).normalize('NFC');
    } else spans.push({ symbol: run.symbol, start: from, end: frame, word: run.word });
  }
  const toSample = (at: number): number => Math.max(0, at - startFrame) * samplesPerFrame;
  return spans.map((span) => ({ ...span, start: toSample(span.start), end: toSample(span.end) }));
}

/** '_' is silence, ' ' the border of two words, often without any. */
function isPause(symbol: string): boolean {
  return symbol === '_' || symbol === ' ';
}

/** Length, aspiration, nasality …: shapes the sound before it. */
function isMark(symbol: string): boolean {
  return /^[\p{M}\p{Lm}\p{Sk}]+$/u.test(symbol);
}

/** What the voice sounds like. Throws `synthesis.bad-model` for one that makes no sound. */
async function speakTrial(voice: Voice): Promise<Float32Array> {
  const pieces: Float32Array[] = [];
  for (const sentence of splitSentences(WARM_UP)) {
    const options = {
      language: 'en',
      speed: 1,
      signal: new AbortController().signal,
      onSamples: (samples: Float32Array) => void pieces.push(samples),
    };
    await voice.speak(WARM_UP, sentence, options);
  }
  const trial = joinSamples(pieces);
  if (rootMeanSquare(trial) > 1e-4) return trial;
  throw new AppError(
    'synthesis.bad-model',
    `The voice "${voice.info.name}" makes no sound. Delete it on the Models page and download it again.`,
  );
}

async function readConfig(path: string): Promise<PiperConfig> {
  try {
    const config = piperConfigSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    if (config.phoneme_type !== 'espeak') throw new Error(`it takes ${config.phoneme_type}, not phonemes`);
    return config;
  } catch (error) {
    throw badModel(path, error);
  }
}

async function readGraph(path: string, threads: number): Promise<PiperGraph> {
  try {
    return await loadPiperGraph(await readFile(path), threads);
  } catch (error) {
    throw badModel(path, error);
  }
}

function badModel(path: string, cause: unknown): AppError {
  return new AppError(
    'synthesis.bad-model',
    `The voice file ${path} is missing, damaged or not a Piper voice. Download it again on the Models page.`,
    {
      cause,
      details: { path },
    },
  );
}

const add = (sum: number, value: number): number => sum + value;
