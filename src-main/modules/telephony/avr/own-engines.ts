import { createDeferred, type Deferred } from '../../../base/deferred.ts';
import type { LanguageCode, LanguageModel, PromptMessage } from '../../../inference/contracts/index.ts';
import { resample } from '../../../platform/audio/index.ts';
import { AVR_SAMPLE_RATE_HZ, type AvrEngines } from './avr-engines.ts';
import { utterancesIn } from './utterance-cutter.ts';

const RECOGNITION_RATE_HZ = 16_000;
const ANSWER_TOKENS = 300;
const TEMPERATURE = 0.3;
/** A first sentence that is longer is cut at a comma, so that speech begins early. */
const LONG_SENTENCE = 160;

/** Our own ears, head and voice for AVR's parts. They know nothing of the owner and have no tools: what is asked comes from outside. */
export function createAvrEngines(deps: {
  /** One whole utterance, 16 kHz mono: the recognition worker's `transcribe`. */
  transcribe: (samples: Float32Array, language: LanguageCode, signal: AbortSignal) => Promise<string>;
  model: () => LanguageModel;
  /** A sentence in the voice of the default character. */
  speak: (text: string, language: LanguageCode, signal: AbortSignal) => Promise<{ samples: Float32Array; sampleRateHz: number }>;
  language: () => LanguageCode;
}): AvrEngines {
  return {
    async *transcribe(sound, signal) {
      for await (const utterance of utterancesIn(sound)) {
        if (signal.aborted) return;
        const text = await deps.transcribe(resample(utterance, AVR_SAMPLE_RATE_HZ, RECOGNITION_RATE_HZ), deps.language(), signal);
        if (text.trim() !== '') yield text.trim();
      }
    },
    prompt(messages, signal) {
      const [system, ...rest] = ordered(messages);
      const prompt: PromptMessage[] = [...(system ? [system] : []), ...rest];
      return textsOf((onText) => deps.model().generate(prompt, { maxTokens: ANSWER_TOKENS, temperature: TEMPERATURE, signal, onText }));
    },
    async *speak(text, signal) {
      for (const sentence of sentencesOf(text)) {
        if (signal.aborted) return;
        yield await deps.speak(sentence, deps.language(), signal);
      }
    },
  };
}

/** All orders of the system in one message in front: models of ours take no other. */
function ordered(messages: Parameters<AvrEngines['prompt']>[0]): PromptMessage[] {
  const orders = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const talk = messages.flatMap(({ role, content }) => (role === 'system' ? [] : [{ role, text: content }]));
  return [...(orders.length === 0 ? [] : [{ role: 'system' as const, text: orders.join('\n\n') }]), ...talk];
}

interface Stream {
  waiting: string[];
  /** Resolved when there is something new. */
  news: Deferred<void>;
  end: { error: unknown } | undefined;
}

/** What is told piece by piece as something that can be read piece by piece; the failure comes behind the last piece. */
async function* textsOf(generate: (onText: (text: string) => void) => Promise<unknown>): AsyncGenerator<string> {
  const stream: Stream = { waiting: [], news: createDeferred(), end: undefined };
  const over = (error: unknown): void => {
    stream.end = { error };
    stream.news.resolve();
  };
  generate((text) => {
    stream.waiting.push(text);
    stream.news.resolve();
  }).then(() => over(undefined), over);
  for (;;) {
    for (let text = stream.waiting.shift(); text !== undefined; text = stream.waiting.shift()) yield text;
    if (stream.end !== undefined) break;
    await stream.news.promise;
    stream.news = createDeferred();
  }
  if (stream.end.error !== undefined) throw stream.end.error;
}

function sentencesOf(text: string): string[] {
  return text
    .replace(/\s+/g, ' ')
    .split(/(?<=[.!?…])\s+/)
    .flatMap((sentence) => (sentence.length <= LONG_SENTENCE ? [sentence] : sentence.split(/(?<=[,;:])\s+/)))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}
