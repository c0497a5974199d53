import { readFile } from 'node:fs/promises';
import { AppError } from '../../base/errors.ts';
import type { SynthesisModels, VoiceInfo } from '../contracts/index.ts';
import type { Espeak } from '../espeak/espeak-library.ts';
import type { SentenceSymbol } from '../espeak/sentence-phonemes.ts';
import { sentenceSymbols } from '../espeak/sentence-phonemes.ts';
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
  return { ...voice, gain: COMMON_RMS / (await measureRms(voice)) };
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
  const { ids, runs } = toIds(config, symbolsOf(parts, text, sentence));
  if (runs.every((run) => isPause(run.symbol))) return [];
  const utterance = await graph.infer({
    ids,
    noiseScale: config.inference.noise_scale,
    noiseWidth: config.inference.noise_w,
    lengthScale: config.inference.length_scale / options.speed,
    speaker: parts.speaker,
  });
  const start = Math.max(0, utterance.frames.slice(0, runs[0]?.ids).reduce(add, 0) - LEAD_FRAMES);
  await decodeFrom(start, utterance, options);
  return toSpans(runs, utterance.frames, start, graph.samplesPerFrame);
}

/** Decodes and hands on piece by piece; between two pieces the process can hear a cancel. */
async function decodeFrom(start: number, utterance: PiperUtterance, options: SpeakOptions): Promise<void> {
  const total = utterance.frames.reduce(add, 0);
  for (let from = start, piece = 0; from < total; piece += 1) {
    options.signal.throwIfAborted();
    const size = PIECE_FRAMES[Math.min(piece, PIECE_FRAMES.length - 1)] ?? total;
    // A short rest goes with the piece before it.
    const to = total - from < size * 1.5 ? total : from + size;
    options.onSamples(await utterance.decode(from, to));
    from = to;
  }
}

function symbolsOf({ config, espeak }: PiperParts, text: string, sentence: SpokenSentence): SentenceSymbol[] {
  return sentenceSymbols(espeak, config.espeak?.voice ?? espeak.voiceFor('en'), text, sentence);
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

async function measureRms(voice: Voice): Promise<number> {
  let energy = 0;
  let count = 0;
  const onSamples = (samples: Float32Array): void => {
    for (const value of samples) energy += value * value;
    count += samples.length;
  };
  for (const sentence of splitSentences(WARM_UP)) {
    await voice.speak(WARM_UP, sentence, { language: 'en', speed: 1, signal: new AbortController().signal, onSamples });
  }
  const rms = Math.sqrt(energy / Math.max(1, count));
  if (!(rms > 1e-4))
    throw new AppError(
      'synthesis.bad-model',
      `The voice "${voice.info.name}" makes no sound. Delete it on the Models page and download it again.`,
    );
  return rms;
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
