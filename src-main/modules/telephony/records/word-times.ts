/*
 * Our recognisers tell no times of words, and a speaker pauses within a sentence. So words are laid along the time in which a voice sounds: each takes as much of
 * it as it has letters, and where a comma or a full stop meets a pause, both are the same place.
 */

const FRAME_MS = 20;
/** Of the loudest frames: what is quieter is a breath, or the line. */
const SHARE_OF_LOUD = 0.12;
const LOUD_QUANTILE = 0.9;
/** A shorter silence is within a word. */
const PAUSE_FRAMES = 6;
/** A comma and a pause that lie farther apart have nothing to do with each other; frames of voice. */
const MOST_APART_FRAMES = 40;

/** Letters up to a place in the text, and the frames of voice up to the same place in the sound. */
interface Anchor {
  letters: number;
  voiced: number;
}

/** Where each word begins, from the beginning of the sound; undefined when there is no voice in it. */
export function wordStartsIn(text: string, samples: Float32Array, sampleRateHz: number): number[] | undefined {
  const voiced = voicedFrames(samples, Math.round((FRAME_MS / 1000) * sampleRateHz));
  if (voiced.length === 0) return undefined;
  let letters = 0;
  const words = Array.from(text.matchAll(/\S+/g), ([word]) => {
    const before = letters;
    // With the gap behind it, as the page does without a recording.
    letters += word.length + 1;
    return { before, after: letters, endsClause: /[.,;:!?…]$/.test(word) };
  });
  const anchors = anchorsOf(
    words.filter(({ endsClause, after }) => endsClause && after < letters).map(({ after }) => after),
    voiced,
    letters,
  );
  return words.map(({ before }) => (voiced[Math.floor(placeOf(before, anchors))] ?? 0) * FRAME_MS);
}

/** Each end of a clause is joined to the nearest pause behind the one before. */
function anchorsOf(clauseEnds: readonly number[], voiced: readonly number[], letters: number): Anchor[] {
  const anchors: Anchor[] = [{ letters: 0, voiced: 0 }];
  const end = { letters, voiced: voiced.length };
  let pauses = voiced.flatMap((frame, index) => (index > 0 && frame - (voiced[index - 1] ?? 0) > PAUSE_FRAMES ? [index] : []));
  for (const clauseEnd of clauseEnds) {
    const expected = placeOf(clauseEnd, [...anchors, end]);
    const [nearest] = pauses.toSorted((left, right) => Math.abs(left - expected) - Math.abs(right - expected));
    if (nearest === undefined || Math.abs(nearest - expected) > MOST_APART_FRAMES) continue;
    anchors.push({ letters: clauseEnd, voiced: nearest });
    pauses = pauses.filter((pause) => pause > nearest);
  }
  return [...anchors, end];
}

function placeOf(letters: number, anchors: readonly Anchor[]): number {
  const index = anchors.findLastIndex((anchor) => anchor.letters <= letters);
  const from = anchors[index] ?? { letters: 0, voiced: 0 };
  const to = anchors[index + 1] ?? from;
  const share = to.letters > from.letters ? (letters - from.letters) / (to.letters - from.letters) : 0;
  return from.voiced + share * (to.voiced - from.voiced);
}

function voicedFrames(samples: Float32Array, frameSamples: number): number[] {
  const levels = Array.from({ length: Math.floor(samples.length / frameSamples) }, (_value, frame) => {
    let sum = 0;
    for (let index = frame * frameSamples; index < (frame + 1) * frameSamples; index += 1) sum += (samples[index] ?? 0) ** 2;
    return Math.sqrt(sum / frameSamples);
  });
  const loud = levels.toSorted((left, right) => left - right)[Math.floor(levels.length * LOUD_QUANTILE)] ?? 0;
  return levels.flatMap((level, frame) => (loud > 0 && level > loud * SHARE_OF_LOUD ? [frame] : []));
}
