import type { SpokenPhoneme } from '../../../src-preload/contract/index.ts';
import { visemeOf, type Viseme } from './visemes.ts';

/** One shape of the mouth on the clock of its utterance. */
export interface MouthUnit {
  viseme: Viseme;
  startMs: number;
  endMs: number;
  /** Loudness 0..1; undefined = was not measured. */
  level?: number | undefined;
  /** 0..1: how much weight the speaker lays on it; head and brows go with it. Most are 0. */
  accent: number;
  /** The clause that ends here is a question or a call. */
  mark?: '?' | '!';
}

/** From here on the blank between two words is a pause; shorter ones are how one sound goes over into the next. */
const BLANK_IS_PAUSE_MS = 150;
/** A short sound cannot be told from its neighbours anyway; a length mark makes a vowel that much longer. */
const LENGTH_MARK = 1.5;

/**
 * Phonemes of one voice → shapes of the mouth, `offsetMs` later. Diphthongs and affricates become two shapes, marks go with their sound, and a
 * short blank between words is shared by the sounds beside it.
 */
export function mouthUnits(phonemes: readonly SpokenPhoneme[], offsetMs = 0): MouthUnit[] {
  const units: MouthUnit[] = [];
  let blankFromMs: number | undefined;
  for (const { symbol, startMs, durationMs, level } of phonemes) {
    if (!(durationMs > 0) || !Number.isFinite(startMs)) continue;
    if (symbol.trim() === '' && durationMs < BLANK_IS_PAUSE_MS) {
      blankFromMs ??= startMs + offsetMs;
      continue;
    }
    const parts = partsOf(symbol);
    const whole = parts.reduce((sum, part) => sum + part.share, 0);
    let atMs = startMs + offsetMs;
    if (blankFromMs !== undefined) atMs = shareBlank(units, blankFromMs, atMs);
    blankFromMs = undefined;
    const endMs = startMs + offsetMs + durationMs;
    const lengthMs = endMs - atMs;
    for (const { viseme, share } of parts) {
      const end = atMs + (lengthMs * share) / whole;
      units.push({ viseme, startMs: atMs, endMs: end, level, accent: 0 });
      atMs = end;
    }
    const last = units.at(-1);
    if (last && (symbol === '?' || symbol === '!')) last.mark = symbol;
  }
  const last = units.at(-1);
  const spoken = phonemes.at(-1);
  if (blankFromMs !== undefined && last && spoken) last.endMs = spoken.startMs + spoken.durationMs + offsetMs;
  return units;
}

/** Ends the sound before a blank at its middle; returns where the one behind it begins. */
function shareBlank(units: readonly MouthUnit[], fromMs: number, toMs: number): number {
  const before = units.at(-1);
  if (!before) return toMs;
  const middle = (fromMs + toMs) / 2;
  before.endMs = middle;
  return middle;
}

/** The shapes that one symbol is made of, with their shares of its length. What is not known is a soft middle vowel. */
function partsOf(symbol: string): { viseme: Viseme; share: number }[] {
  const parts: { viseme: Viseme; share: number }[] = [];
  for (const letter of symbol.normalize('NFC')) {
    const last = parts.at(-1);
    const viseme = visemeOf(letter);
    if (viseme !== undefined) parts.push({ viseme, share: viseme === 'DD' && Array.from(symbol).length > 1 ? 0.6 : 1 });
    else if (last && (letter === 'ː' || letter === 'ˑ')) last.share *= LENGTH_MARK;
  }
  if (symbol.trim() === '') return [{ viseme: 'rest', share: 1 }];
  return parts.length > 0 ? parts : [{ viseme: 'AH', share: 1 }];
}
