import type { SpokenPhoneme } from '../../../src-preload/contract/index.ts';
import { mouthUnits, type MouthUnit } from './mouth-units.ts';
import { ARTICULATIONS } from './visemes.ts';

/** What the mouth does in one utterance, as far as it is known: grows while the voice speaks. */
export interface SpeechTrack {
  /** In order, on the clock of the utterance. */
  readonly units: readonly MouthUnit[];
  /** Takes phonemes that begin `offsetMs` after the utterance does. */
  add(phonemes: readonly SpokenPhoneme[], offsetMs: number): void;
}

/** Closer than this no head nods twice. */
const ACCENT_SPACING_MS = 420;
/** Weight of a usual vowel (90 ms, middle loudness, middle height), until some were heard. */
const USUAL_WEIGHT = 75;
const USUAL_COUNT = 6;

export function createSpeechTrack(): SpeechTrack {
  const units: MouthUnit[] = [];
  let weights = USUAL_WEIGHT * USUAL_COUNT;
  let count = USUAL_COUNT;
  let lastAccentMs = -Infinity;

  /** The voice tells no stress, but what is stressed is longer, louder and more open than the vowels around it. */
  const markAccents = (added: readonly MouthUnit[]): void => {
    const vowels = added.filter(({ viseme }) => ARTICULATIONS[viseme].vowel);
    for (const [index, vowel] of vowels.entries()) {
      const weight = weightOf(vowel);
      weights += weight;
      count += 1;
      const strength = weight / (weights / count) - 1;
      const stands = weight >= weightOf(vowels[index - 1]) && weight >= weightOf(vowels[index + 1]);
      if (!stands || strength < 0.1 || vowel.startMs - lastAccentMs < ACCENT_SPACING_MS) continue;
      vowel.accent = Math.min(1, 0.3 + 0.6 * strength);
      lastAccentMs = vowel.startMs;
    }
  };

  return {
    units,
    add(phonemes, offsetMs) {
      const added = mouthUnits(phonemes, offsetMs);
      markAccents(added);
      const inOrder = (units.at(-1)?.startMs ?? -Infinity) <= (added[0]?.startMs ?? Infinity);
      units.push(...added);
      if (!inOrder) units.sort((left, right) => left.startMs - right.startMs);
    },
  };
}

function weightOf(unit: MouthUnit | undefined): number {
  if (!unit) return 0;
  return (unit.endMs - unit.startMs) * (0.5 + (unit.level ?? 0.5)) * (0.6 + ARTICULATIONS[unit.viseme].jaw);
}
