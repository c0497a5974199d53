import { createSeededRandom } from '../../base/seeded-random.ts';
import { joinSamples } from '../../platform/audio/index.ts';
import type { TimedSpan } from './segment-timing.ts';
import type { PhonemeSpan } from './voice.ts';

/**
 * A voice that sticks: the beginning of a word is heard two to four times more before it goes on. Sound and phonemes grow by the same length.
 * All positions that come in are on the clock before that, all that go out on the clock after it.
 */
export interface StuckSampler {
  /** Phonemes whose sound is still to come; decides where it will stick in them. */
  phonemes(spans: readonly TimedSpan[]): TimedSpan[];
  samples(samples: Float32Array): Float32Array;
  /** Phonemes that were decided on before, moved. */
  moved(spans: readonly PhonemeSpan[]): PhonemeSpan[];
  /** Samples that were put in so far. */
  added(): number;
}

interface Place {
  start: number;
  end: number;
  times: number;
}

/** With an amount of 1 every third word sticks. */
const MOST_OFTEN = 1 / 3;
/** Between two places, or nobody understands a word. */
const APART_MS = 500;
const SHORTEST_MS = 55;
const LONGEST_MS = 115;
const FADE_MS = 1.5;
/** The repeated pieces sound like a cheap sampler: each value is held, in few steps. */
const HOLD_HZ = 5500;
const STEPS = 24;

export function createStuckSampler(options: { sampleRateHz: number; amount: number; seed: string }): StuckSampler {
  const { sampleRateHz, amount } = options;
  const random = createSeededRandom(options.seed);
  const ofMs = (ms: number): number => Math.round((ms / 1000) * sampleRateHz);
  const places: Place[] = [];
  const bent = createBend();
  let word = -1;
  /** Sound that has passed, and its last part, from which pieces are repeated. */
  let passed = 0;
  let recent: Float32Array = new Float32Array(0);
  let added = 0;
  let next = 0;

  const decide = (span: TimedSpan): void => {
    // Where an engine tells no words, every closed or hissing sound may begin one.
    const begins = span.word >= 0 ? span.word !== word : /^[ptsm]$/u.test(span.symbol);
    word = span.word;
    const former = places.at(-1);
    if (!begins || span.start < passed || (former && span.start < former.end + ofMs(APART_MS))) return;
    if (random() >= amount * MOST_OFTEN) return;
    const length = ofMs(SHORTEST_MS + random() * (LONGEST_MS - SHORTEST_MS));
    places.push({ start: span.start, end: span.start + length, times: 2 + Math.floor(random() * (1 + 2 * amount)) });
  };

  const copiesOf = ({ start, end, times }: Place): Float32Array[] => {
    const from = recent.length - (passed - start);
    const piece = crushed(recent.slice(from, from + end - start), Math.max(1, Math.round(sampleRateHz / HOLD_HZ)));
    const fade = Math.min(ofMs(FADE_MS), piece.length >> 1);
    for (let at = 0; at < fade; at += 1) {
      piece[at] = ((piece[at] ?? 0) * at) / fade;
      piece[piece.length - 1 - at] = ((piece[piece.length - 1 - at] ?? 0) * at) / fade;
    }
    return Array.from({ length: times }, () => piece);
  };

  const pass = (samples: Float32Array): Float32Array => {
    passed += samples.length;
    recent = joinSamples([recent, samples]).slice(-ofMs(LONGEST_MS * 2));
    return samples;
  };

  return {
    phonemes: (spans) =>
      spans.flatMap((span) => {
        decide(span);
        return bent(span, places);
      }),
    samples(samples) {
      const pieces: Float32Array[] = [];
      let from = 0;
      for (let place = places[next]; place && place.end <= passed + samples.length - from; place = places[next]) {
        const until = from + place.end - passed;
        pieces.push(pass(samples.subarray(from, until)), ...copiesOf(place));
        added += place.times * (place.end - place.start);
        from = until;
        next += 1;
      }
      pieces.push(pass(samples.subarray(from)));
      return joinSamples(pieces);
    },
    moved(spans) {
      const bend = createBend();
      return spans.flatMap((span) => bend(span, places));
    },
    added: () => added,
  };
}

/** Moves spans that come in order past the places: what lies in a place comes again as often as its sound. */
function createBend(): <Span extends PhonemeSpan>(span: Span, places: readonly Place[]) => Span[] {
  let next = 0;
  let shift = 0;
  /** Spans since the next place's start, cut to it. */
  let within: PhonemeSpan[] = [];
  return (span, places) => {
    const moved: (typeof span)[] = [];
    let { start } = span;
    const put = (end: number): void => {
      if (end > start) moved.push({ ...span, start: start + shift, end: end + shift });
    };
    for (let place = places[next]; place && span.end > place.start; place = places[next]) {
      const cut = { ...span, start: Math.max(start, place.start), end: Math.min(span.end, place.end) };
      if (cut.end > cut.start) within.push(cut);
      if (span.end < place.end) break;
      put(place.end);
      const { start: from, end, times } = place;
      for (let time = 1; time <= times; time += 1) {
        const by = shift + time * (end - from);
        moved.push(...within.map((each) => ({ ...span, ...each, start: each.start + by, end: each.end + by })));
      }
      shift += times * (end - from);
      start = end;
      within = [];
      next += 1;
    }
    put(span.end);
    return moved;
  };
}

/** Fewer values, each held for a while. */
function crushed(piece: Float32Array, hold: number): Float32Array {
  return piece.map((_, at) => Math.round((piece[at - (at % hold)] ?? 0) * STEPS) / STEPS);
}
