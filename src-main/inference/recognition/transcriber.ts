import type { LanguageCode, RecognitionModels, Transcript } from '../contracts/index.ts';
import { openCustomRecognizer } from '../sherpa/custom-recognizer.ts';
import { openMoonshine } from '../sherpa/moonshine.ts';
import type { SpeechEngine } from '../sherpa/speech-engine.ts';
import { openWhisper, unknownLanguage } from '../sherpa/whisper.ts';
import { cleanTranscript } from './transcript-cleaning.ts';

/** All recognisers as one: each language goes to the first that hears it, and no engine gets two pieces at once. */
export interface Transcriber {
  /** The engine's limits for a language. Throws `recognition.unknown-language`. */
  engineFor(language: LanguageCode): Pick<SpeechEngine, 'name' | 'maxSamples' | 'comfortableSamples' | 'tailSamples'>;
  hears(language: LanguageCode): boolean;
  /** Resolves when this language (absent: the first engine's) can be heard; the other engines then load in the background. */
  prepare(language?: LanguageCode): Promise<void>;
  /** `samples`: speech only, 16 kHz, at most `maxSamples` of the language's engine. */
  transcribe(samples: Float32Array, language: LanguageCode): Promise<Transcript>;
  /** Names the language; undefined when no engine can tell. */
  detectLanguage(samples: Float32Array): Promise<LanguageCode | undefined>;
  /** A piece for this language would have to wait. */
  isBusy(language: LanguageCode): boolean;
  dispose(): Promise<void>;
}

/** Checks the files of every engine and loads the first one. */
export async function openTranscriber(models: RecognitionModels): Promise<Transcriber> {
  const engines: SpeechEngine[] = [];
  if (models.custom) engines.push(await openCustomRecognizer(models.custom, models.threads));
  if (models.moonshine) engines.push(await openMoonshine(models.moonshine));
  if (models.whisper) engines.push(await openWhisper(models.whisper, models.threads));
  await engines[0]?.load();
  return createTranscriber(engines);
}

export function createTranscriber(engines: readonly SpeechEngine[]): Transcriber {
  const lines = new Map<SpeechEngine, { waiting: number; last: Promise<unknown> }>();
  const lineOf = (engine: SpeechEngine): { waiting: number; last: Promise<unknown> } => {
    const line = lines.get(engine) ?? { waiting: 0, last: Promise.resolve() };
    lines.set(engine, line);
    return line;
  };
  const inTurn = <Value>(engine: SpeechEngine, work: () => Promise<Value>): Promise<Value> => {
    const line = lineOf(engine);
    line.waiting += 1;
    const result = line.last.then(work).finally(() => {
      line.waiting -= 1;
    });
    line.last = result.catch(() => undefined);
    return result;
  };
  const engineFor = (language: LanguageCode): SpeechEngine => {
    const engine = engines.find((candidate) => candidate.hears(language));
    if (!engine) throw unknownLanguage(language);
    return engine;
  };

  return {
    engineFor,
    hears: (language) => engines.some((engine) => engine.hears(language)),
    async prepare(language) {
      const [first] = engines;
      await (language === undefined ? first : engineFor(language))?.load();
      // One that cannot be loaded says so when it is asked for a text.
      for (const engine of engines) void engine.load().catch(() => undefined);
    },
    async transcribe(samples, language) {
      const engine = engineFor(language);
      const { text } = await inTurn(engine, () => engine.transcribe(samples, language));
      return { text: cleanTranscript(text), language };
    },
    async detectLanguage(samples) {
      const engine = engines.find((candidate) => candidate.detectLanguage !== undefined);
      return engine && inTurn(engine, async () => engine.detectLanguage?.(samples));
    },
    isBusy: (language) => lineOf(engineFor(language)).waiting > 0,
    async dispose() {
      await Promise.all([...lines.values()].map(({ last }) => last));
      await Promise.all(engines.map((engine) => engine.dispose()));
    },
  };
}
