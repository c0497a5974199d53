import type { SpokenPhoneme } from '../../../src-preload/contract/index.ts';
import type { PhonemeTiming, WordTiming } from '../contracts/index.ts';
import type { TimedSpan } from './segment-timing.ts';
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

/** As the audio port carries them: milliseconds to a hundredth, so that a message stays small. */
export function toSpokenPhonemes(spans: readonly TimedSpan[], sampleRateHz: number): SpokenPhoneme[] {
  const ms = (samples: number): number => Math.round((samples * 100_000) / sampleRateHz) / 100;
  return spans.map(({ symbol, start, end, level }) => ({
    symbol,
    startMs: ms(start),
    durationMs: Math.round((ms(end) - ms(start)) * 100) / 100,
    ...(level === undefined ? {} : { level: Math.round(level * 100) / 100 }),
  }));
}
