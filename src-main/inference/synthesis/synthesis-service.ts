import type { AudioPort } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import { AppError, fromErrorData } from '../../base/errors.ts';
import type { MethodOf } from '../../platform/workers/workers.ts';
import type { SegmentSpoken, SynthesisMethods, SynthesisModels } from '../contracts/index.ts';
import { createOutlets } from './outlets.ts';
import { createSegmentShaper } from './segment-shaper.ts';
import type { SpokenSentence } from './sentences.ts';
import { splitSentences } from './sentences.ts';
import type { TextSpan } from './text-spans.ts';
import { toTimings } from './timings.ts';
import type { PhonemeSpan, SpeakOptions, Voice } from './voice.ts';
import type { Voices } from './voices.ts';

type Params<Name extends keyof SynthesisMethods> = MethodOf<SynthesisMethods, Name>['params'];
type Result<Name extends keyof SynthesisMethods> = MethodOf<SynthesisMethods, Name>['result'];

/** The synthesis worker without its process. */
export interface SynthesisService extends Disposable {
  load(params: Params<'load'>): Promise<Result<'load'>>;
  voices(): Result<'voices'>;
  speak(params: Params<'speak'>, signal: AbortSignal): Promise<SegmentSpoken>;
  cancel(params: Params<'cancel'>): void;
  attachPort(sessionId: string, port: AudioPort): void;
}

export interface SynthesisServiceDeps {
  clock: Clock;
  openVoices: (models: SynthesisModels) => Promise<Voices>;
}

/**
 * Speaks segments one after the other, in the order of the calls. A segment's sound leaves piece by piece while it is made; before each
 * piece the service looks whether its utterance was cancelled, so that what replaces it starts within one piece (50 ms of work at most).
 * On dispose what is under way rejects with `request.aborted`.
 */
export function createSynthesisService(deps: SynthesisServiceDeps): SynthesisService {
  const outlets = createOutlets();
  let voices: Voices | undefined;
  let loadedModels = '';
  let queue: Promise<unknown> = Promise.resolve();

  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };

  const reload = async (models: SynthesisModels): Promise<Voices> => {
    const key = JSON.stringify(models);
    if (voices && key === loadedModels) return voices;
    // The old voices go first: two sets of them may not fit, and espeak exists once per process.
    await voices?.dispose();
    voices = undefined;
    voices = await deps.openVoices(models);
    loadedModels = key;
    return voices;
  };

  return {
    async load(models) {
      const startedAtMs = deps.clock.nowMs();
      const opened = await inTurn(() => reload(models));
      const [problem] = opened.problems();
      if (problem && opened.list().length === 0) throw fromErrorData(problem);
      return { loadedMs: deps.clock.nowMs() - startedAtMs, voices: opened.list(), problems: [...opened.problems()] };
    },
    voices: () => voices?.list() ?? [],
    speak(params, signal) {
      const requestedAtMs = deps.clock.nowMs();
      const outlet = outlets.open(params);
      signal.addEventListener('abort', () => outlets.cancel(params.utteranceId), { once: true });
      if (signal.aborted) outlets.cancel(params.utteranceId);
      return inTurn(async () => {
        outlet.signal.throwIfAborted();
        if (!voices) throw new AppError('synthesis.not-loaded', 'The voice is not loaded yet. Try again in a moment.');
        const voice = await voices.find(params.language, params.voice);
        return speakSegment(params, voice, outlet.signal, (samples, last) => {
          outlet.send(samples, voice.sampleRateHz, last);
          return deps.clock.nowMs() - requestedAtMs;
        });
      });
    },
    cancel: ({ utteranceId }) => outlets.cancel(utteranceId),
    attachPort: (sessionId, port) => outlets.attach(sessionId, port),
    async dispose() {
      outlets.dispose();
      await queue;
      await voices?.dispose();
      voices = undefined;
    },
  };
}

/** Everything that stays the same within a segment. `send` gives back the time since the request, ms. */
async function speakSegment(
  params: Params<'speak'>,
  voice: Voice,
  signal: AbortSignal,
  send: (samples: Float32Array, last: boolean) => number,
): Promise<SegmentSpoken> {
  const { utteranceId, segmentIndex, text, language } = params;
  const speed = Math.min(2, Math.max(0.5, Number.isFinite(params.speed) ? params.speed : 1));
  let timeToFirstSampleMs: number | undefined;
  const shaper = createSegmentShaper({
    sampleRateHz: voice.sampleRateHz,
    gain: voice.gain,
    onSamples(samples) {
      const sinceRequestMs = send(samples, false);
      timeToFirstSampleMs ??= sinceRequestMs;
    },
  });
  const phonemes: PhonemeSpan[] = [];
  const words: TextSpan[] = [];
  for (const sentence of splitSentences(text)) {
    const raw = await speakSentence(voice, text, sentence, { language, speed, signal, onSamples: shaper.push });
    const inSegment = raw.map((span) => (span.word < 0 ? span : { ...span, word: span.word + words.length }));
    words.push(...sentence.words);
    phonemes.push(...shaper.endSentence(inSegment, sentence.pauseMs / speed));
  }
  const doneAfterMs = send(new Float32Array(0), true);
  return {
    utteranceId,
    segmentIndex,
    sampleRateHz: voice.sampleRateHz,
    durationSamples: shaper.sentSamples(),
    timeToFirstSampleMs: timeToFirstSampleMs ?? doneAfterMs,
    ...toTimings(phonemes, words, voice.sampleRateHz),
  };
}

async function speakSentence(voice: Voice, text: string, sentence: SpokenSentence, options: SpeakOptions): Promise<PhonemeSpan[]> {
  try {
    const spans = await voice.speak(text, sentence, options);
    options.signal.throwIfAborted();
    return spans;
  } catch (error) {
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
