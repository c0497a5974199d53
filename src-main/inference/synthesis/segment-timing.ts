import { createLoudnessTrack } from './loudness.ts';
import { createVisemeFinder, type VisemeFinder } from './visemes-from-sound.ts';
import type { ClauseMark } from './sentences.ts';
import type { PhonemeSpan } from './voice.ts';

/** A phoneme on the clock of its segment, with its loudness where its sound is known. */
export interface TimedSpan extends PhonemeSpan {
  /** 0..1, see `loudnessOf`. */
  level?: number;
}

/**
 * Told this far ahead of a segment's first sound, still without loudness: lips begin to move before the sound that they make. Later pieces are
 * made long before they are heard.
 */
const AHEAD_MS = 250;

/** Tells, just before sound leaves, what the mouth does in it: phonemes in order, none twice, none overlapping. */
export interface SegmentTiming {
  /** The phonemes of the sentence that will sound next, on the clock of its raw sound. Without them they are found in the sound. */
  announce(phonemes: readonly PhonemeSpan[]): void;
  /** Sound that leaves next. `origin` = where the sentence's raw sound begins on the clock of the segment. */
  before(samples: Float32Array, origin: number): void;
  /**
   * The sentence is over; `phonemes` as they are now known, on the clock of the segment. The silence behind a question or an exclamation is told
   * as its mark, for the brows.
   */
  endSentence(phonemes: readonly PhonemeSpan[], mark: ClauseMark): void;
}

export function createSegmentTiming(options: { sampleRateHz: number; tell: (phonemes: TimedSpan[]) => void }): SegmentTiming {
  const { sampleRateHz, tell } = options;
  const firstAhead = Math.round((AHEAD_MS / 1000) * sampleRateHz);
  const loudness = createLoudnessTrack(sampleRateHz);
  let announced: readonly PhonemeSpan[] | undefined;
  let finder: VisemeFinder | undefined;
  /** Phonemes of this sentence told so far. */
  let next = 0;
  /** Samples of the segment that have left, and up to where phonemes were told. */
  let sent = 0;
  let told = 0;

  const tellAll = (spans: readonly PhonemeSpan[]): void => {
    const timed: TimedSpan[] = [];
    for (const span of spans) {
      const start = Math.max(told, span.start);
      if (span.end <= start) continue;
      told = span.end;
      const level = loudness.between(start, span.end);
      timed.push({ ...span, start, ...(level === undefined ? {} : { level }) });
    }
    if (timed.length > 0) tell(timed);
  };

  const tellDue = (phonemes: readonly PhonemeSpan[], origin: number, ahead: number): void => {
    const due: PhonemeSpan[] = [];
    for (; next < phonemes.length; next += 1) {
      const span = phonemes[next];
      if (span === undefined || (span.start + span.end) / 2 + origin > sent + ahead) break;
      // How long the silence behind a sentence lasts is known when it ends.
      if (next === phonemes.length - 1 && span.symbol === '_') break;
      due.push({ ...span, start: span.start + origin, end: span.end + origin });
    }
    tellAll(due);
  };

  return {
    announce(phonemes) {
      announced = phonemes;
      next = 0;
    },
    before(samples, origin) {
      loudness.push(samples);
      const from = sent;
      sent += samples.length;
      if (announced) return tellDue(announced, origin, from === 0 ? firstAhead : 0);
      finder ??= createVisemeFinder(sampleRateHz, from);
      tellAll(finder.push(samples));
    },
    endSentence(phonemes, mark) {
      const rest = announced ? phonemes.filter(({ end }) => end > told) : (finder?.end() ?? []);
      const symbol = mark === '?' || mark === '!' ? mark : '_';
      tellAll(rest.map((span, index) => (index === rest.length - 1 && span.symbol === '_' ? { ...span, symbol } : span)));
      announced = undefined;
      finder = undefined;
    },
  };
}
