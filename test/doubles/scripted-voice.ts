import type { VoiceInfo } from '../../src-main/inference/contracts/index.ts';
import type { SpokenSentence } from '../../src-main/inference/synthesis/sentences.ts';
import type { SpeakOptions, Voice } from '../../src-main/inference/synthesis/voice.ts';

/** What a scripted voice was asked to say. */
export interface SpokenSentenceRecord {
  text: string;
  language: string;
  speed: number;
}

export interface ScriptedVoice extends Voice {
  /** In the order of the calls. */
  readonly said: readonly SpokenSentenceRecord[];
  readonly disposed: boolean;
}

export interface ScriptedVoiceOptions {
  info?: Partial<VoiceInfo>;
  sampleRateHz?: number;
  /** Sound of each word, in samples; silence of half of it lies in front of a sentence and behind it. */
  wordSamples?: number;
  /** Waits before each word. */
  beforeWord?: (word: string) => Promise<void>;
  /** Knows its phonemes before its sound. */
  announces?: boolean;
  /** Thrown instead of speaking this sentence. */
  error?: (text: string) => Error | undefined;
}

const sound = (value: number, count: number): Float32Array => new Float32Array(count).fill(value);

/** A voice whose words are square waves of one length; each word is one phoneme. */
export function createScriptedVoice(options: ScriptedVoiceOptions = {}): ScriptedVoice {
  const { sampleRateHz = 16_000, wordSamples = 1_600 } = options;
  const said: SpokenSentenceRecord[] = [];
  let disposed = false;
  return {
    info: { id: 'scripted', name: 'Scripted', languages: ['en'], engine: 'piper', ...options.info },
    sampleRateHz,
    gain: 1,
    said,
    get disposed() {
      return disposed;
    },
    async speak(text: string, sentence: SpokenSentence, { language, speed, signal, onSamples, onPhonemes }: SpeakOptions) {
      const whole = text.slice(sentence.start, sentence.end).trim();
      said.push({ text: whole, language, speed });
      const error = options.error?.(whole);
      if (error) throw error;
      const pause = wordSamples / 2;
      const past = pause + sentence.words.length * wordSamples;
      const spans = [
        { symbol: '_', start: 0, end: pause, word: -1 },
        ...sentence.words.map(({ start }, word) => {
          const from = pause + word * wordSamples;
          return { symbol: text.charAt(start), start: from, end: from + wordSamples, word };
        }),
        { symbol: '_', start: past, end: past + pause, word: -1 },
      ];
      if (options.announces) onPhonemes?.(spans);
      onSamples(sound(0, pause));
      for (const { start, end } of sentence.words) {
        await options.beforeWord?.(text.slice(start, end));
        signal.throwIfAborted();
        onSamples(sound(0.5, wordSamples));
      }
      onSamples(sound(0, pause));
      return spans;
    },
    dispose() {
      disposed = true;
    },
  };
}
