import { ease } from './curves.ts';
import type { MouthUnit } from './mouth-units.ts';

/** What is heard now: the units of the utterance and the place in it. */
export interface SpokenNow {
  units: readonly MouthUnit[];
  positionMs: number;
}

/** Half the length of the gesture that goes with a stressed sound. */
const ACCENT_MS = 240;
/** Head and brows move a little before the stressed vowel is heard. */
const ACCENT_LEAD_MS = 40;
/** Brows rise for so long before a question mark. */
const QUESTION_MS = 900;

/** How strongly a stressed sound moves head and brows at this moment, 0..1. */
export function accentAt(speech: SpokenNow | undefined): number {
  if (!speech) return 0;
  let strongest = 0;
  for (const { accent, startMs, endMs } of speech.units) {
    if (startMs > speech.positionMs + 2 * ACCENT_MS) break;
    if (accent === 0 || endMs < speech.positionMs - 2 * ACCENT_MS) continue;
    const away = speech.positionMs - (startMs + endMs) / 2 + ACCENT_LEAD_MS;
    strongest = Math.max(strongest, accent * ease(1 - Math.abs(away) / ACCENT_MS));
  }
  return strongest;
}

/** How close the end of a question is, 0..1; of a call half of it. */
export function markAt(speech: SpokenNow | undefined): number {
  if (!speech) return 0;
  for (const { mark, startMs, endMs } of speech.units) {
    if (startMs > speech.positionMs + QUESTION_MS) return 0;
    if (mark === undefined || endMs < speech.positionMs) continue;
    return (mark === '?' ? 1 : 0.5) * Math.min(1, 1 - (startMs - speech.positionMs) / QUESTION_MS);
  }
  return 0;
}
