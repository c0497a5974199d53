import type { PhonemeTiming, WordTiming } from '../contracts/index.ts';
import type { TextSpan } from './text-spans.ts';
import type { PhonemeSpan } from './voice.ts';

/** Samples → milliseconds. A word lasts from its first phoneme to its last; words that make no sound are left out. */
export function toTimings(
  spans: readonly PhonemeSpan[],
  words: readonly TextSpan[],
  sampleRateHz: number,
): { phonemes: PhonemeTiming[]; words: WordTiming[] } {
  const ms = (samples: number): number => (samples * 1000) / sampleRateHz;
  const phonemes = spans.map(({ symbol, start, end }) => ({ phoneme: symbol, startMs: ms(start), durationMs: ms(end - start) }));
  const timings = new Map<number, WordTiming>();
  let latest = -1;
  for (const { word, start, end } of spans) {
    const span = words[word];
    // A sound that an engine gives to a word already left stays with the word in progress: timings never run backwards.
    if (!span || word < latest) continue;
    latest = word;
    const timing = timings.get(word);
    if (timing) timing.endMs = ms(end);
    else timings.set(word, { textStart: span.start, textEnd: span.end, startMs: ms(start), endMs: ms(end) });
  }
  return { phonemes, words: [...timings.values()] };
}
