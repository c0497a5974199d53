import type { SpokenPhoneme } from '../../../src-preload/contract/index.ts';
import { AppError } from '../../base/errors.ts';
import { joinSamples } from '../../platform/audio/index.ts';
import type { MethodOf } from '../../platform/workers/workers.ts';
import type { RenderedSpeech, SegmentSpoken, SpeechStyle, SynthesisMethods } from '../contracts/index.ts';
import type { StretchLibrary } from '../pitch/stretch-library.ts';
import { changesVoice, createVoiceShifter, SHIFTER_DELAY_MS } from '../pitch/voice-shifter.ts';
import { deliveryOf, type Delivery } from './delivery.ts';
import type { Outlet } from './outlets.ts';
import { createSegmentShaper } from './segment-shaper.ts';
import { createSegmentTiming } from './segment-timing.ts';
import type { SpokenSentence } from './sentences.ts';
import { splitSentences } from './sentences.ts';
import { createStuckSampler, type StuckSampler } from './stuck-sampler.ts';
import type { TextSpan } from './text-spans.ts';
import { toSpokenPhonemes, toTimings } from './timings.ts';
import type { PhonemeSpan, SpeakOptions, Voice } from './voice.ts';

type SpeakParams = MethodOf<SynthesisMethods, 'speak'>['params'];

interface SegmentDeps {
  outlet: Outlet;
  /** Only asked for when the voice is to be changed. */
  openStretch: () => Promise<StretchLibrary>;
  /** Time since the request, ms. */
  sinceRequestMs: () => number;
  /** Runs the making of one sentence when it is its turn; absent = the whole segment has its turn already. */
  inTurn?: InTurn;
}

type InTurn = <Value>(work: () => Promise<Value>) => Promise<Value>;

/**
 * Speaks all sentences of a segment: engine → other pitch, if one is wanted → no silence in front, one loudness, pauses → what sticks → outlet.
 * What the lips do is told before each piece of sound.
 */
export async function speakSegment(params: SpeakParams, voice: Voice, deps: SegmentDeps): Promise<SegmentSpoken> {
  const { utteranceId, segmentIndex, text } = params;
  const style = styleFor(voice, params);
  const inTurn = deps.inTurn ?? ((work) => work());
  const { sampleRateHz } = voice;
  const { outlet } = deps;
  const delivery = deliveryOf(params.speed, style);
  const sampler = style?.glitch ? createStuckSampler({ sampleRateHz, ...style.glitch }) : undefined;
  const stretch = changesVoice(delivery.shift) ? await deps.openStretch() : undefined;
  let timeToFirstSampleMs: number | undefined;
  const timing = createSegmentTiming({
    sampleRateHz,
    tell: (spans) => outlet.tell(toSpokenPhonemes(sampler?.phonemes(spans) ?? spans, sampleRateHz), delivery.emotion),
  });
  const shaper = createSegmentShaper({
    sampleRateHz,
    gain: voice.gain * delivery.gain,
    onSamples(samples) {
      timing.before(samples, shaper.origin());
      outlet.send(sampler?.samples(samples) ?? samples, sampleRateHz, false);
      timeToFirstSampleMs ??= deps.sinceRequestMs();
    },
  });
  const phonemes: PhonemeSpan[] = [];
  const words: TextSpan[] = [];
  for (const sentence of splitSentences(text)) {
    // Neither a voice nor the shifter does two things at a time: a sentence is made in one turn.
    const raw = await inTurn(async () => {
      const shifter = stretch && createVoiceShifter(stretch, sampleRateHz, delivery.shift);
      const spans = await speakSentence(voice, text, sentence, {
        language: params.language,
        ...engineOptions(delivery, style),
        ...(shifter ? { keptBackMs: SHIFTER_DELAY_MS } : {}),
        signal: outlet.signal,
        onSamples: (samples) => shaper.push(shifter?.push(samples) ?? samples),
        onPhonemes: timing.announce,
      });
      if (shifter) shaper.push(shifter.flush());
      return spans;
    });
    const inSegment = raw.map((span) => (span.word < 0 ? span : { ...span, word: span.word + words.length }));
    words.push(...sentence.words);
    const spans = shaper.endSentence(inSegment, (sentence.pauseMs * delivery.pauses) / delivery.speed);
    timing.endSentence(spans, sentence.clauses.at(-1)?.mark ?? '');
    phonemes.push(...spans);
  }
  outlet.send(new Float32Array(0), sampleRateHz, true);
  return {
    utteranceId,
    segmentIndex,
    sampleRateHz,
    durationSamples: shaper.sentSamples() + addedBy(sampler),
    timeToFirstSampleMs: timeToFirstSampleMs ?? deps.sinceRequestMs(),
    ...toTimings(sampler?.moved(phonemes) ?? phonemes, words, sampleRateHz),
  };
}

/** The same into memory, sentence by sentence in turn with what is spoken aloud. */
export async function renderSpeech(
  params: MethodOf<SynthesisMethods, 'render'>['params'],
  voice: Voice,
  deps: Pick<SegmentDeps, 'openStretch'> & { signal: AbortSignal; inTurn: InTurn },
): Promise<RenderedSpeech> {
  const pieces: Float32Array[] = [];
  const phonemes: SpokenPhoneme[] = [];
  const outlet: Outlet = {
    signal: deps.signal,
    send: (samples) => void pieces.push(samples),
    tell: (spoken) => void phonemes.push(...spoken),
  };
  const segment = { ...params, sessionId: '', utteranceId: '', segmentIndex: 0 };
  await speakSegment(segment, voice, { outlet, openStretch: deps.openStretch, inTurn: deps.inTurn, sinceRequestMs: () => 0 });
  return { sampleRateHz: voice.sampleRateHz, samples: joinSamples(pieces), phonemes, emotion: params.style?.emotion ?? 'neutral' };
}

/** A voice that is named beside a sample stands in for the copy of it, and the pitch brings that voice near: the copy itself needs none. */
function styleFor(voice: Voice, params: Pick<SpeakParams, 'voice' | 'style'>): SpeechStyle | undefined {
  const { voice: standIn, style } = params;
  const copies = style?.reference !== undefined && voice.info.canClone === true;
  return copies && standIn !== undefined && standIn !== voice.info.id ? { ...style, pitch: 0 } : style;
}

function addedBy(sampler: StuckSampler | undefined): number {
  return sampler?.added() ?? 0;
}

function engineOptions(
  { speed, drawl, liveliness }: Delivery,
  style: SpeechStyle | undefined,
): Pick<SpeakOptions, 'speed' | 'drawl' | 'liveliness' | 'reference' | 'design'> {
  const { reference, design } = style ?? {};
  return { speed, drawl, liveliness, ...(reference ? { reference } : {}), ...(design === undefined ? {} : { design }) };
}

async function speakSentence(voice: Voice, text: string, sentence: SpokenSentence, options: SpeakOptions): Promise<PhonemeSpan[]> {
  try {
    const spans = await voice.speak(text, sentence, options);
    options.signal.throwIfAborted();
    return spans;
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof AppError) throw error;
    throw new AppError(
      'synthesis.failed',
      `The voice "${voice.info.name}" could not speak. Try again, or choose another voice in the settings.`,
      {
        cause: error,
        details: { voice: voice.info.name },
      },
    );
  }
}
