import { joinSamples } from '../../platform/audio/index.ts';
import type { PhonemeSpan } from './voice.ts';

/** Below this a sample cannot be heard (-46 dB under full scale). */
const AUDIBLE = 0.005;
/** Kept before the first audible sample, so that soft onsets (f, h, s) stay whole. */
const LEAD_MS = 8;
const FADE_MS = 4;
/** Above this the limiter bends the wave instead of clipping it. */
const KNEE = 0.9;

export interface SegmentShaperOptions {
  sampleRateHz: number;
  gain: number;
  onSamples: (samples: Float32Array) => void;
}

/** Turns the raw sound of sentences into a segment: no silence in front, a fixed pause behind, one loudness, no clicks, never above full scale. */
export interface SegmentShaper {
  push(raw: Float32Array): void;
  /** Ends a sentence with `pauseMs` of silence; gives its phonemes on the clock of the segment. */
  endSentence(phonemes: readonly PhonemeSpan[], pauseMs: number): PhonemeSpan[];
  /** Where sample 0 of this sentence's raw sound lies on the clock of the segment; known as soon as something of it is handed on. */
  origin(): number;
  /** Samples handed on so far. */
  sentSamples(): number;
}

/**
 * Silence is held back until it is known what follows: more sound (then it is a pause within the sentence) or the end (then it is cut or
 * stretched to the pause). What can be heard is handed on at once.
 */
export function createSegmentShaper(options: SegmentShaperOptions): SegmentShaper {
  const { sampleRateHz, gain, onSamples } = options;
  const leadSamples = samplesOf(LEAD_MS, sampleRateHz);
  const fadeSamples = samplesOf(FADE_MS, sampleRateHz);
  let sent = 0;
  let sentenceStart = 0;
  /** Raw samples of this sentence that were cut off in front; undefined = nothing audible came yet. */
  let cutInFront: number | undefined;
  let received = 0;
  let held: Float32Array = new Float32Array(0);

  const send = (samples: Float32Array): void => {
    if (samples.length === 0) return;
    sent += samples.length;
    onSamples(samples);
  };

  const start = (samples: Float32Array, firstAudible: number): Float32Array => {
    const from = Math.max(0, firstAudible - leadSamples);
    cutInFront = received - samples.length + from;
    const rest = samples.slice(from);
    fadeIn(rest, Math.min(fadeSamples, firstAudible - from));
    return rest;
  };

  return {
    push(raw) {
      received += raw.length;
      let samples = joinSamples([held, shaped(raw, gain)]);
      const first = firstAudibleOf(samples);
      if (first < 0) {
        // Before the first sound only the lead can still be of use.
        held = cutInFront === undefined ? samples.slice(Math.max(0, samples.length - leadSamples)) : samples;
        return;
      }
      if (cutInFront === undefined) samples = start(samples, first);
      const end = lastAudibleOf(samples) + 1;
      send(samples.slice(0, end));
      held = samples.slice(end);
    },
    endSentence(phonemes, pauseMs) {
      const cut = cutInFront;
      if (cut !== undefined) {
        const pause = new Float32Array(samplesOf(pauseMs, sampleRateHz));
        pause.set(held.subarray(0, pause.length));
        fadeOut(pause, Math.min(pause.length, held.length));
        send(pause);
      }
      const spans = cut === undefined ? [] : onSegmentClock(phonemes, sentenceStart - cut, sentenceStart, sent);
      sentenceStart = sent;
      cutInFront = undefined;
      received = 0;
      held = new Float32Array(0);
      return spans;
    },
    origin: () => sentenceStart - (cutInFront ?? 0),
    sentSamples: () => sent,
  };
}

/** Moves phonemes by `shift`, keeps them within `from..to` and lets the first and last reach the edges. */
function onSegmentClock(phonemes: readonly PhonemeSpan[], shift: number, from: number, to: number): PhonemeSpan[] {
  const spans: PhonemeSpan[] = [];
  let at = from;
  for (const phoneme of phonemes) {
    const end = Math.min(to, phoneme.end + shift);
    if (end <= at) continue;
    spans.push({ ...phoneme, start: at, end });
    at = end;
  }
  if (at < to) {
    const last = spans.at(-1);
    if (last?.symbol === '_') last.end = to;
    else spans.push({ symbol: '_', start: at, end: to, word: -1 });
  }
  return spans;
}

/** Gain and soft limit; a value that is no number becomes silence. */
function shaped(raw: Float32Array, gain: number): Float32Array {
  return raw.map((value) => {
    const louder = value * gain;
    const size = Math.abs(louder);
    if (size <= KNEE) return louder;
    return Number.isNaN(size) ? 0 : Math.sign(louder) * (KNEE + (1 - KNEE) * Math.tanh((size - KNEE) / (1 - KNEE)) * 0.99);
  });
}

function fadeIn(samples: Float32Array, length: number): void {
  for (let at = 0; at < length; at += 1) samples[at] = (samples[at] ?? 0) * (at / length);
}

/** Lets the first `length` samples die away; what lies behind them is silent already. */
function fadeOut(samples: Float32Array, length: number): void {
  for (let at = 0; at < length; at += 1) samples[at] = (samples[at] ?? 0) * (1 - at / length);
}

function firstAudibleOf(samples: Float32Array): number {
  return samples.findIndex((value) => value > AUDIBLE || value < -AUDIBLE);
}

function lastAudibleOf(samples: Float32Array): number {
  return samples.findLastIndex((value) => value > AUDIBLE || value < -AUDIBLE);
}

function samplesOf(durationMs: number, sampleRateHz: number): number {
  return Math.round((durationMs / 1000) * sampleRateHz);
}
